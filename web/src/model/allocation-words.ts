// What an allocation is called: the thing, and its type as people write it.
import type { Allocation, Verdict } from '../protocol/answers.generated.js';

/** Names that the compiler makes up are nothing in the source. */
const madeUp = /\.autotmp_\d+|~[rb]\d+/g;

/** A site's expression with made-up names left out; '' where nothing is left. */
export const plainSymbol = (symbol: string): string => symbol.replace(madeUp, '…').replace(/^\W*…\W*$/, '');

/** What was allocated: the variable or expression where it has a name, else the kind of the site. */
export function what(row: Allocation, verdict?: Verdict): string {
  const symbol = plainSymbol(row.symbol);
  const subject = verdict?.subject ?? '';
  if (symbol.includes('…') && subject) return subject;
  return symbol || plainSymbol(subject) || kinds[row.kind] || row.kind || `${row.owner} object`;
}

/** Kinds of sites without an expression, in people’s words. */
const kinds: Record<string, string> = {
  runtime: 'the runtime’s own',
  moved: 'variable',
  chan: 'channel',
  go: 'go statement',
};

/** A closure's type by what it captures; null: it is none. */
export function closureText(type: string): string | null {
  const captured = /^struct \{ F uintptr(.*?);? \}$/.exec(type)?.[1];
  if (captured === undefined) return null;
  const types = [...captured.matchAll(/; X\d+ ((?:\{[^}]*\}|[^;])+)/g)].map(m => m[1]!.trim());
  return types.length ? `closure with ${types.join(', ')}` : 'closure';
}

/** The type of the objects: a closure by what it captures, elements in a row as an array, texts as such. */
export function typeText(row: Allocation): string {
  const closure = closureText(row.type);
  if (closure !== null) return closure;
  if (!row.type) return untyped(row.kind, row.symbol);
  // A channel's elements lie behind it, or in a buffer of their own.
  const many = row.kind !== 'chan' && row.typeSize > 0 && row.bytes > row.objects * 2 * row.typeSize;
  return many ? `[…]${row.type}` : row.type;
}

/** What lies in memory that the runtime takes without a type; '': nothing is known. */
export function untyped(kind: string, symbol: string): string {
  const elements = /^\(?\[\](\w+)\)?\(/.exec(symbol)?.[1];
  if (kind === 'string' && elements) return `[…]${elements}`;
  if (kind === 'interface') return 'value of an interface';
  return kind === 'concat' || kind === 'string' ? 'text of a string' : '';
}

/** Words of Hebrew, Arabic, Syriac, Thaana, NKo and their neighbours. */
const rightToLeft = /[\u0590-\u08ff]+(?:\s+[\u0590-\u08ff]+)*/g;

/** The text with its right-to-left words isolated, so that what stands around them keeps its order. */
export const isolated = (text: string): string => text.replace(rightToLeft, '\u2068$&\u2069');
