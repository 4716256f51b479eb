// The messages between EngineClient and its worker.
import type { CheckAnswer, SliceAnswer } from '../protocol/answers.generated.js';
import type {
  AliveQuestion,
  AllocationQuery,
  ExportFormat,
  FramesQuestion,
  InspectQuestion,
  RunOptions,
  SnapshotQuestion,
  SourceFile,
} from '../protocol/questions.js';
import type { PackAddress } from './packs.js';
import type { TileRequest } from '../protocol/tiles.js';

/** Where the worker finds the engine's parts. */
export interface EngineAddresses {
  readonly wasm: string;
  /** The engine, compiled already; then `wasm` is not fetched. */
  readonly module?: WebAssembly.Module;
  readonly packs: readonly PackAddress[];
}

/** A request; `id` pairs it with its reply. */
export type Request =
  | { id: number; kind: 'load'; addresses: EngineAddresses }
  | { id: number; kind: 'check'; session: number; files: readonly SourceFile[] }
  | { id: number; kind: 'run'; session: number; files: readonly SourceFile[]; options: RunOptions }
  | { id: number; kind: 'stop'; session: number }
  | { id: number; kind: 'overview'; session: number }
  | { id: number; kind: 'tiles'; session: number; request: TileRequest }
  | { id: number; kind: 'allocations'; session: number; query: AllocationQuery }
  | { id: number; kind: 'inspect'; session: number; question: InspectQuestion }
  | { id: number; kind: 'alive'; session: number; question: AliveQuestion }
  | { id: number; kind: 'frames'; session: number; question: FramesQuestion }
  | { id: number; kind: 'facts'; session: number }
  | { id: number; kind: 'expect'; session: number; question: { readonly text: string } }
  | { id: number; kind: 'snapshot'; session: number; question: SnapshotQuestion }
  | { id: number; kind: 'export'; session: number; question: { readonly format: ExportFormat } }
  | { id: number; kind: 'close'; session: number }
  /** Only whether the worker listens. */
  | { id: number; kind: 'ping' };

/** How a run ended, or why it never began. */
export type RunEnd = { kind: 'ended'; slice: SliceAnswer } | { kind: 'not compiled'; check: CheckAnswer };

export type Reply =
  | { id: number; ok: true; value: unknown }
  | { id: number; ok: false; error: string; replaced?: boolean }
  | { id: number; progress: SliceAnswer };

/** What arrives when the engine is there. */
export interface Loaded {
  readonly version: string;
  readonly go: string;
}
