// <escapement-comparison>: above two playgrounds, what their runs cost beside each other.
import { html, nothing } from 'lit';
import { LightElement } from '../views/light-element.js';
import {
  comparedFigures,
  comparison,
  allFigures,
  type ComparedFigure,
  type AllFigures,
} from '../model/run-figures.js';
import type { PlaygroundElement } from './playground-element.js';

export class ComparisonElement extends LightElement {
  private pages: readonly PlaygroundElement[] = [];
  private leave: readonly (() => void)[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    this.pages = [...document.querySelectorAll<PlaygroundElement>('escapement-playground')].slice(0, 2);
    this.leave = this.pages.map(p => p.playground.subscribe(() => this.requestUpdate()));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const leave of this.leave) leave();
  }

  protected override render(): unknown {
    const workspaces = this.pages.map(p => p.playground.workspace);
    const [first, second] = workspaces.map(w => (w.run?.overview ? allFigures(w.run.overview) : null));
    const stale = workspaces.some(w => w.run?.revision !== w.revision);
    return html`<h1>Two programs</h1>
      <button
        class="primary"
        ?disabled=${workspaces.some(w => w.engine !== 'ready')}
        @click=${() => void this.runBoth()}
      >
        Run both
      </button>
      <p class="sentence ${stale ? 'stale' : ''}" role="status">
        ${first && second ? comparison(first, second) : 'Run both programs to compare what they cost.'}
      </p>
      ${first && second ? this.figures(first, second) : nothing}`;
  }

  private figures(first: AllFigures, second: AllFigures): unknown {
    const figures = comparedFigures(first, second);
    const row = (name: string, of: (f: ComparedFigure) => string): unknown =>
      html`<tr>
        <th scope="row">${name}</th>
        ${figures.map(f => html`<td class="number">${of(f)}</td>`)}
      </tr>`;
    return html`<details>
      <summary>All figures</summary>
      <table class="rows">
        <thead>
          <tr>
            <td></td>
            ${figures.map(f => html`<th scope="col" class="number">${f.name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${row('Left', f => f.first)} ${row('Right', f => f.second)}
          ${row('Difference', f => f.difference || '=')}
        </tbody>
      </table>
    </details>`;
  }

  /** One after the other: they share one engine. */
  private async runBoth(): Promise<void> {
    for (const page of this.pages) await page.playground.run();
  }
}

customElements.define('escapement-comparison', ComparisonElement);
