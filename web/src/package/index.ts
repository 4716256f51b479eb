// The npm package `escapement`: the engine without the page. `createClient` runs it in a worker, as the page does;
// `createEngine` in this very thread, for Node and for tools.
import { inOrder, type Said } from '../engine/output-order.js';
import { EngineClient } from '../engine/engine-client.js';
import { packsNeeded, type PackAddress } from '../engine/packs.js';
import { WasmEngine } from '../engine/wasm-module.js';
import type { AllocationPage, CheckAnswer, Overview, SliceAnswer } from '../protocol/answers.generated.js';
import {
  goRunOptions,
  type AllocationQuery,
  type RunOptions,
  type SourceFile,
} from '../protocol/questions.js';
import { readTiles, type TileRequest, type Tiles } from '../protocol/tiles.js';
import { ownPacks, ownWasm } from './packs.js';
import { read } from './read.js';

export { EngineClient, EngineReplaced, EngineSession } from '../engine/engine-client.js';
export { EngineFailure } from '../engine/wasm-module.js';
export { SnapshotTrace, type TraceSource } from '../engine/trace-source.js';
export type { PackAddress } from '../engine/packs.js';
export type * from '../protocol/answers.generated.js';
export { goRunOptions } from '../protocol/questions.js';
export type { AllocationQuery, RunOptions, SourceFile } from '../protocol/questions.js';
export type { Axis, TileRequest, Tiles } from '../protocol/tiles.js';

/** Where the engine's parts are, if not in this package. */
export interface EngineOptions {
  readonly wasmURL?: string | URL;
  /** A module that is compiled already; `wasmURL` is not asked for. */
  readonly wasmModule?: WebAssembly.Module;
  readonly packs?: readonly PackAddress[];
}

/** An engine in a worker of its own (or of `worker`): programs are stopped at once and never hold the page up. */
export function createClient(options: EngineOptions & { readonly worker?: () => Worker } = {}): EngineClient {
  const worker =
    options.worker ??
    (() => new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'escapement' }));
  return new EngineClient(worker, {
    wasm: String(options.wasmURL ?? ownWasm),
    packs: options.packs ?? ownPacks,
    ...(options.wasmModule ? { module: options.wasmModule } : {}),
  });
}

/** An engine in this thread. */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  const module =
    options.wasmModule ?? (await WebAssembly.compile(await read(String(options.wasmURL ?? ownWasm))));
  return new Engine(new WasmEngine(module), options.packs ?? ownPacks);
}

/** What a run wrote and how it ended; null where the program does not compile. */
export interface RunAnswer {
  readonly check: CheckAnswer;
  readonly end: SliceAnswer | null;
}

/** Settings of `Engine.run`. */
export interface EngineRunOptions extends Partial<RunOptions> {
  /** The run stops after this many steps; by default it may go on for ever. */
  readonly steps?: number;
}

const sliceSteps = 1_000_000;

/** The engine in this thread, with one program at a time: questions after a run are about that run. */
export class Engine {
  private readonly session: number;
  private readonly have = new Set<number>();

  constructor(
    private readonly wasm: WasmEngine,
    private readonly packs: readonly PackAddress[],
  ) {
    this.session = wasm.open();
  }

  /** The engine's version, and the version of Go that it models. */
  get version(): { readonly version: string; readonly go: string } {
    return this.wasm.version();
  }

  /** What the compiler says. `flags` are the compiler's own: `-m=2 -l`. */
  async check(files: readonly SourceFile[], flags = ''): Promise<CheckAnswer> {
    await this.havePacks(files);
    return JSON.parse(
      this.wasm.ask('check', this.session, { files, ...(flags ? { flags } : {}) }),
    ) as CheckAnswer;
  }

  /** Runs a program to its end, or for as many steps as it may take. */
  async run(files: readonly SourceFile[], options: EngineRunOptions = {}): Promise<RunAnswer> {
    await this.havePacks(files);
    const { steps = Infinity, ...rest } = options;
    const question = { files, options: { ...goRunOptions, ...rest } };
    const check = JSON.parse(this.wasm.ask('start', this.session, question)) as CheckAnswer;
    if (!check.ok) return { check, end: null };
    const said: Said[] = [];
    for (;;) {
      const slice = JSON.parse(this.wasm.step(this.session, Math.min(sliceSteps, steps))) as SliceAnswer;
      said.push(slice);
      if (slice.state !== 'running') return { check, end: { ...slice, ...inOrder(said) } };
      if (slice.steps >= steps) this.wasm.stop(this.session);
    }
  }

  /** The last run in figures. */
  overview(): Overview {
    return JSON.parse(this.wasm.overview(this.session)) as Overview;
  }

  /** The last run's allocations by site. */
  allocations(query: AllocationQuery): AllocationPage {
    return JSON.parse(this.wasm.ask('allocations', this.session, query)) as AllocationPage;
  }

  /** A window of the last run's timeline. */
  tiles(request: TileRequest): Tiles {
    return readTiles(request, this.wasm.tiles(this.session, request));
  }

  private async havePacks(files: readonly SourceFile[]): Promise<void> {
    for (const n of packsNeeded(this.packs, files)) {
      if (this.have.has(n)) continue;
      const { address } = this.packs[n]!;
      if (!this.wasm.addPack(await read(address))) throw new Error(`${address} is no pack of this engine`);
      this.have.add(n);
    }
  }
}
