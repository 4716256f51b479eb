// What a program wrote to its two streams, slice by slice, in the order in which it was.
import type { SliceAnswer } from '../protocol/answers.generated.js';

/** The part of a slice that is output. */
export type Said = Pick<SliceAnswer, 'output' | 'errorOutput' | 'pieces'>;

/** A slice's pieces; one that wrote to a single stream names none. */
export function piecesOf(said: Said): NonNullable<SliceAnswer['pieces']> {
  if (said.pieces) return said.pieces;
  return [
    ...(said.output ? [{ stream: 'output' as const, text: said.output }] : []),
    ...(said.errorOutput ? [{ stream: 'error' as const, text: said.errorOutput }] : []),
  ];
}

/** Several slices' output as one's. */
export function inOrder(slices: readonly Said[]): Said {
  const output = slices.map(s => s.output).join('');
  const errorOutput = slices.map(s => s.errorOutput).join('');
  return { output, errorOutput, pieces: output && errorOutput ? slices.flatMap(piecesOf) : undefined };
}
