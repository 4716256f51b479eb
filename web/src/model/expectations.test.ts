import { describe, expect, it } from 'vitest';
import type { Allocation } from '../protocol/answers.generated.js';
import { judge, type RunFigures } from './expectations.js';
import { overview } from './sample.fixture.js';

const row = (change: Partial<Allocation>): Allocation => ({
  key: 0,
  owner: 'mine',
  line: 7,
  column: 2,
  function: 'main.f',
  kind: 'new',
  symbol: 'x',
  type: 'int',
  typeSize: 8,
  billedLine: 7,
  billedFunction: 'main.f',
  objects: 3,
  bytes: 24,
  live: 3,
  liveBytes: 24,
  freed: 0,
  first: 1,
  last: 2,
  ...change,
});
const figures: RunFigures = {
  check: {
    ok: true,
    messages: [],
    verdicts: [
      {
        file: 'main.go',
        line: 7,
        column: 2,
        function: 'f',
        subject: 'x',
        text: 'moved to heap: x',
        region: 'heap',
        path: [],
      },
    ],
  },
  overview,
  allocations: [row({}), row({ owner: 'library', objects: 8, bytes: 400 })],
  facts: null,
  output: 'one\ntwo\n',
  errorOutput: 'panic: no\n',
  exitStatus: 2,
};
const holds = (text: string): boolean | undefined => judge(text, figures)?.ok;

describe('expectations', () => {
  it('of the heap count the program’s own sites', () => {
    expect(
      [
        'line 7: heap 8 B ×3',
        'line 7: heap ×3',
        'line 8: no heap',
        'heap 3 objects 24 B',
        'heap 3 objects',
      ].map(holds),
    ).toEqual(Array(5).fill(true));
    expect(
      ['line 7: heap 8 B ×2', 'line 7: heap 16 B ×3', 'line 7: no heap', 'heap 3 objects 25 B'].map(holds),
    ).toEqual(Array(4).fill(false));
    expect(judge('line 7: no heap', figures)!.got).toBe('3 objects, 24 B');
  });
  it('of verdicts, stacks, cycles, output and end', () => {
    const right = [
      'line 7: moved to heap: x',
      'line 8: no verdict',
      'stack 4 KiB',
      'cycles 1',
      'cycles 1–3',
      'cycles ≥ 1',
      'output: two',
      'error: no',
      'exit 2',
    ];
    const wrong = [
      'line 7: no verdict',
      'stack 2 KiB',
      'cycles 2–3',
      'cycles ≥ 2',
      'output: tw',
      'error: yes',
      'exit 0',
      'line 7: surprise',
    ];
    expect(right.map(holds)).toEqual(right.map(() => true));
    expect(wrong.map(holds)).toEqual(wrong.map(() => false));
  });
  it('that are none are told apart', () => {
    expect(judge('perhaps', figures)).toBeNull();
  });
});
