// A moment's memory as a Scene: goroutine stacks as frames at the left, heap objects by size class at the right,
// the program's package variables below, and an arrow for every pointer. Pure.
import { bytes, count, counted } from '../base/format.js';
import type {
  Frame,
  GoroutineState,
  Inspection,
  ObjectState,
  Part,
  StaticSymbol,
  Value,
  Variable,
} from '../protocol/answers.generated.js';
import { closureText, isolated, plainSymbol, untyped } from './allocation-words.js';
import { Pen } from './pen.js';
import type { Lane, Paint, Scene } from './scene.js';
import { shortName } from './timeline-layout.js';

export interface MemoryView {
  readonly width: number;
  /** Address of the selected thing; null: none. */
  readonly selected: number | null;
  /** The state shown before this one: what differs is marked as changed. */
  readonly before: Inspection | null;
  /** Library frames and objects too. */
  readonly library: boolean;
}

const rowHeight = 18;
const headHeight = 20;
const pad = 8;
const gap = 8;
const codeWidth = 6.65;
const mostRows = 12;
const mostObjects = 60;
/** What objects without pointers below this size share (Go’s tiny allocator). */
const tinyBlock = 16;
/** Below this width stacks and heap stand one above the other. */
const twoColumns = 520;

/** One line of a box: a variable, a field or an element. */
interface Row {
  readonly name: string;
  readonly text: string;
  readonly note: string;
  readonly address: number;
  readonly pointer: number;
  readonly quiet: boolean;
  readonly changed: boolean;
}

/** Where an arrow begins. */
interface Source {
  readonly x: number;
  readonly y: number;
  readonly to: number;
}

/** The picture of a moment. */
export function layoutMemory(state: Inspection, view: MemoryView): Scene {
  return new Drawing(state, view).finish();
}

/** The goroutines that are drawn: the user's, and those of the runtime only when they are asked for. */
export function shownGoroutines(state: Inspection, library: boolean): GoroutineState[] {
  return state.goroutines.filter(g => (library || !g.system) && g.status !== 'dead' && g.status !== 'idle');
}

/** The frames that are drawn; library frames between the user's are folded away unless asked for. */
export function shownFrames(g: GoroutineState, library: boolean): Frame[] {
  return g.frames.filter(f => library || f.owner === 'mine');
}

/** The user's own objects; what the library made on the user's behalf only when asked for. */
function ownObjects(state: Inspection, library: boolean): ObjectState[] {
  return state.objects.filter(o => library || (o.mine && o.owner === 'mine'));
}

/** The objects that are drawn. */
export function shownObjects(state: Inspection, library: boolean): ObjectState[] {
  return ownObjects(state, library).slice(0, mostObjects);
}

/** How many they are and what they take, in words; the engine counts out no more than it was asked for. */
function heapWords(objects: readonly ObjectState[], state: Inspection, where = ''): string {
  const size = objects.reduce((n, o) => n + o.size, 0);
  const more = state.objectsOmitted > 0 ? 'more than ' : '';
  return `${more}${counted(objects.length, 'object')}${where}${more ? '' : `, ${bytes(size)}`}`;
}

/** What an object is: its type, and the variable or expression that it is from. */
export function objectWords(o: ObjectState): string {
  const symbol = o.owner === 'mine' ? plainSymbol(o.site.symbol) : '';
  const type = closureText(o.type) ?? (o.type || untyped(o.site.kind, o.site.symbol));
  const many = type && o.elements > 1 ? `${count(o.elements)} × ${type}` : type;
  return [many || (symbol ? '' : o.site.kind || 'object'), symbol].filter(Boolean).map(isolated).join('  ');
}

/** Every value by its address, to tell what a step changed. */
function valuesOf(state: Inspection | null): Map<string, string> {
  const values = new Map<string, string>();
  const add = (key: string, value: Value): void => {
    values.set(key, `${value.text}@${value.pointer}`);
    for (const p of value.parts) add(`${key}.${p.name}`, p.value);
  };
  for (const g of state?.goroutines ?? [])
    for (const [depth, f] of [...g.frames].reverse().entries())
      for (const v of f.variables) add(`${g.id}/${depth}/${f.function}/${v.name}/${v.line}`, v.value);
  for (const o of state?.objects ?? []) add(`heap/${o.event}`, o.value);
  for (const s of state?.statics ?? []) add(`static/${s.name}`, s.value);
  return values;
}

class Drawing extends Pen {
  private readonly lanes: Lane[] = [];
  private readonly sources: Source[] = [];
  /** Where things with an address are, for the heads of arrows. */
  private readonly places: { address: number; size: number; x: number; y: number; width: number }[] = [];
  private readonly old: Map<string, string> | null;
  private readonly split: boolean;
  private readonly stackWidth: number;
  private readonly heapLeft: number;
  private readonly heapWidth: number;

  constructor(
    private readonly state: Inspection,
    private readonly view: MemoryView,
  ) {
    super();
    this.old = view.before ? valuesOf(view.before) : null;
    this.split = view.width >= twoColumns;
    this.stackWidth = this.split ? Math.floor(view.width * 0.46) - 2 * pad : view.width - 2 * pad - 24;
    this.heapLeft = this.split ? this.stackWidth + pad + Math.max(40, view.width * 0.06) : pad + 16;
    // Arrows between objects run at their right.
    this.heapWidth = view.width - this.heapLeft - pad - 26;
  }

  finish(): Scene {
    const stacks = this.stacks(0);
    const statics = this.statics(stacks + (this.state.statics.length ? gap : 0));
    const heap = this.heap(this.split ? 0 : statics + gap);
    const height = Math.max(statics, heap) + pad;
    this.arrows();
    return {
      width: this.view.width,
      height,
      left: 0,
      plot: this.view.width,
      lanes: this.lanes,
      marks: this.marks,
      sentence: memorySentence(this.state, this.view.library),
    };
  }

  private title(x: number, y: number, text: string, quiet: string, paint: Paint): void {
    this.text(x, y + 14, text, paint, true);
    this.text(x + 7 * text.length + 10, y + 14, quiet, 'quiet');
  }

  private stacks(top: number): number {
    let y = top;
    const shown = shownGoroutines(this.state, this.view.library);
    this.title(pad, y, 'Stacks', counted(shown.length, 'goroutine'), 'stack');
    y += headHeight + 2;
    for (const g of shown) y = this.goroutine(g, y) + gap;
    if (!shown.length) {
      this.text(pad, y + 13, 'No goroutine runs at this moment.', 'quiet');
      y += rowHeight;
    }
    this.lanes.push({ id: 'stacks', title: 'Stacks', top, height: y - top, sentence: '' });
    return y;
  }

  private goroutine(g: GoroutineState, top: number): number {
    let y = top;
    const name = g.id === 1 ? 'main' : `goroutine ${g.id}`;
    const waits = g.status === 'waiting' && g.reason ? `waits: ${g.reason}` : g.status;
    this.text(pad, y + 13, `${name}${g.current ? ' ▸' : ''}`, 'text', true);
    const size = g.stackHigh - g.stackLow;
    this.text(
      pad + this.stackWidth,
      y + 13,
      this.fitOne(
        this.stackWidth - 90,
        `${waits} · ${bytes(g.stackUsed)} of ${bytes(size)} used`,
        `${waits} · ${bytes(g.stackUsed)} used`,
        waits,
      ),
      'quiet',
      false,
      'end',
    );
    y += headHeight;
    this.bar(pad, y, this.stackWidth, size > 0 ? g.stackUsed / size : 0);
    y += 9;
    const was = this.view.before?.goroutines.find(o => o.id === g.id);
    const later = was && this.view.before!.moment.step <= this.state.moment.step;
    if (later && was.stackHigh && g.stackHigh && was.stackHigh !== g.stackHigh) y = this.moved(was, g, y);
    const frames = shownFrames(g, this.view.library);
    const folded = g.frames.length - frames.length;
    for (const f of frames) y = this.frame(g, f, g.frames.length - 1 - g.frames.indexOf(f), y) + 4;
    if (folded + g.framesOmitted > 0) {
      this.text(
        pad + 4,
        y + 11,
        `${counted(folded + g.framesOmitted, 'more frame')}, not of your code`,
        'quiet',
      );
      y += rowHeight - 2;
    }
    return y;
  }

  /** How much of the stack is in use. */
  private bar(x: number, y: number, width: number, part: number): void {
    this.rect(x, y, width, 5, 'stack', 'hatch');
    this.rect(x, y, Math.max(1, width * Math.min(1, part)), 5, 'stack', 'solid');
  }

  /** The old and the new place of a stack that was copied since the state before. */
  private moved(was: GoroutineState, g: GoroutineState, y: number): number {
    const half = (this.stackWidth - 20) / 2;
    this.rect(pad, y, half, rowHeight * 2, 'stack', 'hatch');
    this.rect(pad + half + 20, y, half, rowHeight * 2, 'changed', 'solid');
    const say = (x: number, at: number, text: string, paint: Paint = 'text'): void =>
      this.text(x + 4, y + at, this.fit(text, half - 8), paint);
    say(pad, 13, `old stack, ${bytes(was.stackHigh - was.stackLow)}`);
    say(pad, 29, hex(was.stackLow), 'quiet');
    say(pad + half + 20, 13, `copied to ${bytes(g.stackHigh - g.stackLow)}, pointers rewritten`);
    say(pad + half + 20, 29, hex(g.stackLow));
    this.arrow(pad + half + 2, y + rowHeight, pad + half + 18, y + rowHeight, 'text', 1.5);
    return y + rowHeight * 2 + 6;
  }

  /** The first text that has room; of the last as much as has. */
  private fitOne(room: number, ...texts: readonly string[]): string {
    return texts.find(t => t.length * 5.9 <= room) ?? this.fit(texts.at(-1) ?? '', room);
  }

  private frame(g: GoroutineState, f: Frame, depth: number, top: number): number {
    const rows = f.variables.slice(0, mostRows).map(v => this.variable(g, f, depth, v));
    if (f.variables.length > rows.length) rows.push(more(f.variables.length - rows.length, 'variable'));
    const title = `${shortName(f.function)}${f.line ? ` :${f.line}` : ''}`;
    const room = this.stackWidth - 20 - codeWidth * title.length;
    const note = f.inlined ? this.fitOne(room, 'inlined: no frame of its own', 'inlined') : bytes(f.size);
    return this.box(pad, top, this.stackWidth, title, note, rows, 'stack', f.inlined, f.address, f.size);
  }

  private variable(g: GoroutineState, f: Frame, depth: number, v: Variable): Row {
    const key = `${g.id}/${depth}/${f.function}/${v.name}/${v.line}`;
    return {
      name: v.name,
      text: v.live ? this.short(v.value) : '–',
      note: v.where === 'stack' ? '' : v.where === 'heap' ? 'on the heap' : 'register',
      address: v.address,
      pointer: v.where === 'heap' && v.address ? v.address : v.live ? v.value.pointer : 0,
      quiet: !v.live,
      changed: v.live && this.changed(key, v.value),
    };
  }

  private statics(top: number): number {
    const shown = this.state.statics;
    if (!shown.length) return top;
    let y = top;
    this.title(pad, y, 'Static', `${counted(shown.length, 'package variable')}`, 'static');
    y += headHeight + 2;
    const rows = shown.slice(0, mostRows).map(s => this.symbol(s));
    if (shown.length > rows.length) rows.push(more(shown.length - rows.length, 'variable'));
    return this.box(pad, y, this.stackWidth, '', '', rows, 'static', false, 0, 0);
  }

  private symbol(s: StaticSymbol): Row {
    return {
      name: shortName(s.name),
      text: this.short(s.value),
      note: '',
      address: s.address,
      pointer: s.value.pointer,
      quiet: false,
      changed: this.changed(`static/${s.name}`, s.value),
    };
  }

  private heap(top: number): number {
    const shown = shownObjects(this.state, this.view.library);
    const own = ownObjects(this.state, this.view.library);
    const hidden = this.state.objects.length - own.length;
    let y = top;
    this.title(this.heapLeft, y, 'Heap', heapWords(own, this.state), 'heap');
    y += headHeight + 2;
    const classes = new Map<number, ObjectState[]>();
    for (const o of shown) {
      const size = isTiny(o) ? tinyBlock - 1 : o.size;
      classes.set(size, [...(classes.get(size) ?? []), o]);
    }
    for (const [size, objects] of [...classes].sort((a, b) => a[0] - b[0])) {
      const spans = counted(new Set(objects.map(o => o.span)).size, 'span');
      const words = isTiny(objects[0]!)
        ? `tiny objects: they share blocks of ${bytes(tinyBlock)}`
        : `${bytes(size)} ${objects[0]!.sizeClass === 0 ? 'large object' : 'size class'}`;
      this.text(this.heapLeft, y + 12, this.fit(`${words} · ${spans}`, this.heapWidth), 'quiet');
      y += rowHeight;
      for (const o of objects) y = this.object(o, y) + 5;
      y += 3;
    }
    if (!shown.length) {
      this.text(this.heapLeft, y + 13, 'Your code has nothing on the heap at this moment.', 'quiet');
      y += rowHeight;
    }
    const rest = own.length - shown.length + this.state.objectsOmitted;
    if (rest > 0) {
      this.text(this.heapLeft, y + 12, `${counted(rest, 'more object')}, not drawn`, 'quiet');
      y += rowHeight;
    }
    if (hidden > 0) {
      const whose = this.view.library ? '' : ' of the library’s';
      this.text(this.heapLeft, y + 12, `${counted(hidden, 'more object')}${whose}`, 'quiet');
      y += rowHeight;
    }
    this.lanes.push({ id: 'heap', title: 'Heap', top, height: y - top, sentence: '' });
    return y;
  }

  private object(o: ObjectState, top: number): number {
    const key = `heap/${o.event}`;
    const parts = alike(o.value.parts);
    const rows: Row[] = parts.slice(0, mostRows).map(p => this.part(o, key, p));
    const drawn = parts.slice(0, mostRows).reduce((n, p) => n + p.length, 0);
    const rest = o.value.parts.length - drawn + o.value.omitted;
    if (rest > 0) rows.push(more(rest, 'value'));
    if (!rows.length && o.value.text)
      rows.push({
        name: '',
        text: o.value.text,
        note: '',
        address: o.address,
        pointer: o.pointers[0]?.to ?? o.value.pointer,
        quiet: false,
        changed: this.changed(key, o.value),
      });
    const place = o.billedLine ? `line ${o.billedLine}` : '';
    const note = o.reachable ? place : `garbage${place ? `, ${place}` : ''}`;
    return this.box(
      this.heapLeft,
      top,
      this.heapWidth,
      objectWords(o),
      note,
      rows,
      'heap',
      !o.reachable,
      o.address,
      o.size,
    );
  }

  private part(o: ObjectState, key: string, run: readonly Part[]): Row {
    const p = run[0]!;
    const captured = closureText(o.type) === null ? null : /^(?:F|X(\d+))$/.exec(p.name);
    const name = captured ? (captured[1] ? `captured ${Number(captured[1]) + 1}` : 'code') : p.name;
    return {
      name: run.length > 1 ? `${name.slice(0, -1)}…${run.at(-1)!.name.slice(1)}` : name,
      text: this.short(p.value),
      note: '',
      address: o.address + p.offset,
      pointer: p.value.pointer,
      quiet: false,
      changed: run.some(part => this.changed(`${key}.${part.name}`, part.value)),
    };
  }

  /** A frame or object: a head and its rows. `faded` is what has no bytes of its own, or is garbage. */
  private box(
    x: number,
    y: number,
    width: number,
    title: string,
    note: string,
    rows: readonly Row[],
    paint: Paint,
    faded: boolean,
    address: number,
    size: number,
  ): number {
    const head = title ? headHeight : 2;
    const height = head + rows.length * rowHeight + (rows.length ? 3 : 0);
    const selected = address !== 0 && this.view.selected === address;
    this.rect(x, y, width, height, 'raised', 'solid', address ? { kind: 'address', address } : undefined);
    this.rect(x, y, width, head, paint, faded ? 'hatch' : 'tint');
    this.outline(x, y, width, height, selected ? 'selected' : paint, selected ? 2 : 1, faded);
    if (title) {
      const room = width - 16 - note.length * 5.8;
      this.text(x + 6, y + 14, this.fit(title, room, codeWidth), 'text', true, 'start', true);
      this.text(x + width - 6, y + 14, note, 'quiet', false, 'end');
    }
    if (address) this.places.push({ address, size: Math.max(size, 1), x, y: y + head / 2, width });
    let at = y + head + 1;
    for (const row of rows) {
      this.row(row, x, at, width);
      at += rowHeight;
    }
    return y + height;
  }

  private row(row: Row, x: number, y: number, width: number): void {
    if (row.changed) this.rect(x + 1, y, width - 2, rowHeight, 'changed', 'solid');
    const paint: Paint = row.quiet ? 'quiet' : 'text';
    const names = row.name ? Math.min(110, Math.max(46, row.name.length * codeWidth + 14)) : 8;
    if (row.name)
      this.text(x + 8, y + 13, this.fit(row.name, names - 10, codeWidth), paint, false, 'start', true);
    const note = row.note ? row.note.length * 5.8 + 10 : 0;
    const dot = row.pointer ? 18 : 6;
    this.text(
      x + names + 4,
      y + 13,
      this.fit(row.text, width - names - note - dot - 8, codeWidth),
      paint,
      false,
      'start',
      true,
    );
    if (row.note) this.text(x + width - dot - 2, y + 13, row.note, 'quiet', false, 'end');
    if (row.pointer) {
      const from = { x: x + width - 9, y: y + rowHeight / 2 };
      this.sources.push({ ...from, to: row.pointer });
    }
    if (row.address) this.places.push({ address: row.address, size: 1, x, y: y + rowHeight / 2, width });
  }

  private arrows(): void {
    for (const s of this.sources) {
      const whole = this.places.filter(p => s.to >= p.address && s.to < p.address + p.size);
      const target = whole.sort((a, b) => a.size - b.size || a.address - b.address)[0];
      if (!target) continue;
      this.rect(s.x - 3, s.y - 3, 6, 6, 'text', 'solid', { kind: 'address', address: s.to });
      const strong =
        this.view.selected !== null && (this.view.selected === target.address || s.to === this.view.selected);
      const paint: Paint = strong ? 'selected' : 'quiet';
      if (target.x > s.x) this.curve(s.x, s.y, target.x - 1, target.y, paint, strong ? 2 : 1.2, 'left');
      else this.curve(s.x, s.y, target.x + target.width + 1, target.y, paint, strong ? 2 : 1.2, 'right');
    }
  }

  /** A curve from a row's dot to the side of a box, with a head. */
  private curve(
    x: number,
    y: number,
    tx: number,
    ty: number,
    paint: Paint,
    width: number,
    side: 'left' | 'right',
  ): void {
    const bend = side === 'left' ? Math.max(18, (tx - x) * 0.5) : 16 + Math.min(20, Math.abs(ty - y) / 8);
    const c1 = x + bend;
    const c2 = side === 'left' ? tx - bend : tx + bend;
    const xs: number[] = [];
    const ys: number[] = [];
    const end = side === 'left' ? tx - 5 : tx + 5;
    for (let i = 0; i <= 16; i++) {
      const t = i / 16;
      const u = 1 - t;
      xs.push(u * u * u * x + 3 * u * u * t * c1 + 3 * u * t * t * c2 + t * t * t * end);
      ys.push(u * u * u * y + 3 * u * u * t * y + 3 * u * t * t * ty + t * t * t * ty);
    }
    this.line(xs, ys, paint, width);
    this.head(tx, ty, side === 'left' ? 1 : -1, paint);
  }

  private arrow(x: number, y: number, tx: number, ty: number, paint: Paint, width: number): void {
    this.line([x, tx - 4], [y, ty], paint, width);
    this.head(tx, ty, 1, paint);
  }

  private head(x: number, y: number, direction: 1 | -1, paint: Paint): void {
    this.area([x - 7 * direction, x], [y - 4, y], [y + 4, y], paint, 'solid');
  }

  private changed(key: string, value: Value): boolean {
    return this.old !== null && this.old.get(key) !== `${value.text}@${value.pointer}`;
  }

  private short(value: Value): string {
    if (!value.parts.length || value.pointer) return value.text;
    const inner = value.parts.map(p => `${p.name.startsWith('[') ? '' : `${p.name}: `}${p.value.text}`);
    return `{${inner.join(', ')}${value.omitted ? ', …' : ''}}`;
  }

  private outline(
    x: number,
    y: number,
    w: number,
    h: number,
    paint: Paint,
    width: number,
    dashed: boolean,
  ): void {
    this.line([x, x + w, x + w, x, x], [y, y, y + h, y + h, y], paint, width, dashed ? [4, 3] : undefined);
  }
}

/** The parts of a value, elements that are the same in a row together. */
function alike(parts: readonly Part[]): Part[][] {
  const runs: Part[][] = [];
  for (const p of parts) {
    const last = runs.at(-1);
    const same = last?.[0]!.value.text === p.value.text && !p.value.pointer && p.name.startsWith('[');
    if (last && same && last[0]!.name.startsWith('[')) last.push(p);
    else runs.push([p]);
  }
  return runs;
}

const isTiny = (o: ObjectState): boolean => o.noscan && o.size < tinyBlock && o.asked > 0;

function more(n: number, what: string): Row {
  return {
    name: '',
    text: `${counted(n, `more ${what}`)} …`,
    note: '',
    address: 0,
    pointer: 0,
    quiet: true,
    changed: false,
  };
}

/** An address as Go prints it. */
export const hex = (n: number): string => `0x${n.toString(16)}`;

/** What a moment's picture shows, in a sentence or two. */
export function memorySentence(state: Inspection, library: boolean): string {
  const { place } = state;
  const objects = ownObjects(state, library);
  const where = state.ended
    ? 'The program is over.'
    : place
      ? `About to run line ${place.line} of ${shortName(place.function)}.`
      : 'No goroutine of yours runs.';
  const heap = objects.length
    ? ` ${library ? 'Here are' : 'Your code has'} ${heapWords(objects, state, ' on the heap')}.`
    : ' Your code has nothing on the heap.';
  return where + heap;
}
