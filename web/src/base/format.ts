// Figures for people: bytes in B, KiB, MiB; numbers in English form.

const grouped = new Intl.NumberFormat('en');

/** A whole number with separators: 12,345. */
export function count(n: number): string {
  return grouped.format(Math.round(n));
}

/** A size in bytes: 24 B, 1.4 KiB, 12 MiB; three significant digits at most. */
export function bytes(n: number): string {
  const sign = n < 0 ? '−' : '';
  let value = Math.abs(n);
  if (value < 1024) return `${sign}${Math.round(value)} B`;
  for (const unit of ['KiB', 'MiB', 'GiB', 'TiB']) {
    value /= 1024;
    if (value < 1023.5 || unit === 'TiB') {
      const digits = value < 9.95 ? 1 : 0;
      return `${sign}${value.toFixed(digits).replace(/\.0$/, '')} ${unit}`;
    }
  }
  return '';
}

/** A count with its noun: 1 object, 3 objects. */
export function counted(n: number, noun: string, plural = noun + 's'): string {
  return `${count(n)} ${n === 1 ? noun : plural}`;
}

/** A list in a sentence: a, b and c. */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}
