// The lanes of goroutines' stacks: what is reserved and what is in use, where it grew, and below it the named calls.
import { bytes, count, counted } from '../base/format.js';
import type { Span } from '../base/span.js';
import type { Goroutine, Overview, StackChange } from '../protocol/answers.generated.js';
import type { StackTiles } from '../protocol/tiles.js';
import { ownGoroutines } from './run-figures.js';
import type { TimelinePen } from './timeline-pen.js';

/** Goroutines of one go statement share a lane. */
export interface StackLane {
  readonly title: string;
  /** Names the go statement of several. */
  readonly group?: string;
  readonly members: readonly Goroutine[];
  /** Those whose stacks are drawn: all, or of many the deepest. */
  readonly drawn: readonly Goroutine[];
}

/** With more lanes than this only main's calls are drawn. */
const mostLanesWithCalls = 3;
const mostLanes = 10;
const mostDrawn = 24;

const title = (g: Goroutine): string => (g.id === 1 ? 'main' : `g${g.id}`);

const one = (g: Goroutine): StackLane => ({ title: title(g), members: [g], drawn: [g] });

const median = (...all: readonly number[]): number => [...all].sort((a, b) => a - b)[all.length >> 1] ?? 0;

/** The lanes of stacks: main first; others alone while they are few, by go statement when they are many. */
export function stackLanes(overview: Overview, mine: boolean): StackLane[] {
  const shown = mine ? ownGoroutines(overview) : overview.goroutines;
  if (shown.length <= mostLanes) return shown.map(one);
  const groups = new Map<string, Goroutine[]>();
  for (const g of shown) {
    const key = g.id === 1 ? 'main' : `${g.function}:${g.line}`;
    const group = groups.get(key);
    if (group) group.push(g);
    else groups.set(key, [g]);
  }
  return [...groups].slice(0, mostLanes).map(([group, members]) => {
    const alone = members.length === 1;
    const { line, function: name } = members[0]!;
    return {
      title: alone ? title(members[0]!) : `${count(members.length)} × ${line ? `:${line}` : shortName(name)}`,
      ...(!alone && { group }),
      members,
      drawn: [...members].sort((a, b) => b.peakBytes - a.peakBytes).slice(0, mostDrawn),
    };
  });
}

/** The same, with a group followed by lanes of its goroutines, by lifetime; a widget at rest opens none. */
export const openLanes = (lanes: readonly StackLane[], opened: string): StackLane[] =>
  lanes.flatMap(l => (l.group === opened ? [l, ...l.members.slice(0, mostDrawn).map(one)] : [l]));

/** The goroutines whose stacks a picture of these lanes needs. */
export function goroutinesOf(lanes: readonly StackLane[]): number[] {
  return lanes.flatMap(l => l.drawn.map(g => g.id));
}

/** A function's name without its package: main.f.func1 → f.func1. */
export function shortName(name: string): string {
  const slash = name.lastIndexOf('/');
  const dot = name.indexOf('.', slash + 1);
  return dot < 0 ? name : name.slice(dot + 1);
}

/** A lane of stacks, and the calls of its goroutine below it. */
export function drawStackLane(pen: TimelinePen, lane: StackLane, lanes: number): void {
  const { tiles, overview, view } = pen;
  const stackHeight = pen.heights.stack;
  const stacks = lane.drawn.map(g => tiles.stacks.get(g.id)).filter((s): s is StackTiles => s !== undefined);
  const peak = Math.max(0, ...lane.members.map(g => g.peakBytes));
  const ids = new Set(lane.members.map(g => g.id));
  const changes = overview.stackChanges.filter(c => ids.has(c.goroutine));
  const largest = Math.max(2048, ...changes.map(c => c.size));
  const growths = changes.filter(c => c.kind === 'grow');
  const copied = growths.reduce((sum, c) => sum + c.copied, 0);
  const alone = lane.members.length === 1;
  const first = lane.members[0]!;
  const who = alone
    ? `Goroutine ${first.id}`
    : `${counted(lane.members.length, 'goroutine')} of line ${first.line}`;
  const grew = growths.length
    ? ` ${alone ? 'It' : 'They'} grew ${counted(growths.length, 'time')}, to ${bytes(largest)}, copying ${bytes(copied)}.`
    : '';
  const top = pen.lane(stackHeight, {
    id: `stack${alone ? '' : 's'}:${first.id}`,
    title: pen.left ? pen.fit(lane.title, pen.left - 14, 6.7) : lane.title,
    what: alone ? 'stack' : 'stacks',
    sentence: `${who} used up to ${bytes(peak)} of stack.${grew}`,
    most: bytes(largest),
  });
  const floor = top + stackHeight;
  const scale = (n: number): number => floor - (n / largest) * (stackHeight - 14);
  const n = tiles.request.columns;
  for (const run of runs(n, i => stacks.some(s => s.size[i]! >= 0))) {
    const xs = pen.edges(run);
    const along = (of: (s: StackTiles, i: number) => number, pick = Math.max): number[] =>
      pen.steps(
        i => scale(Math.max(0, pick(...stacks.filter(s => s.size[i]! >= 0).map(s => of(s, i))))),
        run,
      );
    const size = along((s, i) => s.size[i]!);
    const high = along((s, i) => s.usedMax[i]!);
    const low = along((s, i) => s.usedMin[i]!, Math.min);
    const base = xs.map(() => floor);
    pen.area(xs, size, base, 'stack', 'hatch');
    pen.area(xs, high, base, 'stack', 'tint');
    pen.area(xs, low, base, 'stack', 'solid');
    pen.line(xs, high, 'stack', 1);
    if (!alone)
      pen.line(
        xs,
        along((s, i) => s.usedMax[i]!, median),
        'text',
        1,
        [4, 2],
      );
    pen.line(xs, size, 'stack', 1.5);
  }
  drawGrowths(pen, growths, scale, floor, alone);
  const withCalls = first.id === 1 || lanes <= mostLanesWithCalls;
  if (alone && withCalls) view.drawCalls?.(pen, first.id);
}

function drawGrowths(
  pen: TimelinePen,
  growths: readonly StackChange[],
  scale: (n: number) => number,
  floor: number,
  alone: boolean,
): void {
  // From the last back: each label stands after its step, or before it where the next one's stands.
  let limit = pen.right;
  for (const c of [...growths].reverse()) {
    const x = pen.x(pen.view.axis === 'events' ? c.event : c.step);
    if (x < pen.left || x > pen.right) continue;
    const y = scale(c.size);
    pen.rect(x - 1.5, y - 2, 3, alone ? floor - y + 2 : 6, 'stack', 'solid', {
      kind: 'growth',
      event: c.event,
      goroutine: c.goroutine,
    });
    const label = `${bytes(c.size)}: ${bytes(c.copied)} copied`;
    const room = 5.9 * label.length + 8;
    const after = x + room <= limit;
    if (!alone || x > limit || (!after && x - room < pen.left)) continue;
    pen.text(
      after ? x + 6 : x - 6,
      Math.min(y + 11, floor - 3),
      label,
      'text',
      false,
      after ? 'start' : 'end',
    );
    limit = after ? x : x - room;
  }
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
