// Which standard-library packs a program needs. The first is always there; another is fetched when a source imports
// one of its packages, says one of its words or, in a fragment, which has no imports yet, names a package; and with
// a pack come those that its packages import.
import type { SourceFile } from '../protocol/questions.js';

/** A pack as the site has it. */
export interface PackAddress {
  readonly address: string;
  /** Import paths. */
  readonly packages: readonly string[];
  /** Numbers of the packs that its packages import from. */
  readonly needs?: readonly number[];
  /** Words of a source that ask for it without an import. */
  readonly words?: readonly string[];
}

/** Import paths in quotes, wherever they stand: too many do no harm. */
function quoted(text: string): Set<string> {
  return new Set([...text.matchAll(/["`]([\w./-]+)["`]/g)].map(m => m[1]!));
}

/** Words before a dot. */
function qualifiers(text: string): Set<string> {
  return new Set([...text.matchAll(/\b([a-z]\w*)\.[A-Z]/g)].map(m => m[1]!));
}

/** Numbers of the packs that the files need, in the order of the list; the first is always among them. */
export function packsNeeded(packs: readonly PackAddress[], files: readonly SourceFile[]): number[] {
  const needed = new Set<number>();
  const work = packs.length > 0 ? [0] : [];
  for (const { text } of files) {
    const imports = quoted(text);
    const named = /^\s*package\s/m.test(text) ? new Set<string>() : qualifiers(text);
    packs.forEach((pack, i) => {
      const hit = pack.packages.some(p => imports.has(p) || named.has(p.slice(p.lastIndexOf('/') + 1)));
      if (hit || pack.words?.some(w => text.includes(w))) work.push(i);
    });
  }
  while (work.length > 0) {
    const i = work.pop()!;
    if (needed.has(i)) continue;
    needed.add(i);
    work.push(...(packs[i]!.needs ?? []));
  }
  return [...needed].sort((a, b) => a - b);
}
