// A Scene is a picture as data: marks in pixels, named paints, and what each place stands for. Canvas, SVG and
// text back ends draw it; none of them knows what a heap is.

/** Named paints; a theme gives each a colour. */
export type Paint =
  | 'static'
  | 'stack'
  | 'heap'
  | 'others'
  | 'cycle'
  | 'grid'
  | 'lane'
  | 'text'
  | 'quiet'
  | 'playhead'
  | 'selected'
  | 'changed'
  | 'ground'
  | 'raised';

/** Solid is live, hatch is collected or popped, tint is an envelope under its line. */
export type Texture = 'solid' | 'hatch' | 'tint';

/** What a place of the picture stands for. */
export type Subject =
  | { readonly kind: 'lane'; readonly lane: string }
  | { readonly kind: 'object'; readonly event: number; readonly key: number }
  | { readonly kind: 'column'; readonly column: number }
  | { readonly kind: 'cycle'; readonly cycle: number }
  | { readonly kind: 'growth'; readonly event: number; readonly goroutine: number }
  | { readonly kind: 'call'; readonly frame: number }
  | { readonly kind: 'address'; readonly address: number };

export type Mark =
  | {
      readonly kind: 'rect';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly paint: Paint;
      readonly texture: Texture;
      readonly subject?: Subject;
    }
  | {
      /** The space between two lines over the same xs. */
      readonly kind: 'area';
      readonly xs: readonly number[];
      readonly tops: readonly number[];
      readonly bottoms: readonly number[];
      readonly paint: Paint;
      readonly texture: Texture;
    }
  | {
      readonly kind: 'line';
      readonly xs: readonly number[];
      readonly ys: readonly number[];
      readonly paint: Paint;
      readonly width: number;
      readonly dash?: readonly number[];
    }
  | {
      readonly kind: 'text';
      readonly x: number;
      readonly y: number;
      readonly text: string;
      readonly paint: Paint;
      readonly align: 'start' | 'middle' | 'end';
      readonly bold?: boolean;
      /** Source and values, in the face of code. */
      readonly code?: boolean;
    };

/** A horizontal band of the picture with a name. */
export interface Lane {
  readonly id: string;
  readonly title: string;
  readonly top: number;
  readonly height: number;
  /** What it shows, in a sentence. */
  readonly sentence: string;
}

export interface Scene {
  readonly width: number;
  readonly height: number;
  /** Where the axis begins and how wide it is. */
  readonly left: number;
  readonly plot: number;
  readonly lanes: readonly Lane[];
  readonly marks: readonly Mark[];
  /** What the picture shows, in a sentence or two. */
  readonly sentence: string;
}

/** What the pointer is on: the smallest rectangle with a subject within `slack` pixels, else the lane. */
export function subjectAt(scene: Scene, x: number, y: number, slack = 3): Subject | null {
  let best: Subject | null = null;
  let bestSize = Infinity;
  for (const mark of scene.marks) {
    if (mark.kind !== 'rect' || !mark.subject) continue;
    if (x < mark.x - slack || x > mark.x + mark.width + slack) continue;
    if (y < mark.y - slack || y > mark.y + mark.height + slack) continue;
    const size = mark.width * mark.height;
    if (size < bestSize) [best, bestSize] = [mark.subject, size];
  }
  if (best) return best;
  // The gap above a lane is its own too.
  const lane = y < 0 ? undefined : scene.lanes.find(l => y < l.top + l.height);
  return lane ? { kind: 'lane', lane: lane.id } : null;
}
