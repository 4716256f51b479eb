import { describe, expect, it } from 'vitest';
import { packsNeeded } from './packs.js';

const packs = [
  { address: 'a', packages: ['fmt', 'strings'] },
  { address: 'b', packages: ['sort', 'math/rand/v2'] },
  { address: 'c', packages: ['encoding/json'] },
];
const needed = (text: string): number => packsNeeded(packs, [{ name: 'main.go', text }]);

describe('the packs of a program', () => {
  it('are the first alone for what it imports most', () => {
    expect(needed('package main\n\nimport "fmt"\n')).toBe(1);
    expect(needed('')).toBe(1);
    expect(packsNeeded([], [{ name: 'main.go', text: '' }])).toBe(0);
  });
  it('go as far as its imports', () => {
    expect(needed('package main\nimport (\n\t"fmt"\n\tr "math/rand/v2"\n)\n')).toBe(2);
    expect(needed('package main\nimport `encoding/json`\n')).toBe(3);
  });
  it('go as far as the names in a fragment', () => {
    expect(needed('sort.Ints(x)')).toBe(2);
    expect(needed('package main\nfunc f(sort T) { sort.Run() }')).toBe(1);
  });
});
