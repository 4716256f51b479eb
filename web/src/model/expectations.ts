// Judges an expectation of a lesson against a run, from the figures that the page holds anyway. The syntax is
// ARCHITECTURE.md's. Pure.
import { bytes, count, counted } from '../base/format.js';
import type { Allocation, CheckAnswer, Facts, Overview } from '../protocol/answers.generated.js';

/** What a judgement rests on. */
export interface RunFigures {
  readonly check: CheckAnswer;
  readonly overview: Overview;
  readonly allocations: readonly Allocation[];
  readonly facts: Facts | null;
  readonly output: string;
  readonly errorOutput: string;
  readonly exitStatus: number;
}

export interface Judgement {
  readonly ok: boolean;
  /** What the run did, in the expectation's own terms. */
  readonly got: string;
}

const number = (text: string): number => Number(text.replaceAll(',', ''));
const unit: Record<string, number> = { B: 1, KiB: 1024, MiB: 1 << 20 };

/** What the user's own code put on the heap from a line, or in all. */
function heapOf(figures: RunFigures, line: number | null): { objects: number; bytes: number } {
  const rows = figures.allocations.filter(a => a.owner === 'mine' && (line === null || a.line === line));
  return {
    objects: rows.reduce((n, a) => n + a.objects, 0),
    bytes: rows.reduce((n, a) => n + a.bytes, 0),
  };
}

type Judge = (found: RegExpExecArray, figures: RunFigures) => Judgement;

const judges: readonly (readonly [RegExp, Judge])[] = [
  [
    /^line (\d+): no heap$/,
    ([, line], f) => {
      const heap = heapOf(f, Number(line));
      return { ok: heap.objects === 0, got: said(heap) };
    },
  ],
  [
    /^line (\d+): heap(?: ([\d,]+) B)? ×([\d,]+)$/,
    ([, line, size, times], f) => {
      const heap = heapOf(f, Number(line));
      const ok =
        heap.objects === number(times!) && (size === undefined || heap.bytes === number(size) * heap.objects);
      return { ok, got: said(heap) };
    },
  ],
  [
    /^heap ([\d,]+) objects?(?: ([\d,]+) B)?$/,
    ([, objects, size], f) => {
      const heap = heapOf(f, null);
      const ok = heap.objects === number(objects!) && (size === undefined || heap.bytes === number(size));
      return { ok, got: said(heap) };
    },
  ],
  [
    /^stack ([\d,]+) (B|KiB|MiB)$/,
    ([, size, of], f) => {
      const mine = new Set(
        f.overview.goroutines.filter(g => g.id === 1 || g.owner === 'mine').map(g => g.id),
      );
      const largest = Math.max(
        ...f.overview.stackChanges.filter(c => mine.has(c.goroutine)).map(c => c.size),
        2048,
      );
      return { ok: largest === number(size!) * unit[of!]!, got: `largest stack ${bytes(largest)}` };
    },
  ],
  [
    /^cycles (≥ )?(\d+)(?:–(\d+))?$/,
    ([, least, from, to], f) => {
      const n = f.overview.cycles.length;
      const most = least ? Infinity : Number(to ?? from);
      return { ok: n >= Number(from) && n <= most, got: counted(n, 'cycle') };
    },
  ],
  [/^line (\d+): no verdict$/, ([, line], f) => verdictsAt(f, Number(line), here => here.length === 0)],
  [
    /^line (\d+): surprise$/,
    ([, line], f) => {
      const ok = f.facts?.verdicts.some(v => v.line === Number(line) && v.surprise !== '') ?? false;
      return { ok, got: ok ? 'surprise' : 'no surprise' };
    },
  ],
  [/^output: (.*)$/, ([, text], f) => lineOf(f.output, text!)],
  [/^error: (.*)$/, ([, text], f) => ({ ok: f.errorOutput.includes(text!), got: f.errorOutput.trim() })],
  [/^exit (\d+)$/, ([, status], f) => ({ ok: f.exitStatus === Number(status), got: `exit ${f.exitStatus}` })],
  [/^line (\d+): (.+)$/, ([, line, text], f) => verdictsAt(f, Number(line), here => here.includes(text!))],
];

/** Judges one expectation; null when it is none. */
export function judge(expectation: string, figures: RunFigures): Judgement | null {
  for (const [form, how] of judges) {
    const found = form.exec(expectation.trim());
    if (found) return how(found, figures);
  }
  return null;
}

function said(heap: { objects: number; bytes: number }): string {
  if (heap.objects === 0) return 'nothing on the heap';
  return `${counted(heap.objects, 'object')}, ${heap.bytes < 1024 ? bytes(heap.bytes) : `${count(heap.bytes)} B`}`;
}

function verdictsAt(f: RunFigures, line: number, holds: (texts: string[]) => boolean): Judgement {
  const here = f.check.verdicts.filter(v => v.line === line).map(v => v.text.split('\n')[0]!);
  return { ok: holds(here), got: here.join('; ') || 'no verdict' };
}

function lineOf(output: string, text: string): Judgement {
  return { ok: output.split('\n').includes(text), got: output.trim() };
}
