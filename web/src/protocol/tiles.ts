// The timeline's binary answer: for a window of an axis, one figure a column and series. A question
// about any window costs its columns, not its events. The layout is engine/trace/timeline.h's.

/** What x means: the ordinal of an event, or the steps (statements' work) since the program began. */
export type Axis = 'events' | 'steps';

export interface TileRequest {
  readonly axis: Axis;
  readonly begin: number;
  readonly end: number;
  readonly columns: number;
  /** The goroutines whose stacks are asked for. */
  readonly goroutines: readonly number[];
}

/** The heap lane, a figure a column. */
export interface HeapTiles {
  /** Least and greatest live bytes. */
  readonly liveMin: Float64Array;
  readonly liveMax: Float64Array;
  /** The collector's goal at the column's end. */
  readonly goal: Float64Array;
  /** Bytes allocated by the user's own lines (library work on their behalf included) and by all others. */
  readonly mine: Float64Array;
  readonly others: Float64Array;
  /** Of all those bytes, the ones still live at the end of the run. */
  readonly survived: Float64Array;
  /** Objects allocated. */
  readonly objects: Float64Array;
  /** Bytes that the collector freed. */
  readonly freed: Float64Array;
}

/** One goroutine's stack, a figure a column; -1 while it has none. */
export interface StackTiles {
  readonly usedMin: Float64Array;
  readonly usedMax: Float64Array;
  readonly size: Float64Array;
}

/** One heap object in the window. */
export interface ObjectMark {
  readonly event: number;
  /** Where it is on the axis. */
  readonly at: number;
  readonly bytes: number;
  /** The row of the Allocations table it is counted in. */
  readonly key: number;
  readonly mine: boolean;
  /** Where on the axis it was freed; -1: live at the end. */
  readonly freedAt: number;
}

export interface Tiles {
  readonly request: TileRequest;
  readonly heap: HeapTiles;
  readonly stacks: ReadonlyMap<number, StackTiles>;
  /** Each object of the window, when there are few enough to draw; null otherwise. */
  readonly objects: readonly ObjectMark[] | null;
}

/** Objects past which a window is given in columns only. */
export const mostObjects = 2048;
const heapSeries = 8;
const stackSeries = 3;
const objectFields = 6;

/** Reads the engine's answer: heap series, stack series, then the count of objects (-1: too many) and theirs. */
export function readTiles(request: TileRequest, data: Float64Array): Tiles {
  const n = request.columns;
  let at = 0;
  const series = (): Float64Array => data.subarray(at, (at += n));
  const [liveMin, liveMax, goal, mine, others, survived, objects, freed] = Array.from(
    { length: heapSeries },
    series,
  ) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const stacks = new Map<number, StackTiles>();
  for (const id of request.goroutines)
    stacks.set(id, { usedMin: series(), usedMax: series(), size: series() });
  if (at !== n * (heapSeries + stackSeries * request.goroutines.length))
    throw new Error('tiles: wrong length');
  const objectCount = data[at++] ?? -1;
  let marks: ObjectMark[] | null = null;
  if (objectCount >= 0) {
    marks = [];
    for (let i = 0; i < objectCount; i++, at += objectFields) {
      marks.push({
        event: data[at]!,
        at: data[at + 1]!,
        bytes: data[at + 2]!,
        key: data[at + 3]!,
        mine: data[at + 4] === 1,
        freedAt: data[at + 5]!,
      });
    }
  }
  return {
    request,
    heap: { liveMin, liveMax, goal, mine, others, survived, objects, freed },
    stacks,
    objects: marks,
  };
}
