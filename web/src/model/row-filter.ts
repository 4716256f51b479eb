// The filter of a table: what a row must say to be shown. Pure.

/** Whether the texts of a row have every word of the filter, in any order and case; "12" alone means line 12. */
export function passes(filter: string, line: number, ...texts: readonly string[]): boolean {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const all = texts.join('\n').toLowerCase();
  return words.every(w => (/^\d+$/.test(w) ? Number(w) === line : all.includes(w)));
}
