// Draws a Scene as an SVG document: for print, export and documents.
import type { Mark, Paint, Scene, Texture } from '../model/scene.js';
import type { Theme } from './theme.js';

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string): string => text.replace(/[&<>"]/g, ch => escapes[ch]!);
const round = (n: number): string => String(Math.round(n * 100) / 100);

/** The scene as SVG text, with its sentence as title. */
export function sceneToSvg(scene: Scene, theme: Theme): string {
  const hatched = new Set<Paint>();
  const body = scene.marks.map(m => mark(m, theme, hatched)).join('');
  const patterns = [...hatched].map(
    paint =>
      `<pattern id="hatch-${paint}" width="6" height="6" patternUnits="userSpaceOnUse">` +
      `<path d="M0 6L6 0" stroke="${theme[paint]}" stroke-opacity="0.4"/></pattern>`,
  );
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 ${round(scene.width)} ${round(scene.height)}" ` +
    `font-family="system-ui, sans-serif" font-size="11"><title>${escape(scene.sentence)}</title>` +
    `<defs>${patterns.join('')}</defs>${body}</svg>`
  );
}

function mark(m: Mark, theme: Theme, hatched: Set<Paint>): string {
  switch (m.kind) {
    case 'rect':
      return `<rect x="${round(m.x)}" y="${round(m.y)}" width="${round(m.width)}" height="${round(m.height)}"${fill(m.paint, m.texture, theme, hatched)}/>`;
    case 'area': {
      const there = m.xs.map((x, i) => `${round(x)} ${round(m.tops[i]!)}`);
      const back = m.xs.map((x, i) => `${round(x)} ${round(m.bottoms[i]!)}`).reverse();
      return `<path d="M${[...there, ...back].join('L')}Z"${fill(m.paint, m.texture, theme, hatched)}/>`;
    }
    case 'line': {
      const dash = m.dash ? ` stroke-dasharray="${m.dash.join(' ')}"` : '';
      const points = m.xs.map((x, i) => `${round(x)} ${round(m.ys[i]!)}`).join('L');
      return `<path d="M${points}" fill="none" stroke="${theme[m.paint]}" stroke-width="${m.width}"${dash}/>`;
    }
    case 'text': {
      const weight = m.bold ? ' font-weight="600"' : '';
      return `<text x="${round(m.x)}" y="${round(m.y)}" fill="${theme[m.paint]}" text-anchor="${m.align}"${weight}>${escape(m.text)}</text>`;
    }
  }
}

function fill(paint: Paint, texture: Texture, theme: Theme, hatched: Set<Paint>): string {
  if (texture !== 'hatch')
    return ` fill="${theme[paint]}"${texture === 'tint' ? ' fill-opacity="0.25"' : ''}`;
  hatched.add(paint);
  return ` fill="url(#hatch-${paint})"`;
}
