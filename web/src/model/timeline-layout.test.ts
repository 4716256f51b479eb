import { describe, expect, it } from 'vitest';
import type { FrameWindow } from '../protocol/answers.generated.js';
import { overview, request, tiles } from './sample.fixture.js';
import { subjectAt } from './scene.js';
import { decimalTicks, roundBytes } from './ticks.js';
import { callsDrawer } from './timeline-calls.js';
import { layoutTimeline, openLanes, stackLanes, summary } from './timeline-layout.js';

const lanes = stackLanes(overview, true);
const view = {
  axis: 'events',
  window: request,
  width: 984,
  playhead: 50,
  selected: null,
  mine: true,
} as const;
const scene = layoutTimeline(overview, tiles(), lanes, view);

describe('the timeline’s picture', () => {
  it('has a lane for the static region, each stack, the heap and its objects', () => {
    expect(scene.lanes.map(l => l.id)).toEqual(['static', 'stack:1', 'heap', 'objects']);
    expect(stackLanes(overview, false).map(l => l.title)).toEqual(['main', 'g2']);
  });
  it('puts goroutines of one go statement in one lane when there are many', () => {
    const many = Array.from({ length: 200 }, (_, i) => ({
      ...overview.goroutines[0]!,
      id: 10 + i,
      function: 'main.main.func1',
      line: 7,
      peakBytes: 1000 + i,
    }));
    const grown = {
      ...overview.stackChanges[0]!,
      kind: 'grow' as const,
      goroutine: 209,
      size: 65536,
      copied: 3072,
    };
    const of200 = {
      ...overview,
      goroutines: [overview.goroutines[0]!, ...many],
      stackChanges: [...overview.stackChanges, grown],
    };
    const grouped = stackLanes(of200, true);
    expect(grouped.map(l => l.title)).toEqual(['main', '200 × :7']);
    // The deepest is among those that are drawn, and the words speak of all.
    expect(grouped[1]!.drawn.map(g => g.id)).toContain(209);
    expect(grouped[1]!.drawn.length).toBeLessThanOrEqual(24);
    const { sentence } = layoutTimeline(of200, tiles(), grouped, view).lanes[2]!;
    expect(sentence).toBe(
      '200 goroutines of line 7 used up to 1.2 KiB of stack. ' +
        'They grew 1 time, to 64 KiB, copying 3 KiB.',
    );
  });
  it('an opened group is followed by lanes of its goroutines', () => {
    const many = Array.from({ length: 12 }, (_, i) => ({
      ...overview.goroutines[0]!,
      id: 10 + i,
      parent: 1,
      function: 'main.main.gowrap1',
      line: 35,
    }));
    const of12 = { ...overview, goroutines: [overview.goroutines[0]!, ...many] };
    const closed = stackLanes(of12, true);
    expect(closed.map(l => l.title)).toEqual(['main', '12 × :35']);
    const opened = openLanes(closed, closed[1]!.group!);
    expect(opened.map(l => l.title)).toEqual(['main', '12 × :35', ...many.map(g => `g${g.id}`)]);
    const { lanes } = layoutTimeline(of12, tiles(), opened, view);
    expect(new Set(lanes.map(l => l.id)).size).toBe(lanes.length);
  });
  it('labels of growths stay in their lane and clear of each other', () => {
    const grow = (event: number, size: number) => ({
      ...overview.stackChanges[1]!,
      event,
      size,
      copied: size / 2,
    });
    const grown = [12, 14, 16, 40, 41, 42].map((event, i) => grow(event, 4096 << i));
    const deep = { ...overview, stackChanges: [overview.stackChanges[0]!, ...grown] };
    const { lanes: drawn, marks } = layoutTimeline(deep, tiles(), lanes, view);
    const lane = drawn.find(l => l.id === 'stack:1')!;
    const labels = marks.flatMap(m => (m.kind === 'text' && m.text.endsWith('copied') ? [m] : []));
    expect(labels.length).toBeGreaterThan(1);
    const spans = labels.map(l => {
      const width = 5.9 * l.text.length;
      expect(l.y).toBeLessThan(lane.top + lane.height);
      return l.align === 'start' ? [l.x, l.x + width] : [l.x - width, l.x];
    });
    spans.sort((a, b) => a[0]! - b[0]!);
    spans.slice(1).forEach((s, i) => expect(s[0]!).toBeGreaterThanOrEqual(spans[i]![1]!));
  });
  it('draws one bar an object: solid is live, hatch is collected', () => {
    const bars = scene.marks.filter(m => m.kind === 'rect' && m.subject?.kind === 'object');
    expect(bars.map(b => b.kind === 'rect' && b.texture)).toEqual(['hatch', 'solid', 'solid']);
  });
  it('names growth and cycles', () => {
    const texts = scene.marks.flatMap(m => (m.kind === 'text' ? [m.text] : []));
    expect(texts).toContain('4 KiB: 1.5 KiB copied');
    expect(texts).toContain('GC 1');
  });
  it('names the calls below their stack: the user’s own, and the library’s that they make', () => {
    const call = (depth: number, name: string, owner: 'mine' | 'library', begin: number, end: number) =>
      ({
        goroutine: 1,
        depth,
        function: name,
        owner,
        line: 3,
        bytes: 64,
        used: 64 * depth,
        beginStep: begin,
        endStep: end,
        beginEvent: begin,
        endEvent: end,
      }) as FrameWindow['frames'][number];
    const frames = {
      complete: true,
      frames: [
        call(1, 'main.main', 'mine', 10, 100),
        call(2, 'fmt.Println', 'library', 20, 60),
        call(3, 'fmt.Fprintln', 'library', 21, 59),
        call(2, 'main.f', 'mine', 70, 90),
      ],
    } as FrameWindow;
    const named = (mine: boolean): string[] => {
      const drawn = layoutTimeline(overview, tiles(), lanes, {
        ...view,
        mine,
        drawCalls: callsDrawer(frames),
      });
      const lane = drawn.lanes.find(l => l.id === 'calls:1')!;
      return drawn.marks.flatMap(m =>
        m.kind === 'text' && m.x > drawn.left && m.y > lane.top && m.y < lane.top + lane.height
          ? [m.text]
          : [],
      );
    };
    expect(named(true)).toEqual(['main', 'Println', 'f']);
    expect(named(false)).toEqual(['main', 'Println', 'Fprintln', 'f']);
  });
  it('says what a place stands for', () => {
    const lane = scene.lanes.find(l => l.id === 'objects')!;
    const x = scene.left + ((30 - 10) / 90) * scene.plot;
    expect(subjectAt(scene, x + 1, lane.top + lane.height - 2)).toMatchObject({ kind: 'object', event: 30 });
    expect(subjectAt(scene, 300, scene.lanes[0]!.top + 10)).toEqual({ kind: 'lane', lane: 'static' });
    expect(subjectAt(scene, 300, -50)).toBeNull();
  });
  it('is the same for the same tiles', () => {
    expect(layoutTimeline(overview, tiles(), lanes, view)).toEqual(scene);
  });
  it('opens with a sentence', () => {
    expect(summary(overview)).toBe(
      'Your code put 3 objects on the heap, 72 B; the library 2 more, 200 B. 1 goroutine, its stack grew 1 time. The collector ran 1 cycle.',
    );
    const none = { ...overview, totals: overview.totals.filter(t => t.owner !== 'mine') };
    expect(summary(none)).toContain('Your code put nothing on the heap; the library 2 objects, 200 B.');
    expect(scene.lanes[1]!.sentence).toContain('It grew 1 time, to 4 KiB, copying 1.5 KiB.');
  });
});

describe('ticks', () => {
  it('are round numbers inside the span', () => {
    expect(decimalTicks(3, 47, 5)).toEqual([10, 20, 30, 40]);
    expect(decimalTicks(0, 1, 4)).toEqual([0, 1]);
    expect(decimalTicks(5, 5, 4)).toEqual([]);
  });
  it('tops of lanes are round sizes', () => {
    expect([1, 65, 1000, 1025, 3000, 5000].map(roundBytes)).toEqual([64, 128, 1024, 1536, 3072, 6144]);
  });
});
