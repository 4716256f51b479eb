// From the compiler's answer and the run's figures to marks over the source. Pure.
import { bytes, count, counted, listed } from '../../base/format.js';
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

/** gc's reason for a step of a flow, in people's words. */
const reasons: Record<string, string> = {
  'address-of': 'its address is taken',
  return: 'it is returned',
  assign: 'it is assigned',
  'call parameter': 'it is passed to a call',
  'passed to call[argument content escapes]': 'it is passed to a call that keeps it',
  'interface-converted': 'it becomes an interface value',
  'captured by a closure': 'a closure captures it',
  'slice-literal-element': 'it is an element of a slice that is kept',
  'struct literal element': 'it is a field of a struct that is kept',
  'map literal element': 'it is an element of a map',
  'value of map put': 'it is put into a map',
  'key of map put': 'it is put into a map',
  'non-constant size': 'its size is not known when compiling',
  'too large for stack': 'it is too large for the stack',
  send: 'it is sent on a channel',
  go: 'a goroutine uses it',
  'range-deref': 'a range loop uses it',
};

/** The verdict in people's words; the compiler's own line stands beside it. Nothing moves: it lives there. */
export function explain(v: Verdict): string {
  const steps = [...new Map(v.path.filter(s => s.line > 0).map(s => [s.why, s])).values()];
  const said = steps.map(s => `${reasons[s.why] ?? `of “${s.why || s.text}”`} on line ${s.line}`);
  const why = said.length ? `, because ${listed(said)}` : '';
  if (v.region === 'heap') return `${v.subject || 'It'} lives on the heap from the start${why}.`;
  if (v.region === 'static') return `${v.subject || 'It'} lives in the static region for the whole run.`;
  return `${v.subject || 'It'} stays on its goroutine’s stack.`;
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
