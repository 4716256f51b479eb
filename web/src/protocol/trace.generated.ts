// Generated from engine/export/trace.schema.json by protocol/generate.mjs; do not edit.

export type Owner = 'mine' | 'library' | 'runtime' | 'before main';

/**
 * What a Go program did with memory: the tables that ids refer to, then the events in order. Ids are indexes into the tables; -1 is none. Version 1.
 */
export interface EscapementTrace {
  format: 'escapement-trace';
  version: 1;
  /**
   * The engine's version.
   */
  engine: string;
  /**
   * The Go version that is modelled, as `go version` spells it.
   */
  go: string;
  program: {
    /**
     * Hash of everything that decides the run.
     */
    identity: string;
    files: string[];
    seed: number;
    /**
     * Options of the run that differ from Go's defaults or matter to readers.
     */
    options: {
      gcPercent?: number;
      memoryLimit?: number;
      heapMinimum?: number;
      maxStack?: number;
      [k: string]: number | string | boolean | undefined;
    };
  };
  exit: {
    status: number;
    reason: 'exit' | 'panic' | 'fatal' | 'budget' | 'stopped' | 'running';
  };
  /**
   * The schema of events, by kind number: an event's extra elements are these fields in this order.
   */
  kinds: {
    name: string;
    /**
     * The kind that ends what this one starts.
     */
    pair?: string;
    fields: {
      name: string;
      unit:
        | 'count'
        | 'bytes'
        | 'address'
        | 'goroutine'
        | 'cycle'
        | 'origin'
        | 'stack'
        | 'string'
        | 'size_class'
        | 'span_class'
        | 'segment'
        | 'reason'
        | 'phase'
        | 'trigger'
        | 'fault'
        | 'case'
        | 'descriptor'
        | 'defer_kind'
        | 'bitmap'
        | 'steps'
        | 'nanoseconds'
        | 'status'
        | 'percent'
        | 'channel_outcome'
        | 'order';
    }[];
  }[];
  strings: string[];
  types: {
    name: string;
    size: number;
  }[];
  /**
   * Where the program allocates. A site is named by function, kind, symbol and ordinal, never by a line.
   */
  sites: {
    function: string;
    kind: string;
    symbol: string;
    ordinal: number;
    file: string;
    line: number;
    column: number;
    owner: Owner;
    /**
     * Index into verdicts, -1 for none.
     */
    verdict: number;
    /**
     * The function of the runtime, or of the library and inlined here, that allocates on behalf of this place.
     */
    through?: string;
  }[];
  /**
   * [site, type] pairs; heap.alloc names one.
   */
  origins: [number, number][];
  frames: {
    function: string;
    file: string;
    line: number;
    column: number;
    owner: Owner;
  }[];
  /**
   * Call stacks as nodes of a tree: [parent stack, frame, billed stack]. Billed is the nearest node whose frame is the user's: the line that library work is charged to.
   */
  stacks: [number, number, number][];
  /**
   * Bytes by size class; 0 is a large object.
   */
  sizeClasses: number[];
  /**
   * The compiler's remarks, in its order.
   */
  verdicts: {
    file: string;
    line: number;
    column: number;
    text: string;
    region?: 'heap' | 'stack' | 'static' | 'none';
    /**
     * Why: the flow that carried the value out, as -m=2 tells it.
     */
    path?: {
      file: string;
      line: number;
      column: number;
      text: string;
    }[];
  }[];
  /**
   * What was written. Bytes that are not UTF-8 become U+FFFD; offsets of output events count the original bytes of that descriptor.
   */
  output: {
    stdout: string;
    stderr: string;
  };
  totals: {
    /**
     * Events that happened.
     */
    events: number;
    /**
     * Events listed below; less when the log was full.
     */
    kept: number;
    steps: number;
    /**
     * Heap allocations by owner.
     */
    owners: {
      [k: string]: {
        allocations: number;
        bytes: number;
      };
    };
  };
  /**
   * [kind, step, owner, flags, field…]. kind indexes kinds, step counts from the start, owner is 0 mine, 1 library, 2 runtime, 3 before main; flags: 4 no pointers, 8 tiny, 16 first of its tiny block, 32 cleared. Fields follow kinds[kind].fields: numbers, except bitmap (a string of hexadecimal digits, lowest object first: each group of 16 digits is one 64-bit word) and reason, phase, trigger, segment, channel_outcome, defer_kind (their names).
   */
  events: [number | string, number | string, number | string, number | string, ...(number | string)[]][];
  /**
   * The shape of each goroutine's stack over time. Bucket i covers steps [firstStep + i*bucketSteps, …).
   */
  envelopes: {
    goroutine: number;
    firstStep: number;
    bucketSteps: number;
    peakBytes: number;
    /**
     * [least, greatest] bytes of stack in use, or null where the goroutine did not run.
     */
    buckets: (null | [number, number])[];
  }[];
}
