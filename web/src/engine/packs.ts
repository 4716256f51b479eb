// Which standard-library packs a program needs. The first is always there; a later one is fetched when a source
// imports one of its packages, or, in a fragment, which has no imports yet, names one.
import type { SourceFile } from '../protocol/questions.js';

/** A pack as the site has it. */
export interface PackAddress {
  readonly address: string;
  /** Import paths. */
  readonly packages: readonly string[];
}

/** Import paths in quotes, wherever they stand: too many do no harm. */
function quoted(text: string): Set<string> {
  return new Set([...text.matchAll(/["`]([\w./-]+)["`]/g)].map(m => m[1]!));
}

/** Words before a dot. */
function qualifiers(text: string): Set<string> {
  return new Set([...text.matchAll(/\b([a-z]\w*)\.[A-Z]/g)].map(m => m[1]!));
}

/** How many of the packs, from the first, the files need; at least one. */
export function packsNeeded(packs: readonly PackAddress[], files: readonly SourceFile[]): number {
  let needed = Math.min(1, packs.length);
  for (const { text } of files) {
    const imports = quoted(text);
    const named = /^\s*package\s/m.test(text) ? new Set<string>() : qualifiers(text);
    packs.forEach((pack, i) => {
      const hit = pack.packages.some(p => imports.has(p) || named.has(p.slice(p.lastIndexOf('/') + 1)));
      if (hit) needed = Math.max(needed, i + 1);
    });
  }
  return needed;
}
