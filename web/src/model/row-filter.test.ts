import { expect, it } from 'vitest';
import { passes } from './row-filter.js';

it('a row must have every word of the filter; a number is its line', () => {
  const row = ['make([]byte, 64)', 'uint8'] as const;
  const kept = ['', '  ', 'MAKE', 'byte uint8', '39', '39 make'].filter(f => passes(f, 39, ...row));
  expect(kept).toEqual(['', '  ', 'MAKE', 'byte uint8', '39', '39 make']);
  expect(['string', 'byte string', '3', '64', '40 make'].filter(f => passes(f, 39, ...row))).toEqual([]);
});
