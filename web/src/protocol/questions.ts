// What the page sends to the engine: files, a run's options, and windows of the timeline.
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
  readonly seed: number;
  readonly input: string;
}

export const goRunOptions: RunOptions = { gcPercent: 100, heapMinimum: 4 << 20, seed: 1, input: '' };

/** Which allocations a table shows. */
export interface AllocationQuery {
  readonly axis: Axis;
  readonly begin: number;
  readonly end: number;
  /** Only those of the user's own lines, library work on their behalf included. */
  readonly mine: boolean;
  readonly limit: number;
}
