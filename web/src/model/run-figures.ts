// What a run cost, in a few figures, and the figures of two runs beside each other.
import { bytes, count, counted } from '../base/format.js';
import type { Goroutine, Overview } from '../protocol/answers.generated.js';

/** A run's figures. Sizes are in bytes. */
export interface RunFigures {
  /** Heap objects of the user's code, and of the library and the runtime on its behalf. */
  readonly mine: HeapShare;
  readonly library: HeapShare;
  /** Main and the goroutines that the user's code started. */
  readonly goroutines: number;
  /** How often their stacks were copied to larger ones. */
  readonly stackGrowths: number;
  readonly cycles: number;
}

export interface AllFigures extends RunFigures {
  readonly heapLive: number;
  /** The largest of the stacks of the user's goroutines. */
  readonly largestStack: number;
  readonly steps: number;
}

export interface HeapShare {
  readonly objects: number;
  readonly bytes: number;
}

/** The figures that a run's sentence says. */
export function runFigures(o: Overview): RunFigures {
  const share = (...owners: readonly string[]): HeapShare =>
    o.totals.reduce(
      (a, t) => (owners.includes(t.owner) ? { objects: a.objects + t.objects, bytes: a.bytes + t.bytes } : a),
      { objects: 0, bytes: 0 },
    );
  const yours = ownGoroutines(o).map(g => g.id);
  return {
    mine: share('mine'),
    library: share('library', 'runtime'),
    goroutines: yours.length,
    stackGrowths: o.stackChanges.filter(c => c.kind === 'grow' && yours.includes(c.goroutine)).length,
    cycles: o.cycles.length,
  };
}

/** Main, and the goroutines that the user's code started. */
export const ownGoroutines = (o: Overview): Goroutine[] =>
  o.goroutines.filter(g => g.id === 1 || g.owner === 'mine');

/** All figures of a run, to compare. */
export function allFigures(o: Overview): AllFigures {
  const yours = new Set(ownGoroutines(o).map(g => g.id));
  const stacks = o.stackChanges.filter(
    c => yours.has(c.goroutine) && (c.kind === 'alloc' || c.kind === 'grow'),
  );
  return {
    ...runFigures(o),
    heapLive: o.heapLive,
    largestStack: stacks.reduce((most, c) => Math.max(most, c.size), 0),
    steps: o.steps,
  };
}

/** A figure of two runs: what it is, its two values in words, and how the second differs ('' where it does not). */
export interface ComparedFigure {
  readonly name: string;
  readonly first: string;
  readonly second: string;
  readonly difference: string;
}

const rows: readonly (readonly [string, (f: AllFigures) => number, (n: number) => string])[] = [
  ['Your heap objects', f => f.mine.objects, count],
  ['Bytes of yours', f => f.mine.bytes, bytes],
  ['The library’s objects', f => f.library.objects, count],
  ['Bytes of the library’s', f => f.library.bytes, bytes],
  ['Heap at the end', f => f.heapLive, bytes],
  ['Largest stack', f => f.largestStack, bytes],
  ['Stack growths', f => f.stackGrowths, count],
  ['Collector cycles', f => f.cycles, count],
  ['Steps', f => f.steps, count],
];

/** Every figure of two runs, in a fixed order. */
export function comparedFigures(first: AllFigures, second: AllFigures): readonly ComparedFigure[] {
  return rows.map(([name, of, words]) => {
    const more = of(second) - of(first);
    const difference = more === 0 ? '' : `${more > 0 ? '+' : '−'}${words(Math.abs(more))}`;
    return { name, first: words(of(first)), second: words(of(second)), difference };
  });
}

const onHeap = ({ objects, bytes: size }: HeapShare): string =>
  objects === 0 ? 'nothing' : `${counted(objects, 'object')}, ${bytes(size)}`;

/** One sentence: what the code of each of two runs put on the heap. */
export function comparison(first: RunFigures, second: RunFigures): string {
  const [a, b] = [onHeap(first.mine), onHeap(second.mine)];
  return a === b
    ? `Your code puts the same on the heap in both: ${a}.`
    : `On the heap, your code puts ${a} on the left, and ${b} on the right.`;
}
