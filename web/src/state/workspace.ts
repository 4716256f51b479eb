// The Workspace: everything a playground shows, as one immutable value. Views read it; only a Playground
// replaces it.
import type { Span } from '../base/span.js';
import type { AllocationPage, CheckAnswer, Overview } from '../protocol/answers.generated.js';
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
  /** A place on the axis; null: none. */
  readonly playhead: number | null;
  /** A row of the Allocations table. */
  readonly allocation: number | null;
  /** A line of the source, 1-based. */
  readonly line: number | null;
  /** Only the user's own work (library work on its behalf included). */
  readonly mine: boolean;
  /** Also what happens before main. */
  readonly beforeMain: boolean;
  /** Which verdicts are shown. */
  readonly verdicts: 'heap' | 'all';
}

export interface Workspace {
  readonly files: readonly SourceFile[];
  readonly revision: number;
  readonly engine: 'loading' | 'ready' | 'failed';
  readonly engineMessage: string;
  /** What the compiler says, and of which revision. */
  readonly check: { readonly revision: number; readonly answer: CheckAnswer } | null;
  readonly options: RunOptions;
  readonly run: RunState | null;
  /** The rows of the Allocations table for the present focus, and the number of their run. */
  readonly allocations: (AllocationPage & { readonly run: number }) | null;
  readonly focus: Focus;
  readonly theme: 'light' | 'dark';
}

/** A workspace with one file and nothing known about it. */
export function newWorkspace(text: string, theme: 'light' | 'dark'): Workspace {
  return {
    files: [{ name: 'main.go', text }],
    revision: 1,
    engine: 'loading',
    engineMessage: '',
    check: null,
    options: goRunOptions,
    run: null,
    allocations: null,
    focus: {
      axis: 'events',
      window: null,
      playhead: null,
      allocation: null,
      line: null,
      mine: true,
      beforeMain: false,
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

/** The visible stretch of the axis. */
export function visibleWindow(overview: Overview, focus: Focus): Span {
  return focus.window ?? wholeAxis(overview, focus);
}
