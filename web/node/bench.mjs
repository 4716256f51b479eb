// Measures the wasm engine inside one process and prints milliseconds as JSON:
//   node web/node/bench.mjs run|check|tiles FILE.go
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { openEngine } from './escapement.mjs';

const [what, path] = process.argv.slice(2);
const files = [{ name: basename(path), text: readFileSync(path, 'utf8') }];

function timed(body) {
  const begin = performance.now();
  body();
  return performance.now() - begin;
}

/** Runs the program to its end in an engine of its own; the steps' time without compiling. */
async function runOnce(trace) {
  const engine = await openEngine();
  const session = engine.open();
  const check = JSON.parse(engine.ask('start', session, { files, options: { trace } }));
  if (!check.ok) throw new Error(check.messages[0]?.text);
  const time = timed(() => {
    while (JSON.parse(engine.step(session, 1_000_000)).state === 'running');
  });
  return { engine, session, time };
}

async function least(times, body) {
  let best = Infinity;
  for (let i = 0; i < times; i++) best = Math.min(best, await body());
  return best;
}

if (what === 'run') {
  const run = await least(3, async () => (await runOnce(false)).time);
  const traced = await least(3, async () => (await runOnce(true)).time);
  console.log(JSON.stringify({ run, traced }));
} else if (what === 'check') {
  let engine;
  const begin = performance.now();
  engine = await openEngine();
  const load = performance.now() - begin;
  const session = engine.open();
  const cold = timed(() => engine.ask('check', session, { files }));
  const warm = await least(20, async () => timed(() => engine.ask('check', session, { files })));
  console.log(JSON.stringify({ load, cold, warm }));
} else {
  const { engine, session } = await runOnce(true);
  const update = timed(() => engine.overview(session));
  let said;
  const overview = await least(10, async () => timed(() => (said = JSON.parse(engine.overview(session)))));
  const request = { axis: 'events', begin: said.mainEvent, end: said.events, columns: 1000, goroutines: [1] };
  const tiles = await least(10, async () => timed(() => engine.tiles(session, request)));
  console.log(JSON.stringify({ events: said.events, update, overview, tiles }));
}
