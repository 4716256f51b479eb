// A site of someone else's: pages with a strict content policy that hold widgets of the engine's origin.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HostFile {
  readonly type: string;
  readonly body: string;
  readonly policy?: string;
}

export class HostSite {
  readonly files = new Map<string, HostFile>();
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      const file = this.files.get(new URL(request.url!, 'http://host').pathname);
      if (!file) return void response.writeHead(404).end();
      const policy = file.policy ? { 'Content-Security-Policy': file.policy } : {};
      response.writeHead(200, { 'Content-Type': file.type, ...policy }).end(file.body);
    });
  }

  static async open(): Promise<HostSite> {
    const site = new HostSite();
    await new Promise<void>(resolve => site.server.listen(0, '127.0.0.1', resolve));
    return site;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  /** A page whose scripts and frames may be its own and the engine's, and nothing else. */
  page(path: string, engine: string, body: string, style = '', more = ''): string {
    const origin = new URL(engine).origin;
    const policy = `default-src 'none'; script-src ${origin} 'self'; frame-src ${origin}; connect-src 'self'; style-src 'self'${more}`;
    this.files.set(`/${path}.css`, { type: 'text/css', body: style });
    this.files.set(`/${path}`, {
      type: 'text/html; charset=utf-8',
      policy,
      body: `<!doctype html><html lang="en"><head><title>${path}</title><link rel="stylesheet" href="/${path}.css"><script type="module" src="${engine}element.js"></script></head><body><main><h1>${path}</h1>${body}</main></body></html>`,
    });
    return this.address + path;
  }

  close(): void {
    this.server.close();
  }
}
