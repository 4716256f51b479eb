// The memory of a snapshot's moment, drawn at rest. Loaded only by widgets that show it.
import { layoutMemory, memorySentence } from '../model/memory-layout.js';
import type { Inspection } from '../protocol/answers.generated.js';
import { sceneToTree, treeToElement } from '../render/svg.js';
import type { Theme } from '../render/theme.js';

export function drawMemory(state: Inspection, theme: Theme, width: number): HTMLElement {
  const scene = layoutMemory(state, { width, selected: null, before: null, library: false });
  const picture = document.createElement('figure');
  const caption = document.createElement('figcaption');
  picture.className = 'picture';
  picture.setAttribute('part', 'picture');
  caption.textContent = memorySentence(state, false);
  picture.append(caption, treeToElement(sceneToTree(scene, theme)));
  return picture;
}
