// Serves a built site: node serve.mjs [--root DIR] [--host H] [--port N] [FILE.go]. A Go file opens in the page
// through the address's fragment. Right MIME types, a strict content policy, long caching of hashed names only.
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
  '.pack': 'application/octet-stream',
  '.txt': 'text/plain; charset=utf-8',
};

// Monaco makes style elements, hence 'unsafe-inline' for styles alone.
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "worker-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');

/** An HTTP server for the site in `root`. */
export function siteServer(root) {
  return createServer((request, response) => {
    const head = {
      'Content-Security-Policy': policy,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    };
    const refuse = status =>
      response.writeHead(status, { ...head, 'Content-Type': 'text/plain' }).end(`${status}\n`);
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405);
    let path;
    try {
      path = normalize(decodeURIComponent(new URL(request.url, 'http://site').pathname));
    } catch {
      return refuse(400);
    }
    if (path.endsWith(sep)) path += 'index.html';
    const file = join(root, path);
    const stat = file.startsWith(join(root, sep)) && statSync(file, { throwIfNoEntry: false });
    if (!stat || !stat.isFile()) return refuse(404);
    const hashed = /-[\w-]{8,}\.\w+$/.test(path);
    response.writeHead(200, {
      ...head,
      'Content-Type': types[extname(file)] ?? 'application/octet-stream',
      'Content-Length': stat.size,
      'Cache-Control': hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    });
    if (request.method === 'HEAD') return response.end();
    createReadStream(file)
      .on('error', () => response.destroy())
      .pipe(response);
  });
}

/** The address's fragment that opens `text` in the page. */
export function programFragment(text) {
  return `#v1:${deflateRawSync(text).toString('base64url')}`;
}

function main(words) {
  const options = {
    root: fileURLToPath(new URL('../build/site', import.meta.url)),
    host: 'localhost',
    port: '8080',
  };
  let program;
  while (words.length) {
    const word = words.shift();
    const option = /^--(root|host|port)$/.exec(word);
    if (option) options[option[1]] = words.shift();
    else program = word;
  }
  const fragment = program ? programFragment(readFileSync(program)) : '';
  const server = siteServer(normalize(options.root));
  server.on('error', error => {
    console.error(
      error.code === 'EADDRINUSE'
        ? `error: port ${options.port} is taken; choose another with --port N`
        : `error: ${error.message}`,
    );
    process.exit(1);
  });
  server.listen(Number(options.port), options.host, () => {
    console.log(`Escapement is at http://localhost:${server.address().port}/${fragment}`);
    console.log('Stop it with Ctrl+C.');
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2));
