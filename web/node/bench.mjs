// Measures the wasm engine inside one process and prints milliseconds of processor time as JSON:
//   node web/node/bench.mjs run|check|front|memory|tiles FILE.go
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { openEngine } from './escapement.mjs';

const [what, path] = process.argv.slice(2);
const files = [{ name: basename(path), text: readFileSync(path, 'utf8') }];

/** Processor time so far: other work on the machine disturbs it less than the clock. */
function now() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function timed(body) {
  const begin = now();
  body();
  return now() - begin;
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
  const run = (await runOnce(false)).time;
  const again = (await runOnce(false)).time;
  const traced = (await runOnce(true)).time;
  console.log(JSON.stringify({ run, again, traced }));
} else if (what === 'check') {
  let engine;
  const begin = now();
  engine = await openEngine();
  const load = now() - begin;
  const session = engine.open();
  const cold = timed(() => engine.ask('check', session, { files }));
  const warm = await least(20, async () => timed(() => engine.ask('check', session, { files })));
  console.log(JSON.stringify({ load, cold, warm }));
} else if (what === 'front') {
  const check = async () => {
    const engine = await openEngine();
    const session = engine.open();
    return timed(() => engine.ask('check', session, { files }));
  };
  const first = await check();
  console.log(JSON.stringify({ first, again: await least(3, check) }));
} else if (what === 'memory') {
  const { engine } = await runOnce(false);
  console.log(JSON.stringify({ megabytes: engine.exports.memory.buffer.byteLength / 1e6 }));
} else {
  const { engine, session } = await runOnce(true);
  const update = timed(() => engine.overview(session));
  let said;
  const overview = await least(10, async () => timed(() => (said = JSON.parse(engine.overview(session)))));
  const request = { axis: 'events', begin: said.mainEvent, end: said.events, columns: 1000, goroutines: [1] };
  const tiles = await least(10, async () => timed(() => engine.tiles(session, request)));
  console.log(JSON.stringify({ events: said.events, update, overview, tiles }));
}
