import { describe, expect, it, vi } from 'vitest';
import type { EngineClient } from '../engine/engine-client.js';
import { EngineReplaced } from '../engine/engine-client.js';
import { overview } from '../model/sample.fixture.js';
import type { CheckAnswer, SliceAnswer } from '../protocol/answers.generated.js';
import { Playground } from './playground.js';
import { wholeAxis } from './workspace.js';

const fine: CheckAnswer = { ok: true, messages: [], verdicts: [] };
const slice = (change: Partial<SliceAnswer>): SliceAnswer => ({
  state: 'exited',
  steps: 10,
  events: 2,
  output: '',
  errorOutput: '',
  exitStatus: 0,
  ...change,
});

/** A playground whose engine answers at once. */
function playground(
  run: (progress: (s: SliceAnswer) => void) => Promise<unknown>,
  check = vi.fn(async () => fine),
) {
  const session = {
    check,
    run: (_f: unknown, _o: unknown, progress: (s: SliceAnswer) => void) => run(progress),
    stop: vi.fn(async () => {}),
    trace: () => ({
      overview: async () => overview,
      tiles: async () => null,
      allocations: async () => ({ rows: [], omitted: 0 }),
    }),
    facts: async () => ({ verdicts: [], others: [] }),
    inspect: vi.fn(async () => null as unknown),
    alive: vi.fn(async () => null as unknown),
  };
  const client = { load: async () => ({ version: '1', go: 'go1.26' }), open: () => session };
  return { p: new Playground(client as unknown as EngineClient, 'package main', 'light'), session, check };
}

describe('a playground', () => {
  it('adds up output in the order it was written', async () => {
    const { p } = playground(async progress => {
      progress(slice({ state: 'running', output: 'a' }));
      progress(
        slice({
          state: 'running',
          output: 'b',
          errorOutput: '!',
          pieces: [
            { stream: 'error', text: '!' },
            { stream: 'output', text: 'b' },
          ],
        }),
      );
      return { kind: 'ended', slice: slice({ output: 'c', exitStatus: 2 }) };
    });
    await p.run();
    const run = p.workspace.run!;
    expect(run.output).toEqual([
      { stream: 'output', text: 'a' },
      { stream: 'error', text: '!' },
      { stream: 'output', text: 'bc' },
    ]);
    expect([run.state, run.exitStatus, run.overview]).toEqual(['exited', 2, overview]);
  });

  it('makes every step that is asked for, each from where the one before led', async () => {
    const { p, session } = playground(async () => ({ kind: 'ended', slice: slice({}) }));
    await p.run();
    const at = (event: number) => ({ event, step: event, statement: 0 });
    const from: unknown[] = [];
    session.inspect = vi.fn(async (question: { at: { moment?: { event: number }; end?: true } }) => {
      from.push(question.at);
      return { moment: at(question.at.end ? 9 : question.at.moment!.event - 1), place: null, objects: [] };
    }) as never;
    await p.goTo({ end: true });
    await Promise.all([p.step(true), p.step(true), p.step(true)]);
    expect(from).toEqual([{ end: true }, { moment: at(9) }, { moment: at(8) }, { moment: at(7) }]);
    expect(p.workspace.focus.moment).toEqual(at(6));
    // A held key piles up no more than a few.
    await Promise.all(Array.from({ length: 50 }, () => p.step(true)));
    expect(p.workspace.focus.moment).toEqual(at(2));
  });

  it('keeps what came before when a Stop had the worker replaced', async () => {
    const { p, session } = playground(async progress => {
      progress(slice({ state: 'running', output: 'before' }));
      await new Promise((_, reject) => {
        session.stop = vi.fn(async () => reject(new EngineReplaced('stopped')));
      });
    });
    const run = p.run();
    await p.stop();
    await run;
    expect(p.workspace.run).toMatchObject({ state: 'stopped', output: [{ text: 'before' }] });
  });

  it('begins again when another run had the worker replaced', async () => {
    let times = 0;
    const { p } = playground(async () => {
      if (times++ === 0) throw new EngineReplaced('another was stopped');
      return { kind: 'ended', slice: slice({ output: 'second' }) };
    });
    await p.run();
    expect(p.workspace.run).toMatchObject({ state: 'exited', output: [{ text: 'second' }] });
  });

  it('says that the engine failed, not the program', async () => {
    const { p } = playground(async () => {
      throw new Error('The engine stopped: x');
    });
    await p.run();
    expect(p.workspace.run).toMatchObject({ state: 'failed', failure: 'The engine stopped: x' });
  });

  it('checks after typing, and takes only the answer of the latest text', async () => {
    const answers: ((a: CheckAnswer) => void)[] = [];
    const check = vi.fn(() => new Promise<CheckAnswer>(resolve => answers.push(resolve)));
    const { p } = playground(async () => ({}), check as never);
    p.edit('one');
    await vi.waitFor(() => expect(answers).toHaveLength(1));
    p.edit('two');
    await vi.waitFor(() => expect(answers).toHaveLength(2));
    answers[0]!({ ...fine, ok: false });
    answers[1]!(fine);
    await vi.waitFor(() => expect(p.workspace.check?.revision).toBe(p.workspace.revision));
    expect(p.workspace.check!.answer.ok).toBe(true);
  });

  it('keeps its window inside the run', async () => {
    const { p } = playground(async () => ({ kind: 'ended', slice: slice({}) }));
    await p.run();
    const whole = wholeAxis(overview, p.workspace.focus);
    p.zoomBy(0.5);
    expect(p.workspace.focus.window!.end - p.workspace.focus.window!.begin).toBe(
      (whole.end - whole.begin) / 2,
    );
    p.panBy(-9);
    expect(p.workspace.focus.window!.begin).toBe(whole.begin);
    p.zoomBy(100);
    expect(p.workspace.focus.window).toBeNull();
  });

  it('goes to moments, and every view has the line, the playhead and the state before', async () => {
    const { p, session } = playground(async () => ({ kind: 'ended', slice: slice({}) }));
    await p.run();
    const state = (event: number, line: number): unknown => ({
      moment: { event, step: event * 10, statement: 0 },
      ended: false,
      place: { goroutine: 1, function: 'main.main', file: './main.go', line, column: 1, owner: 'mine' },
      objects: [{ address: 4096, size: 24 }],
    });
    session.inspect.mockResolvedValueOnce(state(12, 3));
    await p.step(false);
    expect(session.inspect).toHaveBeenCalledWith(
      expect.objectContaining({ at: { event: overview.mainEvent }, move: { by: 'line' } }),
    );
    expect(p.workspace.focus).toMatchObject({ line: 3, playhead: 12, moment: { event: 12 } });
    session.inspect.mockResolvedValueOnce(state(20, 4));
    await p.step(false, 'allocation');
    expect(session.inspect).toHaveBeenLastCalledWith(
      expect.objectContaining({
        at: { moment: { event: 12, step: 120, statement: 0 } },
        move: { by: 'allocation', back: false },
      }),
    );
    expect(p.workspace.before).toMatchObject({ moment: { event: 12 } });
    p.setFocus({ axis: 'steps' });
    expect(p.workspace.focus.playhead).toBe(200);
    session.alive.mockResolvedValueOnce({ address: 4096, alive: true, path: [] });
    await p.select(4096);
    expect(p.workspace.alive).toMatchObject({ alive: true });
    session.inspect.mockResolvedValueOnce(null);
    await p.step(false);
    expect(p.workspace.stepNote).toContain('No further line');
    expect(p.workspace.focus.line).toBe(4);
    p.leaveMoment();
    expect(p.workspace).toMatchObject({
      inspection: null,
      focus: { moment: null, playhead: null, line: null },
    });
  });

  it('has several files, of which the compiler gets the Go ones', async () => {
    const check = vi.fn(async () => fine);
    const { p } = playground(async () => ({}), check);
    p.replaceProgram('-- main.go --\npackage main\n-- data.txt --\n1\n');
    expect(p.workspace.files.map(f => f.name)).toEqual(['main.go', 'data.txt']);
    await p.check();
    expect(check).toHaveBeenLastCalledWith([
      { name: 'main.go', text: 'package main\n' },
      { name: 'data.txt', text: '1\n' },
    ]);
    p.addFile();
    p.renameFile(2, 'b.go');
    p.renameFile(2, 'main.go');
    p.edit('package main // b\n');
    expect(p.workspace.files[2]).toEqual({ name: 'b.go', text: 'package main // b\n' });
    p.removeFile(1);
    expect([p.workspace.files.length, p.workspace.active]).toEqual([2, 1]);
  });
});
