// The light editor: a text area over a highlighted copy of its text, with the marks' sentences as a list below
// the caret's line. It is there before Monaco is, and instead of it on small screens.
import type { PathStop } from '../../model/verdict-words.js';
import { Annotations, codeLength, type TextGeometry } from './annotations.js';
import type { EditorEvents, EditorFault, EditorMark, EditorNote, EditorPort } from './editor-port.js';
import { paintGo } from './paint-go.js';

export class PlainEditor implements EditorPort {
  private readonly root = document.createElement('div');
  private readonly area = document.createElement('textarea');
  private readonly paint = document.createElement('pre');
  private readonly said = document.createElement('p');
  private marks: readonly EditorMark[] = [];
  private faults: readonly EditorFault[] = [];
  private readonly scroll = document.createElement('div');
  private readonly annotations = new Annotations(this.geometry());
  private readonly observer = new ResizeObserver(() => this.annotations.layout());
  private line: number | null = null;
  private playing = false;
  private drawn = '';

  constructor(
    place: HTMLElement,
    text: string,
    private readonly events: EditorEvents,
    readOnly = false,
  ) {
    this.root.className = 'plain-editor';
    this.paint.setAttribute('aria-hidden', 'true');
    this.said.className = 'plain-said';
    this.said.setAttribute('role', 'status');
    Object.assign(this.area, {
      value: text,
      readOnly,
      spellcheck: false,
      autocapitalize: 'off',
      wrap: 'off',
    });
    this.area.setAttribute('aria-label', 'Go program');
    this.scroll.className = 'plain-scroll';
    this.scroll.append(this.paint, this.area, this.annotations.layer);
    this.root.append(this.scroll, this.said);
    place.append(this.root);
    this.scroll.addEventListener('scroll', () => this.annotations.layout());
    this.observer.observe(this.scroll);
    this.area.addEventListener('input', () => {
      this.draw();
      events.onText(this.area.value);
    });
    this.area.addEventListener('keydown', e => this.key(e));
    this.area.addEventListener('selectionchange', () => this.caret());
    this.area.addEventListener('keyup', () => this.caret());
    this.area.addEventListener('click', () => this.caret());
    this.draw();
  }

  setText(text: string): void {
    if (this.area.value === text) return;
    // The caret stays on its line.
    const before = this.area.value.slice(0, this.area.selectionStart).split('\n');
    this.area.value = text;
    const start = before.length < 2 ? 0 : [...text.matchAll(/\n/g)][before.length - 2]?.index;
    const caret = start === undefined ? text.length : start + (before.length < 2 ? 0 : 1);
    this.area.setSelectionRange(caret, caret);
    this.draw();
  }

  setMarks(marks: readonly EditorMark[], faults: readonly EditorFault[], notes: readonly EditorNote[]): void {
    [this.marks, this.faults] = [marks, faults];
    this.draw();
    this.annotations.setNotes(notes);
  }

  setPath(path: readonly PathStop[]): void {
    this.annotations.setPath(path);
  }

  setLine(line: number | null, playing = false): void {
    if (line === this.line && playing === this.playing) return;
    this.line = line;
    this.playing = playing;
    this.draw();
    if (line === null) return;
    const at = this.paint.querySelector<HTMLElement>('.line-selected, .line-playing')?.offsetTop;
    const { scrollTop, clientHeight } = this.scroll;
    if (at !== undefined && (at < scrollTop || at > scrollTop + clientHeight - 20))
      this.scroll.scrollTop = at - clientHeight / 3;
  }

  setTheme(): void {}

  focus(): void {
    this.area.focus();
  }

  dispose(): void {
    this.observer.disconnect();
    this.annotations.dispose();
    this.root.remove();
  }

  private key(e: KeyboardEvent): void {
    if (e.key === 'Enter' && (e.shiftKey || e.ctrlKey || e.metaKey)) this.events.onRun();
    else if (e.key === 's' && (e.ctrlKey || e.metaKey)) this.events.onShare();
    else if (e.code === 'KeyF' && e.altKey && e.shiftKey) this.events.onFormat();
    else if (e.key === 'Escape') this.events.onLeave();
    else return;
    e.preventDefault();
  }

  private caret(): void {
    // A new text moves the caret too; only a reader's own move says something.
    if (document.activeElement !== this.area) return;
    const line = this.area.value.slice(0, this.area.selectionStart).split('\n').length;
    const faults = this.faults.filter(f => f.line === line).map(f => f.text);
    const marks = this.marks.filter(m => m.line === line).map(m => m.hover[0] ?? '');
    this.said.textContent = [...faults, ...marks].join(' · ');
    this.events.onLine(line);
  }

  private draw(): void {
    const heap = this.marks.filter(m => m.region === 'heap').map(m => m.line);
    const fault = this.faults.map(f => f.line);
    const name = this.playing ? 'line-playing' : 'line-selected';
    // The page tells its state again and again; layout is asked for only when something is different.
    const drawn = JSON.stringify([this.area.value, heap, fault, this.line, name]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const lines = paintGo(this.area.value, {
      heapLines: new Set(heap),
      faultLines: new Set(fault),
      notes: [],
      marked: this.line === null ? null : { line: this.line, name },
    });
    this.paint.replaceChildren(...lines);
    // As wide and high as its text, so that the box around both scrolls.
    this.area.style.height = `${this.paint.scrollHeight}px`;
    this.area.style.width = `${this.paint.scrollWidth}px`;
    this.annotations.layout();
  }

  /** Where the painted text stands; the layer scrolls with it. */
  private geometry(): TextGeometry {
    const box = (): DOMRect => this.paint.getBoundingClientRect();
    const lineOf = (line: number): Element | undefined => this.paint.children[line - 1];
    const place = (line: number, column: number): { x: number; y: number } | null => {
      const element = lineOf(line);
      if (!element) return null;
      const range = document.createRange();
      range.selectNodeContents(element);
      let left = column - 1;
      const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const length = node.textContent!.length;
        if (left <= length) {
          range.setStart(node, left);
          range.collapse(true);
          break;
        }
        left -= length;
      }
      const { left: x, top: y } = box();
      return { x: range.getBoundingClientRect().right - x, y: element.getBoundingClientRect().top - y };
    };
    return {
      lineHeight: 19,
      visible: () => ({
        left: this.scroll.scrollLeft,
        right: this.scroll.scrollLeft + this.scroll.clientWidth,
      }),
      place,
      end: line => {
        const element = lineOf(line);
        const code = element && place(line, codeLength(element.textContent) + 1);
        if (!code) return null;
        // Where its last character stands is no end of a line that runs both ways.
        const range = document.createRange();
        range.selectNodeContents(element);
        return { ...code, x: range.getBoundingClientRect().right - box().left, code: code.x };
      },
    };
  }
}
