// The allocation timeline as a Scene: a lane for the static region, one for each goroutine's stack (or each
// group of goroutines that the same go statement made), one for the heap and one for the objects put on it.
// Pure: the same tiles give the same picture.
import { bytes, count, counted } from '../base/format.js';
import { length, toPixels, type Span } from '../base/span.js';
import type { FrameWindow, Goroutine, Overview, StackChange } from '../protocol/answers.generated.js';
import type { Axis, StackTiles, Tiles } from '../protocol/tiles.js';
import type { Lane, Mark, Scene } from './scene.js';
import { decimalTicks, roundBytes } from './ticks.js';

/** What the reader looks at. */
export interface TimelineView {
  readonly axis: Axis;
  readonly window: Span;
  readonly width: number;
  /** Axis position of the playhead; null: none. */
  readonly playhead: number | null;
  /** The selected row of the Allocations table; null: none. */
  readonly selected: number | null;
  /** Only the user's own work is drawn strong. */
  readonly mine: boolean;
  /** The named calls of the window, where it is small enough. */
  readonly frames?: FrameWindow | null;
}

/** Goroutines of one go statement share a lane. */
export interface StackLane {
  readonly title: string;
  readonly members: readonly Goroutine[];
}

const rulerHeight = 20;
const staticHeight = 30;
const stackHeight = 52;
const heapHeight = 96;
const objectHeight = 58;
const gap = 6;
const mostLanes = 10;
const mostMembers = 24;

/** The lanes of stacks: main first; others alone while they are few, by go statement when they are many. */
export function stackLanes(overview: Overview, mine: boolean): StackLane[] {
  const shown = overview.goroutines.filter(g => g.id === 1 || g.owner === 'mine' || !mine);
  const title = (g: Goroutine): string => (g.id === 1 ? 'main' : `g${g.id}`);
  if (shown.length <= mostLanes) return shown.map(g => ({ title: title(g), members: [g] }));
  const groups = new Map<string, Goroutine[]>();
  for (const g of shown) {
    const key = g.id === 1 ? 'main' : `${g.function}:${g.line}`;
    const group = groups.get(key);
    if (group) group.push(g);
    else groups.set(key, [g]);
  }
  return [...groups.values()].slice(0, mostLanes).map(members => ({
    title:
      members.length === 1
        ? title(members[0]!)
        : `${count(members.length)} × ${shortName(members[0]!.function)}`,
    members: members.slice(0, mostMembers),
  }));
}

/** The goroutines whose stacks a picture of these lanes needs. */
export function goroutinesOf(lanes: readonly StackLane[]): number[] {
  return lanes.flatMap(l => l.members.map(g => g.id));
}

/** A function's name without its package: main.f.func1 → f.func1. */
export function shortName(name: string): string {
  const slash = name.lastIndexOf('/');
  const dot = name.indexOf('.', slash + 1);
  return dot < 0 ? name : name.slice(dot + 1);
}

/** Room for lane titles at the left; none on a narrow screen, where they stand inside the lanes. */
export const gutter = (width: number): number => (width >= 520 ? 104 : 0);

/** One picture of a run. */
export function layoutTimeline(
  overview: Overview,
  tiles: Tiles,
  lanes: readonly StackLane[],
  view: TimelineView,
): Scene {
  const drawing = new Drawing(overview, tiles, view);
  drawing.ruler();
  drawing.staticLane();
  for (const lane of lanes) drawing.stackLane(lane);
  drawing.heapLane();
  drawing.objectLane();
  return drawing.finish();
}

/** Builds one Scene from top to bottom. */
class Drawing {
  private readonly marks: Mark[] = [];
  private readonly lanes: Lane[] = [];
  private readonly left: number;
  private readonly plot: number;
  private top = 0;

  constructor(
    private readonly overview: Overview,
    private readonly tiles: Tiles,
    private readonly view: TimelineView,
  ) {
    this.left = gutter(view.width);
    this.plot = Math.max(1, view.width - this.left);
  }

  ruler(): void {
    this.top = rulerHeight;
    const { window } = this.view;
    for (const t of decimalTicks(window.begin, window.end, this.plot / 110)) {
      const x = this.x(t);
      if (x > this.left + this.plot - 12) continue;
      this.marks.push({ kind: 'line', xs: [x, x], ys: [rulerHeight - 4, 4000], paint: 'grid', width: 1 });
      this.text(x + 3, 12, count(t), 'quiet');
    }
    this.text(
      this.left > 0 ? 10 : this.left + this.plot - 4,
      12,
      `${this.view.axis} →`,
      'quiet',
      this.left > 0 ? 'start' : 'end',
    );
  }

  staticLane(): void {
    const total = this.overview.segments.reduce((sum, s) => sum + s.size, 0);
    const variables = this.overview.segments
      .filter(
        s =>
          s.segment === 'data' ||
          s.segment === 'bss' ||
          s.segment === 'noptrdata' ||
          s.segment === 'noptrbss',
      )
      .reduce((sum, s) => sum + s.size, 0);
    const parts = this.overview.segments.map(s => `${s.segment} ${bytes(s.size)}`).join(', ');
    const top = this.lane(
      'static',
      'static',
      'all the run',
      staticHeight,
      `The static region is ${bytes(total)}: ${parts}.`,
    );
    const bottom = top + staticHeight;
    this.marks.push({
      kind: 'rect',
      x: this.left,
      y: bottom - 14,
      width: this.plot,
      height: 14,
      paint: 'static',
      texture: 'tint',
      subject: { kind: 'lane', lane: 'static' },
    });
    this.line([this.left, this.left + this.plot], [bottom - 14, bottom - 14], 'static', 2);
    this.text(
      this.left + this.plot - 4,
      bottom - 18,
      `variables ${bytes(variables)} · all ${bytes(total)}`,
      'quiet',
      'end',
    );
  }

  stackLane(lane: StackLane): void {
    const stacks = lane.members
      .map(g => this.tiles.stacks.get(g.id))
      .filter((s): s is StackTiles => s !== undefined);
    const peak = Math.max(0, ...lane.members.map(g => g.peakBytes));
    const ids = new Set(lane.members.map(g => g.id));
    const changes = this.overview.stackChanges.filter(c => ids.has(c.goroutine));
    const largest = Math.max(2048, ...changes.map(c => c.size));
    const growths = changes.filter(c => c.kind === 'grow');
    const copied = growths.reduce((sum, c) => sum + c.copied, 0);
    const who =
      lane.members.length === 1
        ? `Goroutine ${lane.members[0]!.id}`
        : counted(lane.members.length, 'goroutine');
    const id = `stack:${lane.members[0]!.id}`;
    const grew = growths.length
      ? ` It grew ${counted(growths.length, 'time')}, to ${bytes(largest)}, copying ${bytes(copied)}.`
      : '';
    const top = this.lane(
      id,
      lane.title,
      'stack',
      stackHeight,
      `${who} used up to ${bytes(peak)} of stack.${grew}`,
      bytes(largest),
    );
    const scale = (n: number): number => top + stackHeight - (n / largest) * (stackHeight - 14);
    const floor = top + stackHeight;

    const n = this.tiles.request.columns;
    for (const run of runs(n, i => stacks.some(s => s.size[i]! >= 0))) {
      const xs: number[] = [];
      const size: number[] = [];
      const high: number[] = [];
      const low: number[] = [];
      for (let i = run.begin; i < run.end; i++) {
        const there = stacks.filter(s => s.size[i]! >= 0);
        xs.push(this.column(i), this.column(i + 1));
        const most = Math.max(...there.map(s => s.size[i]!));
        const used = Math.max(0, ...there.map(s => s.usedMax[i]!));
        const least = Math.max(0, Math.min(...there.map(s => s.usedMin[i]!)));
        size.push(scale(most), scale(most));
        high.push(scale(used), scale(used));
        low.push(scale(least), scale(least));
      }
      const base = xs.map(() => floor);
      this.marks.push({ kind: 'area', xs, tops: size, bottoms: base, paint: 'stack', texture: 'hatch' });
      this.marks.push({ kind: 'area', xs, tops: high, bottoms: base, paint: 'stack', texture: 'tint' });
      this.marks.push({ kind: 'area', xs, tops: low, bottoms: base, paint: 'stack', texture: 'solid' });
      this.line(xs, high, 'stack', 1);
      this.line(xs, size, 'stack', 1.5);
    }
    this.calls(lane, scale, floor);
    const places = growths.map(c => this.x(this.view.axis === 'events' ? c.event : c.step));
    const right = this.left + this.plot;
    let free = this.left;
    growths.forEach((c, i) => {
      const x = places[i]!;
      if (x < this.left || x > right) return;
      const y = scale(c.size);
      this.marks.push({
        kind: 'rect',
        x: x - 1.5,
        y: y - 2,
        width: 3,
        height: floor - y + 2,
        paint: 'stack',
        texture: 'solid',
        subject: { kind: 'growth', event: c.event, goroutine: c.goroutine },
      });
      // Beside its step where there is room: after it, else before it.
      const label = growthLabel(c);
      const room = 6.2 * label.length + 8;
      const next = Math.min(places[i + 1] ?? right - 50, right - 50);
      if (next - x >= room) this.text(x + 5, Math.max(top + 10, y - 4), label, 'text');
      else if (x - free >= room)
        this.text(x - 5, Math.min(floor - 4, Math.max(top + 10, y + 8)), label, 'text', 'end');
      else return;
      free = next - x >= room ? x + room : x;
    });
  }

  /** The named calls of a lane of one goroutine, each as high as its frame. */
  private calls(lane: StackLane, scale: (n: number) => number, floor: number): void {
    const { frames, axis } = this.view;
    if (!frames?.complete || lane.members.length !== 1) return;
    const right = this.left + this.plot;
    frames.frames.forEach((f, index) => {
      if (f.goroutine !== lane.members[0]!.id) return;
      const begin = Math.max(this.left, this.x(axis === 'events' ? f.beginEvent : f.beginStep));
      const end = Math.min(right, this.x(axis === 'events' ? f.endEvent : f.endStep));
      if (end - begin < 1) return;
      const y = scale(f.used);
      const height = Math.max(3, Math.min(floor, scale(Math.max(0, f.used - f.bytes))) - y);
      const paint = f.owner === 'mine' ? 'stack' : 'others';
      const subject = { kind: 'call', frame: index } as const;
      this.marks.push({
        kind: 'rect',
        x: begin,
        y,
        width: end - begin,
        height,
        paint,
        texture: 'tint',
        subject,
      });
      this.marks.push({
        kind: 'line',
        xs: [begin, begin, end, end],
        ys: [y + height, y, y, y + height],
        paint,
        width: 1,
      });
      const name = shortName(f.function);
      if (height >= 10 && end - begin > 6.2 * name.length + 6) this.text(begin + 3, y + 9.5, name, 'text');
    });
  }

  heapLane(): void {
    const { heap } = this.tiles;
    const o = this.overview;
    const [least, most] = heapScale(heap);
    const sentence =
      `The heap held up to ${bytes(o.heapPeak)} and ${bytes(o.heapLive)} at the end; ` +
      `${counted(o.cycles.length, 'collector cycle')} freed ${counted(o.freedObjects, 'object')}, ${bytes(o.freedBytes)}.`;
    const top = this.lane('heap', 'heap', 'live bytes', heapHeight, sentence, ...scaleLabels(least, most));
    const floor = top + heapHeight;
    const scale = (n: number): number =>
      floor - ((Math.min(Math.max(n, least), most) - least) / (most - least)) * (heapHeight - 16);

    for (const c of o.cycles) {
      if (this.view.axis !== 'events') continue;
      const begin = this.x(c.start);
      const end = c.end < 0 ? this.left + this.plot : this.x(c.end);
      if (end < this.left || begin > this.left + this.plot) continue;
      const x = Math.max(this.left, begin);
      const width = Math.max(2, Math.min(end, this.left + this.plot) - x);
      const subject = { kind: 'cycle', cycle: c.cycle } as const;
      this.marks.push({
        kind: 'rect',
        x,
        y: top,
        width,
        height: heapHeight,
        paint: 'cycle',
        texture: 'tint',
        subject,
      });
      this.marks.push({ kind: 'line', xs: [x, x], ys: [top, floor], paint: 'cycle', width: 1, dash: [3, 2] });
    }

    const xs: number[] = [];
    const high: number[] = [];
    const low: number[] = [];
    const goal: number[] = [];
    for (let i = 0; i < this.tiles.request.columns; i++) {
      xs.push(this.column(i), this.column(i + 1));
      high.push(scale(heap.liveMax[i]!), scale(heap.liveMax[i]!));
      low.push(scale(heap.liveMin[i]!), scale(heap.liveMin[i]!));
      goal.push(scale(heap.goal[i]!), scale(heap.goal[i]!));
    }
    const base = xs.map(() => floor);
    this.marks.push({ kind: 'area', xs, tops: high, bottoms: base, paint: 'heap', texture: 'tint' });
    this.marks.push({ kind: 'area', xs, tops: low, bottoms: base, paint: 'heap', texture: 'tint' });
    this.line(xs, high, 'heap', 1.5);
    if (heap.goal.some(g => g > 0 && g <= most)) {
      this.marks.push({ kind: 'line', xs, ys: goal, paint: 'quiet', width: 1, dash: [2, 3] });
    }
    this.cycleLabels(top);
  }

  private cycleLabels(top: number): void {
    let free = this.left;
    for (const c of this.overview.cycles) {
      if (this.view.axis !== 'events') continue;
      const x = this.x(c.start);
      const label = `GC ${c.cycle}`;
      if (x < free || x > this.left + this.plot - 90) continue;
      this.text(x + 3, top + 11, label, 'text');
      free = x + 10 + 7 * label.length;
    }
  }

  objectLane(): void {
    const { heap, objects } = this.tiles;
    const n = this.tiles.request.columns;
    const inView = heap.objects.reduce((sum, v) => sum + v, 0);
    const each = objects !== null && objects.length <= this.plot / 3;
    let most = 16;
    if (each) most = Math.max(most, ...objects.map(o => o.bytes));
    else for (let i = 0; i < n; i++) most = Math.max(most, heap.mine[i]! + heap.others[i]!);
    const top = this.lane(
      'objects',
      'new objects',
      each ? 'one bar each' : 'bytes a column',
      objectHeight,
      `${counted(inView, 'object')} put on the heap in view.`,
      bytes(most),
    );
    const floor = top + objectHeight;
    const room = objectHeight - 14;
    if (each) {
      for (const o of objects) {
        const x = this.x(o.at);
        const height = Math.max(3, (o.bytes / most) * room);
        const width = Math.max(3, Math.min(14, (this.plot / Math.max(1, length(this.view.window))) * 0.8));
        const selected = this.view.selected === o.key;
        if (selected) {
          this.marks.push({
            kind: 'rect',
            x: x - 2,
            y: floor - height - 2,
            width: width + 4,
            height: height + 2,
            paint: 'selected',
            texture: 'solid',
          });
        }
        this.marks.push({
          kind: 'rect',
          x,
          y: floor - height,
          width,
          height,
          paint: o.mine ? 'heap' : 'others',
          texture: o.freedAt < 0 ? 'solid' : 'hatch',
          subject: { kind: 'object', event: o.event, key: o.key },
        });
      }
      return;
    }
    for (let i = 0; i < n; i++) {
      const all = heap.mine[i]! + heap.others[i]!;
      if (all === 0) continue;
      const x = this.column(i);
      const width = Math.max(1, this.column(i + 1) - x - (this.plot / n > 3 ? 1 : 0));
      const height = Math.max(2, (all / most) * room);
      const solid = (heap.survived[i]! / all) * height;
      const paint = heap.mine[i]! > 0 ? 'heap' : 'others';
      const subject = { kind: 'column', column: i } as const;
      this.marks.push({
        kind: 'rect',
        x,
        y: floor - height,
        width,
        height: height - solid,
        paint,
        texture: 'hatch',
        subject,
      });
      this.marks.push({
        kind: 'rect',
        x,
        y: floor - solid,
        width,
        height: solid,
        paint,
        texture: 'solid',
        subject,
      });
    }
  }

  finish(): Scene {
    const { playhead } = this.view;
    const height = this.top + 2;
    const marks = this.marks.map(m =>
      m.kind === 'line' && m.paint === 'grid' ? { ...m, ys: m.ys.map(y => Math.min(y, height)) } : m,
    );
    if (playhead !== null) {
      const x = this.x(playhead);
      if (x >= this.left - 1 && x <= this.left + this.plot + 1) {
        marks.push({
          kind: 'line',
          xs: [x, x],
          ys: [rulerHeight - 8, height],
          paint: 'playhead',
          width: 1.5,
        });
        marks.push({
          kind: 'rect',
          x: x - 4,
          y: rulerHeight - 12,
          width: 8,
          height: 8,
          paint: 'playhead',
          texture: 'solid',
        });
      }
    }
    return {
      width: this.view.width,
      height,
      left: this.left,
      plot: this.plot,
      lanes: this.lanes,
      marks,
      sentence: summary(this.overview),
    };
  }

  /** A lane with its name, what it measures, and the figure at its top. */
  private lane(
    id: string,
    title: string,
    what: string,
    height: number,
    sentence: string,
    most = '',
    least = '0',
  ): number {
    const top = this.top + gap;
    this.lanes.push({ id, title, top, height, sentence });
    this.top = top + height;
    this.line([this.left, this.left + this.plot], [top + height, top + height], 'lane', 1);
    const right = this.left - 6;
    if (this.left > 0) {
      const middle = top + height / 2;
      this.text(10, middle - 1, title, 'text', 'start', true);
      this.text(10, middle + 12, what, 'quiet');
      if (most) {
        this.text(right, top + 12, most, 'quiet', 'end');
        if (height > 40) this.text(right, top + height - 1, least, 'quiet', 'end');
      }
    } else {
      this.text(4, top + 10, title, 'text', 'start', true);
      if (most) this.text(this.left + this.plot - 4, top + 10, most, 'quiet', 'end');
      if (most && least !== '0')
        this.text(this.left + this.plot - 4, top + height - 3, least, 'quiet', 'end');
    }
    return top;
  }

  private x(at: number): number {
    return this.left + toPixels(this.view.window, at, this.plot);
  }

  /** The left edge of a column; tiles may be of a window somewhat older than the view's. */
  private column(i: number): number {
    const r = this.tiles.request;
    const at = r.begin + (i * (r.end - r.begin)) / r.columns;
    return Math.min(this.left + this.plot, Math.max(this.left, this.x(at)));
  }

  private line(xs: readonly number[], ys: readonly number[], paint: Mark['paint'], width: number): void {
    this.marks.push({ kind: 'line', xs, ys, paint, width });
  }

  private text(
    x: number,
    y: number,
    text: string,
    paint: Mark['paint'],
    align: 'start' | 'middle' | 'end' = 'start',
    bold = false,
  ): void {
    this.marks.push({ kind: 'text', x, y, text, paint, align, bold });
  }
}

/**
 * Bottom and top of the heap's lane. What stands all the while (a program that imports fmt begins main with 15 KiB)
 * is cut off at a round figure when it would press the rest flat; the lane's label says so.
 */
function heapScale(heap: Tiles['heap']): [number, number] {
  const highest = Math.max(64, ...heap.liveMax);
  const lowest = Math.min(...heap.liveMin);
  if (lowest < highest * 0.75) return [0, roundBytes(highest)];
  let step = 64;
  while (step * 8 < highest - lowest) step *= 2;
  const least = Math.max(0, Math.floor((lowest - step / 2) / step) * step);
  return [least, Math.max(least + 2 * step, Math.ceil((highest + 1) / step) * step)];
}

/** Top and bottom of a lane in figures; in single bytes where rounded ones would be the same. */
function scaleLabels(least: number, most: number): [string, string] {
  if (least === 0) return [bytes(most), '0'];
  const close = most - least < most / 8;
  return close ? [`${count(most)} B`, `${count(least)} B`] : [bytes(most), bytes(least)];
}

/** The stretches of columns for which `there` holds. */
function runs(columns: number, there: (i: number) => boolean): Span[] {
  const found: Span[] = [];
  let begin = -1;
  for (let i = 0; i <= columns; i++) {
    const now = i < columns && there(i);
    if (now && begin < 0) begin = i;
    if (!now && begin >= 0) {
      found.push({ begin, end: i });
      begin = -1;
    }
  }
  return found;
}

function growthLabel(c: StackChange): string {
  return `${bytes(c.size)}: ${bytes(c.copied)} copied`;
}

/** One sentence that opens the figure. */
export function summary(o: Overview): string {
  const mine = o.totals.find(t => t.owner === 'mine') ?? { objects: 0, bytes: 0 };
  const library = o.totals.filter(t => t.owner === 'library' || t.owner === 'runtime');
  const objects = library.reduce((n, t) => n + t.objects, 0);
  const size = library.reduce((n, t) => n + t.bytes, 0);
  const own =
    mine.objects === 0
      ? 'Your code put nothing on the heap'
      : `Your code put ${counted(mine.objects, 'object')} on the heap, ${bytes(mine.bytes)}`;
  const rest = objects > 0 ? `; the library ${count(objects)} more, ${bytes(size)}` : '';
  const yours = new Set(o.goroutines.filter(g => g.id === 1 || g.owner === 'mine').map(g => g.id));
  const grown = o.stackChanges.filter(c => c.kind === 'grow' && yours.has(c.goroutine)).length;
  const whose = yours.size === 1 ? 'its stack' : 'their stacks';
  const stacks = `${counted(yours.size, 'goroutine')}${grown ? `, ${whose} grew ${counted(grown, 'time')}` : ''}`;
  const cycles = o.cycles.length
    ? ` The collector ran ${counted(o.cycles.length, 'cycle')}.`
    : ' The collector never ran.';
  return `${own}${rest}. ${stacks[0]!.toUpperCase()}${stacks.slice(1)}.${cycles}`;
}
