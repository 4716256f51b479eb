// <escapement-playground>: the whole page's one part, and it may stand on a page more than once. Attributes:
// example (a name from the menu), permalink (this one owns the address's fragment).
import { LitElement, html, nothing } from 'lit';
import { decodeProgram, encodeProgram } from '../state/permalink.js';
import { Playground } from '../state/playground.js';
import { WorkspaceController } from '../state/workspace-controller.js';
import '../views/allocations/allocations-view.js';
import '../views/editor/editor-view.js';
import '../views/output/output-view.js';
import '../views/timeline/timeline-view.js';
import '../views/verdicts/verdicts-view.js';
import { engineClient } from './engine.js';
import { examples, firstExample } from './examples.js';
import { help } from './help.js';

type Tab = 'allocations' | 'verdicts';

const floors = [
  ['4 MiB (Go)', 4 << 20],
  ['1 MiB', 1 << 20],
  ['256 KiB', 256 << 10],
  ['64 KiB', 64 << 10],
  ['16 KiB', 16 << 10],
] as const;

let count = 0;

export class PlaygroundElement extends LitElement {
  static override properties = {
    example: {},
    permalink: { type: Boolean },
    tab: { state: true },
    notice: { state: true },
  };
  declare example: string | undefined;
  declare permalink: boolean;
  declare tab: Tab;
  /** A sentence in the bar: the link was copied, or is damaged. */
  declare notice: string;
  readonly playground: Playground;
  private readonly number = ++count;
  private linkTimer: ReturnType<typeof setTimeout> | undefined;
  private noticeTimer: ReturnType<typeof setTimeout> | undefined;
  private ownFragment = '';
  private linked = 0;

  constructor() {
    super();
    this.tab = 'allocations';
    this.notice = '';
    this.playground = new Playground(engineClient(), firstExample.text, preferredTheme());
    new WorkspaceController(this, w => [
      w.run?.state,
      w.theme,
      w.options,
      w.engine,
      w.engineMessage,
      w.revision,
    ]);
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    globalThis.addEventListener('hashchange', this.fragmentChanged);
    void this.begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    globalThis.removeEventListener('hashchange', this.fragmentChanged);
  }

  /** The first program: the address's, the attribute's, or the first example, which is run at once. */
  private async begin(): Promise<void> {
    const chosen = examples.find(e => e.name === this.example);
    if (chosen) this.playground.replaceProgram(chosen.text);
    const shared = this.permalink ? await this.readFragment() : null;
    if (shared !== null) this.playground.replaceProgram(shared);
    const first = this.playground.workspace.revision;
    this.linked = first;
    await this.playground.open();
    const { engine, check, revision, run } = this.playground.workspace;
    const untouched = revision === first && run === null;
    if (engine === 'ready' && check?.answer.ok && untouched && shared === null) await this.playground.run();
  }

  protected override updated(): void {
    const { theme, revision } = this.playground.workspace;
    document.documentElement.dataset.theme = theme;
    if (this.permalink && revision !== this.linked) {
      this.linked = revision;
      clearTimeout(this.linkTimer);
      this.linkTimer = setTimeout(() => void this.writeFragment(), 400);
    }
  }

  protected override render(): unknown {
    const { run, theme, options, engine, engineMessage } = this.playground.workspace;
    const running = run?.state === 'running';
    return html`
      <section class="toolbar" aria-label="Controls">
        <h1><span class="mark" aria-hidden="true"></span>Escapement</h1>
        <label class="field"
          ><span class="visually-hidden">Example</span>
          <select class="examples" @change=${this.chooseExample}>
            <option value="" selected>Examples</option>
            ${examples.map(e => html`<option value=${e.name}>${e.title}</option>`)}
          </select>
        </label>
        <button
          class="primary"
          ?disabled=${engine !== 'ready'}
          @click=${() => void this.playground.run()}
          title="Shift+Enter"
        >
          Run
        </button>
        <button ?disabled=${!running} @click=${() => void this.playground.stop()}>Stop</button>
        <button @click=${this.share} title="Copy a link to this program (Ctrl+S)">Share</button>
        <span class="settings">
          <label class="field"
            >GOGC
            <select @change=${(e: Event) => this.playground.setOptions({ gcPercent: Number(value(e)) })}>
              ${[100, 50, 200, 400, -1].map(n => html`<option value=${n} ?selected=${options.gcPercent === n}>${n < 0 ? 'off' : n}</option>`)}
            </select>
          </label>
          <label
            class="field"
            title="The collector does not start below this much heap; a lower floor shows cycles in small programs"
            >heap floor
            <select @change=${(e: Event) => this.playground.setOptions({ heapMinimum: Number(value(e)) })}>
              ${floors.map(([name, n]) => html`<option value=${n} ?selected=${options.heapMinimum === n}>${name}</option>`)}
            </select>
          </label>
          <label class="field"
            >seed
            <input
              type="number"
              min="1"
              max="9999"
              .value=${String(options.seed)}
              @change=${(e: Event) => this.playground.setOptions({ seed: Math.max(1, Number(value(e)) || 1) })}
            />
          </label>
        </span>
        <span class="notice" role="status"
          >${this.notice || (engine === 'loading' ? 'Loading the engine …' : nothing)}</span
        >
        <button
          class="theme"
          popovertarget=${this.partId('help')}
          aria-label="Help"
          title="Keys, and how to read the page"
        >
          ?
        </button>
        <button
          class="theme"
          aria-label="${theme === 'dark' ? 'Light' : 'Dark'} colours"
          title=${engineMessage}
          @click=${() => this.playground.setTheme(theme === 'dark' ? 'light' : 'dark')}
        >
          ◐
        </button>
        ${help(this.partId('help'))}
      </section>
      <div class="panes">
        <div class="left">
          <section
            class="pane editor"
            aria-label="Editor"
            @share=${this.share}
            @leave-editor=${this.leaveEditor}
          >
            <escapement-editor .playground=${this.playground}></escapement-editor>
          </section>
          <section class="pane output" aria-label="Output">
            <h2>Output</h2>
            <escapement-output .playground=${this.playground}></escapement-output>
          </section>
        </div>
        <div class="right">
          <section class="pane timeline" aria-label="Timeline">
            <escapement-timeline .playground=${this.playground}></escapement-timeline>
          </section>
          <section class="pane tables" aria-label="Tables">
            <div class="tabs" role="tablist" aria-label="Tables" @keydown=${this.tabKey}>
              ${(['allocations', 'verdicts'] as const).map(
                t =>
                  html`<button
                    role="tab"
                    id=${this.partId(`tab-${t}`)}
                    aria-controls=${this.partId(`panel-${t}`)}
                    aria-selected=${this.tab === t}
                    tabindex=${this.tab === t ? 0 : -1}
                    @click=${() => (this.tab = t)}
                  >
                    ${t === 'allocations' ? 'Allocations' : 'Verdicts'}
                  </button>`,
              )}
            </div>
            <div
              role="tabpanel"
              id=${this.partId('panel-allocations')}
              aria-labelledby=${this.partId('tab-allocations')}
              ?hidden=${this.tab !== 'allocations'}
            >
              <escapement-allocations .playground=${this.playground}></escapement-allocations>
            </div>
            <div
              role="tabpanel"
              id=${this.partId('panel-verdicts')}
              aria-labelledby=${this.partId('tab-verdicts')}
              ?hidden=${this.tab !== 'verdicts'}
            >
              <escapement-verdicts .playground=${this.playground}></escapement-verdicts>
            </div>
          </section>
        </div>
      </div>
    `;
  }

  private partId(name: string): string {
    return `playground-${this.number}-${name}`;
  }

  private readonly chooseExample = (e: Event): void => {
    const select = e.target as HTMLSelectElement;
    const chosen = examples.find(x => x.name === select.value);
    select.value = '';
    if (chosen) this.playground.replaceProgram(chosen.text);
  };

  private readonly tabKey = (e: KeyboardEvent): void => {
    if (e.key !== 'ArrowLeft' && e.key !== 'ArrowRight') return;
    this.tab = this.tab === 'allocations' ? 'verdicts' : 'allocations';
    void this.updateComplete.then(() =>
      this.querySelector<HTMLElement>('[role=tab][aria-selected=true]')?.focus(),
    );
  };

  private readonly leaveEditor = (): void => {
    this.querySelector<HTMLElement>('button.primary')?.focus();
    this.say('Left the editor.');
  };

  private readonly share = async (): Promise<void> => {
    const fragment = await encodeProgram(this.playground.workspace.files[0]!.text);
    const link = new URL(location.href);
    link.hash = fragment;
    if (this.permalink) await this.writeFragment();
    try {
      await navigator.clipboard.writeText(link.href);
      this.say('Link copied.');
    } catch {
      this.say(this.permalink ? 'The link is in the address bar.' : 'The link could not be copied.');
    }
  };

  private say(sentence: string): void {
    this.notice = sentence;
    clearTimeout(this.noticeTimer);
    this.noticeTimer = setTimeout(() => (this.notice = ''), 4000);
  }

  private async writeFragment(): Promise<void> {
    this.ownFragment = await encodeProgram(this.playground.workspace.files[0]!.text);
    history.replaceState(null, '', this.ownFragment);
  }

  private async readFragment(): Promise<string | null> {
    try {
      return await decodeProgram(location.hash);
    } catch (error) {
      this.say(error instanceof Error ? `${error.message}.` : '');
      return null;
    }
  }

  private readonly fragmentChanged = async (): Promise<void> => {
    if (!this.permalink || location.hash === this.ownFragment) return;
    const shared = await this.readFragment();
    if (shared !== null) this.playground.replaceProgram(shared);
  };
}

const value = (e: Event): string => (e.target as HTMLInputElement | HTMLSelectElement).value;

function preferredTheme(): 'light' | 'dark' {
  return globalThis.matchMedia?.('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

customElements.define('escapement-playground', PlaygroundElement);
