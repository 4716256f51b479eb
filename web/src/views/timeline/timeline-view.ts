// <escapement-timeline>: the allocation timeline. Wheel and keys zoom and pan, the pointer names what is under
// it, a click puts the playhead and selects.
import { html, nothing } from 'lit';
import { LightElement } from '../light-element.js';
import { counted } from '../../base/format.js';
import { toAxis, type Span } from '../../base/span.js';
import { legendOf, viewSentence } from '../../model/timeline-legend.js';
import { callsDrawer } from '../../model/timeline-calls.js';
import { objectNamer } from '../../model/timeline-names.js';
import { subjectAt, type Scene, type Subject } from '../../model/scene.js';
import {
  goroutinesOf,
  gutter,
  layoutTimeline,
  lowLanes,
  openLanes,
  stackLanes,
  summary,
  type StackLane,
  type TimelineView,
} from '../../model/timeline-layout.js';
import type { Allocation, FrameWindow, Overview } from '../../protocol/answers.generated.js';
import type { Tiles } from '../../protocol/tiles.js';
import { drawScene } from '../../render/canvas.js';
import { sceneToSvg } from '../../render/svg.js';
import { sceneToText } from '../../render/text.js';
import { themes } from '../../render/theme.js';
import { saveFile, saveScene } from '../save.js';
import { describe, onlyObject, type Described } from './describe.js';
import { regions } from './regions.js';
import type { Playground } from '../../state/playground.js';
import { WidthController } from '../width-controller.js';
import { WorkspaceController } from '../../state/workspace-controller.js';
import { visibleWindow, wholeAxis } from '../../state/workspace.js';

/** Calls are named in stretches up to this many steps; past it the envelope is drawn. */
const mostFrameSteps = 2_000_000;
/** After the last movement: the picture's words. */
const wordsMilliseconds = 150;

/** The lane of a group of goroutines, in pixels of the picture. */
interface GroupPlace {
  readonly group: string;
  readonly title: string;
  readonly top: number;
  readonly height: number;
}

export class TimelineElement extends LightElement {
  static override properties = {
    playground: { attribute: false },
    said: { state: true },
    tip: { state: true },
    width: { state: true },
    opened: { state: true },
    groups: { state: true },
  };
  declare playground: Playground;
  /** What the playhead is on, for screen readers too. */
  declare said: string;
  declare tip: { x: number; y: number; above: boolean; lines: readonly string[] } | null;
  declare width: number;
  /** The group of goroutines that is shown one by one; '': none. */
  declare opened: string;
  /** Where the lanes of groups are drawn. */
  declare groups: readonly GroupPlace[];
  private tiles: Tiles | null = null;
  private tilesOf: Overview | null = null;
  private asking = false;
  private stale = false;
  private frames: FrameWindow | null = null;
  private drawCalls: TimelineView['drawCalls'] = null;
  private framesOf = '';
  private framesRevision = -1;
  private scene: Scene | null = null;
  private readonly pointers = new Map<number, { x: number; y: number }>();
  private dragged = false;
  private drawing = 0;
  private again = false;
  private wordsTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.said = '';
    this.tip = null;
    this.opened = '';
    this.groups = [];
    new WidthController(this);
    new WorkspaceController(this, w => [w.run, w.focus, w.theme, w.revision, w.allocations]);
  }

  private get overview(): Overview | null {
    return this.playground.workspace.run?.overview ?? null;
  }

  private get window(): Span {
    return visibleWindow(this.overview!, this.playground.workspace.focus);
  }

  protected override render(): unknown {
    const { run, focus, revision } = this.playground.workspace;
    const overview = this.overview;
    return html`<figure
      aria-label="Allocation timeline"
      class=${run && run.revision !== revision ? 'stale' : ''}
    >
      <figcaption>
        <p class="sentence">${overview ? summary(overview) : this.waiting()}</p>
      </figcaption>
      ${overview ? nothing : regions()}
      ${
        overview
          ? html`<div class="bar">
                <span class="moment quiet" role="status" title=${this.said || this.hint()}
                  >${this.said || this.hint()}</span
                >
                ${this.controls(focus.axis, focus.beforeMain)}
              </div>
              <div class="canvas-place">
                <canvas
                  tabindex="0"
                  role="img"
                  aria-label="Lanes of memory over time. Arrow keys pan, plus and minus zoom, 0 fits, full stop and comma go from event to event."
                  @wheel=${this.wheel}
                  @pointerdown=${this.down}
                  @pointermove=${this.move}
                  @pointerup=${this.up}
                  @pointercancel=${this.up}
                  @pointerleave=${() => (this.tip = null)}
                  @dblclick=${() => this.playground.show(null)}
                  @keydown=${this.key}
                ></canvas>
                ${this.groups.map(g => this.groupButton(g))}
                ${
                  this.tip
                    ? html`<div
                        class="tip ${this.tip.above ? 'above' : ''}"
                        .style=${`left:${this.tip.x}px;top:${this.tip.y}px`}
                      >
                        ${this.tip.lines.map((l, i) => (i === 0 ? html`<strong>${l}</strong>` : html`<span>${l}</span>`))}
                      </div>`
                    : nothing
                }
              </div>
              <p class="visually-hidden" data-lanes></p>
              <p class="legend quiet">
                ${legendOf(overview).map(([swatch, words]) => html`<span><i class=${swatch}></i>${words}</span>`)}
                <span class="save">
                  <button class="link" title="Save the picture as SVG" @click=${this.save}>SVG</button>
                  <button class="link" title="Save the picture as PNG" @click=${this.savePng}>
                    PNG
                  </button></span
                >
              </p>`
          : nothing
      }
    </figure>`;
  }

  /** What there is instead of a picture. */
  private waiting(): string {
    const { run, revision } = this.playground.workspace;
    if (run?.state === 'running') return `Running: ${counted(run.events, 'event')} so far.`;
    if (run?.state === 'not compiled' && run.revision === revision)
      return 'The program does not compile, so nothing ran: the output says why.';
    return 'Run the program to see where its memory goes.';
  }

  /** A lane's title that opens and closes its group. */
  private groupButton({ group, title, top, height }: GroupPlace): unknown {
    const open = this.opened === group;
    return html`<button
      class="group-lane"
      .style=${`top:${top + height - 24}px`}
      aria-expanded=${open}
      aria-label=${`${title}: ${open ? 'as one lane' : 'one by one'}`}
      title=${open ? 'Show them as one lane' : 'Show them one by one'}
      @click=${() => (this.opened = open ? '' : group)}
    >
      ${open ? '▾' : '▸'}
    </button>`;
  }

  private hint(): string {
    const { focus } = this.playground.workspace;
    return viewSentence(focus.axis, this.window, wholeAxis(this.overview!, focus));
  }

  private controls(axis: 'events' | 'steps', beforeMain: boolean): unknown {
    const p = this.playground;
    return html`<span class="choice" role="group" aria-label="Axis">
        ${(['events', 'steps'] as const).map(
          a =>
            html`<button aria-pressed=${axis === a} @click=${() => p.setFocus({ axis: a })}>
              ${a === 'events' ? 'Events' : 'Steps'}
            </button>`,
        )}
      </span>
      <button
        aria-pressed=${beforeMain}
        @click=${() => p.setFocus({ beforeMain: !beforeMain })}
        title="What the program does before main begins"
      >
        Before main
      </button>
      <span class="choice" role="group" aria-label="Zoom">
        <button aria-label="Zoom in" title="Zoom in (+)" @click=${() => p.zoomBy(0.5)}>+</button>
        <button aria-label="Zoom out" title="Zoom out (−)" @click=${() => p.zoomBy(2)}>−</button>
        <button title="Show everything (0)" @click=${() => p.show(null)}>Fit</button>
      </span>`;
  }

  protected override updated(): void {
    const overview = this.overview;
    if (!overview || this.width < 40) return;
    if (overview !== this.tilesOf) {
      this.said = '';
      this.tip = null;
    }
    void this.refresh();
    void this.refreshFrames();
    this.draw();
  }

  /** What calls the picture wants, as a key: the window's on the axis of steps, else the whole of a short run. */
  private framesAsked(): string {
    const overview = this.overview!;
    const { begin, end } =
      this.playground.workspace.focus.axis === 'steps'
        ? this.window
        : { begin: overview.mainStep, end: overview.steps };
    if (end - begin > mostFrameSteps) return '';
    return `${this.playground.workspace.run!.number}:${Math.floor(begin)}:${Math.ceil(end)}`;
  }

  private async refreshFrames(): Promise<void> {
    const asked = this.framesAsked();
    if (asked === this.framesOf || this.playground.workspace.run?.state === 'running') return;
    // Until the answer is there, calls of the same program stand where they were.
    const { revision } = this.playground.workspace.run!;
    if (!asked || revision !== this.framesRevision) this.setFrames(null);
    this.framesOf = asked;
    this.framesRevision = revision;
    if (!asked) return;
    const [, begin, end] = asked.split(':').map(Number);
    const frames = await this.playground.frames(begin!, end!).catch(() => null);
    if (asked !== this.framesOf) return;
    this.setFrames(frames);
    if (this.overview) this.draw();
  }

  private setFrames(frames: FrameWindow | null): void {
    this.frames = frames;
    this.drawCalls = frames?.complete ? callsDrawer(frames) : null;
  }

  private get lanes(): StackLane[] {
    return openLanes(stackLanes(this.overview!, this.playground.workspace.focus.mine), this.opened);
  }

  /** Asks for the tiles of the present window; while an answer is under way, only the latest question waits. */
  private async refresh(): Promise<void> {
    const overview = this.overview!;
    const { axis } = this.playground.workspace.focus;
    const { begin, end } = this.window;
    const columns = Math.max(16, Math.min(2000, this.width - gutter(this.width)));
    const goroutines = [...new Set(goroutinesOf(this.lanes))];
    const r = this.tiles?.request;
    const same =
      this.tilesOf === overview &&
      r &&
      r.axis === axis &&
      r.begin === begin &&
      r.end === end &&
      r.columns === columns &&
      r.goroutines.join() === goroutines.join();
    if (same) return;
    if (this.asking) {
      this.stale = true;
      return;
    }
    this.asking = true;
    try {
      const tiles = await this.playground.trace.tiles({ axis, begin, end, columns, goroutines });
      if (overview === this.overview) [this.tiles, this.tilesOf] = [tiles, overview];
    } catch {
      // The worker was replaced: the picture stays as it was.
      this.stale = false;
    } finally {
      this.asking = false;
    }
    this.draw();
    if (this.stale) {
      this.stale = false;
      void this.refresh();
    }
  }

  /** Draws now; what comes within the same frame of a zoom or pan is drawn once, with the next. */
  private draw(): void {
    if (this.drawing) {
      this.again = true;
      return;
    }
    if (!this.paint() || !this.playground.workspace.focus.window) return;
    this.drawing = requestAnimationFrame(() => {
      this.drawing = 0;
      if (this.again) this.draw();
    });
  }

  /** Whether there was anything to draw. */
  private paint(): boolean {
    this.again = false;
    const canvas = this.querySelector('canvas');
    const overview = this.overview;
    if (!canvas || !overview || !this.tiles || this.tilesOf !== overview) return false;
    const { focus, theme, check } = this.playground.workspace;
    if (this.tiles.request.axis !== focus.axis) return false;
    this.scene = layoutTimeline(overview, this.tiles, this.lanes, {
      axis: focus.axis,
      window: this.window,
      width: this.width,
      playhead: focus.playhead,
      selected: focus.allocation,
      mine: focus.mine,
      drawCalls: this.drawCalls,
      nameObjects: objectNamer(this.rows(), check?.answer.verdicts ?? []),
      heights: globalThis.innerHeight < 1000 || this.lanes.length > 4 ? lowLanes : undefined,
    });
    this.placeGroups();
    canvas.style.height = `${this.scene.height}px`;
    drawScene(canvas, this.scene, themes[theme]);
    canvas.dataset.drawn = `${this.playground.workspace.run!.number}:${overview.events}`;
    clearTimeout(this.wordsTimer);
    this.wordsTimer = setTimeout(() => this.sayLanes(), wordsMilliseconds);
    return true;
  }

  private placeGroups(): void {
    const places = this.lanes.flatMap(({ group, title, members }): GroupPlace[] => {
      const lane = this.scene!.lanes.find(l => l.id === `stacks:${members[0]!.id}`);
      return group && lane ? [{ group, title, top: lane.top, height: lane.height }] : [];
    });
    if (JSON.stringify(places) !== JSON.stringify(this.groups)) this.groups = places;
  }

  /** The picture in words, once it stands still. */
  private sayLanes(): void {
    const place = this.querySelector('[data-lanes]');
    if (place && this.scene) place.textContent = sceneToText(this.scene);
  }

  private axisAt(x: number): number {
    return toAxis(this.window, x - this.scene!.left, this.scene!.plot);
  }

  private readonly wheel = (e: WheelEvent): void => {
    if (!this.scene) return;
    e.preventDefault();
    if (Math.abs(e.deltaX) > Math.abs(e.deltaY) || e.shiftKey)
      this.playground.panBy((e.deltaX || e.deltaY) / this.scene.plot);
    else
      this.playground.zoomBy(Math.exp(Math.max(-60, Math.min(60, e.deltaY)) * 0.004), this.axisAt(e.offsetX));
  };

  private readonly down = (e: PointerEvent): void => {
    (e.currentTarget as HTMLElement).setPointerCapture(e.pointerId);
    this.pointers.set(e.pointerId, { x: e.offsetX, y: e.offsetY });
    this.dragged = false;
  };

  private readonly move = (e: PointerEvent): void => {
    if (!this.scene) return;
    const old = this.pointers.get(e.pointerId);
    if (!old) {
      this.point(e.offsetX, e.offsetY);
      return;
    }
    const now = { x: e.offsetX, y: e.offsetY };
    if (this.pointers.size === 2) {
      const other = [...this.pointers].find(([id]) => id !== e.pointerId)![1];
      const before = Math.abs(old.x - other.x);
      const after = Math.abs(now.x - other.x);
      if (before > 8 && after > 8) this.playground.zoomBy(before / after, this.axisAt((now.x + other.x) / 2));
      this.dragged = true;
    } else if (this.dragged || Math.abs(now.x - old.x) > 3) {
      this.dragged = true;
      this.tip = null;
      this.playground.panBy((old.x - now.x) / this.scene.plot);
    } else {
      return;
    }
    this.pointers.set(e.pointerId, now);
  };

  private readonly up = (e: PointerEvent): void => {
    const there = this.pointers.delete(e.pointerId);
    if (!there || this.dragged || !this.scene || e.type === 'pointercancel') return;
    this.choose(e.offsetX, e.offsetY);
  };

  private readonly key = (e: KeyboardEvent): void => {
    const p = this.playground;
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const actions: Record<string, () => void> = {
      ArrowLeft: () => p.panBy(-0.15),
      a: () => p.panBy(-0.15),
      ArrowRight: () => p.panBy(0.15),
      d: () => p.panBy(0.15),
      ArrowUp: () => p.zoomBy(0.7),
      w: () => p.zoomBy(0.7),
      '+': () => p.zoomBy(0.7),
      '=': () => p.zoomBy(0.7),
      ArrowDown: () => p.zoomBy(1 / 0.7),
      s: () => p.zoomBy(1 / 0.7),
      '-': () => p.zoomBy(1 / 0.7),
      '0': () => p.show(null),
      f: () => p.show(null),
      '.': () => void p.step(false, 'event'),
      ',': () => void p.step(true, 'event'),
      Escape: () => p.leaveMoment(),
    };
    const action = actions[e.key.length === 1 ? e.key.toLowerCase() : e.key];
    if (!action) return;
    e.preventDefault();
    action();
  };

  private choose(x: number, y: number): void {
    let subject = subjectAt(this.scene!, x, y);
    if (!subject || x < this.scene!.left) return;
    const at = this.axisAt(x);
    const only = subject.kind === 'column' ? onlyObject(this.tiles!, subject.column) : null;
    if (only) subject = { kind: 'object', event: only.event, key: only.key };
    const key = subject.kind === 'object' ? subject.key : null;
    const line = key === null ? null : this.allocation(key)?.billedLine || null;
    this.playground.setFocus({ playhead: at, allocation: key, line });
    this.said = this.describe(subject, at).join(' · ');
    const whole = Math.max(0, Math.floor(subject.kind === 'object' && key !== null ? subject.event : at));
    void this.playground.goTo(
      this.playground.workspace.focus.axis === 'events' || subject.kind === 'object'
        ? { event: whole }
        : { step: whole },
    );
  }

  private point(x: number, y: number): void {
    const subject = x < this.scene!.left ? null : subjectAt(this.scene!, x, y);
    if (!subject) {
      this.tip = null;
      return;
    }
    const lines = this.describe(subject, this.axisAt(x));
    const above = y > this.scene!.height - 24 * lines.length - 40;
    this.tip = {
      x: Math.min(x + 12, Math.max(0, this.width - 256)),
      y: above ? y - 12 : y + 16,
      above,
      lines,
    };
  }

  /** What the user's own objects are called in the picture. */
  private rows(): readonly Allocation[] {
    const { allocations, run } = this.playground.workspace;
    return allocations?.run === run?.number ? (allocations?.rows ?? []) : [];
  }

  private allocation(key: number): Allocation | undefined {
    return this.playground.workspace.allocations?.rows.find(r => r.key === key);
  }

  /** What a place of the picture stands for, in a few lines; the first is its name. */
  private describe(subject: Subject, at: number): string[] {
    return describe(subject, at, this.described());
  }

  private described(): Described {
    const { focus, check } = this.playground.workspace;
    return {
      overview: this.overview!,
      tiles: this.tiles!,
      axis: focus.axis,
      frames: this.frames,
      lanes: this.lanes,
      sentences: this.scene!.lanes,
      verdicts: check?.answer.verdicts ?? [],
      allocation: key => this.allocation(key),
    };
  }

  private readonly save = (): void => {
    if (this.scene)
      saveFile('allocation-timeline.svg', sceneToSvg(this.scene, themes.light), 'image/svg+xml');
  };

  private readonly savePng = (): void => {
    if (this.scene) saveScene('allocation-timeline.png', this.scene);
  };
}

customElements.define('escapement-timeline', TimelineElement);
