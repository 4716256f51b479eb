import { afterEach, describe, expect, it, vi } from 'vitest';
import { EngineClient, EngineReplaced } from './engine-client.js';
import type { Request } from './messages.js';
import { goRunOptions } from '../protocol/questions.js';

/** A worker that answers as `answer` says: undefined is silence. */
class QuietWorker {
  static made: QuietWorker[] = [];
  onmessage: ((e: { data: unknown }) => void) | null = null;
  onerror: ((e: { message: string }) => void) | null = null;
  terminated = false;
  readonly heard: Request[] = [];

  constructor(private readonly answer: (r: Request) => unknown) {
    QuietWorker.made.push(this);
  }

  postMessage(request: Request): void {
    this.heard.push(request);
    const value = this.answer(request);
    if (value !== undefined) queueMicrotask(() => this.say({ id: request.id, ok: true, value }));
  }

  say(data: unknown): void {
    this.onmessage?.({ data });
  }

  terminate(): void {
    this.terminated = true;
  }
}

const loaded = (r: Request): unknown => (r.kind === 'load' ? { version: '1', go: 'go1.26' } : undefined);
const client = (answer: (r: Request) => unknown): EngineClient =>
  new EngineClient(() => new QuietWorker(answer) as unknown as Worker, { wasm: 'w', packs: [] });

afterEach(() => {
  QuietWorker.made = [];
  vi.useRealTimers();
});

describe('the engine’s client', () => {
  it('has one worker for all sessions, each with a number of its own', async () => {
    const c = client(
      r => loaded(r) ?? (r.kind === 'check' ? { ok: true, messages: [], verdicts: [r.session] } : 0),
    );
    const [a, b] = [c.open(), c.open()];
    const [x, y] = await Promise.all([a.check([]), b.check([])]);
    expect(QuietWorker.made).toHaveLength(1);
    expect(x.verdicts).not.toEqual(y.verdicts);
  });

  it('passes progress on, and the end', async () => {
    const c = client(loaded);
    const seen: number[] = [];
    const run = c.open().run([], goRunOptions, s => seen.push(s.steps));
    await vi.waitFor(() => expect(QuietWorker.made[0]!.heard).toHaveLength(2));
    const worker = QuietWorker.made[0]!;
    const { id } = worker.heard[1]!;
    worker.say({ id, progress: { steps: 5 } });
    worker.say({ id, ok: true, value: { kind: 'ended' } });
    expect(await run).toEqual({ kind: 'ended' });
    expect(seen).toEqual([5]);
  });

  it('replaces a worker that does not hear a Stop, and works on', async () => {
    vi.useFakeTimers();
    const c = client(loaded);
    const session = c.open();
    const run = session.run([], goRunOptions, () => {});
    const lost = expect(run).rejects.toBeInstanceOf(EngineReplaced);
    const stopped = session.stop();
    await vi.advanceTimersByTimeAsync(200);
    await stopped;
    await lost;
    expect(QuietWorker.made[0]!.terminated).toBe(true);
    void session.check([]).catch(() => {});
    await vi.advanceTimersByTimeAsync(1);
    expect(QuietWorker.made).toHaveLength(2);
  });

  it('rejects what the worker cannot do, and goes on', async () => {
    const c = client(loaded);
    const session = c.open();
    const check = session.check([]);
    await vi.waitFor(() => expect(QuietWorker.made[0]!.heard).toHaveLength(2));
    const worker = QuietWorker.made[0]!;
    worker.say({ id: worker.heard[1]!.id, ok: false, error: 'The engine stopped: oh' });
    await expect(check).rejects.toThrow('oh');
    expect(worker.terminated).toBe(false);
  });

  it('replaces a worker that hangs, blames its oldest question, and leaves a busy one alone', async () => {
    vi.useFakeTimers();
    const c = client(loaded);
    const [first, second] = [c.open().check([]), c.open().check([])];
    const blamed = expect(first).rejects.toThrow('did not answer');
    const again = expect(second).rejects.toBeInstanceOf(EngineReplaced);
    await vi.advanceTimersByTimeAsync(6000);
    const worker = QuietWorker.made[0]!;
    expect(worker.heard.at(-1)!.kind).toBe('ping');
    worker.say({ id: 0, ok: true, value: undefined });
    await vi.advanceTimersByTimeAsync(19_000);
    expect(worker.terminated).toBe(false);
    await vi.advanceTimersByTimeAsync(2000);
    expect(worker.terminated).toBe(true);
    await blamed;
    await again;
  });
});
