import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { readTiles } from './tiles.js';

describe('the protocol', () => {
  it('has types that are those of the engine’s schemas', () => {
    const web = new URL('../..', import.meta.url).pathname;
    const said = execFileSync('node', ['protocol/generate.mjs', '--check'], { cwd: web, encoding: 'utf8' });
    expect(said).toBe('');
  });
  it('reads the engine’s figures by series', () => {
    const request = { axis: 'events', begin: 0, end: 2, columns: 2, goroutines: [7] } as const;
    const data = Float64Array.from([...Array.from({ length: 22 }, (_, i) => i), 1, 5, 5, 24, 3, 1, -1]);
    const tiles = readTiles(request, data);
    expect([...tiles.heap.liveMax]).toEqual([2, 3]);
    expect([...tiles.stacks.get(7)!.size]).toEqual([20, 21]);
    expect(tiles.objects).toEqual([{ event: 5, at: 5, bytes: 24, key: 3, mine: true, freedAt: -1 }]);
  });
});
