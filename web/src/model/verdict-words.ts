// A verdict in people's words: the sentence for it, and the path by which its value reaches the heap as stops over
// the source. Pure; the compiler's own line always stands beside these words.
import { listed } from '../base/format.js';
import { utf16Column } from '../base/text.js';
import type { FlowStep, Verdict } from '../protocol/answers.generated.js';

/** gc's reason for a step of a flow, in people's words. Steps for others are the compiler's own bookkeeping. */
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
const bookkeeping = new Set(['', 'spill', 'assign-pair', 'reference']);

const reason = (s: FlowStep): string => reasons[s.why] ?? `of “${s.why}”`;

/** The steps that say something to people. */
const telling = (v: Verdict): FlowStep[] => v.path.filter(s => s.line > 0 && !bookkeeping.has(s.why));

/** The verdict in a sentence. Nothing moves: it lives there. */
export function explain(v: Verdict): string {
  const steps = [...new Map(telling(v).map(s => [s.why, s])).values()];
  const lines = [...new Set(steps.map(s => s.line))];
  const said = lines.map(line => {
    const here = steps.filter(s => s.line === line).map(reason);
    return `${listed(here)} on line ${line}`;
  });
  const why = said.length ? `, because ${said.join(', and ')}` : '';
  if (v.region === 'heap') return `${v.subject || 'It'} lives on the heap from the start${why}.`;
  if (v.region === 'static') return `${v.subject || 'It'} lives in the static region for the whole run.`;
  return `${v.subject || 'It'} stays on its goroutine’s stack.`;
}

/** A place of the source on a value's way to the heap. */
export interface PathStop {
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;
  readonly text: string;
  /** The same where there is little room: its number. */
  readonly short: string;
}

const circled = (n: number): string => (n <= 20 ? String.fromCodePoint(0x245f + n) : `(${n})`);

/**
 * The path of a verdict through the source `text`: where the value begins, and a stop for each stretch of steps on
 * one line, numbered. Empty when the compiler gives no path.
 */
export function pathStops(v: Verdict, text: string): PathStop[] {
  const steps = telling(v);
  if (!steps.length) return [];
  const lines = text.split('\n');
  const stops: { line: number; column: number; said: string[] }[] = [
    { line: v.line, column: v.column, said: [] },
  ];
  for (const s of steps) {
    const last = stops[stops.length - 1]!;
    if (s.line !== last.line) stops.push({ line: s.line, column: s.column, said: [reason(s)] });
    else if (!last.said.includes(reason(s))) last.said.push(reason(s));
  }
  return stops.map(({ line, column, said }, i) => {
    const because = said.length ? listed(said) : '';
    const words =
      i === 0 ? `${v.subject || 'it'}: on the heap${because ? `, because ${because}` : ''}` : because;
    const number = stops.length > 1 ? `${circled(i + 1)} ` : '';
    return {
      line,
      column: utf16Column(lines[line - 1] ?? '', column),
      text: number + words,
      short: number.trim() || 'heap',
    };
  });
}
