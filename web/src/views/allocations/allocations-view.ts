// <escapement-allocations>: the heap allocations of the timeline's window, a row for each site and type. It
// mirrors the picture for people who do not see it.
import { LitElement, html, nothing } from 'lit';
import { bytes, count, counted } from '../../base/format.js';
import type { Allocation, Verdict } from '../../protocol/answers.generated.js';
import type { Playground } from '../../state/playground.js';
import { WorkspaceController } from '../../state/workspace-controller.js';
import type { Workspace } from '../../state/workspace.js';

export class AllocationsView extends LitElement {
  static override properties = { playground: { attribute: false } };
  declare playground: Playground;

  constructor() {
    super();
    new WorkspaceController(this, w => [w.allocations, w.run, w.focus, w.revision, w.check]);
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): unknown {
    const w = this.playground.workspace;
    const { allocations, run, focus } = w;
    if (!run) return html`<p class="empty">Run the program to see what it puts on the heap.</p>`;
    if (!allocations)
      return html`<p class="empty">${run.state === 'running' ? 'Running …' : 'No trace.'}</p>`;
    const objects = allocations.rows.reduce((n, r) => n + r.objects, 0);
    const size = allocations.rows.reduce((n, r) => n + r.bytes, 0);
    return html`
      <div class="bar">
        <p class="sentence">
          ${counted(objects, 'object')}, ${bytes(size)}${focus.window ? ' in the timeline’s window' : ''}.
          ${allocations.omitted ? `${count(allocations.omitted)} more rows.` : nothing}
        </p>
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
              <th scope="col">Line</th>
              <th scope="col">What</th>
              <th scope="col">Type</th>
              <th scope="col" class="number">Objects</th>
              <th scope="col" class="number">Bytes</th>
              <th scope="col" class="number">Live at end</th>
              <th scope="col" class="number">Collected</th>
              <th scope="col">Allocated in</th>
            </tr>
          </thead>
          <tbody>
            ${allocations.rows.map(row => this.row(row, w))}
          </tbody>
        </table>
        ${
          allocations.rows.length === 0
            ? html`<p class="empty">
                ${focus.mine ? 'Your code put nothing on the heap here.' : 'Nothing was put on the heap here.'}
              </p>`
            : nothing
        }
      </div>
    `;
  }

  private row(row: Allocation, w: Workspace): unknown {
    const select = (): void =>
      this.playground.setFocus({ allocation: row.key, line: row.billedLine || null });
    const selected =
      w.focus.allocation === row.key ||
      (w.focus.allocation === null && w.focus.line !== null && w.focus.line === row.billedLine);
    const verdict = w.check?.answer.verdicts.find(
      v => row.owner === 'mine' && v.line === row.line && v.column === row.column,
    );
    return html`<tr class=${selected ? 'selected' : ''} @click=${select} data-key=${row.key}>
      <td class="number">
        ${row.billedLine ? html`<button class="link" @click=${select} aria-label="Line ${row.billedLine}">${row.billedLine}</button>` : '–'}
      </td>
      <td class="code" title=${verdict ? verdict.text : ''}>${what(row, verdict)}</td>
      <td class="code">${row.type}</td>
      <td class="number">${count(row.objects)}</td>
      <td class="number" title="${count(row.bytes)} bytes">${bytes(row.bytes)}</td>
      <td class="number">${count(row.live)}</td>
      <td class="number">${count(row.freed)}</td>
      <td class="code ${row.owner === 'mine' ? '' : 'quiet'}">
        ${row.function}${row.owner === 'mine' ? nothing : html` <span class="owner">${row.owner}</span>`}
      </td>
    </tr>`;
  }
}

/** What was allocated: the variable or expression where it has a name, else the kind of the site. */
export function what(row: Allocation, verdict?: Verdict): string {
  return row.symbol || verdict?.subject || row.kind || `${row.owner} object`;
}

customElements.define('escapement-allocations', AllocationsView);
