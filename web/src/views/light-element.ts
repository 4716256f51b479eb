// The base of the page's elements: they stand in the document itself, where the page's style reaches them (and Monaco,
// which loses its styles in a shadow root).
import { LitElement } from 'lit';

export class LightElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}
