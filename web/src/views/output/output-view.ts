// <escapement-output>: what the program wrote, and how it ended.
import { html, nothing } from 'lit';
import { LightElement } from '../light-element.js';
import { count, counted } from '../../base/format.js';
import type { Playground } from '../../state/playground.js';
import { WorkspaceController } from '../../state/workspace-controller.js';
import type { RunState } from '../../state/workspace.js';

export class OutputView extends LightElement {
  static override properties = { playground: { attribute: false }, asking: { state: true } };
  declare playground: Playground;
  /** The program's standard input is shown. */
  declare asking: boolean;
  private atEnd = true;

  constructor() {
    super();
    this.asking = false;
    new WorkspaceController(this, w => [
      w.run,
      w.check,
      w.revision,
      w.options.input,
      w.engine,
      w.engineMessage,
    ]);
  }

  protected override willUpdate(): void {
    const box = this.querySelector('pre');
    this.atEnd = !box || box.scrollTop + box.clientHeight >= box.scrollHeight - 4;
  }

  protected override updated(): void {
    const box = this.querySelector('pre');
    if (box && this.atEnd) box.scrollTop = box.scrollHeight;
  }

  protected override render(): unknown {
    const { run, revision, engine, engineMessage, options } = this.playground.workspace;
    const asking = this.asking || options.input !== '';
    const stale = run !== null && run.revision !== revision;
    const failed = run !== null && (run.exitStatus !== 0 || run.state === 'not compiled');
    return html`<div class="head">
        <h2>Output</h2>
        <button
          class="link"
          aria-expanded=${asking}
          @click=${() => {
            this.asking = !asking;
            if (asking) this.playground.setOptions({ input: '' });
          }}
        >
          ${asking ? 'no input' : 'give input'}
        </button>
      </div>
      ${
        asking
          ? html`<label class="stdin"
              ><span class="quiet">Standard input</span>
              <textarea
                rows="2"
                spellcheck="false"
                .value=${options.input}
                @change=${(e: Event) => this.playground.setOptions({ input: (e.target as HTMLTextAreaElement).value })}
              ></textarea>
            </label>`
          : nothing
      }
      <pre
        class="${stale ? 'stale' : ''} ${failed ? 'failed' : ''}"
        tabindex="0"
        role="group"
        aria-label="Program output"
      >
${this.body(run)}</pre>
      <p class="status" role="status" data-state=${run?.state ?? 'none'}>
        ${engine === 'failed' ? html`<strong>The engine did not start:</strong> ${engineMessage}. Reload the page to try again.` : (this.fault(stale || !run) ?? (run ? this.ending(run) : 'Not run yet.'))}
        ${stale && run.state !== 'running' ? html`<span class="quiet"> What is shown is of an earlier version of the program.</span>` : nothing}
      </p>
      ${this.warning()}`;
  }

  /** What go vet has against the text as it stands: it compiles, and hardly does what was meant. */
  private warning(): unknown {
    const { check, revision } = this.playground.workspace;
    if (!check || check.revision !== revision) return nothing;
    const [first, ...more] = check.answer.messages.filter(m => m.severity === 'warning');
    if (!first) return nothing;
    return html`<p class="status vet">
      <strong>go vet warns:</strong> ${first.position}:
      ${first.text}${more.length ? ` (and ${counted(more.length, 'warning')} more)` : ''}
    </p>`;
  }

  /** What the compiler has against the text as it stands, while no run of it says so. */
  private fault(unrun: boolean): unknown {
    const { check, revision } = this.playground.workspace;
    if (!unrun || !check || check.revision !== revision || check.answer.ok) return null;
    const [first, ...more] = check.answer.messages.filter(m => m.severity === 'error');
    if (!first) return null;
    return html`<strong>Does not compile:</strong>
      ${first.position ? `${first.position}: ` : ''}${first.text}${more.length ? ` (and ${counted(more.length, 'error')} more)` : ''}`;
  }

  private body(run: RunState | null): unknown {
    const { check } = this.playground.workspace;
    if (run?.state === 'not compiled' && check) {
      return check.answer.messages
        .filter(m => m.severity === 'error')
        .map(m => html`<span class="stderr">${m.position ? `${m.position}: ` : ''}${m.text}${'\n'}</span>`);
    }
    return run?.output.map(p =>
      p.stream === 'error' ? html`<span class="stderr">${p.text}</span>` : p.text,
    );
  }

  private ending(run: RunState): unknown {
    const steps = counted(run.steps, 'step');
    switch (run.state) {
      case 'running':
        return html`Running: ${steps}, ${counted(run.events, 'event')} …`;
      case 'stopped':
        return html`<strong>Stopped</strong> after ${steps}. Output and trace up to there are kept.`;
      case 'not compiled':
        return html`<strong>The program does not compile.</strong>`;
      case 'failed':
        return html`<strong>Escapement failed, not your program:</strong> ${run.failure}`;
      case 'exited':
        return html`${
          run.exitStatus === 0
            ? html`Exited normally after
              ${steps}${run.milliseconds ? ` in ${count(run.milliseconds)} ms` : ''}.`
            : html`<strong>Exit status ${run.exitStatus}</strong> after ${steps}.`
        }
        ${run.note ?? ''} ${unfinished(run)}`;
    }
  }
}

/** A program whose main returns first may print otherwise under another schedule. */
function unfinished(run: RunState): string {
  const left =
    run.overview?.goroutines.filter(g => g.id !== 1 && g.owner === 'mine' && g.end < 0).length ?? 0;
  if (left === 0 || run.exitStatus !== 0) return '';
  return `${counted(left, 'goroutine')} had not finished when main returned: this is one of the outputs the real Go may give.`;
}

customElements.define('escapement-output', OutputView);
