// <escapement-allocations>: the heap allocations of the timeline's window, a row for each site and type. It
// mirrors the picture for people who do not see it.
import { html, nothing } from 'lit';
import { LightElement } from '../light-element.js';
import { filterField } from '../filter-field.js';
import { bytes, count, counted } from '../../base/format.js';
import { typeText, what } from '../../model/allocation-words.js';
import { passes } from '../../model/row-filter.js';
import { verdictOf } from '../../model/timeline-names.js';
import type { Allocation } from '../../protocol/answers.generated.js';
import type { Playground } from '../../state/playground.js';
import { WorkspaceController } from '../../state/workspace-controller.js';
import type { Workspace } from '../../state/workspace.js';

export class AllocationsView extends LightElement {
  static override properties = { playground: { attribute: false }, opened: { state: true } };
  declare playground: Playground;
  /** Lines whose library work is shown row by row. */
  declare opened: ReadonlySet<number>;

  constructor() {
    super();
    this.opened = new Set();
    new WorkspaceController(this, w => [w.allocations, w.run, w.focus, w.revision, w.check]);
  }

  protected override render(): unknown {
    const w = this.playground.workspace;
    const { allocations, run, focus } = w;
    if (!run)
      return html`<p class="empty">Run the program to see what it puts on the heap, line by line.</p>`;
    if (!allocations)
      return html`<p class="empty">
        ${run.state === 'running' ? 'Running …' : 'The program did not run, so it put nothing on the heap.'}
      </p>`;
    const rows = allocations.rows.filter(r =>
      passes(focus.filter, r.billedLine, this.what(r), typeText(r), r.function, r.billedFunction, r.owner),
    );
    const objects = rows.reduce((n, r) => n + r.objects, 0);
    const size = rows.reduce((n, r) => n + r.bytes, 0);
    return html`
      <div class="bar">
        <p class="sentence">
          ${counted(objects, 'heap object')},
          ${bytes(size)}${focus.window ? ' in the timeline’s window' : ''}${focus.filter ? ' with these words' : ''},
          by the line that caused them.
          ${allocations.omitted ? `${count(allocations.omitted)} more rows.` : nothing}
        </p>
        ${filterField('allocations', focus.filter, filter => this.playground.setFocus({ filter }))}
        <span class="choice" role="group" aria-label="Whose allocations">
          <button aria-pressed=${focus.mine} @click=${() => this.playground.setFocus({ mine: true })}>
            Mine
          </button>
          <button aria-pressed=${!focus.mine} @click=${() => this.playground.setFocus({ mine: false })}>
            All
          </button>
        </span>
      </div>
      <div
        class="rows ${run.revision === w.revision ? '' : 'stale'}"
        tabindex="0"
        role="group"
        aria-label="Allocation rows"
      >
        <table aria-label="Allocations">
          <thead>
            <tr>
              <th scope="col" class="number">Line</th>
              <th scope="col">What</th>
              <th scope="col">Type</th>
              <th scope="col" class="number">Objects</th>
              <th scope="col" class="number">Bytes</th>
              <th scope="col" class="number">Live at end</th>
              <th scope="col" class="number">Collected</th>
            </tr>
          </thead>
          <tbody>
            ${grouped(rows).map(g =>
              g.library.length
                ? html`${g.own.map(row => this.row(row, w))}${this.group(g)}${this.opened.has(g.line) ? g.library.map(row => this.row(row, w)) : nothing}`
                : g.own.map(row => this.row(row, w)),
            )}
          </tbody>
        </table>
        ${
          rows.length === 0
            ? html`<p class="empty">
                ${allocations.rows.length ? 'No row has these words.' : focus.mine ? 'Your code put nothing on the heap here.' : 'Nothing was put on the heap here.'}
              </p>`
            : nothing
        }
      </div>
    `;
  }

  private what(row: Allocation): string {
    return what(row, verdictOf(row, this.playground.workspace.check?.answer.verdicts ?? []));
  }

  /** What the library does on behalf of a line, in one row. */
  private group(g: LineRows): unknown {
    const sum = (of: (row: Allocation) => number): number => g.library.reduce((n, row) => n + of(row), 0);
    const open = this.opened.has(g.line);
    const toggle = (): void => {
      const opened = new Set(this.opened);
      if (!opened.delete(g.line)) opened.add(g.line);
      this.opened = opened;
    };
    const select = (): void =>
      this.playground.setFocus({ allocation: null, line: g.line > 0 ? g.line : null });
    return html`<tr class="group" @click=${select}>
      <td class="number">
        ${g.line > 0 ? html`<button class="link" @click=${select} aria-label="Line ${g.line}">${g.line}</button>` : '–'}
      </td>
      <td colspan="2">
        <button class="link" aria-expanded=${open} @click=${toggle}>
          ${open ? '▾' : '▸'} ${g.line > 0 ? 'library work for this line' : 'not by your code'}
        </button>
      </td>
      <td class="number">${count(sum(r => r.objects))}</td>
      <td class="number">${bytes(sum(r => r.bytes))}</td>
      <td class="number">${count(sum(r => r.live))}</td>
      <td class="number">${count(sum(r => r.freed))}</td>
    </tr>`;
  }

  private row(row: Allocation, w: Workspace): unknown {
    const select = (): void =>
      this.playground.setFocus({ allocation: row.key, line: row.billedLine || null });
    const selected =
      w.focus.allocation === row.key ||
      (w.focus.allocation === null && w.focus.line !== null && w.focus.line === row.billedLine);
    const verdict = verdictOf(row, w.check?.answer.verdicts ?? []);
    return html`<tr class=${selected ? 'selected' : ''} @click=${select} data-key=${row.key}>
      <td class="number">
        ${row.billedLine ? html`<button class="link" @click=${select} aria-label="Line ${row.billedLine}">${row.billedLine}</button>` : '–'}
      </td>
      <td class="code" title=${verdict ? verdict.text : ''}>
        ${wrapped(this.what(row))}${row.owner === 'mine' ? nothing : html`<span class="in quiet">in ${wrapped(row.function)}</span>`}
      </td>
      <td class="code">${wrapped(typeText(row))}</td>
      <td class="number">${count(row.objects)}</td>
      <td class="number" title="${count(row.bytes)} bytes">${bytes(row.bytes)}</td>
      <td class="number">${count(row.live)}</td>
      <td class="number">${count(row.freed)}</td>
    </tr>`;
  }
}

/** The rows of one line: the user's own, and the library's on its behalf. */
interface LineRows {
  readonly line: number;
  readonly own: Allocation[];
  readonly library: Allocation[];
}

/** The rows by line; lines with work of the user's own first. */
function grouped(rows: readonly Allocation[]): LineRows[] {
  const lines = new Map<number, LineRows>();
  for (const row of rows) {
    const line = row.billedLine || -1;
    const group = lines.get(line) ?? { line, own: [], library: [] };
    lines.set(line, group);
    (row.owner === 'mine' ? group.own : group.library).push(row);
  }
  return [...lines.values()].sort((a, b) => Number(b.own.length > 0) - Number(a.own.length > 0));
}

/** Code that may break where a reader would break it. */
function wrapped(code: string): unknown {
  return code.split(/(?<=[.,{/]|\((?![[)])|\[(?![\]…]))/).map((part, i) => (i ? html`<wbr />${part}` : part));
}

customElements.define('escapement-allocations', AllocationsView);
