// The allocation timeline as a Scene: a lane for the static region, one for each goroutine's stack (or each
// group of goroutines that the same go statement made) with its calls, one for the heap and one for the objects put
// on it. Pure: the same tiles give the same picture.
import { bytes, count, counted } from '../base/format.js';
import type { Overview } from '../protocol/answers.generated.js';
import type { Tiles } from '../protocol/tiles.js';
import { runFigures } from './run-figures.js';
import type { Scene } from './scene.js';
import { decimalTicks } from './ticks.js';
import { drawHeapLane, drawObjectLane } from './timeline-heap.js';
import { rulerHeight, TimelinePen, type TimelineView } from './timeline-pen.js';
import { drawStackLane, type StackLane } from './timeline-stacks.js';

export { gutter, lowLanes, type TimelineView } from './timeline-pen.js';
export { goroutinesOf, openLanes, shortName, stackLanes, type StackLane } from './timeline-stacks.js';

/** One picture of a run. */
export function layoutTimeline(
  overview: Overview,
  tiles: Tiles,
  lanes: readonly StackLane[],
  view: TimelineView,
): Scene {
  const pen = new TimelinePen(overview, tiles, view);
  const ticks = drawRuler(pen);
  drawStaticLane(pen);
  for (const lane of lanes) drawStackLane(pen, lane, lanes.length);
  drawHeapLane(pen);
  drawObjectLane(pen);
  return finish(pen, ticks);
}

/** The axis; the places of its ticks. */
function drawRuler(pen: TimelinePen): number[] {
  const { window, axis } = pen.view;
  const places: number[] = [];
  for (const t of decimalTicks(window.begin, window.end, pen.plot / 110)) {
    const x = pen.x(t);
    const label = count(t);
    places.push(x);
    if (x + 6.2 * label.length + 4 <= pen.right) pen.text(x + 3, 13, label, 'quiet');
  }
  if (pen.left) pen.text(10, 13, `${axis} →`, 'quiet');
  return places;
}

function drawStaticLane(pen: TimelinePen): void {
  const { segments } = pen.overview;
  let all = 0;
  let variables = 0;
  for (const { segment, size } of segments) {
    all += size;
    // data and bss, with pointers or without; not text and rodata.
    if (/^[bdn]/.test(segment)) variables += size;
  }
  const parts = segments.map(s => `${s.segment} ${bytes(s.size)}`).join(', ');
  const height = pen.heights.static;
  const top = pen.lane(height, {
    id: 'static',
    title: 'static',
    what: '',
    sentence: `The static region is ${bytes(all)}: ${parts}.`,
  });
  pen.rect(pen.left, top, pen.plot, height, 'static', 'tint', { kind: 'lane', lane: 'static' });
  pen.line([pen.left, pen.right], [top, top], 'static', 2);
  const words = `variables ${bytes(variables)} of ${bytes(all)}`;
  const x = pen.left ? pen.left + 8 : 52;
  pen.text(x, top + height - 6, words, 'text');
}

function finish(pen: TimelinePen, ticks: readonly number[]): Scene {
  const { playhead } = pen.view;
  const height = pen.top + 3;
  const grid = ticks.map(
    x => ({ kind: 'line', xs: [x, x], ys: [rulerHeight - 4, height], paint: 'grid', width: 1 }) as const,
  );
  const x = playhead === null ? -1 : pen.x(playhead);
  if (playhead !== null && x >= pen.left - 1 && x <= pen.right + 1) {
    pen.line([x, x], [rulerHeight - 8, height], 'playhead', 1.5);
    pen.area([x - 5, x, x + 5], [6, 6, 6], [6, 15, 6], 'playhead', 'solid');
  }
  return {
    width: pen.view.width,
    height,
    left: pen.left,
    plot: pen.plot,
    lanes: pen.lanes,
    marks: [...grid, ...pen.marks],
    sentence: summary(pen.overview),
  };
}

/** One sentence that opens the figure. */
export function summary(o: Overview): string {
  const { mine, library, goroutines, stackGrowths, cycles } = runFigures(o);
  const own =
    mine.objects === 0
      ? 'Your code put nothing on the heap'
      : `Your code put ${counted(mine.objects, 'object')} on the heap, ${bytes(mine.bytes)}`;
  const more = mine.objects ? `${count(library.objects)} more` : counted(library.objects, 'object');
  const rest = library.objects > 0 ? `; the library ${more}, ${bytes(library.bytes)}` : '';
  const whose = goroutines === 1 ? 'its stack' : 'their stacks';
  const grown = stackGrowths ? `, ${whose} grew ${counted(stackGrowths, 'time')}` : '';
  const collector = cycles ? `ran ${counted(cycles, 'cycle')}` : 'never ran';
  return `${own}${rest}. ${counted(goroutines, 'goroutine')}${grown}. The collector ${collector}.`;
}
