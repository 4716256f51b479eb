import { describe, expect, it } from 'vitest';
import type { Inspection, ObjectState, Value } from '../protocol/answers.generated.js';
import { sceneToSvg } from './svg.js';
import { themes } from './theme.js';
import { layoutMemory, memorySentence } from '../model/memory-layout.js';
import { subjectAt } from '../model/scene.js';

const value = (text: string, pointer = 0, parts: Value['parts'] = []): Value => ({
  text,
  pointer,
  parts,
  omitted: 0,
});

const person = (age: string): ObjectState => ({
  address: 0x1000,
  size: 24,
  asked: 24,
  type: 'main.Person',
  elements: 1,
  sizeClass: 3,
  span: 0,
  noscan: false,
  event: 7,
  site: { file: 'main.go', line: 6, column: 2, function: 'main.f', kind: 'new', symbol: 'p', through: '' },
  billedLine: 6,
  owner: 'mine',
  mine: true,
  verdict: 0,
  reachable: true,
  value: value('{…}', 0, [
    { name: 'Name', type: 'string', offset: 0, size: 16, value: value('"Bob"', 0x500) },
    { name: 'Age', type: 'int', offset: 16, size: 8, value: value(age) },
  ]),
  pointers: [],
});

function state(age: string, low = 0x8000): Inspection {
  return {
    moment: { event: 9, step: 90, statement: 0 },
    ended: false,
    place: { goroutine: 1, function: 'main.main', file: 'main.go', line: 17, column: 2, owner: 'mine' },
    output: 0,
    goroutines: [
      {
        id: 1,
        status: 'running',
        reason: '',
        function: 'main.main',
        parent: 0,
        system: false,
        current: true,
        stackLow: low,
        stackHigh: low + 2048,
        stackUsed: 300,
        framesOmitted: 0,
        frames: [
          {
            function: 'fmt.Println',
            owner: 'library',
            file: '',
            line: 0,
            column: 0,
            inlined: false,
            address: low + 1700,
            size: 100,
            variables: [],
          },
          {
            function: 'main.main',
            owner: 'mine',
            file: 'main.go',
            line: 17,
            column: 2,
            inlined: false,
            address: low + 1800,
            size: 96,
            variables: [
              {
                name: 'p',
                type: '*main.Person',
                kind: 'local',
                where: 'register',
                address: 0,
                size: 8,
                line: 16,
                live: true,
                value: value('*main.Person', 0x1000),
              },
            ],
          },
        ],
      },
      {
        id: 2,
        status: 'waiting',
        reason: 'GC worker (idle)',
        function: 'runtime.bg',
        parent: 0,
        system: true,
        current: false,
        stackLow: 0,
        stackHigh: 0,
        stackUsed: 0,
        framesOmitted: 0,
        frames: [],
      },
    ],
    goroutinesOmitted: 0,
    objects: [person(age), { ...person('1'), address: 0x2000, event: 8, mine: false, reachable: false }],
    objectsOmitted: 0,
    statics: [
      {
        name: 'main.total',
        type: 'int',
        segment: 'bss',
        address: 0x700,
        size: 8,
        file: 'main.go',
        line: 3,
        value: value('4'),
      },
    ],
    spans: [],
    collector: {
      phase: 'off',
      cycle: 0,
      live: 0,
      goal: 0,
      trigger: 0,
      marked: 0,
      gcPercent: 100,
      objects: 2,
      bytes: 48,
    },
  };
}

const view = { width: 700, selected: null, before: null, library: false } as const;
const texts = (scene: ReturnType<typeof layoutMemory>): string[] =>
  scene.marks.flatMap(m => (m.kind === 'text' ? [m.text] : []));

describe('the picture of a moment', () => {
  it('has the user’s frames, objects and variables, and the library’s when asked', () => {
    const mine = texts(layoutMemory(state('40'), view));
    for (const text of [
      'main.Person  p',
      'Name',
      '"Bob"',
      'total',
      'p',
      'register',
      '1 more frame, not of your code',
    ])
      expect(mine).toContain(text);
    expect(mine.some(t => t.startsWith('Println'))).toBe(false);
    const all = texts(layoutMemory(state('40'), { ...view, library: true }));
    expect(all.some(t => t.startsWith('Println'))).toBe(true);
    expect(all).toContain('garbage, line 6');
  });
  it('draws an arrow from a pointer to its object, and tells what lies under the pointer', () => {
    const scene = layoutMemory(state('40'), view);
    expect(scene.marks.filter(m => m.kind === 'line' && m.xs.length === 17)).toHaveLength(1);
    const box = scene.marks.find(
      m => m.kind === 'rect' && m.subject?.kind === 'address' && m.width > 100 && m.x > 300,
    );
    expect(box?.kind === 'rect' && subjectAt(scene, box.x + 40, box.y + 30)).toEqual({
      kind: 'address',
      address: 0x1000,
    });
  });
  it('marks what a step changed, and nothing else', () => {
    const changed = (s: ReturnType<typeof layoutMemory>): number =>
      s.marks.filter(m => m.kind === 'rect' && m.paint === 'changed').length;
    expect(changed(layoutMemory(state('41'), { ...view, before: state('40') }))).toBe(1);
    expect(changed(layoutMemory(state('40'), { ...view, before: state('40') }))).toBe(0);
    const moved = layoutMemory(state('40', 0xa000), { ...view, before: state('40') });
    expect(texts(moved).some(t => t.startsWith('copied to 2 KiB'))).toBe(true);
  });
  it('fits a narrow screen and becomes SVG', () => {
    const scene = layoutMemory(state('40'), { ...view, width: 340 });
    for (const m of scene.marks) if (m.kind === 'rect') expect(m.x + m.width).toBeLessThanOrEqual(340);
    expect(sceneToSvg(scene, themes.light)).not.toContain('NaN');
    expect(memorySentence(state('40'), false)).toBe(
      'About to run line 17 of main. Your code has 1 object on the heap, 24 B.',
    );
  });
  it('counts every object, also those that are not drawn', () => {
    const one = person('40');
    const many = Array.from({ length: 70 }, (_, i) => ({ ...one, address: 0x1000 + 32 * i, event: i }));
    const full = { ...state('40'), objects: many };
    expect(memorySentence(full, false)).toContain('70 objects on the heap, 1.6 KiB.');
    const texts = layoutMemory(full, view).marks.flatMap(m => (m.kind === 'text' ? [m.text] : []));
    expect(texts).toContain('10 more objects, not drawn');
    expect(memorySentence({ ...full, objectsOmitted: 30 }, false)).toContain('more than 70 objects');
  });
  it('elements that are the same stand on one line, a closure says what it captured', () => {
    const zero = (i: number) => ({ name: `[${i}]`, type: 'int', offset: 8 * i, size: 8, value: value('0') });
    const array = {
      ...person('1'),
      elements: 8,
      type: 'int',
      value: value(
        '',
        0,
        Array.from({ length: 8 }, (_, i) => zero(i)),
      ),
    };
    const parts = ['F', 'X0'].map((name, i) => ({
      name,
      type: '',
      offset: 8 * i,
      size: 8,
      value: value('7'),
    }));
    const closure = {
      ...person('1'),
      address: 0x2000,
      type: 'struct { F uintptr; X0 int }',
      value: value('', 0, parts),
    };
    const scene = layoutMemory({ ...state('40'), objects: [array, closure] }, view);
    const texts = scene.marks.flatMap(m => (m.kind === 'text' ? [m.text] : []));
    expect(texts).toEqual(expect.arrayContaining(['[0…7]', 'code', 'captured 1', 'closure with int  p']));
  });
  it('names in right-to-left script keep their place beside the type', () => {
    const named = { ...person('1'), type: 'אדם', site: { ...person('1').site, symbol: 'איש' } };
    const scene = layoutMemory({ ...state('40'), objects: [named] }, view);
    const texts = scene.marks.flatMap(m => (m.kind === 'text' ? [m.text] : []));
    expect(texts).toContain('\u2068אדם\u2069  \u2068איש\u2069');
  });
});
