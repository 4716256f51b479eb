// Pen: puts marks on a Scene that is being made. Every picture's layout draws with one.
import type { Mark, Paint, Subject, Texture } from './scene.js';

export class Pen {
  readonly marks: Mark[] = [];

  rect(
    x: number,
    y: number,
    width: number,
    height: number,
    paint: Paint,
    texture: Texture,
    subject?: Subject,
  ): void {
    this.marks.push({ kind: 'rect', x, y, width, height, paint, texture, ...(subject ? { subject } : {}) });
  }

  /** The space between two lines over the same xs. */
  area(
    xs: readonly number[],
    tops: readonly number[],
    bottoms: readonly number[],
    paint: Paint,
    texture: Texture,
  ): void {
    this.marks.push({ kind: 'area', xs, tops, bottoms, paint, texture });
  }

  line(
    xs: readonly number[],
    ys: readonly number[],
    paint: Paint,
    width: number,
    dash?: readonly number[],
  ): void {
    this.marks.push({ kind: 'line', xs, ys, paint, width, ...(dash ? { dash } : {}) });
  }

  /** `code` is source or a value, in the face of code. */
  text(
    x: number,
    y: number,
    text: string,
    paint: Paint,
    bold = false,
    align: 'start' | 'middle' | 'end' = 'start',
    code = false,
  ): void {
    this.marks.push({ kind: 'text', x, y, text, paint, align, bold, code });
  }

  /** As much of a text as has room, at so many pixels a character. */
  fit(text: string, room: number, each = 5.9): string {
    const most = Math.max(1, Math.floor(room / each));
    return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
  }
}
