// Draws a Scene as SVG: first as a tree of plain values, which is written as text (print, export, documents) or made
// into elements (the widget, whose host page may forbid markup made from text).
import type { Mark, Paint, Scene, Texture } from '../model/scene.js';
import { sceneToText } from './text.js';
import type { Theme } from './theme.js';

/** An element of the picture. A child that is a string is text. */
export interface SvgNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly children: readonly (SvgNode | string)[];
}

const codeFace = 'ui-monospace, Menlo, Consolas, monospace';

const round = (n: number): number => Math.round(n * 100) / 100;
const node = (
  name: string,
  attributes: SvgNode['attributes'] = {},
  ...children: (SvgNode | string)[]
): SvgNode => ({ name, attributes, children });

/** The scene as a tree, with its words as title. */
export function sceneToTree(scene: Scene, theme: Theme): SvgNode {
  const hatched = new Set<Paint>();
  const body = scene.marks.map(m => mark(m, theme, hatched));
  const patterns = [...hatched].map(paint =>
    node(
      'pattern',
      { id: `hatch-${paint}`, width: 6, height: 6, patternUnits: 'userSpaceOnUse' },
      node('path', { d: 'M0 6L6 0', stroke: theme[paint], 'stroke-opacity': 0.4 }),
    ),
  );
  return node(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      role: 'img',
      viewBox: `0 0 ${round(scene.width)} ${round(scene.height)}`,
      'font-family': 'system-ui, sans-serif',
      'font-size': 11,
    },
    node('title', {}, sceneToText(scene)),
    node('defs', {}, ...patterns),
    ...body,
  );
}

/** The scene as SVG text. */
export function sceneToSvg(scene: Scene, theme: Theme): string {
  return write(sceneToTree(scene, theme));
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string): string => text.replace(/[&<>"]/g, ch => escapes[ch]!);

function write(n: SvgNode | string): string {
  if (typeof n === 'string') return n.replace(/[&<>]/g, ch => escapes[ch]!);
  const attributes = Object.entries(n.attributes).map(([k, v]) => ` ${k}="${escape(String(v))}"`);
  const head = `<${n.name}${attributes.join('')}`;
  return n.children.length ? `${head}>${n.children.map(write).join('')}</${n.name}>` : `${head}/>`;
}

/** The tree as elements of a document. */
export function treeToElement(tree: SvgNode): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tree.name);
  for (const [name, value] of Object.entries(tree.attributes))
    if (name !== 'xmlns') element.setAttribute(name, String(value));
  element.append(...tree.children.map(c => (typeof c === 'string' ? c : treeToElement(c))));
  return element;
}

function mark(m: Mark, theme: Theme, hatched: Set<Paint>): SvgNode {
  switch (m.kind) {
    case 'rect':
      return node('rect', {
        x: round(m.x),
        y: round(m.y),
        width: round(m.width),
        height: round(m.height),
        ...fill(m.paint, m.texture, theme, hatched),
      });
    case 'area': {
      const there = m.xs.map((x, i) => `${round(x)} ${round(m.tops[i]!)}`);
      const back = m.xs.map((x, i) => `${round(x)} ${round(m.bottoms[i]!)}`).reverse();
      return node('path', {
        d: `M${[...there, ...back].join('L')}Z`,
        ...fill(m.paint, m.texture, theme, hatched),
      });
    }
    case 'line':
      return node('path', {
        d: `M${m.xs.map((x, i) => `${round(x)} ${round(m.ys[i]!)}`).join('L')}`,
        fill: 'none',
        stroke: theme[m.paint],
        'stroke-width': m.width,
        ...(m.dash ? { 'stroke-dasharray': m.dash.join(' ') } : {}),
      });
    case 'text':
      return node(
        'text',
        {
          x: round(m.x),
          y: round(m.y),
          fill: theme[m.paint],
          'text-anchor': m.align,
          ...(m.bold ? { 'font-weight': 600 } : {}),
          ...(m.code ? { 'font-family': codeFace } : {}),
        },
        m.text,
      );
  }
}

function fill(paint: Paint, texture: Texture, theme: Theme, hatched: Set<Paint>): SvgNode['attributes'] {
  if (texture === 'hatch') {
    hatched.add(paint);
    return { fill: `url(#hatch-${paint})` };
  }
  return texture === 'tint' ? { fill: theme[paint], 'fill-opacity': 0.25 } : { fill: theme[paint] };
}
