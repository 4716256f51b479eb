// A Playground: one workspace, its engine session, and everything a person can do to them. Several live on one
// page and share nothing but the worker.
import { clamp, pan, zoom, type Span } from '../base/span.js';
import type { EngineClient, EngineSession } from '../engine/engine-client.js';
import { EngineReplaced } from '../engine/engine-client.js';
import { SnapshotTrace, type KeptRun, type TraceSource } from '../engine/trace-source.js';
import { parseFiles } from '../base/txtar.js';
import { formatGo } from './formatter.js';
import { addOutput } from './output.js';
import type {
  CheckAnswer,
  ExpectAnswer,
  FrameWindow,
  SliceAnswer,
  Snapshot,
} from '../protocol/answers.generated.js';
import type {
  ExportFormat,
  InspectQuestion,
  Move,
  RunOptions,
  SourceFile,
  Target,
} from '../protocol/questions.js';
import {
  newWorkspace,
  nothingKnown,
  onAxis,
  visibleWindow,
  wholeAxis,
  type Focus,
  type RunState,
  type Workspace,
} from './workspace.js';

/** After the last keystroke: the compiler's answer, and a run again if the last one was quick. */
const checkMilliseconds = 60;
const rerunMilliseconds = 300;
const quickRunMilliseconds = 100;
/** How often a run under way is drawn. */
const liveMilliseconds = 400;
const allocationRows = 500;
/** Heap objects that one inspection brings. */
const mostObjects = 300;
const mostStepsAhead = 4;
/** No moment, no selection. */
const nowhere = {
  playhead: null,
  moment: null,
  address: null,
  allocation: null,
  line: null,
  verdict: null,
} as const;

export class Playground extends EventTarget {
  private current: Workspace;
  private readonly session: EngineSession;
  private checkTimer: ReturnType<typeof setTimeout> | undefined;
  private rerunTimer: ReturnType<typeof setTimeout> | undefined;
  private allocationTimer: ReturnType<typeof setTimeout> | undefined;
  private runNumber = 0;
  /** The run that a person stopped last. */
  private stopped = 0;
  private inspectNumber = 0;
  /** The last step that was asked for, and how many are on their way: each goes on from where the one before led. */
  private lastStep: Promise<void> = Promise.resolve();
  private stepsAhead = 0;
  /** The trace of the run that is shown: the engine's, or a snapshot's. */
  trace: TraceSource;

  constructor(
    private readonly client: EngineClient,
    text: string,
    theme: 'light' | 'dark',
  ) {
    super();
    this.current = newWorkspace(text, theme);
    this.session = client.open();
    this.trace = this.session.trace();
  }

  get workspace(): Workspace {
    return this.current;
  }

  /** Calls `listener` after each change of the workspace; returns the way to stop that. */
  subscribe(listener: () => void): () => void {
    this.addEventListener('change', listener);
    return () => this.removeEventListener('change', listener);
  }

  /** Shows a run that was made elsewhere, of this very program, until there is one of its own. */
  adopt(snapshot: KeptRun): void {
    const { revision, focus } = this.current;
    const { check, end, overview, facts, inspection } = snapshot;
    const run: RunState = {
      number: 0,
      revision,
      state: 'exited',
      steps: end.steps,
      events: end.events,
      milliseconds: 0,
      output: addOutput([], end),
      exitStatus: end.exitStatus,
      failure: '',
      overview,
    };
    this.trace = new SnapshotTrace(snapshot);
    const moment = inspection?.moment ?? null;
    this.set({
      check: { revision, answer: check },
      run,
      facts: { run: 0, facts },
      inspection,
      focus: {
        ...focus,
        moment,
        playhead: moment && onAxis(moment, focus.axis),
        line: inspection?.place?.line ?? null,
        verdict: firstPath(check),
      },
    });
    void this.loadAllocations();
  }

  /** Loads the engine and checks the first program. */
  async open(): Promise<void> {
    try {
      const loaded = await this.client.load();
      this.set({ engine: 'ready', engineMessage: `Escapement ${loaded.version} models ${loaded.go}` });
      await this.check();
    } catch (error) {
      this.set({ engine: 'failed', engineMessage: message(error) });
    }
  }

  /** New text of the file in the editor. */
  edit(text: string): void {
    const { files, active } = this.current;
    if (files[active]!.text === text) return;
    this.changeFiles(
      files.map((f, i) => (i === active ? { ...f, text } : f)),
      active,
    );
  }

  /** Lays the editor's file out as gofmt does. Throws with gofmt's message where it is no Go. */
  async format(): Promise<void> {
    const { revision, files, active } = this.current;
    const formatted = await formatGo(this.client, files[active]!.text);
    // What was typed meanwhile stands.
    if (revision === this.current.revision && active === this.current.active) this.edit(formatted);
  }

  /** Shows another file in the editor. */
  showFile(active: number): void {
    if (active !== this.current.active) this.set({ active, focus: { ...this.current.focus, line: null } });
  }

  addFile(): void {
    const { files } = this.current;
    let name = 'more.go';
    for (let n = 2; files.some(f => f.name === name); n++) name = `more${n}.go`;
    this.changeFiles([...files, { name, text: 'package main\n' }], files.length);
  }

  renameFile(at: number, name: string): void {
    const clean = name.trim().replace(/\s+/g, ' ');
    const { files, active } = this.current;
    if (!clean || files.some((f, i) => i !== at && f.name === clean)) return;
    this.changeFiles(
      files.map((f, i) => (i === at ? { ...f, name: clean } : f)),
      active,
    );
  }

  removeFile(at: number): void {
    const { files, active } = this.current;
    if (files.length < 2) return;
    this.changeFiles(
      files.filter((_, i) => i !== at),
      Math.min(active > at ? active - 1 : active, files.length - 2),
    );
  }

  private changeFiles(files: readonly SourceFile[], active: number): void {
    this.set({
      files,
      active,
      revision: this.current.revision + 1,
      focus: { ...this.current.focus, verdict: null },
    });
    clearTimeout(this.checkTimer);
    clearTimeout(this.rerunTimer);
    this.checkTimer = setTimeout(() => void this.check(), checkMilliseconds);
    const run = this.current.run;
    if (run?.state === 'exited' && run.milliseconds < quickRunMilliseconds) {
      this.rerunTimer = setTimeout(() => {
        if (this.current.check?.answer.ok && this.current.check.revision === this.current.revision)
          void this.run();
      }, rerunMilliseconds);
    }
  }

  /** Another program: the run goes too. */
  replaceProgram(text: string): void {
    clearTimeout(this.rerunTimer);
    void this.stop();
    this.runNumber++;
    this.set({
      ...nothingKnown,
      run: null,
      allocations: null,
      facts: null,
      focus: { ...this.current.focus, ...nowhere, window: null },
    });
    this.changeFiles(parseFiles(text), 0);
  }

  setOptions(options: Partial<RunOptions>): void {
    this.set({ options: { ...this.current.options, ...options } });
  }

  setTheme(theme: 'light' | 'dark'): void {
    this.set({ theme });
  }

  /** Asks the compiler about the present text. */
  async check(): Promise<void> {
    const { files, revision } = this.current;
    try {
      const answer = await this.session.check(files);
      if (this.current.revision === revision) this.set({ check: { revision, answer } });
    } catch (error) {
      if (!(error instanceof EngineReplaced)) this.set({ engineMessage: message(error) });
      else if (this.current.revision === revision) await this.check();
    }
  }

  /** Runs the present text from the start; `quiet` leaves what is shown until the run has ended. */
  async run(quiet = false): Promise<void> {
    clearTimeout(this.rerunTimer);
    const number = ++this.runNumber;
    const trace = this.session.trace();
    const { files, revision, options } = this.current;
    const begin = performance.now();
    let run: RunState = {
      number,
      revision,
      state: 'running',
      steps: 0,
      events: 0,
      milliseconds: 0,
      output: [],
      exitStatus: 0,
      failure: '',
      overview: null,
    };
    if (!quiet) {
      const focus = { ...this.current.focus, ...nowhere, window: null };
      this.trace = trace;
      this.set({ ...nothingKnown, run, focus });
    }
    const update = (change: Partial<RunState>): void => {
      if (number !== this.runNumber) return;
      run = { ...run, ...change, milliseconds: performance.now() - begin };
      if (quiet && run.state === 'exited' && !run.overview) return;
      if (quiet && run.state === 'running') return;
      this.trace = trace;
      this.set({ run });
    };
    const add = (slice: SliceAnswer): Partial<RunState> => ({
      steps: slice.steps,
      events: slice.events,
      output: addOutput(run.output, slice),
      exitStatus: slice.exitStatus,
      ...(slice.note && { note: slice.note }),
    });
    let asked = begin;
    const draw = (): void => {
      const now = performance.now();
      if (now - asked < liveMilliseconds) return;
      asked = now;
      trace.overview().then(
        overview => run.state === 'running' && update({ overview }),
        () => {},
      );
    };
    try {
      const end = await this.session.run(files, options, slice => {
        update(add(slice));
        draw();
      });
      if (end.kind === 'not compiled') {
        update({ state: 'not compiled' });
        if (this.current.revision === revision) this.set({ check: { revision, answer: end.check } });
        return;
      }
      update({ ...add(end.slice), state: end.slice.state });
      if (number !== this.runNumber) return;
      const overview = await trace.overview();
      update({ overview });
      await Promise.all([this.loadAllocations(), this.loadFacts(number)]);
    } catch (error) {
      // The worker may have gone because of a run before this one, or another playground's: begin again.
      const innocent =
        error instanceof EngineReplaced && number === this.runNumber && number !== this.stopped;
      if (innocent) await this.run(quiet);
      else if (error instanceof EngineReplaced) update({ state: 'stopped' });
      else update({ state: 'failed', failure: message(error) });
    }
  }

  async stop(): Promise<void> {
    if (this.current.run?.state !== 'running') return;
    this.stopped = this.runNumber;
    await this.session.stop();
  }

  /** The last run's trace in a format. */
  export(format: ExportFormat): Promise<Uint8Array<ArrayBuffer>> {
    return this.session.export(format);
  }

  /** The last run as a document keeps it. */
  snapshot(): Promise<Snapshot> {
    const { moment } = this.current.focus;
    return this.session.snapshot(moment ? { at: { moment } } : {});
  }

  /** Checks expectations against the last run. */
  expect(text: string): Promise<ExpectAnswer> {
    return this.session.expect(text);
  }

  /** The named calls of a stretch of steps. */
  frames(begin: number, end: number): Promise<FrameWindow | null> {
    return this.trace.frames({ begin, end });
  }

  /** Goes to a point of the run: every view shows that moment. */
  goTo(at: Target): Promise<void> {
    return this.inspect({ at });
  }

  /**
   * One step of the chosen kind, forward or back. From nowhere, forward goes to main's start, back to the end. Steps asked
   * for faster than they are answered are all made, but a held key piles up no more than a few.
   */
  step(back: boolean, by: Move['by'] = this.current.focus.stepBy): Promise<void> {
    if (this.stepsAhead >= mostStepsAhead) return this.lastStep;
    this.stepsAhead++;
    this.lastStep = this.lastStep.then(() => this.oneStep(back, by)).finally(() => this.stepsAhead--);
    return this.lastStep;
  }

  private async oneStep(back: boolean, by: Move['by']): Promise<void> {
    const { overview, number } = this.current.run ?? {};
    if (!overview || !number) return;
    const { moment } = this.current.focus;
    if (moment) await this.inspect({ at: { moment }, move: { by, back } });
    else if (back) await this.goTo({ end: true });
    else await this.inspect({ at: { event: overview.mainEvent }, move: { by } });
  }

  /** Selects the first verdict that has a path to show. */
  selectFirstPath(): void {
    const { check } = this.current;
    if (check) this.setFocus({ verdict: firstPath(check.answer) });
  }

  /** Before the last line of the user's that the run came to; the brace that ends a function is none. */
  async lastLine(): Promise<void> {
    await this.inspect({ at: { end: true }, move: { by: 'line', back: true } });
    const text = (): string => {
      const { files, active, focus } = this.current;
      return focus.line === null ? '' : (files[active]!.text.split('\n')[focus.line - 1] ?? '');
    };
    if (text().trim() === '}') await this.step(true, 'line');
    const { files, active, focus } = this.current;
    if (focus.line !== null) await this.goTo({ line: focus.line, file: files[active]!.name });
    // What differs between the two says nothing to a reader who saw only the second.
    this.set({ before: null });
  }

  /** Leaves the moment. */
  leaveMoment(): void {
    this.inspectNumber++;
    this.set({ ...nothingKnown, focus: { ...this.current.focus, ...nowhere } });
  }

  /** Selects an object or variable by its address, and asks why it is alive; null selects nothing. */
  async select(address: number | null): Promise<void> {
    const { moment } = this.current.focus;
    this.set({ alive: null, focus: { ...this.current.focus, address } });
    if (address === null || !moment || !this.current.inspection?.objects.some(o => o.address === address))
      return;
    const alive = await this.session.alive({ at: { moment }, address }).catch(() => null);
    if (this.current.focus.address === address) this.set({ alive });
  }

  private async inspect(question: InspectQuestion): Promise<void> {
    if (!this.current.run?.overview) return;
    const number = ++this.inspectNumber;
    this.set({ inspecting: true, stepNote: '' });
    let stepNote = `No further ${question.move?.by === 'over' ? 'line' : (question.move?.by ?? 'moment')} there.`;
    const answer = await this.session
      .inspect({ ...question, mine: this.current.focus.mine, objects: mostObjects })
      .catch((error: unknown) => {
        stepNote = message(error);
        return null;
      });
    if (number !== this.inspectNumber) return;
    if (!answer) {
      this.set({ inspecting: false, stepNote });
      return;
    }
    const { focus, inspection, files, active } = this.current;
    const { moment, place } = answer;
    const mine = place && (place.owner === 'mine' || place.owner === 'library');
    const file = place ? files.findIndex(f => f.name === baseName(place.file)) : -1;
    this.set({
      inspecting: false,
      before: inspection,
      inspection: answer,
      alive: null,
      active: file < 0 ? active : file,
      focus: {
        ...focus,
        moment,
        playhead: onAxis(moment, focus.axis),
        allocation: null,
        line: mine && file >= 0 ? place.line : null,
        verdict: null,
      },
    });
    if (focus.address !== null) await this.select(focus.address);
  }

  private async loadFacts(number: number): Promise<void> {
    const facts = await this.session.facts().catch(() => null);
    if (facts && number === this.runNumber) this.set({ facts: { run: number, facts } });
  }

  /** Selects a verdict: its path is drawn over the source. */
  selectVerdict(verdict: number): void {
    const v = this.current.check?.answer.verdicts[verdict];
    if (!v) return;
    const file = this.current.files.findIndex(f => f.name === v.file.replace(/^\.\//, ''));
    if (file >= 0) this.showFile(file);
    this.setFocus({ verdict, line: v.line, allocation: null });
  }

  /** Selects the verdict on a line that has a path to show, or surprised; none where there is neither. */
  selectVerdictOn(line: number): void {
    const { check, files, active, revision, focus } = this.current;
    const name = files[active]!.name;
    const here = (check?.revision === revision ? check.answer.verdicts : []).flatMap((v, number) =>
      v.line === line && v.file.replace(/^\.\//, '') === name ? [{ v, number }] : [],
    );
    const surprising = new Set(
      this.current.facts?.facts.verdicts.filter(f => f.surprise).map(f => f.verdict),
    );
    const found =
      here.find(({ v }) => v.path.length > 0) ?? here.find(({ number }) => surprising.has(number));
    const verdict = found?.number ?? null;
    if (verdict !== focus.verdict) this.setFocus({ verdict });
  }

  setFocus(change: Partial<Focus>): void {
    const focus = { ...this.current.focus, ...change };
    if (change.axis && change.axis !== this.current.focus.axis)
      Object.assign(focus, { window: null, playhead: focus.moment && onAxis(focus.moment, change.axis) });
    if (change.beforeMain !== undefined) Object.assign(focus, { window: null });
    if (typeof change.line === 'number' && change.verdict === undefined)
      Object.assign(focus, { verdict: null });
    this.set({ focus });
    if ('window' in change || 'mine' in change || 'axis' in change || 'beforeMain' in change) {
      clearTimeout(this.allocationTimer);
      this.allocationTimer = setTimeout(() => void this.loadAllocations(), 30);
    }
  }

  /** Moves the timeline's window; null shows everything. */
  show(window: Span | null): void {
    const overview = this.current.run?.overview;
    if (!overview) return;
    const whole = wholeAxis(overview, this.current.focus);
    const next = window && clamp(window, whole, 4);
    const all = !next || (next.begin <= whole.begin && next.end >= whole.end);
    this.setFocus({ window: all ? null : next });
  }

  zoomBy(factor: number, anchor?: number): void {
    const overview = this.current.run?.overview;
    if (!overview) return;
    const now = visibleWindow(overview, this.current.focus);
    this.show(
      zoom(now, factor, anchor ?? (now.begin + now.end) / 2, wholeAxis(overview, this.current.focus)),
    );
  }

  panBy(fraction: number): void {
    const overview = this.current.run?.overview;
    if (!overview) return;
    this.show(
      pan(visibleWindow(overview, this.current.focus), fraction, wholeAxis(overview, this.current.focus)),
    );
  }

  private async loadAllocations(): Promise<void> {
    const { run, focus } = this.current;
    if (!run?.overview) return;
    const window = visibleWindow(run.overview, focus);
    const { number } = run;
    const page = await this.trace
      .allocations({
        axis: focus.axis,
        begin: window.begin,
        end: window.end,
        mine: focus.mine,
        limit: allocationRows,
      })
      .catch(() => null);
    if (page && number === this.current.run?.number && sameRows(focus, this.current.focus))
      this.set({ allocations: { ...page, run: number } });
  }

  private set(change: Partial<Workspace>): void {
    this.current = { ...this.current, ...change };
    this.dispatchEvent(new Event('change'));
  }
}

/** The first verdict that puts a value on the heap and says by which path; null: none. */
function firstPath(check: CheckAnswer): number | null {
  const found = check.verdicts.findIndex(v => v.region === 'heap' && v.path.length > 0);
  return found < 0 ? null : found;
}

/** Whether two focuses ask for the same rows; if not, the later one has asked for its own. */
function sameRows(a: Focus, b: Focus): boolean {
  return a.axis === b.axis && a.window === b.window && a.mine === b.mine && a.beforeMain === b.beforeMain;
}

/** A file's name without the folder that the compiler puts before it. */
export const baseName = (file: string): string => file.replace(/^.*\//, '');

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));
