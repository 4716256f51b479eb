// One engine for several documents: the document that has the worker answers requests that arrive on ports, and the
// others use a port where they would use a worker. Each port has sessions of its own and can reach no others.
import type { EngineClient, EngineSession } from './engine-client.js';
import { EngineReplaced } from './engine-client.js';
import type { Reply, Request } from './messages.js';

/** What a port carries: a worker's requests, and word that its sessions are over. */
export type PortRequest = Request | { readonly kind: 'abandon' };

/** Answers requests on `port` with the client's engine. The engine's addresses are the client's own. */
export function serveEngine(client: EngineClient, port: MessagePort): void {
  const sessions = new Map<number, EngineSession>();
  const say = (reply: Reply, transfer: Transferable[] = []): void => port.postMessage(reply, transfer);
  const sessionOf = (request: { session: number }): EngineSession => {
    let session = sessions.get(request.session);
    if (!session) sessions.set(request.session, (session = client.open()));
    return session;
  };
  const abandon = (): void => {
    for (const session of sessions.values()) {
      void session.stop();
      session.close().catch(() => {});
    }
    sessions.clear();
  };

  const answer = async (request: Request): Promise<unknown> => {
    if (request.kind === 'ping') return undefined;
    if (request.kind === 'load') return client.load();
    const session = sessionOf(request);
    switch (request.kind) {
      case 'run':
        return session.run(request.files, request.options, progress => say({ id: request.id, progress }));
      case 'stop':
        return session.stop();
      case 'close':
        sessions.delete(request.session);
        return session.close();
      default:
        return client.ask<unknown>({ ...request, session: session.id });
    }
  };

  port.onmessage = async (message: MessageEvent<PortRequest>) => {
    const request = message.data;
    if (request.kind === 'abandon') return abandon();
    try {
      const value = await answer(request);
      say(
        { id: request.id, ok: true, value },
        ArrayBuffer.isView(value) ? [value.buffer as ArrayBuffer] : [],
      );
    } catch (error) {
      say({
        id: request.id,
        ok: false,
        error: error instanceof Error ? error.message : String(error),
        replaced: error instanceof EngineReplaced,
      });
    }
  };
  port.addEventListener('close', abandon);
}

/** The part of a Worker that EngineClient uses. */
export interface WorkerLike {
  onmessage: ((message: MessageEvent<Reply>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(request: Request): void;
  terminate(): void;
}

/** A port in a worker's place. Ending it ends its sessions; the engine behind it lives on. */
export function workerOnPort(port: MessagePort): WorkerLike {
  const worker: WorkerLike = {
    onmessage: null,
    onerror: null,
    postMessage: request => port.postMessage(request),
    terminate: () => {
      worker.onmessage = null;
      port.postMessage({ kind: 'abandon' } satisfies PortRequest);
    },
  };
  port.onmessage = message => worker.onmessage?.(message as MessageEvent<Reply>);
  return worker;
}
