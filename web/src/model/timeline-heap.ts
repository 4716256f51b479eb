// The lanes of the heap: live bytes with the collector's cycles, and the objects put on it.
import { bytes, count, counted } from '../base/format.js';
import { length } from '../base/span.js';
import type { ObjectMark, Tiles } from '../protocol/tiles.js';
import { roundBytes } from './ticks.js';
import type { TimelinePen } from './timeline-pen.js';

/** Live bytes, the collector's goal and its cycles. */
export function drawHeapLane(pen: TimelinePen): void {
  const { heap } = pen.tiles;
  const o = pen.overview;
  const height = pen.heights.heap;
  const [least, most] = heapScale(heap);
  const [above, below] = scaleLabels(least, most);
  const top = pen.lane(height, {
    id: 'heap',
    title: 'heap',
    what: 'live bytes',
    sentence:
      `The heap held up to ${bytes(o.heapPeak)} and ${bytes(o.heapLive)} at the end; ` +
      `${counted(o.cycles.length, 'collector cycle')} freed ${counted(o.freedObjects, 'object')}, ${bytes(o.freedBytes)}.`,
    most: above,
    least: below,
  });
  const floor = top + height;
  const scale = (n: number): number =>
    floor - ((Math.min(Math.max(n, least), most) - least) / (most - least)) * (height - 16);
  drawCycles(pen, top, floor);
  const whole = { begin: 0, end: pen.tiles.request.columns };
  const xs = pen.edges(whole);
  const along = (series: Float64Array): number[] => pen.steps(i => scale(series[i]!), whole);
  const high = along(heap.liveMax);
  const base = xs.map(() => floor);
  pen.area(xs, high, base, 'heap', 'tint');
  pen.area(xs, along(heap.liveMin), base, 'heap', 'tint');
  pen.line(xs, high, 'heap', 1.5);
  if (heap.goal.some(g => g > 0 && g <= most)) pen.line(xs, along(heap.goal), 'quiet', 1, [2, 3]);
}

function drawCycles(pen: TimelinePen, top: number, floor: number): void {
  if (pen.view.axis !== 'events') return;
  let free = pen.left;
  for (const { start, end: last, cycle } of pen.overview.cycles) {
    const x = Math.max(pen.left, pen.x(start));
    const end = Math.min(last < 0 ? pen.right : pen.x(last), pen.right);
    if (end < x) continue;
    pen.rect(x, top, Math.max(2, end - x), floor - top, 'cycle', 'tint', { kind: 'cycle', cycle });
    pen.line([x, x], [top, floor], 'cycle', 1, [3, 2]);
    if (x < free || x > pen.right - 40) continue;
    pen.text(x + 3, top + 11, `GC ${cycle}`, 'text');
    free = x + 60;
  }
}

/** A bar for each object while there is room, else one for each column. */
export function drawObjectLane(pen: TimelinePen): void {
  const { heap, objects, request } = pen.tiles;
  const n = request.columns;
  const inView = heap.objects.reduce((sum, v) => sum + v, 0);
  const each = objects !== null && objects.length <= pen.plot / 3 ? objects : null;
  let most = 16;
  if (each) for (const o of each) most = Math.max(most, o.bytes);
  else for (let i = 0; i < n; i++) most = Math.max(most, heap.mine[i]! + heap.others[i]!);
  const height = pen.heights.objects;
  const top = pen.lane(height, {
    id: 'objects',
    title: 'new objects',
    what: each ? 'one bar each' : 'bytes a column',
    sentence: `${counted(inView, 'object')} put on the heap in view.`,
    most: bytes(most),
  });
  const floor = top + height;
  const room = height - 26;
  if (each) drawObjects(pen, each, most, room, floor);
  else drawColumns(pen, most, room, floor);
}

function drawObjects(
  pen: TimelinePen,
  objects: readonly ObjectMark[],
  most: number,
  room: number,
  floor: number,
): void {
  const { view } = pen;
  const width = Math.max(3, Math.min(14, (pen.plot / Math.max(1, length(view.window))) * 0.8));
  const heightOf = (o: ObjectMark): number => Math.max(3, (o.bytes / most) * room);
  for (const o of objects) {
    const x = pen.x(o.at);
    const height = heightOf(o);
    const subject = { kind: 'object', event: o.event, key: o.key } as const;
    const texture = o.freedAt < 0 ? 'solid' : 'hatch';
    pen.rect(x, floor - height, width, height, o.mine ? 'heap' : 'others', texture, subject);
  }
  view.nameObjects?.(pen, objects, o => floor - heightOf(o), width);
}

function drawColumns(pen: TimelinePen, most: number, room: number, floor: number): void {
  const { heap, request } = pen.tiles;
  const n = request.columns;
  for (let i = 0; i < n; i++) {
    const all = heap.mine[i]! + heap.others[i]!;
    if (all === 0) continue;
    const x = pen.column(i);
    const width = Math.max(1, pen.column(i + 1) - x - (pen.plot / n > 3 ? 1 : 0));
    const height = Math.max(2, (all / most) * room);
    const solid = (heap.survived[i]! / all) * height;
    const paint = heap.mine[i]! > 0 ? 'heap' : 'others';
    const subject = { kind: 'column', column: i } as const;
    pen.rect(x, floor - height, width, height - solid, paint, 'hatch', subject);
    pen.rect(x, floor - solid, width, solid, paint, 'solid', subject);
  }
}

/**
 * Bottom and top of the heap's lane. What stands all the while (a program that imports fmt begins main with 15 KiB)
 * is cut off at a round figure when it would press the rest flat; the lane's label says so.
 */
function heapScale(heap: Tiles['heap']): [number, number] {
  let highest = 64;
  let lowest = Infinity;
  for (const v of heap.liveMax) highest = Math.max(highest, v);
  for (const v of heap.liveMin) lowest = Math.min(lowest, v);
  if (lowest < highest * 0.75) return [0, roundBytes(highest)];
  let step = 64;
  while (step * 8 < highest - lowest) step *= 2;
  const least = Math.max(0, Math.floor((lowest - step / 2) / step) * step);
  return [least, Math.max(least + 2 * step, Math.ceil((highest + 1) / step) * step)];
}

/** Top and bottom of a lane in figures; in single bytes where rounded ones would be the same. */
function scaleLabels(least: number, most: number): [string, string] {
  if (least === 0) return [bytes(most), '0'];
  const words = most - least < most / 8 ? (n: number): string => `${count(n)} B` : bytes;
  return [words(most), `from ${words(least)}`];
}
