// The pen of the timeline: lanes one below the other, over one axis.
import { toPixels, type Span } from '../base/span.js';
import type { Overview } from '../protocol/answers.generated.js';
import type { Axis, ObjectMark, Tiles } from '../protocol/tiles.js';
import { Pen } from './pen.js';
import type { Lane } from './scene.js';

/** What lanes are high. */
export interface LaneHeights {
  readonly static: number;
  readonly stack: number;
  readonly heap: number;
  readonly objects: number;
}
export const lowLanes: LaneHeights = { static: 18, stack: 36, heap: 62, objects: 52 };

/** What the reader looks at. */
export interface TimelineView {
  readonly axis: Axis;
  readonly window: Span;
  readonly width: number;
  /** Axis position of the playhead; null: none. */
  readonly playhead: number | null;
  /** The selected row of the Allocations table; null: none. */
  readonly selected: number | null;
  /** Only the user's own work is drawn strong. */
  readonly mine: boolean;
  /** Draws the named calls of a goroutine, where the window is small enough. */
  readonly drawCalls?: ((pen: TimelinePen, goroutine: number) => void) | null;
  /** Lower lanes, where the window is low. */
  readonly heights?: LaneHeights | undefined;
  /** Writes what objects are called above their bars, which are so wide, and marks the selected. */
  readonly nameObjects?: (
    pen: TimelinePen,
    objects: readonly ObjectMark[],
    topOf: (o: ObjectMark) => number,
    width: number,
  ) => void;
}

export const rulerHeight = 22;

/** Room for lane titles at the left; none on a narrow screen, where they stand inside the lanes. */
export const gutter = (width: number): number => (width >= 520 ? 112 : 0);

/** A lane's words. */
export interface LaneText {
  readonly id: string;
  readonly title: string;
  /** What it measures. */
  readonly what: string;
  /** What it shows, for people who do not see it. */
  readonly sentence: string;
  /** The figures at its top and bottom. */
  readonly most?: string;
  readonly least?: string;
}

export class TimelinePen extends Pen {
  readonly lanes: Lane[] = [];
  readonly left: number;
  readonly plot: number;
  /** What lanes are high. */
  readonly heights: LaneHeights;
  /** Where the next lane begins. */
  top = rulerHeight;

  constructor(
    readonly overview: Overview,
    readonly tiles: Tiles,
    readonly view: TimelineView,
  ) {
    super();
    this.heights = view.heights ?? { static: 22, stack: 46, heap: 84, objects: 66 };
    this.left = gutter(view.width);
    this.plot = Math.max(1, view.width - this.left - (this.left ? 8 : 0));
  }

  get right(): number {
    return this.left + this.plot;
  }

  /** Begins a lane; its top. */
  lane(height: number, words: LaneText): number {
    const { id, title, what, sentence, most = '', least = '0' } = words;
    const top = this.top + 7;
    this.lanes.push({ id, title, top, height, sentence });
    this.top = top + height;
    this.line([this.left, this.right], [top + height, top + height], 'lane', 1);
    const wide = this.left > 0;
    const middle = top + height / 2;
    this.text(wide ? 10 : 4, wide ? middle + (what ? -1 : 4) : top + 10, title, 'text', true);
    if (wide) this.text(10, middle + (title ? 12 : 4), what, 'quiet');
    if (most) {
      const edge = wide ? this.left - 6 : this.right - 4;
      // On a narrow screen they stand over the lane itself.
      const paint = wide ? 'quiet' : 'text';
      this.text(edge, top + 11, most, paint, false, 'end');
      if (height > 34 && (wide || least !== '0'))
        this.text(edge, top + height - 2, least, paint, false, 'end');
    }
    return top;
  }

  x(at: number): number {
    return this.left + toPixels(this.view.window, at, this.plot);
  }

  /** The left edge of a column; tiles may be of a window somewhat older than the view's. */
  column(i: number): number {
    const r = this.tiles.request;
    const at = r.begin + (i * (r.end - r.begin)) / r.columns;
    return Math.min(this.right, Math.max(this.left, this.x(at)));
  }

  /** A figure of each column of a stretch, at both of its edges. */
  steps(of: (column: number) => number, { begin, end }: Span): number[] {
    return Array.from({ length: 2 * (end - begin) }, (_, k) => of(begin + (k >> 1)));
  }

  /** The edges that `steps` has figures of. */
  edges({ begin, end }: Span): number[] {
    return Array.from({ length: 2 * (end - begin) }, (_, k) => this.column(begin + ((k + 1) >> 1)));
  }
}
