// What is drawn over an editor's text: a note at the end of each line that has one (at the visible edge where the
// line is longer), and the path of the selected verdict as numbered stops with arrows. The editors say where their
// text stands; this layer never takes the pointer.
import type { PathStop } from '../../model/verdict-words.js';
import type { EditorNote } from './editor-port.js';

/** Where an editor's text stands, in pixels of the layer. */
export interface TextGeometry {
  readonly lineHeight: number;
  /** The stretch of the layer that shows text. */
  visible(): { readonly left: number; readonly right: number };
  /** The left edge of a column and the top of its line; null for what is far out of sight. */
  place(line: number, column: number): { readonly x: number; readonly y: number } | null;
  /** The right edge of a line's text, and of its code: what stands before a comment. */
  end(line: number): { readonly x: number; readonly y: number; readonly code: number } | null;
}

const space = 18;
const svgNames = 'http://www.w3.org/2000/svg';

export class Annotations {
  readonly layer = document.createElement('div');
  private notes: readonly EditorNote[] = [];
  private path: readonly PathStop[] = [];
  private asked = 0;

  constructor(private readonly geometry: TextGeometry) {
    this.layer.className = 'annotations';
    // The verdicts table and the line below the plain editor say the same in words.
    this.layer.setAttribute('aria-hidden', 'true');
  }

  setNotes(notes: readonly EditorNote[]): void {
    if (JSON.stringify(notes) === JSON.stringify(this.notes)) return;
    this.notes = notes;
    this.layout();
  }

  setPath(path: readonly PathStop[]): void {
    if (path === this.path) return;
    this.path = path;
    this.layout();
  }

  /** Draws again before the next frame: the text moved or changed. */
  layout(): void {
    this.asked ||= requestAnimationFrame(() => {
      this.asked = 0;
      this.draw();
    });
  }

  dispose(): void {
    cancelAnimationFrame(this.asked);
    this.layer.remove();
  }

  /**
   * Puts each line's notes behind its text; at the visible edge, over a comment and in their short form, where they
   * would be out of sight. Code is never covered.
   */
  private draw(): void {
    const lines = new Map<number, HTMLElement[]>();
    const add = (line: number, text: string, className: string): HTMLElement => {
      const chip = document.createElement('span');
      chip.className = className;
      chip.textContent = text;
      lines.set(line, [...(lines.get(line) ?? []), chip]);
      return chip;
    };
    for (const n of this.notes)
      add(n.line, n.text, `line-note note-${n.region}`).dataset.short = shortNote(n.text);
    for (const s of this.path) add(s.line, s.text, 'line-note path-note').dataset.short = s.short;
    // What is read of the layout is read together, before and between what is written.
    const arrows = this.arrows();
    const { left, right } = this.geometry.visible();
    const edge = right - 6;
    const groups = [...lines].flatMap(([line, chips]) => {
      const end = this.geometry.end(line);
      if (!end) return [];
      const group = document.createElement('div');
      group.className = 'line-notes pinned';
      group.append(...chips);
      return { chips, group, end, code: Math.min(end.x, end.code) };
    });
    this.layer.replaceChildren(...arrows, ...groups.map(g => g.group));
    const tight = groups.filter(g => Math.max(left, g.code) + g.group.offsetWidth > edge);
    for (const { chips } of tight)
      for (const chip of chips) if (chip.dataset.short) chip.textContent = chip.dataset.short;
    const placed = groups.map(g => ({ ...g, width: g.group.offsetWidth }));
    for (const { group, end, code, width } of placed) {
      const behind = end.x + space;
      group.classList.toggle('pinned', behind + width > edge);
      group.style.left = `${Math.max(left, Math.min(behind, Math.max(code, edge - width)))}px`;
      group.style.top = `${end.y}px`;
      group.style.height = `${this.geometry.lineHeight}px`;
    }
  }

  /** A frame round each stop and an arrow to the next. */
  private arrows(): SVGElement[] {
    const places = this.path.map(s => this.geometry.place(s.line, s.column));
    if (!places.some(p => p)) return [];
    const svg = document.createElementNS(svgNames, 'svg');
    svg.setAttribute('class', 'path-arrows');
    const draw = (d: string, className: string): void => {
      const path = document.createElementNS(svgNames, 'path');
      path.setAttribute('d', d);
      path.setAttribute('class', className);
      svg.append(path);
    };
    const height = this.geometry.lineHeight;
    places.forEach((to, i) => {
      if (to) draw(`M${to.x - 1} ${to.y + height - 2}h9`, 'path-stop');
      const from = places[i - 1];
      if (!to || !from) return;
      const down = to.y > from.y;
      const begin = { x: from.x + 4, y: from.y + (down ? height - 1 : 3) };
      const end = { x: to.x + 4, y: to.y + (down ? 2 : height - 1) };
      const lift = Math.min(40, Math.max(10, Math.abs(end.y - begin.y) * 0.6)) * (down ? 1 : -1);
      const tip = down ? -1 : 1;
      draw(
        `M${begin.x} ${begin.y}C${begin.x} ${begin.y + lift} ${end.x} ${end.y - lift} ${end.x} ${end.y}`,
        'path-line',
      );
      draw(`M${end.x - 4} ${end.y + 5 * tip}L${end.x} ${end.y}L${end.x + 4} ${end.y + 5 * tip}`, 'path-line');
    });
    return [svg];
  }
}

/** A note's figure alone: the mark at the line's left says the region. */
const shortNote = (text: string): string =>
  text.replace(/^(surprise · )?heap · /, '').replace(/ · .*| \+ .*| in the library$/, '');

/** How many characters of a line of Go are code: all before a comment, without the spaces at the end. */
export function codeLength(line: string): number {
  let end = line.length;
  for (const part of line.matchAll(/"(?:\\.|[^"\\])*"|`[^`]*`|'(?:\\.|[^'\\])+'|\/\//g))
    if (part[0] === '//') {
      end = part.index;
      break;
    }
  return line.slice(0, end).trimEnd().length;
}
