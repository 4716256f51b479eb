// The settings of a run, in a popover; the button that opens it says what they are.
import { html, type TemplateResult } from 'lit';
import { bytes } from '../base/format.js';
import { goRunOptions, type RunOptions } from '../protocol/questions.js';
import type { Playground } from '../state/playground.js';

const floors = [4 << 20, 1 << 20, 256 << 10, 64 << 10, 16 << 10];
const starts = [2 << 10, 4 << 10, 8 << 10, 32 << 10, 64 << 10];
const percents = [100, 50, 200, 400, -1];

const percent = (n: number): string => (n < 0 ? 'off' : String(n));

/** The settings in a few words; fewer where room is short. */
function words(o: RunOptions): TemplateResult {
  return html`<span class="narrow">⚙</span
    ><span class="wide"
      >GOGC ${percent(o.gcPercent)} · floor ${bytes(o.heapMinimum)} · stack ${bytes(o.stackStart)} · seed
      ${o.seed}</span
    >`;
}

/** The button and its popover. */
export function optionsPanel(p: Playground, id: string): TemplateResult {
  const { options } = p.workspace;
  const set = (name: keyof RunOptions) => (e: Event) =>
    p.setOptions({ [name]: Number((e.target as HTMLInputElement | HTMLSelectElement).value) || 1 });
  const known = (all: readonly number[], n: number): number[] => (all.includes(n) ? [...all] : [...all, n]);
  return html`<button class="settings" popovertarget=${id} title="Settings of the run">
      ${words(options)} ▾
    </button>
    <div id=${id} popover class="panel" role="dialog" aria-label="Settings of the run">
      <h2>Settings of the run</h2>
      <label class="field"
        ><span>GOGC<small>garbage allowed, in per cent of what is live</small></span>
        <select @change=${set('gcPercent')}>
          ${known(percents, options.gcPercent).map(n => html`<option value=${n} ?selected=${options.gcPercent === n}>${percent(n)}</option>`)}
        </select>
      </label>
      <label class="field"
        ><span>heap floor<small>below it the collector does not start; Go’s is 4 MiB</small></span>
        <select @change=${set('heapMinimum')}>
          ${known(floors, options.heapMinimum).map(n => html`<option value=${n} ?selected=${options.heapMinimum === n}>${bytes(n)}</option>`)}
        </select>
      </label>
      <label class="field"
        ><span>stack start<small>what a new goroutine’s stack begins with; Go’s is 2 KiB</small></span>
        <select @change=${set('stackStart')}>
          ${known(starts, options.stackStart).map(n => html`<option value=${n} ?selected=${options.stackStart === n}>${bytes(n)}</option>`)}
        </select>
      </label>
      <label class="field"
        ><span>seed<small>of what Go draws at random: select, map order</small></span>
        <input type="number" min="1" max="9999" .value=${String(options.seed)} @change=${set('seed')} />
      </label>
      <button @click=${() => p.setOptions({ ...goRunOptions, input: options.input })}>As Go has them</button>
    </div>`;
}
