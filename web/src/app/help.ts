// The help of the page: its keys, how to read the picture, and which figures are exact.
import { html, type TemplateResult } from 'lit';

const keys = [
  ['Shift+Enter, Ctrl+Enter', 'run'],
  ['Alt+Shift+F', 'lay the program out as gofmt does'],
  ['Ctrl+S', 'copy a link to the program'],
  ['Escape', 'leave the editor'],
  ['Ctrl+M', 'let Tab leave the editor'],
  ['← → or A D', 'pan the timeline'],
  ['↑ ↓, W S or + −', 'zoom the timeline'],
  ['0 or F', 'show the whole run'],
  ['. and ,', 'next and previous event'],
  ['] and [', 'one step forward, one back: by line, event or allocation'],
  ['/', 'filter the rows of a table; Escape shows them all'],
  ['?', 'this help'],
] as const;

const levels = [
  ['exact', 'output, exit status, compile errors, the compiler’s verdicts, sizes and number of heap objects'],
  ['modelled', 'the collector’s pace, stack growth, the sizes of stack frames: by the runtime’s own rules'],
  ['virtual', 'time: a clock of steps, so that the same program and seed give the same run'],
] as const;

/** The help as a popover with this id. */
export function help(id: string, engine: string): TemplateResult {
  return html`<div id=${id} popover class="help" role="dialog" aria-label="Help" tabindex="0">
    <h2>Reading the page</h2>
    <p>
      Each hue is a region: <span class="region region-static">static</span>
      <span class="region region-stack">stack</span> <span class="region region-heap">heap</span>. In the
      timeline solid is live, hatched is collected or unused. Underlined in the editor is what the compiler
      decided; at a line’s end stands what the run really put on the heap.
    </p>
    <h2>How true the figures are</h2>
    <dl>
      ${levels.map(
        ([level, what]) =>
          html`<dt>${level}</dt>
            <dd>${what}</dd>`,
      )}
    </dl>
    <h2>Keys</h2>
    <dl>
      ${keys.map(
        ([key, what]) =>
          html`<dt><kbd>${key}</kbd></dt>
            <dd>${what}</dd>`,
      )}
    </dl>
    <p class="quiet">${engine}</p>
  </div>`;
}
