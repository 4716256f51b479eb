// Spans of an axis, and how a viewer moves through them. Pure.

/** A half-open stretch of an axis: begin <= x < end. */
export interface Span {
  readonly begin: number;
  readonly end: number;
}

export const length = (s: Span): number => s.end - s.begin;

/** The span kept inside `whole`, its length no less than `least`. */
export function clamp(s: Span, whole: Span, least = 1): Span {
  const size = Math.min(Math.max(length(s), least), Math.max(length(whole), least));
  const begin = Math.min(Math.max(s.begin, whole.begin), Math.max(whole.begin, whole.end - size));
  return { begin, end: begin + size };
}

/** Zooms by `factor` (< 1 is closer) so that `anchor` stays where it is on the screen. */
export function zoom(s: Span, factor: number, anchor: number, whole: Span): Span {
  const begin = anchor - (anchor - s.begin) * factor;
  return clamp({ begin, end: begin + length(s) * factor }, whole, 4);
}

/** Moves by a fraction of the visible length. */
export function pan(s: Span, fraction: number, whole: Span): Span {
  const by = length(s) * fraction;
  return clamp({ begin: s.begin + by, end: s.end + by }, whole);
}

/** Where `x` of the axis is between 0 and `width` pixels. */
export const toPixels = (s: Span, x: number, width: number): number => ((x - s.begin) / length(s)) * width;

/** The inverse of toPixels. */
export const toAxis = (s: Span, px: number, width: number): number => s.begin + (px / width) * length(s);
