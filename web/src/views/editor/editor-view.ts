// <escapement-editor>: the program, with the compiler's verdicts drawn over it.
import { LitElement, html, type PropertyValues } from 'lit';
import type { Playground } from '../../state/playground.js';
import { WorkspaceController } from '../../state/workspace-controller.js';
import type { EditorEvents, EditorPort } from './editor-port.js';
import { allocationNotes, factNotes, faultMarks, verdictMarks } from './marks.js';
import { PlainEditor } from './plain-editor.js';

/** Below this width of the window the plain editor stays. */
const monacoWidth = 720;

export class EditorView extends LitElement {
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

  constructor() {
    super();
    new WorkspaceController(this, w => [
      w.files,
      w.active,
      w.facts,
      w.inspection,
      w.check,
      w.allocations,
      w.focus.line,
      w.focus.verdicts,
      w.theme,
    ]);
  }

  // Monaco loses its styles in a shadow root.
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): unknown {
    return html`<div class="editor-place"></div>`;
  }

  protected override firstUpdated(): void {
    this.place = this.querySelector('.editor-place');
    this.port = new PlainEditor(this.place!, this.text, this.events(), this.locked);
    if (!this.plain && !this.locked && globalThis.innerWidth >= monacoWidth) void this.upgrade();
  }

  protected override updated(_: PropertyValues): void {
    const w = this.playground.workspace;
    if (!this.port) return;
    this.port.setText(this.text);
    this.port.setTheme(w.theme);
    const fresh = w.check?.revision === w.revision ? w.check.answer : null;
    if (fresh) {
      const name = w.files[w.active]!.name;
      const ofRun = w.run?.revision === w.revision;
      const facts = ofRun ? (w.facts?.facts ?? null) : null;
      const rows = ofRun && w.files.length === 1 ? (w.allocations?.rows ?? []) : [];
      this.port.setMarks(
        verdictMarks(this.text, name, fresh, w.focus.verdicts, facts),
        faultMarks(this.text, name, fresh),
        w.files.length === 1 ? allocationNotes(rows, facts) : factNotes(name, facts),
      );
    }
    this.port.setLine(w.focus.line, w.focus.moment !== null);
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
        this.dispatchEvent(new CustomEvent('caret', { detail: line, bubbles: true }));
      },
      onRun: () => void this.playground.run(),
      onShare: () => this.dispatchEvent(new CustomEvent('share', { bubbles: true })),
      onLeave: () => this.dispatchEvent(new CustomEvent('leave-editor', { bubbles: true })),
    };
  }
}

customElements.define('escapement-editor', EditorView);
