// <escapement-snippet>: a Go program in someone's page. It rests as a drawing of a snapshot and loads no engine; the
// first click wakes it. docs/widget.md is its reference. What is private is so for the page's scripts too.
import type { Snapshot } from '../protocol/answers.generated.js';
import { encodeProgram } from '../state/permalink.js';
import type { Awake } from './awake.js';
import { mostText, views, type WidgetView } from './choices.js';
import { drawPicture, drawProgram, make } from './rest-view.js';
import { style } from './snippet-style.js';

const attributes = [
  'src',
  'snapshot',
  'view',
  'moment',
  'theme',
  'loading',
  'readonly',
  'height',
  'engine',
  'name',
] as const;
const mostSnapshot = 16 << 20;

let sheet: CSSStyleSheet | undefined;
/** Where this script came from: the engine's frames lie beside it. */
let defaultEngine: string | undefined;

/** The engine's address for widgets that name none. */
export function setEngine(address: string): void {
  defaultEngine = address;
}

export class SnippetElement extends HTMLElement {
  static observedAttributes = attributes;
  readonly #root: HTMLElement;
  readonly #title = make('b', 'name');
  readonly #status = make('span', 'status');
  readonly #run = make('button', 'run', 'Run');
  readonly #link = make('a', 'open', 'Open in playground');
  readonly #body = make('div', 'body');
  #text = '';
  #snapshot: Snapshot | null = null;
  #state: 'new' | 'loading' | 'rest' | 'waking' = 'new';
  #awake: Awake | null = null;
  #running = false;
  #ends: (() => void)[] = [];

  constructor() {
    super();
    if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(style);
    const shadow = this.attachShadow({ mode: 'open' });
    shadow.adoptedStyleSheets = [sheet];
    this.#status.setAttribute('role', 'status');
    this.#link.target = '_blank';
    this.#root = make(
      'div',
      'root',
      make('div', 'bar', this.#title, this.#status, this.#run, this.#link),
      this.#body,
    );
    shadow.append(this.#root);
    this.#run.addEventListener('click', () => this.#pressed());
    this.#body.addEventListener('dblclick', () => void this.#wake(false));
  }

  connectedCallback(): void {
    this.#title.textContent = this.getAttribute('name') ?? 'main.go';
    this.#look();
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const look = (): void => this.#look();
    const observer = new MutationObserver(look);
    observer.observe(document.documentElement, { attributes: true });
    scheme.addEventListener('change', look);
    this.#ends.push(() => {
      observer.disconnect();
      scheme.removeEventListener('change', look);
    });
    if (this.#state === 'new') this.#begin();
  }

  disconnectedCallback(): void {
    for (const end of this.#ends.splice(0)) end();
    if (this.#state !== 'waking' && !this.#awake) return;
    // A frame does not live on without its place; the next click opens another.
    this.#awake?.close();
    this.#awake = null;
    void this.#rest();
  }

  attributeChangedCallback(
    name: (typeof attributes)[number],
    before: string | null,
    now: string | null,
  ): void {
    if (before === now || !this.isConnected) return;
    if (name === 'theme') this.#look();
    else if (name === 'name') this.#title.textContent = now ?? 'main.go';
    else if (this.#state === 'rest' && !this.#awake) void this.#load();
  }

  /** Loads what is to be drawn, when `loading` says so. */
  #begin(): void {
    const loading = this.getAttribute('loading');
    this.#ownText();
    this.#draw();
    if (loading === 'click') return this.#offer();
    if (loading === 'eager') return void this.#load().then(() => this.#wake(true));
    const observer = new IntersectionObserver(
      seen => {
        if (!seen.some(e => e.isIntersecting)) return;
        observer.disconnect();
        void this.#load();
      },
      { rootMargin: '300px' },
    );
    observer.observe(this);
    this.#ends.push(() => observer.disconnect());
  }

  /** The program in the element's own text, which readers without scripts see. */
  #ownText(): void {
    const code = this.querySelector('pre, code');
    if (code) this.#text = (code.textContent ?? '').replace(/^\n/, '').trimEnd() + '\n';
  }

  async #load(): Promise<void> {
    if (this.#state === 'loading' || this.#state === 'waking') return;
    this.#state = 'loading';
    try {
      const inline = this.querySelector('script[type="application/json"]')?.textContent;
      const [source, snapshot] = await Promise.all([
        this.#fetched('src', mostText),
        inline ?? this.#fetched('snapshot', mostSnapshot),
      ]);
      this.#snapshot = snapshot === null ? null : readSnapshot(snapshot);
      if (source !== null) this.#text = source;
      else if (!this.#text) this.#text = this.#snapshot?.files[0]?.text ?? '';
      if (!this.#text) throw new Error('there is no program');
    } catch (error) {
      this.#failed(error);
    }
    await this.#rest();
    this.#emit('ready', { state: this.#shown ? 'snapshot' : 'source' });
  }

  async #fetched(attribute: 'src' | 'snapshot', most: number): Promise<string | null> {
    const address = this.getAttribute(attribute);
    if (!address) return null;
    const response = await fetch(new URL(address, this.baseURI), { credentials: 'omit' });
    if (!response.ok) throw new Error(`${address}: ${response.status}`);
    const text = await response.text();
    if (text.length > most) throw new Error(`${address}: too large`);
    return text;
  }

  /** The snapshot, when it is of this very program. */
  get #shown(): Snapshot | null {
    return this.#snapshot?.files[0]?.text.trimEnd() === this.#text.trimEnd() ? this.#snapshot : null;
  }

  get #picture(): WidgetView {
    const view = this.getAttribute('view') as WidgetView;
    return views.includes(view) ? view : 'timeline';
  }

  /** Draws the widget at rest. */
  async #rest(): Promise<void> {
    this.#state = 'rest';
    try {
      this.#draw();
      await this.#drawRun();
    } catch {
      // A file that says it is a snapshot and is none: the program alone is shown.
      this.#snapshot = null;
      this.#draw();
      this.#failed(new Error('the snapshot is damaged'));
    }
  }

  async #drawRun(): Promise<void> {
    this.#offer();
    const snapshot = this.#shown;
    if (this.#snapshot && !snapshot)
      this.#status.textContent = 'The picture is of an earlier version of the program.';
    if (!snapshot) return;
    const width = Math.max(280, Math.min(1200, this.#body.clientWidth - 20 || 640));
    const event = /^event:(\d+)$/.exec(this.getAttribute('moment') ?? '');
    const playhead = event ? Number(event[1]) : (snapshot.inspection?.moment.event ?? null);
    const picture = await drawPicture(snapshot, this.#picture, width, playhead);
    if (this.#state !== 'rest' || snapshot !== this.#shown) return;
    if (picture) this.#body.append(picture);
    const said = snapshot.end.output + snapshot.end.errorOutput;
    if (said) {
      const output = make('pre', 'output', said);
      output.tabIndex = 0;
      output.setAttribute('role', 'group');
      output.setAttribute('aria-label', 'Program output');
      this.#body.append(output);
    }
  }

  #draw(): void {
    this.#body.replaceChildren(drawProgram(this.#text, this.#shown));
    const height = Number(this.getAttribute('height'));
    this.#body.style.height = height > 0 ? `${height}px` : '';
  }

  get #base(): URL | null {
    const address = this.getAttribute('engine') ?? defaultEngine;
    try {
      const base = new URL(address ?? '', this.baseURI);
      return address !== undefined && /^https?:$/.test(base.protocol) ? base : null;
    } catch {
      return null;
    }
  }

  /** Shows what can be done: run, and open in the playground. */
  #offer(): void {
    const engine = this.#base;
    this.#running = false;
    this.#run.textContent = 'Run';
    this.#run.hidden = this.#link.hidden = !engine;
    if (engine && this.#text)
      encodeProgram(this.#text).then(
        fragment => this.#setLink(engine, fragment + this.#linkedMoment),
        () => (this.#link.hidden = true),
      );
  }

  /** The snapshot's moment, as a link says it. */
  get #linkedMoment(): string {
    const moment = this.#shown?.inspection?.moment;
    return moment ? `&t=${moment.event}.${moment.step}.${moment.statement}` : '';
  }

  #setLink(engine: URL, fragment: string): void {
    this.#link.href = new URL(fragment, new URL('./', engine)).href;
  }

  #pressed(): void {
    if (!this.#awake) void this.#wake(true);
    else if (this.#running) this.#awake.stop();
    else this.#awake.run();
  }

  /** Opens the editing frame in the drawing's place. */
  async #wake(run: boolean): Promise<void> {
    const engine = this.#base;
    if (!engine || this.#state === 'waking' || this.#awake) return;
    if (this.#state === 'new') await this.#load();
    this.#state = 'waking';
    this.#status.textContent = 'Starting …';
    try {
      const { Awake } = await import('./awake.js');
      const awake = await Awake.open(
        {
          element: this,
          root: this.#root,
          body: this.#body,
          engine,
          text: this.#text,
          view: this.#picture,
          onReady: () => {
            this.#status.textContent = '';
            this.#emit('ready', { state: 'live' });
          },
          onRunning: running => {
            this.#running = running;
            this.#run.textContent = running ? 'Stop' : 'Run';
          },
          onLink: fragment => this.#setLink(engine, fragment),
          onEvent: (name, detail) => this.#emit(name, detail),
        },
        run,
      );
      if (this.#state === 'waking') this.#awake = awake;
      else awake.close();
    } catch (error) {
      this.#failed(error);
    }
    if (this.#state === 'waking') this.#state = 'rest';
  }

  #failed(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#status.textContent = `${message[0]?.toUpperCase()}${message.slice(1)}.`;
    this.#emit('error', { message });
  }

  /** `error` does not bubble, as the platform's own; the others do. */
  #emit(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: name !== 'error', composed: true }));
  }

  #look(): void {
    const theme = this.getAttribute('theme');
    this.#root.style.colorScheme = theme === 'light' || theme === 'dark' ? theme : '';
    this.#awake?.look();
  }
}

// Attributes are properties too.
for (const name of attributes)
  Object.defineProperty(SnippetElement.prototype, name, {
    get(this: SnippetElement) {
      return name === 'readonly' ? this.hasAttribute(name) : (this.getAttribute(name) ?? '');
    },
    set(this: SnippetElement, value: unknown) {
      if (name === 'readonly') this.toggleAttribute(name, Boolean(value));
      else this.setAttribute(name, String(value));
    },
  });

/** Reads a snapshot, or says what is wrong with it. */
export function readSnapshot(text: string): Snapshot {
  let snapshot: Snapshot;
  try {
    snapshot = JSON.parse(text) as Snapshot;
  } catch {
    throw new Error('the snapshot is damaged');
  }
  if (snapshot?.format !== 'escapement-snapshot' || snapshot.version !== 1)
    throw new Error('the snapshot is of another version');
  return snapshot;
}
