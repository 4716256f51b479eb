// What stands below the timeline and above it in words: the legend, and what of the run is in view.
import { count } from '../base/format.js';
import { length, type Span } from '../base/span.js';
import type { Overview } from '../protocol/answers.generated.js';
import type { Axis } from '../protocol/tiles.js';

/** A swatch's class and its words. */
export type LegendItem = readonly [swatch: string, words: string];

/** The legend of a run: only what its picture may show. */
export function legendOf(overview: Overview): LegendItem[] {
  const all: readonly (LegendItem | false)[] = [
    ['stack-used', 'stack in use'],
    ['stack-free', 'reserved for it'],
    ['heap-live', 'heap in use'],
    overview.cycles.length > 0 && ['cycle', 'collector at work'],
    ['live', 'object, live at the end'],
    overview.freedObjects > 0 && ['gone', 'collected since'],
    ['library', 'not your code'],
  ];
  return all.filter(item => item !== false);
}

/** What of the run is in view. */
export function viewSentence(axis: Axis, window: Span, whole: Span): string {
  if (window.begin <= whole.begin && window.end >= whole.end)
    return `All ${count(length(whole))} ${axis}. Scroll or pinch zooms, drag pans.`;
  return `${axis} ${count(window.begin)} to ${count(window.end)} of ${count(whole.end)}.`;
}
