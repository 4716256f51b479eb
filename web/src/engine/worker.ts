// The engine's worker: loads the engine, keeps a session for each playground, and runs programs in slices so
// that a Stop, a check or another playground's question is heard in between.
import type { CheckAnswer, SliceAnswer } from '../protocol/answers.generated.js';
import type { EngineAddresses, Loaded, Reply, Request, RunEnd } from './messages.js';
import { EngineFailure, WasmEngine } from './wasm-module.js';

/** What a slice may take before the worker listens again. */
const sliceMilliseconds = 12;
const progressMilliseconds = 60;
const mostSteps = 1_000_000;

let module: WebAssembly.Module;
let packs: Uint8Array[] = [];
let engine: WasmEngine;
/** The page's session numbers → the engine's; forgotten when the engine is replaced. */
const sessions = new Map<number, number>();
const stopping = new Set<number>();
const running = new Set<number>();

const post = (reply: Reply, transfer: Transferable[] = []): void => self.postMessage(reply, { transfer });

async function bytes(address: string): Promise<Uint8Array> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function load(addresses: EngineAddresses): Promise<Loaded> {
  const response = fetch(addresses.wasm);
  [module, packs] = await Promise.all([
    WebAssembly.compileStreaming(response),
    Promise.all(addresses.packs.map(bytes)),
  ]);
  return renew();
}

/** A new instance with the packs in it; every session begins afresh. */
function renew(): Loaded {
  sessions.clear();
  engine = new WasmEngine(module);
  for (const pack of packs) {
    if (!engine.addPack(pack))
      throw new Error('a standard-library pack does not fit this engine; reload the page');
  }
  return engine.version();
}

function sessionOf(page: number): number {
  if (engine.dead) renew();
  let session = sessions.get(page);
  if (session === undefined) sessions.set(page, (session = engine.open()));
  return session;
}

/** Lets queued messages through, without the delay that nested time-outs get. */
const breath = (() => {
  const channel = new MessageChannel();
  const waiting: (() => void)[] = [];
  channel.port1.onmessage = () => waiting.shift()?.();
  return () =>
    new Promise<void>(resolve => {
      waiting.push(resolve);
      channel.port2.postMessage(null);
    });
})();

async function run(request: Request & { kind: 'run' }): Promise<RunEnd> {
  const page = request.session;
  if (running.has(page)) {
    stopping.add(page);
    while (running.has(page)) await breath();
  }
  stopping.delete(page);
  running.add(page);
  try {
    const session = sessionOf(page);
    const check = JSON.parse(
      engine.ask('start', session, { files: request.files, options: request.options }),
    ) as CheckAnswer;
    if (!check.ok) return { kind: 'not compiled', check };
    let steps = 20_000;
    let told = performance.now();
    let output = '';
    let errorOutput = '';
    for (;;) {
      if (stopping.has(page)) engine.stop(session);
      const begin = performance.now();
      const slice = JSON.parse(engine.step(session, steps)) as SliceAnswer;
      const now = performance.now();
      output += slice.output;
      errorOutput += slice.errorOutput;
      if (slice.state !== 'running') return { kind: 'ended', slice: { ...slice, output, errorOutput } };
      if (now - told >= progressMilliseconds) {
        post({ id: request.id, progress: { ...slice, output, errorOutput } });
        output = errorOutput = '';
        told = now;
      }
      const took = Math.max(now - begin, 0.1);
      steps = Math.round(Math.min(mostSteps, Math.max(1000, steps * Math.min(4, sliceMilliseconds / took))));
      await breath();
    }
  } finally {
    running.delete(page);
  }
}

async function answer(request: Request): Promise<unknown> {
  switch (request.kind) {
    case 'load':
      return load(request.addresses);
    case 'check':
      return JSON.parse(engine.ask('check', sessionOf(request.session), { files: request.files }));
    case 'run':
      return run(request);
    case 'stop':
      if (running.has(request.session)) stopping.add(request.session);
      return undefined;
    case 'overview':
      return JSON.parse(engine.overview(sessionOf(request.session)));
    case 'tiles':
      return engine.tiles(sessionOf(request.session), request.request);
    case 'allocations':
      return JSON.parse(engine.ask('allocations', sessionOf(request.session), request.query));
    case 'trace':
      return engine.trace(sessionOf(request.session));
    case 'close':
      engine.close(sessionOf(request.session));
      sessions.delete(request.session);
      return undefined;
  }
}

self.onmessage = async (message: MessageEvent<Request>) => {
  const { id } = message.data;
  try {
    const value = await answer(message.data);
    post({ id, ok: true, value }, value instanceof Float64Array ? [value.buffer] : []);
  } catch (error) {
    const failure = error instanceof EngineFailure ? 'The engine stopped: ' : '';
    post({ id, ok: false, error: failure + (error instanceof Error ? error.message : String(error)) });
  }
};
