// <escapement-editor>: the program, with the compiler's verdicts drawn over it.
import { html, nothing, type PropertyValues } from 'lit';
import { LightElement } from '../light-element.js';
import type { Verdict } from '../../protocol/answers.generated.js';
import type { Playground } from '../../state/playground.js';
import { WorkspaceController } from '../../state/workspace-controller.js';
import { freshFacts } from '../../state/workspace.js';
import { explain, pathStops, type PathStop } from '../../model/verdict-words.js';
import type { EditorEvents, EditorPort } from './editor-port.js';
import {
  allocationNotes,
  factNotes,
  factSentence,
  faultMarks,
  inFile,
  verdictMarks,
  withSurprises,
} from './marks.js';
import { PlainEditor } from './plain-editor.js';

/** Below this width of the window the plain editor stays. */
const monacoWidth = 720;

const noPath: readonly PathStop[] = [];

export class EditorView extends LightElement {
  static override properties = {
    playground: { attribute: false },
    plain: { type: Boolean },
    locked: { type: Boolean },
  };
  declare playground: Playground;
  /** Never Monaco. */
  declare plain: boolean;
  /** The program may be read, not changed. */
  declare locked: boolean;
  private port: EditorPort | null = null;
  private place: HTMLElement | null = null;
  private visited = false;
  private upgrading = false;
  /** The verdict whose path is drawn. */
  private pathOf: Verdict | null = null;

  constructor() {
    super();
    new WorkspaceController(this, w => [
      w.files,
      w.active,
      w.facts,
      w.inspection,
      w.check,
      w.engine,
      w.allocations,
      w.focus.line,
      w.focus.verdicts,
      w.focus.verdict,
      w.theme,
    ]);
  }

  protected override render(): unknown {
    const v = this.selected();
    const w = this.playground.workspace;
    const fact = v && freshFacts(w)?.verdicts.find(f => f.verdict === w.focus.verdict);
    return html`<div class="editor-frame" @pointerenter=${this.visit} @focusin=${this.visit}>
        <div class="editor-place"></div>
      </div>
      ${
        v
          ? html`<p class="why-bar why-${v.region}" role="status">
              ${explain(v)}
              ${fact?.surprise ? html`<span class="run-said"><span class="surprise">surprise</span> The run: ${factSentence(fact)}</span>` : nothing}
              <span class="code">${v.file}:${v.line}:${v.column}: ${v.text}</span>
            </p>`
          : nothing
      }`;
  }

  protected override firstUpdated(): void {
    this.place = this.querySelector('.editor-place');
    this.port = new PlainEditor(this.place!, this.text, this.events(), this.locked);
  }

  /** Monaco is fetched when someone comes to the editor, and after the engine: readers do without. */
  private wantsMonaco(): boolean {
    const { engine } = this.playground.workspace;
    const may = !this.plain && !this.locked && globalThis.innerWidth >= monacoWidth;
    return may && this.visited && !this.upgrading && engine !== 'loading';
  }

  protected override updated(_: PropertyValues): void {
    const w = this.playground.workspace;
    if (!this.port) return;
    if (this.wantsMonaco()) {
      this.upgrading = true;
      void this.upgrade();
    }
    this.port.setText(this.text);
    this.port.setTheme(w.theme);
    const fresh = w.check?.revision === w.revision ? w.check.answer : null;
    if (fresh) {
      const name = w.files[w.active]!.name;
      const ofRun = w.run?.revision === w.revision;
      const facts = freshFacts(this.playground.workspace);
      const rows = ofRun && w.files.length === 1 ? (w.allocations?.rows ?? []) : [];
      const notes = w.files.length === 1 ? allocationNotes(rows) : factNotes(name, facts);
      this.port.setMarks(
        verdictMarks(this.text, name, fresh, w.focus.verdicts, facts),
        faultMarks(this.text, name, fresh),
        withSurprises(name, facts, notes),
      );
    }
    this.showPath();
    this.port.setLine(w.focus.line, w.focus.moment !== null);
  }

  private readonly visit = (): void => {
    if (this.visited) return;
    this.visited = true;
    this.requestUpdate();
  };

  /** The selected verdict, unless the text has changed since. */
  private selected(): Verdict | null {
    const { check, revision, focus, files, active } = this.playground.workspace;
    const verdict = focus.verdict === null ? undefined : check?.answer.verdicts[focus.verdict];
    const here = verdict && check?.revision === revision && inFile(verdict.file, files[active]!.name);
    return here ? verdict : null;
  }

  private showPath(): void {
    const verdict = this.selected();
    if (verdict && verdict === this.pathOf) return;
    this.pathOf = verdict;
    this.port!.setPath(verdict ? pathStops(verdict, this.text) : noPath);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.port?.dispose();
    this.port = null;
  }

  private get text(): string {
    return this.playground.workspace.files[this.playground.workspace.active]!.text;
  }

  /** Puts Monaco in the plain editor's place once it has arrived. */
  private async upgrade(): Promise<void> {
    const { mountMonaco } = await import('./monaco-editor.js');
    const plain = this.port;
    if (!this.isConnected || !plain || !this.place) return;
    const focused = this.contains(document.activeElement);
    this.port = mountMonaco(this.place, this.text, this.playground.workspace.theme, this.events());
    plain.dispose();
    this.pathOf = null;
    if (focused) this.port.focus();
    this.requestUpdate();
    this.dispatchEvent(new CustomEvent('editor-ready', { bubbles: true }));
  }

  private events(): EditorEvents {
    return {
      onText: text => this.playground.edit(text),
      onLine: line => {
        const { focus } = this.playground.workspace;
        if (focus.line !== null && focus.moment === null)
          this.playground.setFocus({ line: null, allocation: null });
        this.playground.selectVerdictOn(line);
        this.dispatchEvent(new CustomEvent('caret', { detail: line, bubbles: true }));
      },
      onRun: () => void this.playground.run(),
      onFormat: () => this.dispatchEvent(new CustomEvent('format', { bubbles: true })),
      onShare: () => this.dispatchEvent(new CustomEvent('share', { bubbles: true })),
      onLeave: () => this.dispatchEvent(new CustomEvent('leave-editor', { bubbles: true })),
    };
  }
}

customElements.define('escapement-editor', EditorView);
