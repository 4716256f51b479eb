import { describe, expect, it, vi } from 'vitest';
import { EngineClient, EngineReplaced } from './engine-client.js';
import { serveEngine, workerOnPort } from './engine-port.js';
import type { Reply, Request } from './messages.js';
import { goRunOptions } from '../protocol/questions.js';

/** A worker that tells a check its session, and is silent about runs. */
class FakeWorker {
  static made: FakeWorker[] = [];
  onmessage: ((e: { data: unknown }) => void) | null = null;
  onerror = null;
  readonly heard: Request[] = [];
  constructor() {
    FakeWorker.made.push(this);
  }
  postMessage(request: Request): void {
    this.heard.push(request);
    const value =
      request.kind === 'load'
        ? { version: '1', go: 'go1.26' }
        : request.kind === 'check'
          ? { ok: true, messages: [], verdicts: [request.session] }
          : request.kind === 'tiles'
            ? new Float64Array([1, 2])
            : undefined;
    if (value) queueMicrotask(() => this.say({ id: request.id, ok: true, value }));
  }
  say(data: Reply): void {
    this.onmessage?.({ data });
  }
  terminate(): void {}
}

const addresses = { wasm: 'ours', packs: [] };

/** Two documents that share a third one's engine. */
function documents() {
  FakeWorker.made = [];
  const owner = new EngineClient(() => new FakeWorker() as unknown as Worker, addresses);
  const guest = (): EngineClient => {
    const { port1, port2 } = new MessageChannel();
    serveEngine(owner, port1);
    return new EngineClient(() => workerOnPort(port2), { wasm: 'theirs', packs: [] }, 2000);
  };
  return { owner, guests: [guest(), guest()] as const };
}

describe('an engine behind ports', () => {
  it('is one worker, loaded from its owner’s addresses, with sessions that no other port reaches', async () => {
    const { guests } = documents();
    const [a, b] = [guests[0].open(), guests[1].open()];
    expect(a.id).toBe(b.id);
    const [x, y] = await Promise.all([a.check([]), b.check([])]);
    expect(x.verdicts).not.toEqual(y.verdicts);
    expect(FakeWorker.made).toHaveLength(1);
    expect(FakeWorker.made[0]!.heard[0]).toMatchObject({ kind: 'load', addresses });
    const tiles = await guests[0].ask<Float64Array>({ kind: 'tiles', session: a.id, request: {} as never });
    expect([...tiles]).toEqual([1, 2]);
  });

  it('tells every port that the worker was replaced', async () => {
    const { guests } = documents();
    const endless = guests[0].open();
    const run = endless.run([], goRunOptions, () => {});
    const other = guests[1].open().run([], goRunOptions, () => {});
    const lost = [
      expect(run).rejects.toBeInstanceOf(EngineReplaced),
      expect(other).rejects.toBeInstanceOf(EngineReplaced),
    ];
    await vi.waitFor(() => expect(FakeWorker.made[0]!.heard.filter(r => r.kind === 'run')).toHaveLength(2));
    await endless.stop();
    await Promise.all(lost);
    expect((await guests[1].open().check([])).ok).toBe(true);
    expect(FakeWorker.made).toHaveLength(2);
  });

  it('closes the sessions of a document that went', async () => {
    const { guests } = documents();
    await guests[0].open().check([]);
    guests[0].replace('gone');
    await vi.waitFor(() => expect(FakeWorker.made[0]!.heard.at(-1)).toMatchObject({ kind: 'close' }));
  });
});
