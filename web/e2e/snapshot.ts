// A snapshot of a program's run, asked of the WebAssembly engine in Node.
import type { Snapshot } from '../src/protocol/answers.generated.js';
import { openEngine } from '../node/escapement.mjs';

export async function snapshotOf(text: string, columns = 600): Promise<Snapshot> {
  const engine = await openEngine();
  const session = engine.open();
  const files = [{ name: 'main.go', text }];
  const check = JSON.parse(engine.ask('check', session, { files })) as Snapshot['check'];
  engine.ask('start', session, { files, options: {} });
  const end = { output: '', errorOutput: '' } as Snapshot['end'];
  if (check.ok)
    do {
      const slice = JSON.parse(engine.step(session, 1_000_000)) as Snapshot['end'];
      const output = end.output + slice.output;
      const errorOutput = end.errorOutput + slice.errorOutput;
      Object.assign(end, slice, { output, errorOutput });
    } while (end.state === 'running');
  const overview = JSON.parse(engine.overview(session)) as Snapshot['overview'];
  const request: Snapshot['request'] = {
    axis: 'events',
    begin: overview.mainEvent,
    end: overview.events,
    columns,
    goroutines: overview.goroutines.filter(g => g.id === 1 || g.owner === 'mine').map(g => g.id),
  };
  const query = { axis: 'events', begin: request.begin, end: request.end, mine: true, limit: 500 };
  return {
    format: 'escapement-snapshot',
    version: 1,
    engine: engine.version().version,
    go: engine.version().go,
    view: 'timeline',
    files,
    check,
    end,
    overview,
    allocations: JSON.parse(engine.ask('allocations', session, query)),
    request,
    data: [...engine.tiles(session, request)],
    facts: { verdicts: [], others: [] },
    inspection: null,
  };
}
