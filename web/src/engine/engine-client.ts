// EngineClient: the page's only door to the engine. One worker serves every playground of the page; each has
// its own EngineSession. A worker that does not answer a Stop in time, or nothing at all for long, is replaced.
import type {
  AliveAnswer,
  AllocationPage,
  CheckAnswer,
  ExpectAnswer,
  Facts,
  FrameWindow,
  Inspection,
  Overview,
  SliceAnswer,
  Snapshot,
} from '../protocol/answers.generated.js';
import type {
  AliveQuestion,
  AllocationQuery,
  ExportFormat,
  FramesQuestion,
  InspectQuestion,
  RunOptions,
  SnapshotQuestion,
  SourceFile,
} from '../protocol/questions.js';
import { readTiles, type TileRequest, type Tiles } from '../protocol/tiles.js';
import type { EngineAddresses, Loaded, Reply, Request, RunEnd } from './messages.js';
import type { WorkerLike } from './engine-port.js';
import type { TraceSource } from './trace-source.js';

/** A request without its number. */
type Unnumbered<R> = R extends { id: number } ? Omit<R, 'id'> : never;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
  progress?(slice: SliceAnswer): void;
}

/** Time in which a Stop must take effect before the worker is replaced. */
const workerStopMilliseconds = 150;
/** A worker that owes answers and is silent is asked whether it listens; if not, it hangs. */
const quietMilliseconds = 5000;
const hungMilliseconds = 15_000;

export class EngineClient {
  private worker: WorkerLike | null = null;
  private loaded: Promise<Loaded> | null = null;
  private readonly waiting = new Map<number, Waiting>();
  private nextRequest = 1;
  private nextSession = 1;
  private watch: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly makeWorker: () => WorkerLike,
    private readonly addresses: EngineAddresses,
    readonly stopMilliseconds = workerStopMilliseconds,
  ) {}

  /** Starts the worker, once; resolves when the engine and the standard library are there. */
  load(): Promise<Loaded> {
    if (!this.loaded) {
      const worker = this.makeWorker();
      this.worker = worker;
      worker.onmessage = (message: MessageEvent<Reply>) => this.receive(message.data);
      worker.onerror = event => this.replace(`the engine's worker failed: ${event.message}`);
      this.loaded = this.post<Loaded>({ kind: 'load', addresses: this.addresses });
      this.loaded.catch(() => (this.loaded = null));
    }
    return this.loaded;
  }

  /** A session of its own for one playground. */
  open(): EngineSession {
    return new EngineSession(this, this.nextSession++);
  }

  async ask<T>(request: Unnumbered<Request>, progress?: (slice: SliceAnswer) => void): Promise<T> {
    await this.load();
    return this.post<T>(request, progress);
  }

  /** Ends the worker and everything under way in it; the next question starts a new one. */
  replace(reason: string): void {
    this.worker?.terminate();
    this.worker = null;
    this.loaded = null;
    const lost = [...this.waiting.values()];
    this.waiting.clear();
    for (const w of lost) w.reject(new EngineReplaced(reason));
    this.endWatch();
  }

  /** The worker hangs: its oldest question fails, all others may be asked again. */
  private hung(): void {
    const [oldest] = this.waiting;
    if (!oldest) return;
    this.waiting.delete(oldest[0]);
    this.replace('the engine hung and was started again');
    oldest[1].reject(new Error('the engine did not answer and was started again'));
  }

  private beginWatch(): void {
    this.watch ??= setTimeout(() => {
      this.worker?.postMessage({ kind: 'ping', id: 0 });
      this.watch = setTimeout(() => this.hung(), hungMilliseconds);
    }, quietMilliseconds);
  }

  private endWatch(): void {
    clearTimeout(this.watch);
    this.watch = undefined;
  }

  private post<T>(request: Unnumbered<Request>, progress?: (slice: SliceAnswer) => void): Promise<T> {
    const id = this.nextRequest++;
    return new Promise<T>((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as (value: unknown) => void, reject, progress });
      this.worker!.postMessage({ ...request, id });
      this.beginWatch();
    });
  }

  private receive(reply: Reply): void {
    this.endWatch();
    this.settle(reply);
    if (this.waiting.size) this.beginWatch();
  }

  private settle(reply: Reply): void {
    const waiting = this.waiting.get(reply.id);
    if (!waiting) return;
    if ('progress' in reply) {
      waiting.progress?.(reply.progress);
      return;
    }
    this.waiting.delete(reply.id);
    if (reply.ok) waiting.resolve(reply.value);
    else waiting.reject(reply.replaced ? new EngineReplaced(reply.error) : new Error(reply.error));
  }
}

/** The worker was replaced while a question was open. */
export class EngineReplaced extends Error {
  override name = 'EngineReplaced';
}

/** One playground's programs: what the compiler says of them, and their runs. */
export class EngineSession {
  private run_: Promise<RunEnd> | null = null;

  constructor(
    private readonly client: EngineClient,
    readonly id: number,
  ) {}

  check(files: readonly SourceFile[]): Promise<CheckAnswer> {
    return this.client.ask<CheckAnswer>({ kind: 'check', session: this.id, files });
  }

  /** Runs a program; a run under way in this session ends first. */
  run(
    files: readonly SourceFile[],
    options: RunOptions,
    progress: (slice: SliceAnswer) => void,
  ): Promise<RunEnd> {
    const run = this.client.ask<RunEnd>({ kind: 'run', session: this.id, files, options }, progress);
    this.run_ = run;
    const clear = (): void => {
      if (this.run_ === run) this.run_ = null;
    };
    run.then(clear, clear);
    return run;
  }

  /** Stops the run; when the engine does not answer soon, its worker goes and the run's promise is rejected. */
  async stop(): Promise<void> {
    const run = this.run_;
    if (!run) return;
    const late = setTimeout(() => this.client.replace('the run was stopped'), this.client.stopMilliseconds);
    this.client.ask<void>({ kind: 'stop', session: this.id }).catch(() => {});
    await run.catch(() => {});
    clearTimeout(late);
  }

  /** The last run's trace. */
  trace(): TraceSource {
    return new LiveTrace(this.client, this.id);
  }

  /** The state of the last run at a moment; null when there is no such moment. */
  inspect(question: InspectQuestion): Promise<Inspection | null> {
    return this.client.ask<Inspection | null>({ kind: 'inspect', session: this.id, question });
  }

  /** Why the object at an address is alive. */
  alive(question: AliveQuestion): Promise<AliveAnswer> {
    return this.client.ask<AliveAnswer>({ kind: 'alive', session: this.id, question });
  }

  /** The verdicts against the last run. */
  facts(): Promise<Facts> {
    return this.client.ask<Facts>({ kind: 'facts', session: this.id });
  }

  /** Checks expectations against the last run. */
  expect(text: string): Promise<ExpectAnswer> {
    return this.client.ask<ExpectAnswer>({ kind: 'expect', session: this.id, question: { text } });
  }

  /** The last run as a document keeps it. */
  snapshot(question: SnapshotQuestion): Promise<Snapshot> {
    return this.client.ask<Snapshot>({ kind: 'snapshot', session: this.id, question });
  }

  /** The last run's whole trace in a format. */
  export(format: ExportFormat): Promise<Uint8Array<ArrayBuffer>> {
    return this.client.ask<Uint8Array<ArrayBuffer>>({
      kind: 'export',
      session: this.id,
      question: { format },
    });
  }

  close(): Promise<void> {
    return this.client.ask<void>({ kind: 'close', session: this.id });
  }
}

/** The trace of a session's last run, asked of the worker. */
class LiveTrace implements TraceSource {
  constructor(
    private readonly client: EngineClient,
    private readonly session: number,
  ) {}

  overview(): Promise<Overview> {
    return this.client.ask<Overview>({ kind: 'overview', session: this.session });
  }

  async tiles(request: TileRequest): Promise<Tiles> {
    const data = await this.client.ask<Float64Array>({ kind: 'tiles', session: this.session, request });
    return readTiles(request, data);
  }

  allocations(query: AllocationQuery): Promise<AllocationPage> {
    return this.client.ask<AllocationPage>({ kind: 'allocations', session: this.session, query });
  }

  frames(question: FramesQuestion): Promise<FrameWindow> {
    return this.client.ask<FrameWindow>({ kind: 'frames', session: this.session, question });
  }
}
