// <escapement-embed>: a playground as small as a widget: the program, one picture, the output.
import { html, nothing } from 'lit';
import { LightElement } from '../views/light-element.js';
import type { Playground } from '../state/playground.js';
import { WorkspaceController } from '../state/workspace-controller.js';
import '../views/allocations/allocations-view.js';
import '../views/editor/editor-view.js';
import '../views/memory/memory-view.js';
import '../views/output/output-view.js';
import '../views/step/step-bar.js';
import '../views/timeline/timeline-view.js';
import '../views/verdicts/verdicts-view.js';
import type { WidgetView } from '../widget/choices.js';

export class EmbedElement extends LightElement {
  constructor(
    readonly playground: Playground,
    private readonly view: WidgetView,
    private readonly locked: boolean,
  ) {
    super();
    new WorkspaceController(this, w => [w.run?.number]);
  }

  protected override render(): unknown {
    const { run } = this.playground.workspace;
    return html`<section class="embed-editor" aria-label="Editor">
        <escapement-editor plain ?locked=${this.locked} .playground=${this.playground}></escapement-editor>
      </section>
      ${
        run
          ? html`<section class="embed-picture" aria-label="Picture">${this.picture()}</section>
              <section class="embed-output output" aria-label="Output">
                <escapement-output .playground=${this.playground}></escapement-output>
              </section>`
          : nothing
      }`;
  }

  private picture(): unknown {
    switch (this.view) {
      case 'timeline':
        return html`<escapement-timeline .playground=${this.playground}></escapement-timeline>`;
      case 'memory':
        return html`<escapement-steps .playground=${this.playground}></escapement-steps
          ><escapement-memory .playground=${this.playground}></escapement-memory>`;
      case 'verdicts':
        return html`<escapement-verdicts .playground=${this.playground}></escapement-verdicts>`;
      case 'allocations':
        return html`<escapement-allocations .playground=${this.playground}></escapement-allocations>`;
      case 'none':
        return nothing;
    }
  }
}

customElements.define('escapement-embed', EmbedElement);
