// The Workspace: everything a playground shows, as one immutable value. Views read it; only a Playground
// replaces it.
import { parseFiles } from '../base/txtar.js';
import type { Span } from '../base/span.js';
import type {
  AliveAnswer,
  AllocationPage,
  CheckAnswer,
  Facts,
  Inspection,
  Moment,
  Overview,
} from '../protocol/answers.generated.js';
import { goRunOptions, type RunOptions, type SourceFile } from '../protocol/questions.js';
import type { Axis } from '../protocol/tiles.js';

/** A stretch of output of one stream, in the order it was written. */
export interface OutputPiece {
  readonly stream: 'output' | 'error';
  readonly text: string;
}

/** One run. It belongs to the revision it was made from, and stays, dimmed, after an edit. */
export interface RunState {
  /** Counts the runs of its playground, from 1. */
  readonly number: number;
  readonly revision: number;
  readonly state: 'running' | 'exited' | 'stopped' | 'not compiled' | 'failed';
  readonly steps: number;
  readonly events: number;
  readonly milliseconds: number;
  readonly output: readonly OutputPiece[];
  readonly exitStatus: number;
  /** What limit of ours, not of Go's, ended the program. */
  readonly note?: string;
  /** Why it failed: our mistake, never the program's. */
  readonly failure: string;
  /** Its trace's figures, once it has ended. */
  readonly overview: Overview | null;
}

/** What the reader looks at. One moment, one selection, in every view. */
export interface Focus {
  readonly axis: Axis;
  /** The visible stretch of the axis; null: all of it. */
  readonly window: Span | null;
  /** A place on the axis; null: none. Follows the moment once there is one. */
  readonly playhead: number | null;
  /** The moment that is inspected; null: none. */
  readonly moment: Moment | null;
  /** Address of the selected object or variable; null: none. */
  readonly address: number | null;
  /** What one step back or forward is. */
  readonly stepBy: 'line' | 'event' | 'allocation';
  /** A row of the Allocations table. */
  readonly allocation: number | null;
  /** A line of the source, 1-based. */
  readonly line: number | null;
  /** The selected verdict, by its place in the check's answer; null: none. */
  readonly verdict: number | null;
  /** Only the user's own work (library work on its behalf included). */
  readonly mine: boolean;
  /** Also what happens before main. */
  readonly beforeMain: boolean;
  /** Words that the rows of the tables must have; '': every row. */
  readonly filter: string;
  /** Which verdicts are shown. */
  readonly verdicts: 'heap' | 'all';
}

export interface Workspace {
  readonly files: readonly SourceFile[];
  /** The file in the editor. */
  readonly active: number;
  readonly revision: number;
  readonly engine: 'loading' | 'ready' | 'failed';
  readonly engineMessage: string;
  /** What the compiler says, and of which revision. */
  readonly check: { readonly revision: number; readonly answer: CheckAnswer } | null;
  readonly options: RunOptions;
  readonly run: RunState | null;
  /** The rows of the Allocations table for the present focus, and the number of their run. */
  readonly allocations: (AllocationPage & { readonly run: number }) | null;
  /** The verdicts against the last run. */
  readonly facts: { readonly run: number; readonly facts: Facts } | null;
  /** The state at the focused moment, the one that was shown before it, and whether another is on its way. */
  readonly inspection: Inspection | null;
  readonly before: Inspection | null;
  readonly inspecting: boolean;
  /** Why the last step led nowhere. */
  readonly stepNote: string;
  /** Why the selected object is alive. */
  readonly alive: AliveAnswer | null;
  readonly focus: Focus;
  readonly theme: 'light' | 'dark';
}

/** No moment is shown. */
export const nothingKnown = {
  inspection: null,
  before: null,
  inspecting: false,
  stepNote: '',
  alive: null,
} as const;

/** A workspace with the files of a text and nothing known about them. */
export function newWorkspace(text: string, theme: 'light' | 'dark'): Workspace {
  return {
    files: parseFiles(text),
    active: 0,
    revision: 1,
    engine: 'loading',
    engineMessage: '',
    check: null,
    options: goRunOptions,
    run: null,
    allocations: null,
    facts: null,
    ...nothingKnown,
    focus: {
      axis: 'events',
      window: null,
      playhead: null,
      moment: null,
      address: null,
      stepBy: 'line',
      allocation: null,
      line: null,
      verdict: null,
      mine: true,
      beforeMain: false,
      filter: '',
      verdicts: 'all',
    },
    theme,
  };
}

/** The whole of the axis that a focus allows. */
export function wholeAxis(overview: Overview, focus: Focus): Span {
  const begin = focus.axis === 'events' ? overview.mainEvent : overview.mainStep;
  const end = focus.axis === 'events' ? overview.events : overview.steps;
  return { begin: focus.beforeMain ? 0 : begin, end: Math.max(end, begin + 1) };
}

/** Where a moment stands on an axis. */
export function onAxis(moment: Moment, axis: Axis): number {
  return axis === 'events' ? moment.event : moment.step;
}

/** The visible stretch of the axis. */
export function visibleWindow(overview: Overview, focus: Focus): Span {
  return focus.window ?? wholeAxis(overview, focus);
}

/** The verdicts against the last run, where that ran the program as it stands. */
export function freshFacts({ facts, run, revision }: Workspace): Facts | null {
  return run?.revision === revision ? (facts?.facts ?? null) : null;
}
