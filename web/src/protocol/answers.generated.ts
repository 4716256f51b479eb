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
  inspection: Inspection;
  alive: AliveAnswer;
  frames: FrameWindow;
  facts: Facts;
  expect: ExpectAnswer;
  snapshot: Snapshot;
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
  /**
   * a warning is go vet's: the program compiles
   */
  severity: 'error' | 'warning' | 'remark';
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
  /**
   * Where both streams were written: the same in the order in which it was.
   */
  pieces?: {
    stream: 'output' | 'error';
    text: string;
  }[];
  exitStatus: number;
  /**
   * A sentence for the user: a limit of the model, not of Go, ended the program.
   */
  note?: string;
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
  /**
   * the function of the runtime, or of the library and inlined here, that allocates on the place's behalf; empty: its own code
   */
  through: string;
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
/**
 * The whole state of a run at a moment.
 */
export interface Inspection {
  moment: Moment;
  /**
   * the program is over
   */
  ended: boolean;
  place: Place | null;
  /**
   * bytes written by then
   */
  output: number;
  goroutines: GoroutineState[];
  goroutinesOmitted: number;
  objects: ObjectState[];
  objectsOmitted: number;
  statics: StaticSymbol[];
  spans: SpanState[];
  collector: Collector;
}
/**
 * A point of a run: the first instruction at which `event` events have happened and `step` steps are counted, and then `statement` further starts of a statement. It means the same natively and in wasm.
 */
export interface Moment {
  /**
   * events so far: the state just after the event of ordinal event-1
   */
  event: number;
  /**
   * steps so far
   */
  step: number;
  statement: number;
}
/**
 * Where the running goroutine stands: about to execute this line.
 */
export interface Place {
  goroutine: number;
  function: string;
  file: string;
  line: number;
  column: number;
  owner: Owner;
}
/**
 * A goroutine at a moment.
 */
export interface GoroutineState {
  id: number;
  status: 'idle' | 'runnable' | 'running' | 'waiting' | 'dead';
  /**
   * why it waits, in the runtime's words
   */
  reason: string;
  function: string;
  parent: number;
  /**
   * one of the runtime's own
   */
  system: boolean;
  current: boolean;
  stackLow: number;
  stackHigh: number;
  /**
   * bytes from the top of the stack to its pointer
   */
  stackUsed: number;
  frames: Frame[];
  /**
   * outer frames left out
   */
  framesOmitted: number;
}
/**
 * A call under way, innermost first. An inlined call has a frame of its own without bytes.
 */
export interface Frame {
  function: string;
  owner: Owner;
  file: string;
  line: number;
  column: number;
  inlined: boolean;
  /**
   * low end of the frame on the modelled stack
   */
  address: number;
  /**
   * bytes, return address included
   */
  size: number;
  variables: Variable[];
}
/**
 * A variable of a frame.
 */
export interface Variable {
  name: string;
  type: string;
  kind: 'parameter' | 'result' | 'local' | 'captured';
  /**
   * register: the compiler keeps it out of memory; it has no address
   */
  where: 'stack' | 'heap' | 'register';
  /**
   * 0 in a register
   */
  address: number;
  size: number;
  /**
   * where it is declared
   */
  line: number;
  /**
   * false: declared or assigned later, or not needed any more; the value is what was left there
   */
  live: boolean;
  value: Value;
}
/**
 * A Go value as it lies in memory.
 */
export interface Value {
  /**
   * as Go prints it, shortened: 42, "abc", []int len 3 cap 4, *main.T, nil
   */
  text: string;
  /**
   * the address it holds (pointer, slice, string, map, channel, func, interface data); 0: none or nil
   */
  pointer: number;
  /**
   * fields, elements; for a pointer, slice or string none: see the object it points to
   */
  parts: Part[];
  /**
   * elements left out at the end
   */
  omitted: number;
}
/**
 * A field or element of a value.
 */
export interface Part {
  /**
   * field name, or [index]
   */
  name: string;
  type: string;
  offset: number;
  size: number;
  value: Value;
}
/**
 * An allocated heap object at a moment.
 */
export interface ObjectState {
  address: number;
  /**
   * bytes it takes: its size class
   */
  size: number;
  /**
   * bytes asked for; 0: unknown
   */
  asked: number;
  /**
   * empty: unknown
   */
  type: string;
  /**
   * how many values of the type
   */
  elements: number;
  /**
   * 0: large
   */
  sizeClass: number;
  /**
   * index in `spans`
   */
  span: number;
  noscan: boolean;
  /**
   * ordinal of its heap.alloc event; -1: before the log or past its end
   */
  event: number;
  site: Site;
  billedLine: number;
  owner: Owner;
  mine: boolean;
  /**
   * index of the verdict at its site, in the check answer; -1: none
   */
  verdict: number;
  /**
   * false: nothing points to it any more
   */
  reachable: boolean;
  value: Value;
  pointers: Pointer[];
}
/**
 * Where something is allocated.
 */
export interface Site {
  file: string;
  line: number;
  column: number;
  function: string;
  kind: string;
  symbol: string;
  /**
   * the function of the runtime, or of the library and inlined here, that allocates on the place's behalf; empty: its own code
   */
  through: string;
}
/**
 * A pointer inside an object.
 */
export interface Pointer {
  offset: number;
  to: number;
  region: 'heap' | 'stack' | 'static' | 'none';
  /**
   * address of the heap object that `to` lies in; 0: none
   */
  object: number;
}
/**
 * A package-level variable of the program.
 */
export interface StaticSymbol {
  name: string;
  type: string;
  segment: string;
  address: number;
  size: number;
  file: string;
  line: number;
  value: Value;
}
/**
 * A run of pages that holds objects of one size class, or one large object.
 */
export interface SpanState {
  base: number;
  pages: number;
  sizeClass: number;
  elemSize: number;
  capacity: number;
  allocated: number;
  noscan: boolean;
}
/**
 * The collector's state.
 */
export interface Collector {
  phase: string;
  cycle: number;
  /**
   * bytes the pacer counts
   */
  live: number;
  goal: number;
  trigger: number;
  /**
   * bytes marked by the last cycle
   */
  marked: number;
  gcPercent: number;
  /**
   * allocated objects
   */
  objects: number;
  /**
   * their bytes
   */
  bytes: number;
}
/**
 * Why an object is alive.
 */
export interface AliveAnswer {
  address: number;
  alive: boolean;
  path: AliveStep[];
}
/**
 * A step of the path that keeps an object alive, from the root on.
 */
export interface AliveStep {
  kind: 'frame' | 'static' | 'runtime' | 'object';
  /**
   * variable or field, or the runtime's own record
   */
  name: string;
  /**
   * of a frame
   */
  function: string;
  /**
   * of a frame; 0: none
   */
  goroutine: number;
  type: string;
  address: number;
}
/**
 * The named frames of a window of steps.
 */
export interface FrameWindow {
  begin: number;
  end: number;
  /**
   * false: more calls than are named; draw the envelope
   */
  complete: boolean;
  frames: FrameSpan[];
}
/**
 * One call on the timeline.
 */
export interface FrameSpan {
  goroutine: number;
  depth: number;
  function: string;
  owner: Owner;
  /**
   * of the call; 0: unknown
   */
  line: number;
  beginStep: number;
  endStep: number;
  beginEvent: number;
  endEvent: number;
  /**
   * of its frame
   */
  bytes: number;
  /**
   * bytes of the stack in use with it
   */
  used: number;
}
/**
 * Verdicts against the run.
 */
export interface Facts {
  verdicts: VerdictFact[];
  others: OtherFact[];
}
/**
 * What a run says of a verdict.
 */
export interface VerdictFact {
  /**
   * index in the check answer
   */
  verdict: number;
  file: string;
  line: number;
  column: number;
  text: string;
  region: Region;
  objects: number;
  bytes: number;
  /**
   * alive after the last cycle
   */
  survivors: number;
  survivorBytes: number;
  /**
   * whether its line was executed
   */
  ran: 'yes' | 'no' | 'unknown';
  /**
   * where verdict and run differ
   */
  surprise: '' | 'no allocation' | 'allocates';
  explanation: string;
}
/**
 * Heap allocations of the user's lines at which the compiler says nothing.
 */
export interface OtherFact {
  line: number;
  column: number;
  function: string;
  kind: string;
  type: string;
  objects: number;
  bytes: number;
  explanation: string;
}
export interface ExpectAnswer {
  expectations: Expectation[];
}
/**
 * One expectation, checked.
 */
export interface Expectation {
  /**
   * in the text that holds it
   */
  line: number;
  text: string;
  ok: boolean;
  /**
   * what was found instead
   */
  got: string;
}
/**
 * A run at one resolution, as a document keeps it: what pictures are drawn from without an engine.
 */
export interface Snapshot {
  format: 'escapement-snapshot';
  version: 1;
  engine: string;
  go: string;
  view: string;
  files: SnapshotFile[];
  check: CheckAnswer;
  end: SliceAnswer;
  overview: Overview;
  allocations: AllocationPage;
  request: TileQuestion;
  /**
   * the figures of `request`, laid out as tiles are
   */
  data: number[];
  facts: Facts;
  inspection: Inspection | null;
}
export interface SnapshotFile {
  name: string;
  text: string;
}
/**
 * A window of the timeline.
 */
export interface TileQuestion {
  axis: 'events' | 'steps';
  begin: number;
  end: number;
  columns: number;
  goroutines: number[];
}
