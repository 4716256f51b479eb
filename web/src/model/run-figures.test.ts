import { describe, expect, it } from 'vitest';
import type { Overview } from '../protocol/answers.generated.js';
import { comparedFigures, comparison, allFigures } from './run-figures.js';
import { overview } from './sample.fixture.js';

const nothingMine: Overview = {
  ...overview,
  totals: overview.totals.filter(t => t.owner !== 'mine'),
  steps: overview.steps + 10,
};

describe('the figures of two runs', () => {
  it('say where they differ and where they do not', () => {
    const [first, second] = [allFigures(overview), allFigures(nothingMine)];
    expect(first.mine).toEqual({ objects: 3, bytes: 72 });
    const table = comparedFigures(first, second);
    expect(table[0]).toEqual({
      name: 'Your heap objects',
      first: '3',
      second: '0',
      difference: '−3',
    });
    expect(table[1]!.difference).toBe('−72 B');
    expect(table.at(-1)!.difference).toBe('+10');
    expect(table.filter(r => r.difference === '').map(r => r.name)).toContain('Largest stack');
  });

  it('open with one sentence', () => {
    const [first, second] = [allFigures(overview), allFigures(nothingMine)];
    expect(comparison(first, second)).toBe(
      'On the heap, your code puts 3 objects, 72 B on the left, and nothing on the right.',
    );
    expect(comparison(second, second)).toBe('Your code puts the same on the heap in both: nothing.');
  });
});
