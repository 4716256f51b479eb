// The part of the address's fragment that a playground owns: all of it, or one of two programs side by side,
// `#left|right`, each in the form of permalink.ts.

export type Side = 'whole' | 'left' | 'right';

/** The fragment with two programs' fragments, each beginning with # or empty. */
export function joinFragments(left: string, right: string): string {
  return `#${left.slice(1)}|${right.slice(1)}`;
}

/** A side's own fragment of a whole one: '' when it has none. */
export function ownFragment(whole: string, side: Side): string {
  if (side === 'whole') return whole;
  const part = whole.slice(1).split('|')[side === 'left' ? 0 : 1];
  return part ? `#${part}` : '';
}

/** The whole fragment with a side's own replaced. */
export function withOwnFragment(whole: string, side: Side, own: string): string {
  if (side === 'whole') return own;
  return side === 'left'
    ? joinFragments(own, ownFragment(whole, 'right'))
    : joinFragments(ownFragment(whole, 'left'), own);
}
