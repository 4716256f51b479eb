import { expect, it } from 'vitest';
import type { Allocation, Verdict } from '../protocol/answers.generated.js';
import { isolated, plainSymbol, typeText, untyped, what } from './allocation-words.js';

const row = (type: string, typeSize: number, objects: number, bytes: number): Allocation =>
  ({ type, typeSize, objects, bytes }) as Allocation;

it('types are written as people write them', () => {
  expect(typeText(row('Person', 24, 2, 48))).toBe('Person');
  expect(typeText(row('uint8', 1, 3, 900))).toBe('[…]uint8');
  expect(typeText(row('struct { F uintptr; X0 *sync.WaitGroup; X1 int }', 24, 1, 24))).toBe(
    'closure with *sync.WaitGroup, int',
  );
  expect(typeText(row('struct { F uintptr }', 8, 1, 8))).toBe('closure');
});

it('objects are called by the source’s names, not by the compiler’s own', () => {
  const called = (symbol: string): string => what({ symbol, kind: 'panic', owner: 'mine' } as Allocation);
  expect(['p', '~r0', ''].map(called)).toEqual(['p', 'panic', 'panic']);
});

it('what the compiler made up is left out, or said in the verdict’s words', () => {
  const made = ['append(all, ~r0)', 's + .autotmp_14', '.autotmp_3', 'string(.autotmp_31)', 'p'];
  expect(made.map(plainSymbol)).toEqual(
    ['append(all, …)', 's + …', '', '', 'p'].map((t, i) => (i === 3 ? 'string(…)' : t)),
  );
  const row = { symbol: 's + .autotmp_14', kind: 'concat', owner: 'mine' } as Allocation;
  expect(what(row, { subject: 's + f()' } as Verdict)).toBe('s + f()');
});

it('texts, runes and channels have a type too', () => {
  expect(untyped('concat', 's + "!"')).toBe('text of a string');
  expect(untyped('string', '([]rune)(s)')).toBe('[…]rune');
  expect(untyped('string', 'string(b)')).toBe('text of a string');
  expect(typeText({ ...row('chan job', 8, 1, 624), kind: 'chan' })).toBe('chan job');
});

it('keeps the order of what stands around right-to-left words', () => {
  expect(isolated('&Person{...} 16 B')).toBe('&Person{...} 16 B');
  expect(isolated('&שלום{...} 16 B')).toBe('&\u2068שלום\u2069{...} 16 B');
  expect(isolated('"مرحبا بالعالم — a"')).toBe('"\u2068مرحبا بالعالم\u2069 — a"');
});
