// What a place of the timeline stands for, in a few lines of words: for the tip at the pointer, and for screen readers.
import { bytes, count, counted } from '../../base/format.js';
import type { Lane, Subject } from '../../model/scene.js';
import { shortName, type StackLane } from '../../model/timeline-layout.js';
import type { Allocation, FrameWindow, Overview, Verdict } from '../../protocol/answers.generated.js';
import type { Axis, ObjectMark, Tiles } from '../../protocol/tiles.js';
import { typeText, what } from '../../model/allocation-words.js';
import { verdictOf } from '../../model/timeline-names.js';
import { inWords } from './regions.js';

/** All that the picture shows. */
export interface Described {
  readonly overview: Overview;
  readonly tiles: Tiles;
  readonly axis: Axis;
  readonly frames: FrameWindow | null;
  readonly lanes: readonly StackLane[];
  /** The picture's lanes with their sentences. */
  readonly sentences: readonly Lane[];
  readonly verdicts: readonly Verdict[];
  allocation(key: number): Allocation | undefined;
}

/** What a place of the picture stands for, in a few lines; the first is its name. */
export function describe(subject: Subject, at: number, of: Described): string[] {
  const { overview, axis, tiles } = of;
  const moment = `${axis === 'events' ? 'event' : 'step'} ${count(at)}`;
  switch (subject.kind) {
    case 'object':
      return describeObject(of, subject.event, subject.key);
    case 'growth': {
      const c = overview.stackChanges.find(g => g.event === subject.event)!;
      return [
        `Stack of ${c.goroutine === 1 ? 'main' : `goroutine ${c.goroutine}`} grows to ${bytes(c.size)}`,
        `${bytes(c.copied)} copied, ${counted(c.adjusted, 'pointer')} adjusted`,
        `event ${count(c.event)}`,
      ];
    }
    case 'cycle': {
      const c = overview.cycles.find(g => g.cycle === subject.cycle)!;
      return [
        `Collector cycle ${c.cycle} (${c.trigger})`,
        `began with ${bytes(c.live)} live, found ${bytes(c.marked)} reachable`,
        `freed ${counted(c.freedObjects, 'object')}, ${bytes(c.freedBytes)}`,
      ];
    }
    case 'column': {
      const only = onlyObject(tiles, subject.column);
      if (only) return describeObject(of, only.event, only.key);
      const h = tiles.heap;
      const i = subject.column;
      const all = h.mine[i]! + h.others[i]!;
      return [
        `${counted(h.objects[i]!, 'object')}, ${bytes(all)}`,
        `${bytes(h.mine[i]!)} by your code, ${bytes(h.survived[i]!)} live at the end`,
        moment,
      ];
    }
    case 'call': {
      const f = of.frames!.frames[subject.frame]!;
      return [
        `${shortName(f.function)}: a frame of ${bytes(f.bytes)}`,
        `${f.line ? `called on line ${f.line}, ` : ''}depth ${count(f.depth)}, ${bytes(f.used)} of stack in use with it`,
        moment,
      ];
    }
    case 'address':
      return [];
    case 'lane':
      return describeLane(of, subject.lane, at, moment);
  }
}

/** The object of a column that holds one. */
export function onlyObject(tiles: Tiles, column: number): ObjectMark | null {
  const r = tiles.request;
  const width = (r.end - r.begin) / r.columns;
  const begin = r.begin + column * width;
  const here = tiles.objects?.filter(o => o.at >= begin && o.at < begin + width) ?? [];
  return here.length === 1 ? here[0]! : null;
}

function describeObject(of: Described, event: number, key: number): string[] {
  const row = of.allocation(key);
  const mark = of.tiles.objects?.find(o => o.event === event);
  const fate = mark
    ? mark.freedAt < 0
      ? 'live at the end'
      : `collected at ${of.axis.slice(0, -1)} ${count(mark.freedAt)}`
    : '';
  if (!row)
    return [`${mark ? bytes(mark.bytes) : 'An object'} on the heap`, 'allocated outside your code', fate];
  const verdict = verdictOf(row, of.verdicts);
  const name = what(row, verdict);
  const type = typeText(row);
  const place = row.billedLine ? `line ${row.billedLine}, ${shortName(row.billedFunction)}` : row.function;
  return [
    `${type ? `${type} (${name})` : name}: ${bytes(mark?.bytes ?? 0)} on the heap`,
    place + (row.through ? `, by ${row.through}` : row.owner === 'mine' ? '' : `, in ${row.function}`),
    ...(verdict ? [verdict.text] : []),
    fate,
  ];
}

function describeLane(of: Described, lane: string, at: number, moment: string): string[] {
  const { tiles } = of;
  const r = tiles.request;
  const i = Math.max(
    0,
    Math.min(r.columns - 1, Math.floor(((at - r.begin) / (r.end - r.begin)) * r.columns)),
  );
  const heap = tiles.heap;
  if (lane.startsWith('stacks:')) {
    const { title, sentence } = of.sentences.find(l => l.id === lane)!;
    return [title, sentence, `${moment}; the dashed line is the median`, inWords.stack];
  }
  if (lane.startsWith('stack:')) {
    const id = Number(lane.slice(6));
    const s = tiles.stacks.get(id);
    const g = of.overview.goroutines.find(x => x.id === id);
    const name = id === 1 ? 'main' : `Goroutine ${id}${g ? `, ${shortName(g.function)}` : ''}`;
    if (!s || s.size[i]! < 0) return [name, 'has no stack here', moment];
    return [name, `${bytes(s.usedMax[i]!)} used of ${bytes(s.size[i]!)} of stack`, moment, inWords.stack];
  }
  if (lane === 'heap')
    return [
      'Heap',
      `${bytes(heap.liveMax[i]!)} live; the collector’s goal is ${bytes(heap.goal[i]!)}`,
      moment,
      inWords.heap,
    ];
  if (lane === 'static')
    return ['Static region', of.sentences.find(l => l.id === lane)?.sentence ?? '', inWords.static];
  return ['Allocated', `${counted(heap.objects[i]!, 'object')} here`, moment];
}
