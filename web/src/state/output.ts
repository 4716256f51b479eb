// A run's output as the page keeps it: stretches of the two streams in the order in which they were written.
import { piecesOf, type Said } from '../engine/output-order.js';
import type { OutputPiece } from './workspace.js';

/** Output kept for the page; the run goes on past it. */
const mostOutput = 1 << 18;

/** The output with a slice's behind it. */
export function addOutput(pieces: readonly OutputPiece[], slice: Said): readonly OutputPiece[] {
  const added = piecesOf(slice);
  if (!added.length) return pieces;
  const all = [...pieces];
  for (const piece of added) {
    const last = all[all.length - 1];
    if (last?.stream === piece.stream) all[all.length - 1] = { ...last, text: last.text + piece.text };
    else all.push(piece);
  }
  let size = all.reduce((n, p) => n + p.text.length, 0);
  while (size > mostOutput) {
    const first = all[0]!;
    const cut = Math.min(first.text.length, size - mostOutput);
    size -= cut;
    if (cut === first.text.length) all.shift();
    else all[0] = { ...first, text: '…' + first.text.slice(cut + 1) };
  }
  return all;
}
