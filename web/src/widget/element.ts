// The widget's script: defines <escapement-snippet>, unless another copy of the script has.
import { setEngine, SnippetElement } from './snippet-element.js';

export { setEngine, SnippetElement };

setEngine(new URL(/* @vite-ignore */ '.', import.meta.url).href);
if (!customElements.get('escapement-snippet')) customElements.define('escapement-snippet', SnippetElement);
