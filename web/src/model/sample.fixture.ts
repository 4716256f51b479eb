// A made-up run for the tests of layout and back ends.
import type { Overview } from '../protocol/answers.generated.js';
import { readTiles, type TileRequest, type Tiles } from '../protocol/tiles.js';

export const overview: Overview = {
  events: 100,
  dropped: 0,
  steps: 1000,
  mainEvent: 10,
  mainStep: 100,
  totals: [
    { owner: 'mine', objects: 3, bytes: 72 },
    { owner: 'library', objects: 2, bytes: 200 },
    { owner: 'runtime', objects: 0, bytes: 0 },
    { owner: 'before main', objects: 28, bytes: 2200 },
  ],
  heapLive: 2400,
  heapPeak: 2472,
  freedObjects: 1,
  freedBytes: 24,
  segments: [
    { segment: 'text', address: 0x401000, size: 600_000, initialised: 600_000 },
    { segment: 'bss', address: 0x700000, size: 3000, initialised: 0 },
  ],
  goroutines: [
    {
      id: 1,
      parent: 0,
      function: 'main.main',
      owner: 'mine',
      line: 0,
      start: 0,
      end: -1,
      peakBytes: 3000,
    },
    {
      id: 2,
      parent: 1,
      function: 'runtime.bg',
      owner: 'runtime',
      line: 0,
      start: 0,
      end: -1,
      peakBytes: 100,
    },
  ],
  goroutineCount: 2,
  stackChanges: [
    { event: 0, step: 0, goroutine: 1, kind: 'alloc', size: 2048, copied: 0, adjusted: 0 },
    { event: 40, step: 400, goroutine: 1, kind: 'grow', size: 4096, copied: 1500, adjusted: 4 },
  ],
  cycles: [
    {
      cycle: 1,
      start: 60,
      end: 64,
      trigger: 'heap',
      live: 2472,
      goal: 4096,
      marked: 2400,
      freedObjects: 1,
      freedBytes: 24,
    },
  ],
};

export const request: TileRequest = { axis: 'events', begin: 10, end: 100, columns: 90, goroutines: [1] };

/** Three objects of the user's at events 20, 30 and 50; the first is collected at 66. */
export function tiles(): Tiles {
  const n = request.columns;
  const figures = new Float64Array(n * 11 + 1 + 3 * 6);
  figures.fill(2400, 0, 2 * n);
  figures.fill(4096, 2 * n, 3 * n);
  [20, 30, 50].forEach((event, i) => {
    figures[3 * n + event - 10] = 24;
    figures[6 * n + event - 10] = 1;
    figures[5 * n + event - 10] = i === 0 ? 0 : 24;
    figures.set([event, event, 24, 0, 1, i === 0 ? 66 : -1], n * 11 + 1 + 6 * i);
  });
  figures.fill(500, 8 * n, 9 * n);
  figures.fill(900, 9 * n, 10 * n);
  for (let i = 0; i < n; i++) figures[10 * n + i] = i < 30 ? 2048 : 4096;
  figures[n * 11] = 3;
  return readTiles(request, figures);
}
