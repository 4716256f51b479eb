// Hands a file to the reader.
import type { Scene } from '../model/scene.js';
import { drawScene } from '../render/canvas.js';
import { themes } from '../render/theme.js';

/** Saves `content` under a name. */
export function saveFile(name: string, content: BlobPart, type: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Offers a picture as a PNG of twice its size. */
export function saveScene(name: string, scene: Scene): void {
  const canvas = document.createElement('canvas');
  drawScene(canvas, scene, themes.light, { scale: 2, ground: themes.light.ground });
  canvas.toBlob(png => png && saveFile(name, png, 'image/png'));
}
