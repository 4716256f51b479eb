// Tells the widget what its frame's playground does: events, the height it wants, and the link that keeps everything.
import { formatFiles } from '../base/txtar.js';
import { encodeProgram, encodeState } from '../state/permalink.js';
import type { Playground } from '../state/playground.js';
import type { RunState } from '../state/workspace.js';
import type { FromFrame } from '../widget/messages.js';

const linkMilliseconds = 300;

export class Reporter {
  private run: RunState | null = null;
  private linked = '';
  private linkTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly playground: Playground,
    private readonly port: MessagePort,
  ) {}

  /** The playground is there. */
  begin(): void {
    const { engine, engineMessage } = this.playground.workspace;
    if (engine === 'failed') return this.event('error', { message: engineMessage });
    this.event('ready', null);
    this.playground.subscribe(() => this.changed());
    new ResizeObserver(() => this.height()).observe(document.body);
    this.changed();
  }

  private height(): void {
    const height = document.querySelector('main')!.scrollHeight;
    if (height > 0) this.say({ kind: 'height', height });
  }

  private changed(): void {
    const { run, revision, options, focus } = this.playground.workspace;
    const before = this.run;
    this.run = run;
    if (run && run.state !== before?.state) this.say({ kind: 'running', running: run.state === 'running' });
    if (run && run.number !== before?.number) this.event('run', { number: run.number });
    if (run && ended(run) && !(before && before.number === run.number && ended(before)))
      this.event(run.state === 'failed' ? 'error' : 'result', result(run));
    const besides = encodeState({ options, moment: focus.moment, line: focus.line });
    if (this.linked !== `${revision}${besides}`) {
      this.linked = `${revision}${besides}`;
      clearTimeout(this.linkTimer);
      this.linkTimer = setTimeout(() => void this.link(besides), linkMilliseconds);
    }
  }

  private async link(besides: string): Promise<void> {
    const program = await encodeProgram(formatFiles(this.playground.workspace.files));
    this.say({ kind: 'link', fragment: program + besides });
  }

  private event(name: 'ready' | 'run' | 'result' | 'error', detail: unknown): void {
    this.say({ kind: 'event', name, detail });
  }

  private say(message: FromFrame): void {
    this.port.postMessage(message);
  }
}

/** A run is over for those outside when its figures are there, or when there will be none. */
const ended = (run: RunState): boolean =>
  run.state === 'failed' ||
  run.state === 'not compiled' ||
  (run.state !== 'running' && run.overview !== null);

function result(run: RunState): unknown {
  if (run.state === 'failed') return { message: run.failure };
  const mine = run.overview?.totals.find(t => t.owner === 'mine');
  return {
    state: run.state,
    exitStatus: run.exitStatus,
    steps: run.steps,
    output: run.output
      .filter(p => p.stream === 'output')
      .map(p => p.text)
      .join(''),
    errorOutput: run.output
      .filter(p => p.stream === 'error')
      .map(p => p.text)
      .join(''),
    heapObjects: mine?.objects ?? 0,
    heapBytes: mine?.bytes ?? 0,
  };
}
