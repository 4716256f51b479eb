// What a row of allocations is called: the thing, and its type as people write it.
import type { Allocation, Verdict } from '../protocol/answers.generated.js';

/** What was allocated: the variable or expression where it has a name, else the kind of the site. */
export function what(row: Allocation, verdict?: Verdict): string {
  // Results that gc names itself are nothing in the source.
  const symbol = /^~r\d+$/.test(row.symbol) ? '' : row.symbol;
  return symbol || verdict?.subject || row.kind || `${row.owner} object`;
}

/** The type of the objects: a closure by what it captures, elements in a row as an array. */
export function typeText(row: Allocation): string {
  const captured = /^struct \{ F uintptr(.*?);? \}$/.exec(row.type)?.[1];
  if (captured !== undefined) {
    const types = [...captured.matchAll(/; X\d+ ((?:\{[^}]*\}|[^;])+)/g)].map(m => m[1]!.trim());
    return types.length ? `closure with ${types.join(', ')}` : 'closure';
  }
  return row.type && row.typeSize > 0 && row.bytes > row.objects * 2 * row.typeSize
    ? `[…]${row.type}`
    : row.type;
}
