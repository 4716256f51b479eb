// Draws a Scene on a canvas.
import type { Mark, Paint, Scene, Texture } from '../model/scene.js';
import type { Theme } from './theme.js';

const font = '11px system-ui, sans-serif';
const codeFont = '11px ui-monospace, Menlo, Consolas, monospace';

/** Draws `scene` at the device's own resolution, or another, on nothing or on a colour. */
export function drawScene(
  canvas: HTMLCanvasElement,
  scene: Scene,
  theme: Theme,
  paper: { readonly scale?: number; readonly ground?: string } = {},
): void {
  const ratio = paper.scale ?? Math.min(3, globalThis.devicePixelRatio || 1);
  const width = Math.round(scene.width * ratio);
  const height = Math.round(scene.height * ratio);
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) return;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, scene.width, scene.height);
  if (paper.ground) {
    context.fillStyle = paper.ground;
    context.fillRect(0, 0, scene.width, scene.height);
  }
  const brush = new Brush(context, theme, ratio);
  for (const mark of scene.marks) brush.draw(mark);
}

class Brush {
  private readonly hatches = new Map<Paint, CanvasPattern | string>();

  constructor(
    private readonly context: CanvasRenderingContext2D,
    private readonly theme: Theme,
    private readonly ratio: number,
  ) {}

  draw(mark: Mark): void {
    const c = this.context;
    switch (mark.kind) {
      case 'rect': {
        // Under 6 px a tint replaces the hatch.
        const small = mark.texture === 'hatch' && Math.min(mark.width, mark.height) < 6;
        this.fill(mark.paint, small ? 'tint' : mark.texture, small ? 0.45 : undefined);
        c.fillRect(mark.x, mark.y, mark.width, mark.height);
        if (mark.texture === 'hatch' && !small) {
          c.globalAlpha = 0.8;
          c.strokeStyle = this.theme[mark.paint];
          c.lineWidth = 1;
          c.strokeRect(mark.x + 0.5, mark.y + 0.5, mark.width - 1, mark.height - 1);
        }
        c.globalAlpha = 1;
        return;
      }
      case 'area':
        this.fill(mark.paint, mark.texture);
        c.beginPath();
        mark.xs.forEach((x, i) => c.lineTo(x, mark.tops[i]!));
        for (let i = mark.xs.length - 1; i >= 0; i--) c.lineTo(mark.xs[i]!, mark.bottoms[i]!);
        c.closePath();
        c.fill();
        c.globalAlpha = 1;
        return;
      case 'line':
        c.strokeStyle = this.theme[mark.paint];
        c.lineWidth = mark.width;
        c.setLineDash(mark.dash ? [...mark.dash] : []);
        c.beginPath();
        mark.xs.forEach((x, i) => c.lineTo(x, mark.ys[i]!));
        c.stroke();
        c.setLineDash([]);
        return;
      case 'text':
        const face = mark.code ? codeFont : font;
        c.font = mark.bold ? `600 ${face}` : face;
        c.fillStyle = this.theme[mark.paint];
        c.textAlign = mark.align === 'middle' ? 'center' : mark.align;
        c.fillText(mark.text, mark.x, mark.y);
    }
  }

  private fill(paint: Paint, texture: Texture, alpha?: number): void {
    const c = this.context;
    c.globalAlpha = alpha ?? (texture === 'tint' ? 0.25 : 1);
    c.fillStyle = texture === 'hatch' ? this.hatch(paint) : this.theme[paint];
  }

  /** Pale diagonal lines in the paint's colour. */
  private hatch(paint: Paint): CanvasPattern | string {
    let pattern = this.hatches.get(paint);
    if (pattern) return pattern;
    const size = Math.round(6 * this.ratio);
    const tile = document.createElement('canvas');
    tile.width = tile.height = size;
    const t = tile.getContext('2d')!;
    t.strokeStyle = this.theme[paint];
    t.globalAlpha = 0.4;
    t.lineWidth = this.ratio;
    t.beginPath();
    for (const shift of [-size, 0, size]) {
      t.moveTo(shift, size);
      t.lineTo(shift + size, 0);
    }
    t.stroke();
    pattern = this.context.createPattern(tile, 'repeat') ?? this.theme[paint];
    if (pattern instanceof CanvasPattern) pattern.setTransform(new DOMMatrix().scale(1 / this.ratio));
    this.hatches.set(paint, pattern);
    return pattern;
  }
}
