// Generated from engine/export/answers.schema.json by protocol/generate.mjs; do not edit.

export type Region = 'stack' | 'heap' | 'static';
export type Owner = 'mine' | 'library' | 'runtime' | 'before main';

/**
 * The small answers that the wasm engine gives its page: one definition an answer.
 */
export interface Answers {
  check: CheckAnswer;
  slice: SliceAnswer;
  overview: Overview;
  allocations: AllocationPage;
}
export interface CheckAnswer {
  ok: boolean;
  messages: Message[];
  verdicts: Verdict[];
}
/**
 * One printed sentence of the compiler, in its order and wording.
 */
export interface Message {
  severity: 'error' | 'remark';
  file: string;
  /**
   * 1-based; 0 is unknown
   */
  line: number;
  /**
   * 1-based, in bytes; 0 is unknown
   */
  column: number;
  /**
   * as printed: ./main.go:5:2
   */
  position: string;
  text: string;
}
/**
 * Where the compiler lets one value live.
 */
export interface Verdict {
  file: string;
  line: number;
  column: number;
  function: string;
  subject: string;
  text: string;
  region: Region;
  path: FlowStep[];
}
/**
 * One step of the path by which a value reaches the heap.
 */
export interface FlowStep {
  position: string;
  line: number;
  column: number;
  text: string;
  why: string;
}
/**
 * How a run stands after a slice, and what it wrote in it.
 */
export interface SliceAnswer {
  state: 'running' | 'exited' | 'stopped';
  steps: number;
  events: number;
  output: string;
  errorOutput: string;
  exitStatus: number;
}
/**
 * What a run did, in figures that do not grow with its events.
 */
export interface Overview {
  events: number;
  /**
   * events past the log's limit
   */
  dropped: number;
  steps: number;
  /**
   * ordinal of main's start
   */
  mainEvent: number;
  mainStep: number;
  totals: Totals[];
  heapLive: number;
  heapPeak: number;
  freedObjects: number;
  freedBytes: number;
  segments: StaticSegment[];
  goroutines: Goroutine[];
  goroutineCount: number;
  stackChanges: StackChange[];
  cycles: Cycle[];
}
/**
 * Heap allocations of one owner.
 */
export interface Totals {
  owner: Owner;
  objects: number;
  bytes: number;
}
export interface StaticSegment {
  segment: string;
  address: number;
  size: number;
  initialised: number;
}
export interface Goroutine {
  id: number;
  parent: number;
  function: string;
  owner: Owner;
  /**
   * of the user's go statement; 0: none
   */
  line: number;
  /**
   * event ordinal
   */
  start: number;
  /**
   * event ordinal; -1: it never ended
   */
  end: number;
  peakBytes: number;
  peakDepth: number;
}
/**
 * A stack that was made, grown, shrunk or freed.
 */
export interface StackChange {
  event: number;
  step: number;
  goroutine: number;
  kind: 'alloc' | 'grow' | 'shrink' | 'free';
  size: number;
  copied: number;
  adjusted: number;
}
/**
 * One cycle of the garbage collector.
 */
export interface Cycle {
  cycle: number;
  /**
   * event ordinal
   */
  start: number;
  /**
   * event ordinal; -1: it did not end
   */
  end: number;
  trigger: string;
  live: number;
  goal: number;
  marked: number;
  freedObjects: number;
  freedBytes: number;
}
export interface AllocationPage {
  rows: Allocation[];
  /**
   * rows past the page
   */
  omitted: number;
}
/**
 * The heap allocations that one line of the user's makes of one type, library work billed to that line.
 */
export interface Allocation {
  key: number;
  owner: Owner;
  /**
   * of the allocation site
   */
  line: number;
  column: number;
  /**
   * of the allocation site
   */
  function: string;
  kind: string;
  symbol: string;
  type: string;
  typeSize: number;
  /**
   * the user's line that caused it; 0: none
   */
  billedLine: number;
  billedFunction: string;
  objects: number;
  /**
   * as the heap rounds them: size classes
   */
  bytes: number;
  live: number;
  liveBytes: number;
  freed: number;
  /**
   * event ordinal
   */
  first: number;
  last: number;
}
