// The programs that a reader wrote last, kept in this browser and nowhere else.

export interface RecentProgram {
  readonly title: string;
  readonly text: string;
}

const key = 'escapement.recent';
const most = 20;
const mostBytes = 1 << 16;

/** The last programs, newest first. */
export function recentPrograms(): RecentProgram[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    if (!Array.isArray(kept)) return [];
    return kept
      .filter((t): t is string => typeof t === 'string')
      .map(text => ({ text, title: titleOf(text) }));
  } catch {
    return [];
  }
}

/** Keeps a program; versions of one that grew from each other replace each other. */
export function keepRecent(text: string): void {
  if (!text.trim() || text.length > mostBytes) return;
  const title = titleOf(text);
  const others = recentPrograms().filter(r => r.title !== title);
  try {
    localStorage.setItem(key, JSON.stringify([text, ...others.map(r => r.text)].slice(0, most)));
  } catch {
    // A full or forbidden storage keeps nothing.
  }
}

/** What tells a program from others: its first comment, else the names of its functions. */
function titleOf(text: string): string {
  const comment = /^\s*\/\/\s*(\S.*)$/m.exec(text.split(/^func |^type /m)[0]!);
  const functions = [...text.matchAll(/^func (?:\([^)]*\) )?(\w+)/gm)]
    .map(m => m[1]!)
    .filter(n => n !== 'main');
  const title =
    comment?.[1] ??
    (functions.join(', ') ||
      text
        .trim()
        .split('\n')
        .find(l => !/^(package|import)\b/.test(l)) ||
      'main');
  return title.length > 40 ? `${title.slice(0, 39)}…` : title;
}
