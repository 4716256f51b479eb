// <escapement-playground>: the whole page's one part, and it may stand on a page more than once. Attributes:
// example (a name from the menu), permalink (this one owns the address's fragment, or its left or right part).
import { html, nothing } from 'lit';
import { LightElement } from '../views/light-element.js';
import { formatFiles } from '../base/txtar.js';
import { joinFragments, ownFragment, withOwnFragment, type Side } from '../state/address-part.js';
import { linkedProgram } from '../state/linked-program.js';
import { decodeProgram, decodeState, encodeProgram, encodeState } from '../state/permalink.js';
import type { KeptRun } from '../engine/trace-source.js';
import { Playground } from '../state/playground.js';
import { WorkspaceController } from '../state/workspace-controller.js';
import '../views/allocations/allocations-view.js';
import '../views/editor/editor-view.js';
import '../views/memory/memory-view.js';
import '../views/output/output-view.js';
import '../views/step/step-bar.js';
import '../views/timeline/timeline-view.js';
import '../views/verdicts/verdicts-view.js';
import { engineClient } from './engine.js';
import { examples, firstExample } from './examples.js';
import { fileTabs } from './file-tabs.js';
import { help } from './help.js';
import { optionsPanel } from './options-panel.js';
import { keepRecent, recentPrograms } from './recent.js';
import { saveMenu } from './save-menu.js';
import { pageTheme } from './theme.js';

type Tab = 'allocations' | 'verdicts' | 'memory';

let count = 0;

export class PlaygroundElement extends LightElement {
  static override properties = {
    example: {},
    permalink: {},
    tab: { state: true },
    notice: { state: true },
    half: { state: true },
  };
  declare example: string | undefined;
  declare permalink: '' | 'left' | 'right' | undefined;
  declare tab: Tab;
  /** A sentence in the bar: the link was copied, or is damaged. */
  declare notice: string;
  /** The part of the page that a small screen shows. */
  declare half: 'program' | 'picture';
  readonly playground: Playground;
  private readonly number = ++count;
  private linkTimer: ReturnType<typeof setTimeout> | undefined;
  private noticeTimer: ReturnType<typeof setTimeout> | undefined;
  /** The own fragment that it wrote last. */
  private written = '';
  private linked = '';

  constructor() {
    super();
    this.tab = 'allocations';
    this.notice = '';
    this.half = 'program';
    this.playground = new Playground(engineClient(), firstExample.text, pageTheme());
    new WorkspaceController(this, w => [
      w.run?.state,
      w.run?.overview,
      w.options,
      w.engine,
      w.engineMessage,
      w.revision,
      w.active,
      w.check,
      w.focus.moment,
      w.focus.line,
    ]);
  }

  override connectedCallback(): void {
    // What the document showed until now.
    this.replaceChildren();
    super.connectedCallback();
    globalThis.addEventListener('hashchange', this.fragmentChanged);
    document.addEventListener('escapement-theme', this.themeChanged);
    document.addEventListener('keydown', this.key);
    void this.begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    globalThis.removeEventListener('hashchange', this.fragmentChanged);
    document.removeEventListener('escapement-theme', this.themeChanged);
    document.removeEventListener('keydown', this.key);
  }

  /** The first program: the address's, the attribute's, or the first example, which is run at once. */
  private async begin(): Promise<void> {
    const chosen = examples.find(e => e.name === this.example);
    if (chosen) this.playground.replaceProgram(chosen.text);
    const shared = (await this.readFragment()) ?? (await this.readQuery());
    if (shared !== null) this.playground.replaceProgram(shared);
    const state = decodeState(shared === null ? '' : this.fragmentNow());
    if (Object.keys(state.options).length) this.playground.setOptions(state.options);
    const first = this.playground.workspace.revision;
    const kept = this.side === 'whole' && shared === null && !chosen ? keptRun() : null;
    if (kept) {
      this.tab = 'memory';
      this.playground.adopt(kept);
    }
    this.linked = this.linkState();
    await this.playground.open();
    this.dispatchEvent(new CustomEvent('ready', { bubbles: true }));
    const { engine, check, revision, run } = this.playground.workspace;
    const untouched = revision === first && !run?.number;
    if (engine !== 'ready' || !check?.answer.ok || !untouched) return;
    // A link is run when it points to a moment of the run, and not otherwise: it may be anybody's program.
    if (shared !== null && !state.moment) {
      if (state.line !== null) this.playground.setFocus({ line: state.line });
      return;
    }
    await this.playground.run(kept !== null);
    if (this.playground.workspace.revision !== first) return;
    if (state.moment) {
      this.tab = 'memory';
      await this.playground.goTo({ moment: state.moment });
    } else if (this.side === 'whole') {
      await this.explain(first);
    }
  }

  /** A first visit: the last line with its memory, and why the first heap value is on the heap. */
  private async explain(first: number): Promise<void> {
    this.tab = 'memory';
    await this.playground.lastLine();
    const { revision, run, focus } = this.playground.workspace;
    if (revision !== first || run?.number !== 1 || !focus.moment) return;
    this.playground.selectFirstPath();
    this.linked = this.linkState();
  }

  /** What the address says besides the program's text. */
  private linkState(): string {
    const { revision, options, focus } = this.playground.workspace;
    return `${revision}${encodeState({ options, moment: focus.moment, line: focus.line })}`;
  }

  protected override updated(): void {
    const now = this.linkState();
    if (this.side && this.linked && now !== this.linked) {
      this.linked = now;
      clearTimeout(this.linkTimer);
      this.linkTimer = setTimeout(() => void this.writeFragment(), 400);
    }
  }

  protected override render(): unknown {
    const { run, engine, engineMessage, check } = this.playground.workspace;
    const running = run?.state === 'running';
    const p = this.playground;
    const verdicts = check?.answer.verdicts.length ?? 0;
    const tabs: readonly (readonly [Tab, string, unknown])[] = [
      [
        'allocations',
        'Allocations',
        html`<escapement-allocations .playground=${p}></escapement-allocations>`,
      ],
      ['verdicts', 'Verdicts', html`<escapement-verdicts .playground=${p}></escapement-verdicts>`],
      ['memory', 'Memory', html`<escapement-memory .playground=${p}></escapement-memory>`],
    ];
    return html`
      <section class="toolbar" aria-label=${this.named('Controls')}>
        <button
          class="primary"
          ?disabled=${engine !== 'ready'}
          @click=${() => void p.run()}
          title="Shift+Enter"
        >
          Run
        </button>
        <button class="stop" ?disabled=${!running} @click=${() => void p.stop()}>Stop</button>
        <label class="field"
          ><span class="visually-hidden">Example</span>
          <select class="examples" @change=${this.chooseExample}>
            <option value="" selected>Examples</option>
            ${examples.map(e => html`<option value=${e.name}>${e.title}</option>`)}
            ${recentPrograms().map(r => html`<option value=${`recent:${r.title}`}>Recent: ${r.title}</option>`)}
          </select>
        </label>
        ${saveMenu(p, this.partId('save'), this.say, () => this.link())}
        <button @click=${this.share} title="Copy a link to this program (Ctrl+S)">Share</button>
        ${
          this.side === 'whole'
            ? html`<button
                class="spacious"
                @click=${this.compare}
                title="This program beside a copy of it, to change one"
              >
                Compare
              </button>`
            : nothing
        }
        ${optionsPanel(p, this.partId('options'))}
        <span class="choice pages" role="group" aria-label="Part of the page">
          <button aria-pressed=${this.half === 'program'} @click=${() => this.page('.left')}>Program</button>
          <button aria-pressed=${this.half === 'picture'} @click=${() => this.page('.right')}>Picture</button>
        </span>
        <button
          class="theme"
          popovertarget=${this.partId('help')}
          aria-label="Help"
          title="Keys, and how to read the page (?)"
        >
          ?
        </button>
        <span class="notice" role="status"
          >${this.notice || (engine === 'loading' ? 'Loading the engine …' : nothing)}</span
        >
        ${help(this.partId('help'), engineMessage)}
      </section>
      <div class="panes" @scroll=${this.swiped}>
        <div class="left">
          <section
            class="pane editor"
            aria-label=${this.named('Editor')}
            @share=${this.share}
            @format=${this.format}
            @leave-editor=${this.leaveEditor}
          >
            ${fileTabs(p, this.format)}
            <escapement-editor .playground=${p}></escapement-editor>
          </section>
          <section class="pane output" aria-label=${this.named('Output')}>
            <escapement-output .playground=${p}></escapement-output>
          </section>
        </div>
        <div class="right">
          <section class="pane timeline" aria-label=${this.named('Timeline')}>
            <escapement-timeline .playground=${p}></escapement-timeline>
          </section>
          <section class="pane tables" aria-label=${this.named('Details')}>
            <escapement-steps .playground=${p}></escapement-steps>
            <div class="tabs" role="tablist" aria-label="Details" @keydown=${this.tabKey}>
              ${tabs.map(
                ([t, name]) =>
                  html`<button
                    role="tab"
                    id=${this.partId(`tab-${t}`)}
                    aria-controls=${this.partId(`panel-${t}`)}
                    aria-selected=${this.tab === t}
                    tabindex=${this.tab === t ? 0 : -1}
                    @click=${() => (this.tab = t)}
                  >
                    ${name}${t === 'verdicts' && verdicts ? html` <span class="badge">${verdicts}</span>` : nothing}
                  </button>`,
              )}
            </div>
            ${tabs.map(
              ([t, , view]) =>
                html`<div
                  role="tabpanel"
                  id=${this.partId(`panel-${t}`)}
                  aria-labelledby=${this.partId(`tab-${t}`)}
                  ?hidden=${this.tab !== t}
                >
                  ${view}
                </div>`,
            )}
          </section>
        </div>
      </div>
    `;
  }

  /** On a small screen: swipes to a part. */
  private page(part: string): void {
    const calm = globalThis.matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.querySelector(part)?.scrollIntoView({
      behavior: calm ? 'auto' : 'smooth',
      inline: 'start',
      block: 'nearest',
    });
  }

  private readonly swiped = (e: Event): void => {
    const panes = e.currentTarget as HTMLElement;
    this.half = panes.scrollLeft > panes.clientWidth / 2 ? 'picture' : 'program';
  };

  /** A part's name, which says its side where there are two. */
  private named(part: string): string {
    return this.permalink ? `${part}, ${this.permalink}` : part;
  }

  private partId(name: string): string {
    return `playground-${this.number}-${name}`;
  }

  private readonly chooseExample = (e: Event): void => {
    const select = e.target as HTMLSelectElement;
    const name = select.value;
    const chosen = examples.find(x => x.name === name);
    select.value = '';
    const recent = recentPrograms().find(r => name === `recent:${r.title}`);
    if (chosen) this.playground.replaceProgram(chosen.text);
    else if (recent) this.playground.replaceProgram(recent.text);
  };

  private readonly tabKey = (e: KeyboardEvent): void => {
    if (e.key !== 'ArrowLeft' && e.key !== 'ArrowRight') return;
    const all: readonly Tab[] = ['allocations', 'verdicts', 'memory'];
    const by = e.key === 'ArrowRight' ? 1 : all.length - 1;
    this.tab = all[(all.indexOf(this.tab) + by) % all.length]!;
    void this.updateComplete.then(() =>
      this.querySelector<HTMLElement>('[role=tab][aria-selected=true]')?.focus(),
    );
  };

  private readonly format = async (): Promise<void> => {
    await this.playground.format().catch((error: Error) => this.say(`Not formatted: ${error.message}`));
  };

  private readonly leaveEditor = (): void => {
    this.querySelector<HTMLElement>('button.primary')?.focus();
    this.say('Left the editor.');
  };

  private readonly themeChanged = (e: Event): void => {
    this.playground.setTheme((e as CustomEvent<'light' | 'dark'>).detail);
  };

  /** Keys that work wherever one does not type: ? for help, / for the filter, [ and ] to step. */
  private readonly key = (e: KeyboardEvent): void => {
    const at = e.composedPath()[0] as HTMLElement;
    // Of several playgrounds the one with the focus is meant; the first where none has it.
    const meant =
      this.contains(at) || (at === document.body && document.querySelector(this.localName) === this);
    if (!meant) return;
    if (
      e.defaultPrevented ||
      e.ctrlKey ||
      e.metaKey ||
      e.altKey ||
      at.closest?.('input, textarea, .monaco-editor')
    )
      return;
    if (e.key === '?') this.querySelector<HTMLElement>(`#${this.partId('help')}`)?.showPopover();
    else if (e.key === '/') void this.search();
    else if (e.key === ']') void this.playground.step(false);
    else if (e.key === '[') void this.playground.step(true);
    else return;
    e.preventDefault();
  };

  /** Goes to the filter of the table that is shown. */
  private async search(): Promise<void> {
    if (this.tab === 'memory') this.tab = 'allocations';
    await this.updateComplete;
    const field = this.querySelector<HTMLElement>('[role=tabpanel]:not([hidden]) .filter');
    if (field) field.focus();
    else this.say('There are no rows to search yet.');
  }

  /** The fragment that brings back program, options, moment and selected line. */
  private async fragment(): Promise<string> {
    const { files, options, focus } = this.playground.workspace;
    const state = encodeState({ options, moment: focus.moment, line: focus.line });
    return (await encodeProgram(formatFiles(files))) + state;
  }

  /** The address that brings the program back. */
  private async link(): Promise<string> {
    const link = new URL(location.href);
    link.search = '';
    link.hash = withOwnFragment(location.hash, this.side ?? 'whole', await this.fragment());
    return link.href;
  }

  private readonly share = async (): Promise<void> => {
    const link = await this.link();
    if (this.side) await this.writeFragment();
    try {
      await navigator.clipboard.writeText(link);
      this.say('Link copied.');
    } catch {
      this.say(this.side ? 'The link is in the address bar.' : 'The link could not be copied.');
    }
  };

  /** Opens the page of two programs with this one on both sides. The way back finds the address written. */
  private readonly compare = async (): Promise<void> => {
    await this.writeFragment();
    const own = await this.fragment();
    location.assign(`./two.html${joinFragments(own, own)}`);
  };

  private readonly say = (sentence: string): void => {
    this.notice = sentence;
    clearTimeout(this.noticeTimer);
    this.noticeTimer = setTimeout(() => (this.notice = ''), 4000);
  };

  private async writeFragment(): Promise<void> {
    this.written = await this.fragment();
    history.replaceState(null, '', withOwnFragment(location.hash, this.side ?? 'whole', this.written));
    keepRecent(formatFiles(this.playground.workspace.files));
  }

  /** The part of the address's fragment that it owns; null: it owns none. */
  private get side(): Side | null {
    return this.permalink === undefined ? null : this.permalink || 'whole';
  }

  private fragmentNow(): string {
    return this.side ? ownFragment(location.hash, this.side) : '';
  }

  private async readFragment(): Promise<string | null> {
    try {
      return await decodeProgram(this.fragmentNow());
    } catch (error) {
      this.say(error instanceof Error ? `${error.message}.` : '');
      return null;
    }
  }

  /** The program that the address's query names, for the page's one playground. */
  private async readQuery(): Promise<string | null> {
    if (this.side !== 'whole' || !location.search) return null;
    try {
      return await linkedProgram(location.search, location.href);
    } catch (error) {
      this.say(error instanceof Error ? `${error.message}.` : '');
      return null;
    }
  }

  private readonly fragmentChanged = async (): Promise<void> => {
    if (!this.side || this.fragmentNow() === this.written) return;
    const shared = await this.readFragment();
    if (shared === null) return;
    this.playground.replaceProgram(shared);
    this.playground.setOptions(decodeState(this.fragmentNow()).options);
  };
}

/** The run of the first example that the document holds; null: none. */
function keptRun(): KeptRun | null {
  const text = document.querySelector('script#first-run')?.textContent;
  if (!text) return null;
  const snapshot = JSON.parse(text) as KeptRun;
  return snapshot.files[0]?.text === firstExample.text ? snapshot : null;
}

customElements.define('escapement-playground', PlaygroundElement);
