import { expect, it } from 'vitest';
import type { Allocation } from '../protocol/answers.generated.js';
import { typeText, what } from './allocation-words.js';

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
