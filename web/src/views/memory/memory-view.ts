// <escapement-memory>: the memory of the focused moment, as a picture and as text.
import { html, nothing } from 'lit';
import { LightElement } from '../light-element.js';
import { bytes, counted } from '../../base/format.js';
import {
  hex,
  layoutMemory,
  memorySentence,
  objectWords,
  shownFrames,
  shownGoroutines,
  shownObjects,
} from '../../model/memory-layout.js';
import { subjectAt, type Scene } from '../../model/scene.js';
import { shortName } from '../../model/timeline-layout.js';
import type { AliveStep, Inspection, Value } from '../../protocol/answers.generated.js';
import { drawScene } from '../../render/canvas.js';
import { sceneToSvg } from '../../render/svg.js';
import { themes } from '../../render/theme.js';
import type { Playground } from '../../state/playground.js';
import { WidthController } from '../width-controller.js';
import { WorkspaceController } from '../../state/workspace-controller.js';
import { saveFile, saveScene } from '../save.js';

export class MemoryView extends LightElement {
  static override properties = {
    playground: { attribute: false },
    width: { state: true },
    library: { state: true },
  };
  declare playground: Playground;
  declare width: number;
  /** Library frames and objects too. */
  declare library: boolean;
  private scene: Scene | null = null;

  constructor() {
    super();
    new WidthController(this);
    this.library = false;
    new WorkspaceController(this, w => [
      w.inspection,
      w.before,
      w.inspecting,
      w.alive,
      w.focus.address,
      w.run,
      w.theme,
    ]);
  }

  protected override render(): unknown {
    const { inspection, run } = this.playground.workspace;
    if (!run?.overview)
      return html`<p class="empty">
        Run the program, then step through it: its stacks, its heap objects and the pointers between them
        stand here.
      </p>`;
    if (!inspection)
      return html`<div class="empty">
        <p>
          Choose a moment: click the timeline, or step with ◀ ▶. Stacks stand at the left, heap objects at the
          right, an arrow is a pointer.
        </p>
        <button class="primary" @click=${() => void this.playground.step(false, 'line')}>
          Start at main
        </button>
        <button @click=${() => void this.playground.goTo({ end: true })}>Show the end</button>
      </div>`;
    return html`<div class="bar">
        <p class="sentence">${memorySentence(inspection, this.library)}</p>
        <button
          aria-pressed=${this.library}
          title="Frames and objects of the library and the runtime too"
          @click=${() => (this.library = !this.library)}
        >
          Library too
        </button>
        <span class="choice" role="group" aria-label="Save the picture">
          <button @click=${this.save} title="Save the picture as SVG">SVG</button>
          <button @click=${this.savePng} title="Save the picture as PNG">PNG</button>
        </span>
      </div>
      <div class="rows memory-place" tabindex="0" role="group" aria-label="Memory picture">
        ${this.chosen(inspection)}
        <canvas
          role="img"
          aria-label="Memory at this moment; the same as text follows."
          @click=${this.choose}
        ></canvas>
        <p class="legend quiet">
          <span><i class="changed"></i>changed by the last step</span>
          ${
            shownObjects(inspection, this.library).some(o => !o.reachable)
              ? html`<span><i class="gone"></i>garbage: nothing points to it</span>`
              : nothing
          }
          ${
            inspection.goroutines.some(g => shownFrames(g, this.library).some(f => f.inlined))
              ? html`<span><i class="stack-free"></i>inlined: part of its caller</span>`
              : nothing
          }
          <span>● ⟶ pointer</span>
        </p>
        ${this.text(inspection)}
      </div>`;
  }

  protected override updated(): void {
    const canvas = this.querySelector('canvas');
    const { inspection, before, focus, theme, run } = this.playground.workspace;
    if (!canvas || !inspection || this.width < 40) return;
    this.scene = layoutMemory(inspection, {
      width: Math.max(300, this.width - 4),
      selected: focus.address,
      before,
      library: this.library,
    });
    canvas.style.width = `${this.scene.width}px`;
    canvas.style.height = `${this.scene.height}px`;
    drawScene(canvas, this.scene, themes[theme]);
    const { event, step, statement } = inspection.moment;
    canvas.dataset.moment = `${run!.number}:${event}.${step}.${statement}`;
  }

  /** The selected object in words, and why it is alive. */
  private chosen(state: Inspection): unknown {
    const { focus, alive } = this.playground.workspace;
    if (focus.address === null) return nothing;
    const object = state.objects.find(
      o => focus.address! >= o.address && focus.address! < o.address + o.size,
    );
    if (!object) return nothing;
    return html`<p class="chosen" role="status">
      <strong>${objectWords(object)}</strong>, ${bytes(object.size)} at
      ${hex(object.address)}${object.billedLine ? `, from line ${object.billedLine}` : ''}.
      ${
        alive
          ? alive.alive
            ? html`Alive because
              ${alive.path.map((s, i) => html`${i ? ' → ' : ''}<span class="code">${aliveStep(s)}</span>`)}
              points to it.`
            : html`Nothing points to it any more: the next collection frees it.`
          : nothing
      }
    </p>`;
  }

  /** The picture as text. */
  private text(state: Inspection): unknown {
    const goroutines = shownGoroutines(state, this.library);
    const objects = shownObjects(state, this.library);
    const select = (address: number) => (): void => void this.playground.select(address);
    return html`<details class="as-text">
      <summary>As text</summary>
      ${goroutines.map(
        g =>
          html`<h3>
              ${g.id === 1 ? 'main' : `Goroutine ${g.id}`}: ${g.status}${g.reason ? `, ${g.reason}` : ''};
              ${bytes(g.stackUsed)} of ${bytes(g.stackHigh - g.stackLow)} of stack
            </h3>
            <ul>
              ${shownFrames(g, this.library).map(
                f =>
                  html`<li>
                    <span class="code">${shortName(f.function)}</span> at line ${f.line},
                    ${f.inlined ? 'inlined' : bytes(f.size)}
                    <ul>
                      ${f.variables.map(
                        v =>
                          html`<li>
                            <span class="code"
                              >${v.name} ${v.type} = ${v.live ? inWords(v.value) : '(not live)'}</span
                            >,
                            ${v.where === 'register' ? 'in a register' : `on the ${v.where} at ${hex(v.address)}`}
                          </li>`,
                      )}
                    </ul>
                  </li>`,
              )}
            </ul>`,
      )}
      ${
        state.statics.length
          ? html`<h3>Static region</h3>
              <ul>
                ${state.statics.map(s => html`<li><span class="code">${s.name} ${s.type} = ${inWords(s.value)}</span> at ${hex(s.address)}</li>`)}
              </ul>`
          : nothing
      }
      <h3>Heap: ${counted(objects.length, 'object')}</h3>
      <ul>
        ${objects.map(
          o =>
            html`<li>
              <button class="link code" @click=${select(o.address)}>${hex(o.address)}</button>
              <span class="code">${objectWords(o)} ${inWords(o.value)}</span>,
              ${bytes(o.size)}${o.billedLine ? `, from line ${o.billedLine}` : ''}${o.reachable ? '' : ', garbage'}
            </li>`,
        )}
      </ul>
    </details>`;
  }

  private readonly choose = (e: MouseEvent): void => {
    if (!this.scene) return;
    const subject = subjectAt(this.scene, e.offsetX, e.offsetY);
    const address = subject?.kind === 'address' ? subject.address : null;
    const state = this.playground.workspace.inspection!;
    const object = state.objects.find(
      o => address !== null && address >= o.address && address < o.address + o.size,
    );
    void this.playground.select(object?.address ?? address);
  };

  private readonly save = (): void => {
    if (this.scene) saveFile('memory.svg', sceneToSvg(this.scene, themes.light), 'image/svg+xml');
  };

  private readonly savePng = (): void => {
    if (this.scene) saveScene('memory.png', this.scene);
  };
}

function aliveStep(s: AliveStep): string {
  if (s.kind === 'frame') return `${s.name} in ${shortName(s.function)}`;
  if (s.kind === 'object') return s.name ? `${s.type || 'object'}.${s.name}` : s.type || hex(s.address);
  return s.name;
}

/** A value with its parts, on one line. */
function inWords(v: Value): string {
  const parts = v.parts.length
    ? `{${v.parts.map(p => `${p.name}: ${inWords(p.value)}`).join(', ')}${v.omitted ? ', …' : ''}}`
    : v.text;
  return v.pointer ? `${v.text} → ${hex(v.pointer)}` : parts;
}

customElements.define('escapement-memory', MemoryView);
