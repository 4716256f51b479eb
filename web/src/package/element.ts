// `escapement/element`: the widget for those who bundle. It may be imported where there is no document.
import type { SnippetElement } from '../widget/snippet-element.js';

export type { SnippetElement };

/** Defines <escapement-snippet>; `engine` is where a built site is served, whose frames run the programs. */
export async function defineSnippet(options: { readonly engine?: string } = {}): Promise<void> {
  const { SnippetElement, setEngine } = await import('../widget/snippet-element.js');
  if (options.engine) setEngine(new URL(options.engine, document.baseURI).href);
  if (!customElements.get('escapement-snippet')) customElements.define('escapement-snippet', SnippetElement);
}

declare global {
  interface HTMLElementTagNameMap {
    'escapement-snippet': SnippetElement;
  }
}
