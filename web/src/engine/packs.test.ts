import { describe, expect, it } from 'vitest';
import { packsNeeded } from './packs.js';

const packs = [
  { address: 'a', packages: ['fmt', 'strings'] },
  { address: 'b', packages: ['sort', 'math/rand/v2'], needs: [0] },
  { address: 'c', packages: ['encoding'], needs: [0] },
  { address: 'd', packages: ['encoding/json'], needs: [1, 2] },
  { address: 'e', packages: ['lib/time'], words: ['LoadLocation'] },
];
const needed = (text: string): number[] => packsNeeded(packs, [{ name: 'main.go', text }]);

describe('the packs of a program', () => {
  it('are the first alone for what it imports most', () => {
    expect(needed('package main\n\nimport "fmt"\n')).toEqual([0]);
    expect(needed('')).toEqual([0]);
    expect(packsNeeded([], [{ name: 'main.go', text: '' }])).toEqual([]);
  });
  it('are those of its imports and of what these import, and no others', () => {
    expect(needed('package main\nimport (\n\t"fmt"\n\tr "math/rand/v2"\n)\n')).toEqual([0, 1]);
    expect(needed('package main\nimport `encoding/json`\n')).toEqual([0, 1, 2, 3]);
    expect(needed('package main\nimport `encoding`\n')).toEqual([0, 2]);
  });
  it('are those of the names in a fragment', () => {
    expect(needed('sort.Ints(x)')).toEqual([0, 1]);
    expect(needed('package main\nfunc f(sort T) { sort.Run() }')).toEqual([0]);
  });
  it('hold the time zones for who loads one', () => {
    expect(needed('package main\nimport "fmt"\nvar l, err = time.LoadLocation(s)')).toEqual([0, 4]);
  });
});
