// <escapement-steps>: time travel. Where the playhead is, and the way to the next line, event or allocation and
// back; every view shows that moment.
import { html, nothing } from 'lit';
import { LightElement } from '../light-element.js';
import { count } from '../../base/format.js';
import { shortName } from '../../model/timeline-layout.js';
import type { Playground } from '../../state/playground.js';
import { WorkspaceController } from '../../state/workspace-controller.js';

const kinds = [
  ['line', 'Line'],
  ['event', 'Event'],
  ['allocation', 'Allocation'],
] as const;

export class StepBar extends LightElement {
  static override properties = { playground: { attribute: false } };
  declare playground: Playground;

  constructor() {
    super();
    new WorkspaceController(this, w => [w.run, w.focus, w.inspection, w.inspecting, w.stepNote]);
  }

  protected override render(): unknown {
    const p = this.playground;
    const { run, focus, inspection } = p.workspace;
    if (!run?.overview || run.state === 'running') return nothing;
    return html`<div class="steps" role="group" aria-label="Time travel" @keydown=${this.key}>
      <span class="choice">
        <button aria-label="Start of main" title="Start of main (Home)" @click=${this.first}>|◀</button>
        <button aria-label="Step back" title="One ${focus.stepBy} back ([)" @click=${() => void p.step(true)}>
          ◀
        </button>
        <button
          aria-label="Step forward"
          title="One ${focus.stepBy} forward (])"
          @click=${() => void p.step(false)}
        >
          ▶
        </button>
        <button
          aria-label="End of the run"
          title="End of the run (End)"
          @click=${() => void p.goTo({ end: true })}
        >
          ▶|
        </button>
      </span>
      <span class="choice" role="group" aria-label="Step by">
        ${kinds.map(
          ([kind, name]) =>
            html`<button aria-pressed=${focus.stepBy === kind} @click=${() => p.setFocus({ stepBy: kind })}>
              ${name}
            </button>`,
        )}
      </span>
      <span class="place" role="status">${this.place()}</span>
      ${
        inspection
          ? html`<button class="link" @click=${() => p.leaveMoment()} title="Leave time travel (Escape)">
              leave
            </button>`
          : nothing
      }
    </div>`;
  }

  private place(): unknown {
    const { inspection, run } = this.playground.workspace;
    const { stepNote } = this.playground.workspace;
    if (!inspection && stepNote) return stepNote;
    if (!inspection)
      return html`<span class="quiet"
        >Step through the run<span class="roomy">: every view shows that moment</span>.</span
      >`;
    const { moment, place, ended } = inspection;
    const where = ended
      ? 'the end'
      : place
        ? html`<strong>line ${place.line}</strong> of
            ${shortName(place.function)}${place.goroutine === 1 ? '' : `, goroutine ${place.goroutine}`}`
        : 'no line of yours';
    return html`${where}
      <span class="quiet"
        ><span class="roomy">· event ${count(moment.event)}</span> · step ${count(moment.step)} of
        ${count(run!.steps)}</span
      >`;
  }

  private readonly first = (): void => {
    void this.playground.goTo({ event: this.playground.workspace.run!.overview!.mainEvent });
  };

  private readonly key = (e: KeyboardEvent): void => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const actions: Record<string, () => void> = {
      ']': () => void this.playground.step(false),
      '[': () => void this.playground.step(true),
      Home: this.first,
      End: () => void this.playground.goTo({ end: true }),
      Escape: () => this.playground.leaveMoment(),
    };
    const action = actions[e.key];
    if (!action) return;
    e.preventDefault();
    action();
  };
}

customElements.define('escapement-steps', StepBar);
