// Says a Scene in words: the picture's sentence and one for each lane.
import type { Scene } from '../model/scene.js';

/** The scene for people who do not see it. */
export function sceneToText(scene: Scene): string {
  return [scene.sentence, ...scene.lanes.map(l => l.sentence)].filter(Boolean).join(' ');
}
