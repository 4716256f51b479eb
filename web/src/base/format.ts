// Figures for people: bytes in B, KiB, MiB; numbers in English form.

const grouped = new Intl.NumberFormat('en');

/** A whole number with separators: 12,345. */
export function count(n: number): string {
  return grouped.format(Math.round(n));
}

/** A size in bytes: 24 B, 1.4 KiB, 12 MiB; three significant digits at most. */
export function bytes(n: number): string {
  if (n < 1024) return `${Math.round(n)} B`;
  let unit = -1;
  do n /= 1024;
  while (++unit < 3 && n >= 1023.5);
  return `${n.toFixed(n < 9.95 ? 1 : 0).replace('.0', '')} ${'KMGT'[unit]}iB`;
}

/** A count with its noun: 1 object, 3 objects. */
export function counted(n: number, noun: string): string {
  return `${count(n)} ${noun}${n === 1 ? '' : 's'}`;
}

/** A list in a sentence: a, b and c. */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}
