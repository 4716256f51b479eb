// The engine's worker: loads the engine, keeps a session for each playground, and runs programs in slices so
// that a Stop, a check or another playground's question is heard in between.
import type { CheckAnswer, SliceAnswer } from '../protocol/answers.generated.js';
import type { EngineAddresses, Loaded, Reply, Request, RunEnd } from './messages.js';
import type { SourceFile } from '../protocol/questions.js';
import { inOrder, type Said } from './output-order.js';
import { packsNeeded } from './packs.js';
import { EngineFailure, WasmEngine } from './wasm-module.js';

/** What a slice may take before the worker listens again. */
const sliceMilliseconds = 12;
const progressMilliseconds = 60;
const mostSteps = 1_000_000;
/** The first verdicts go before warming up. */
const warmDelayMilliseconds = 1000;

let module: WebAssembly.Module;
let addresses: EngineAddresses;
/** The packs fetched so far, by number. */
const packs = new Map<number, Uint8Array>();
let engine: WasmEngine;
/** The page's session numbers → the engine's; forgotten when the engine is replaced. */
const sessions = new Map<number, number>();
const stopping = new Set<number>();
const running = new Set<number>();

const post = (reply: Reply, transfer: Transferable[] = []): void => self.postMessage(reply, { transfer });

async function bytes(address: string): Promise<Uint8Array> {
  // A worker that is older than the service worker still finds without a network what that one keeps.
  const response = await fetch(address).catch(async (error: unknown) => {
    const kept = await globalThis.caches?.match(address);
    if (kept) return kept;
    throw error;
  });
  if (!response.ok) throw new Error(`${address}: ${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function load(from: EngineAddresses): Promise<Loaded> {
  addresses = from;
  const first = addresses.packs.slice(0, 1).map(p => bytes(p.address));
  const compiled = from.module ?? WebAssembly.compileStreaming(fetch(addresses.wasm));
  [module] = await Promise.all([compiled, Promise.all(first)]);
  (await Promise.all(first)).forEach((pack, i) => packs.set(i, pack));
  const loaded = renew();
  // Should it fail, the next question finds the engine dead and gets another.
  setTimeout(() => void warm().catch(() => {}), warmDelayMilliseconds);
  return loaded;
}

let fetching = Promise.resolve();

/** Fetches what the files import and is not there yet, one caller after another. */
function havePacks(files: readonly SourceFile[]): Promise<void> {
  fetching = fetching.then(async () => {
    const missing = packsNeeded(addresses.packs, files).filter(i => !packs.has(i));
    const fetched = await Promise.all(missing.map(i => bytes(addresses.packs[i]!.address)));
    missing.forEach((number, i) => {
      packs.set(number, fetched[i]!);
      if (!engine.dead) add(fetched[i]!);
    });
  });
  const done = fetching;
  fetching = fetching.catch(() => {});
  return done;
}

function add(pack: Uint8Array): void {
  if (!engine.addPack(pack))
    throw new Error('a standard-library pack does not fit this engine; reload the page');
}

/** A new instance with the packs in it; every session begins afresh. */
function renew(): Loaded {
  sessions.clear();
  engine = new WasmEngine(module);
  packs.forEach(pack => add(pack));
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
    await havePacks(request.files);
    const session = sessionOf(page);
    const check = JSON.parse(
      engine.ask('start', session, { files: request.files, options: request.options }),
    ) as CheckAnswer;
    if (!check.ok) return { kind: 'not compiled', check };
    let steps = 20_000;
    let told = performance.now();
    let said: Said[] = [];
    for (;;) {
      if (stopping.has(page)) engine.stop(session);
      const begin = performance.now();
      const slice = JSON.parse(engine.step(session, steps)) as SliceAnswer;
      const now = performance.now();
      said.push(slice);
      if (slice.state !== 'running') return { kind: 'ended', slice: { ...slice, ...inOrder(said) } };
      if (now - told >= progressMilliseconds) {
        post({ id: request.id, progress: { ...slice, ...inOrder(said) } });
        said = [];
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

/** What the engine runs while nobody asks anything: a bit of each kind of work, a million steps or so. */
const warmProgram = `package main

type node struct{ next *node }

func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

func main() {
	numbers, mean := make([]int, 64), 0.5
	var list *node
	for i := range 400000 {
		numbers[i&63] += i
		mean = mean*0.5 + float64(numbers[i&31])
		if i&255 == 0 {
			list = &node{list}
		}
	}
	fib(16)
}
`;

/**
 * Runs a program of our own right after the start, in slices between which everything else is heard: the browser
 * then has the interpreter's optimised code when the user's first program runs.
 */
async function warm(): Promise<void> {
  const files = [{ name: 'warm.go', text: warmProgram }];
  await havePacks(files);
  if (engine.dead || running.size > 0) return;
  const warmed = engine;
  const session = warmed.open();
  try {
    const check = JSON.parse(warmed.ask('start', session, { files })) as CheckAnswer;
    while (check.ok && running.size === 0 && !warmed.dead) {
      await new Promise(resolve => setTimeout(resolve, 1));
      if ((JSON.parse(warmed.step(session, 20_000)) as SliceAnswer).state !== 'running') break;
    }
  } finally {
    if (!warmed.dead) warmed.close(session);
  }
}

async function answer(request: Request): Promise<unknown> {
  switch (request.kind) {
    case 'ping':
      return undefined;
    case 'load':
      return load(request.addresses);
    case 'check':
      await havePacks(request.files);
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
    case 'inspect':
    case 'alive':
    case 'frames':
    case 'expect':
    case 'snapshot':
      return JSON.parse(engine.ask(request.kind, sessionOf(request.session), request.question));
    case 'facts':
      return JSON.parse(engine.facts(sessionOf(request.session)));
    case 'export':
      return engine.export(sessionOf(request.session), request.question.format);
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
    post({ id, ok: true, value }, ArrayBuffer.isView(value) ? [value.buffer as ArrayBuffer] : []);
  } catch (error) {
    const failure = error instanceof EngineFailure ? 'The engine stopped: ' : '';
    post({ id, ok: false, error: failure + (error instanceof Error ? error.message : String(error)) });
  }
};
