// From the compiler's answer and the run's figures to marks over the source. Pure.
import { bytes, count, counted } from '../../base/format.js';
import { utf16Column } from '../../base/text.js';
import type { Allocation, CheckAnswer, Facts, VerdictFact } from '../../protocol/answers.generated.js';
import { explain } from '../../model/verdict-words.js';
import type { EditorFault, EditorMark, EditorNote } from './editor-port.js';

/** Where the thing at a position ends: the subject's own length where the source has it, else the word there. */
export function endColumn(line: string, column: number, subject: string): number {
  const rest = line.slice(column - 1);
  const head = subject.replace(/\{\.\.\.\}$/, '').replace(/^\.\.\. argument$/, '');
  if (head && rest.startsWith(head)) return column + head.length;
  if (rest.startsWith('(')) return column + Math.max(1, closing(rest));
  const word = /^(?:&?[\p{L}_][\p{L}\p{N}_.]*|"(?:\\.|[^"\\])*"|[\d.]+|func\b)/u.exec(rest);
  return column + Math.max(1, word?.[0].length ?? 1);
}

/** The length of a bracketed stretch that `text` begins with; 0 when it does not close on this line. */
function closing(text: string): number {
  let depth = 0;
  for (const part of text.matchAll(/"(?:\\.|[^"\\])*"|`[^`]*`|'(?:\\.|[^'\\])+'|[()]/g)) {
    if (part[0] === '(') depth++;
    else if (part[0] === ')' && --depth === 0) return part.index + 1;
  }
  return 0;
}

/** The marks of a check. */
export function verdictMarks(
  text: string,
  file: string,
  answer: CheckAnswer,
  shown: 'heap' | 'all',
  facts: Facts | null = null,
): EditorMark[] {
  const lines = text.split('\n');
  const factOf = new Map(facts?.verdicts.map(f => [f.verdict, f]));
  return answer.verdicts
    .map((v, i) => ({ v, fact: factOf.get(i) }))
    .filter(
      ({ v, fact }) => inFile(v.file, file) && (shown === 'all' || v.region === 'heap' || fact?.surprise),
    )
    .map(({ v, fact }) => {
      const line = lines[v.line - 1] ?? '';
      const column = utf16Column(line, v.column);
      return {
        line: v.line,
        column,
        endColumn: endColumn(line, column, v.subject),
        region: v.region,
        surprise: Boolean(fact?.surprise),
        hover: [
          explain(v),
          `The compiler: ${v.file}:${v.line}:${v.column}: ${v.text}`,
          ...(fact ? [`The run: ${factSentence(fact)}`] : []),
        ],
      };
    });
}

/** What the run did at a verdict, in a sentence. */
export function factSentence(fact: VerdictFact): string {
  const did =
    fact.objects > 0
      ? `${counted(fact.objects, 'heap object')}, ${bytes(fact.bytes)}${fact.survivors ? `; ${count(fact.survivors)} outlived the last collection` : ''}.`
      : fact.ran === 'no'
        ? 'this line was not reached.'
        : 'no heap object.';
  return fact.surprise && fact.explanation ? `${did} ${fact.explanation}` : did;
}

/** Whether a position's file, as the compiler names it, is the file of that name. */
export const inFile = (named: string, file: string): boolean => !named || named.replace(/^\.\//, '') === file;

/** The faults of a check: errors, and what go vet warns of. */
export function faultMarks(text: string, file: string, answer: CheckAnswer): EditorFault[] {
  const lines = text.split('\n');
  return answer.messages
    .filter(m => m.severity !== 'remark' && m.line > 0 && inFile(m.file, file))
    .map(m => {
      const line = lines[m.line - 1] ?? '';
      const column = utf16Column(line, Math.max(1, m.column));
      const warning = m.severity === 'warning';
      return { line: m.line, column, endColumn: endColumn(line, column, ''), text: m.text, warning };
    });
}

/** What a run put on the heap from each line, at the line's end: its own objects, and the library's for it. */
export function allocationNotes(rows: readonly Allocation[]): EditorNote[] {
  const byLine = new Map<number, { own: Share; library: Share }>();
  for (const row of rows) {
    if (row.billedLine === 0) continue;
    let sums = byLine.get(row.billedLine);
    if (!sums) byLine.set(row.billedLine, (sums = { own: noShare(), library: noShare() }));
    const sum = row.owner === 'mine' ? sums.own : sums.library;
    sum.objects += row.objects;
    sum.bytes += row.bytes;
  }
  return [...byLine].map(([line, { own, library }]): EditorNote => {
    const parts = [
      ...(own.objects ? [shareWords(own)] : []),
      ...(library.objects ? [`${shareWords(library)} in the library`] : []),
    ];
    return { line, region: 'heap', text: `heap · ${parts.join(' + ')}` };
  });
}

interface Share {
  objects: number;
  bytes: number;
}

const noShare = (): Share => ({ objects: 0, bytes: 0 });

const shareWords = ({ objects, bytes: size }: Share): string =>
  `${bytes(size)}${objects > 1 ? ` ×${count(objects)}` : ''}`;

/**
 * The notes, and where verdict and run differ: a note on what the compiler said would stay says so, and what it said
 * would be on the heap and is not gets a note of its own.
 */
export function withSurprises(file: string, facts: Facts | null, notes: readonly EditorNote[]): EditorNote[] {
  const here = facts?.verdicts.filter(f => f.surprise && inFile(f.file, file)) ?? [];
  const allocating = new Set(here.filter(f => f.surprise === 'allocates').map(f => f.line));
  const own = new Set(notes.filter(n => !/^heap · [^+]* in the library$/.test(n.text)).map(n => n.line));
  const silent = new Set(
    here.filter(f => f.surprise === 'no allocation' && !own.has(f.line)).map(f => f.line),
  );
  return [
    ...[...silent].map(line => ({ line, region: 'heap' as const, text: 'surprise · allocates nothing' })),
    ...notes.map(n => (allocating.has(n.line) ? { ...n, text: `surprise · ${n.text}` } : n)),
  ];
}

/** The notes of one file among several, from the verdicts' facts. */
export function factNotes(file: string, facts: Facts | null): EditorNote[] {
  const byLine = new Map<number, Share>();
  for (const f of facts?.verdicts ?? []) {
    if (!f.objects || !inFile(f.file, file)) continue;
    const sum = byLine.get(f.line) ?? { objects: 0, bytes: 0 };
    byLine.set(f.line, { objects: sum.objects + f.objects, bytes: sum.bytes + f.bytes });
  }
  return [...byLine].map(([line, sum]) => ({
    line,
    region: 'heap' as const,
    text: `heap · ${shareWords(sum)}`,
  }));
}
