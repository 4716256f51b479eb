// What the page sends to the engine: files, a run's options, and windows of the timeline.
import type { Moment } from './answers.generated.js';
import type { Axis } from './tiles.js';

/** One file of a program. */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
}

/** Settings of a run; each has the value Go itself would use unless a learner changes it. */
export interface RunOptions {
  readonly gcPercent: number;
  /** Bytes of live heap below which the collector does not start (Go: 4 MiB). */
  readonly heapMinimum: number;
  /** Bytes of a new goroutine's stack (Go: 2 KiB). */
  readonly stackStart: number;
  readonly seed: number;
  readonly input: string;
}

export const goRunOptions: RunOptions = {
  gcPercent: 100,
  heapMinimum: 4 << 20,
  stackStart: 2 << 10,
  seed: 1,
  input: '',
};

/** Which allocations a table shows. */
export interface AllocationQuery {
  readonly axis: Axis;
  readonly begin: number;
  readonly end: number;
  /** Only those of the user's own lines, library work on their behalf included. */
  readonly mine: boolean;
  readonly limit: number;
}

/** A point of a run, as one asks for it. */
export type Target =
  | { readonly event: number }
  | { readonly step: number }
  | { readonly line: number; readonly file?: string; readonly hit?: number }
  | { readonly moment: Moment }
  | { readonly end: true };

/** How to go on from a target: by line into calls, over them or out of them; by event; by allocation. */
export interface Move {
  readonly by: 'line' | 'over' | 'out' | 'event' | 'allocation';
  readonly back?: boolean;
  /** Also stops in library code. */
  readonly library?: boolean;
}

export interface InspectQuestion {
  readonly at: Target;
  readonly move?: Move;
  /** Only objects that the user's lines allocated. */
  readonly mine?: boolean;
  /** At most this many objects. */
  readonly objects?: number;
}

export interface AliveQuestion {
  readonly at: Target;
  readonly address: number;
}

/** A stretch of steps. */
export interface FramesQuestion {
  readonly begin: number;
  readonly end: number;
}

export type ExportFormat = 'json' | 'csv' | 'chrome' | 'pprof';

export interface SnapshotQuestion {
  readonly view?: string;
  readonly columns?: number;
  readonly at?: Target;
}
