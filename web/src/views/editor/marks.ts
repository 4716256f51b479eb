// From the compiler's answer and the run's figures to marks over the source. Pure.
import { bytes, count, counted } from '../../base/format.js';
import { utf16Column } from '../../base/text.js';
import type { Allocation, CheckAnswer, Verdict } from '../../protocol/answers.generated.js';
import type { EditorFault, EditorMark, EditorNote } from './editor-port.js';

/** Where the thing at a position ends: the subject's own length where the source has it, else the word there. */
export function endColumn(line: string, column: number, subject: string): number {
  const rest = line.slice(column - 1);
  const head = subject.replace(/\{\.\.\.\}$/, '').replace(/^\.\.\. argument$/, '');
  if (head && rest.startsWith(head)) return column + head.length;
  const word = /^(?:&?[\p{L}_][\p{L}\p{N}_.]*|"(?:\\.|[^"\\])*"|[\d.]+|func\b)/u.exec(rest);
  return column + Math.max(1, word?.[0].length ?? 1);
}

/** The verdict in people's words; the compiler's own line stands beside it. */
export function explain(v: Verdict): string {
  const why = v.path.length
    ? `, because ${v.path[v.path.length - 1]!.why || 'of how it is used'} (line ${v.path[v.path.length - 1]!.line})`
    : '';
  if (v.region === 'heap') return `${v.subject} lives on the heap from the start${why}.`;
  if (v.region === 'static') return `${v.subject} lives in the static region for the whole run.`;
  return `${v.subject} stays on its goroutine’s stack.`;
}

/** The marks of a check. */
export function verdictMarks(text: string, answer: CheckAnswer, shown: 'heap' | 'all'): EditorMark[] {
  const lines = text.split('\n');
  return answer.verdicts
    .filter(v => shown === 'all' || v.region === 'heap')
    .map(v => {
      const line = lines[v.line - 1] ?? '';
      const column = utf16Column(line, v.column);
      return {
        line: v.line,
        column,
        endColumn: endColumn(line, column, v.subject),
        region: v.region,
        hover: [`${v.file}:${v.line}:${v.column}: ${v.text}`, explain(v)],
      };
    });
}

/** The faults of a check. */
export function faultMarks(text: string, answer: CheckAnswer): EditorFault[] {
  const lines = text.split('\n');
  return answer.messages
    .filter(m => m.severity === 'error' && m.line > 0)
    .map(m => {
      const line = lines[m.line - 1] ?? '';
      const column = utf16Column(line, Math.max(1, m.column));
      return { line: m.line, column, endColumn: endColumn(line, column, ''), text: m.text };
    });
}

/** What a run put on the heap from each line, at the line's end. */
export function allocationNotes(rows: readonly Allocation[]): EditorNote[] {
  const byLine = new Map<number, { objects: number; bytes: number; library: number }>();
  for (const row of rows) {
    if (row.billedLine === 0) continue;
    const sum = byLine.get(row.billedLine) ?? { objects: 0, bytes: 0, library: 0 };
    sum.objects += row.objects;
    sum.bytes += row.bytes;
    if (row.owner !== 'mine') sum.library += row.objects;
    byLine.set(row.billedLine, sum);
  }
  return [...byLine].map(([line, sum]) => {
    const times = sum.objects > 1 ? ` ×${count(sum.objects)}` : '';
    const library = sum.library === sum.objects ? ' in the library' : '';
    return { line, region: 'heap' as const, text: `heap · ${bytes(sum.bytes)}${times}${library}` };
  });
}

/** One sentence about a check, for the status line. */
export function checkSentence(answer: CheckAnswer): string {
  const faults = answer.messages.filter(m => m.severity === 'error').length;
  if (faults) return counted(faults, 'error');
  const heap = answer.verdicts.filter(v => v.region === 'heap').length;
  return `${counted(answer.verdicts.length, 'verdict')}, ${count(heap)} on the heap`;
}
