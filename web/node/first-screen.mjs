// Puts the first screen into the built site's index.html: the first example's run, asked of the WebAssembly engine, as
// a picture that needs no script and as the snapshot that the page begins with.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundled } from './bundled.mjs';
import { openEngine } from './escapement.mjs';

const web = fileURLToPath(new URL('..', import.meta.url));
const columns = 160;

/** Of main's calls those that the timeline draws: the user's own, and what these call. */
function drawnCalls(frames) {
  const open = [];
  return frames.filter(f => {
    if (f.goroutine !== 1) return false;
    while (open.length && open.at(-1).depth >= f.depth) open.pop();
    const caller = open.at(-1);
    open.push(f);
    return f.owner === 'mine' || caller?.owner === 'mine';
  });
}

/** The run of a program, with its memory before its last statement. */
async function snapshotOf(text) {
  const engine = await openEngine();
  const session = engine.open();
  const ask = (what, question) => JSON.parse(engine.ask(what, session, question));
  ask('check', { files: [{ name: 'main.go', text }] });
  ask('start', { files: [{ name: 'main.go', text }], options: {} });
  while (JSON.parse(engine.step(session, 1_000_000)).state === 'running');
  const lineOf = moment => text.split('\n')[moment.place.line - 1].trim();
  const back = { by: 'line', back: true };
  let last = ask('inspect', { at: { end: true }, move: back });
  if (lineOf(last) === '}') last = ask('inspect', { at: { moment: last.moment }, move: back });
  const snapshot = ask('snapshot', { view: 'memory', columns, at: { line: last.place.line } });
  const { overview, allocations, inspection } = snapshot;
  const frames = ask('frames', { begin: overview.mainStep, end: overview.steps });
  // What happens before main and what the library keeps is in the totals; it is not shown.
  const goroutines = inspection.goroutines.filter(g => !g.system);
  const objects = inspection.objects.filter(o => o.owner === 'mine');
  const objectsOmitted =
    inspection.objectsOmitted + inspection.objects.filter(o => o.mine).length - objects.length;
  return {
    ...snapshot,
    overview: { ...overview, stackChanges: overview.stackChanges.filter(c => c.goroutine === 1) },
    allocations: { rows: allocations.rows.filter(r => r.billedLine > 0), omitted: 0 },
    inspection: { ...inspection, goroutines, objects, objectsOmitted, spans: [] },
    frames: { ...frames, frames: drawnCalls(frames.frames) },
  };
}

export async function writeFirstScreen(site) {
  const text = readFileSync(join(web, 'examples/07-returned-pointer.go'), 'utf8');
  const snapshot = await snapshotOf(text);
  const { firstHeader, firstScreen, paintProperties } = await bundled('src/app/first-screen.ts');
  const path = join(site, 'index.html');
  const kept = JSON.stringify(snapshot).replaceAll('<', '\\u003c');
  const html = readFileSync(path, 'utf8');
  if (!html.includes('<!--first-->')) throw new Error(`${path} has no place for the first screen`);
  const screen = await firstScreen(snapshot);
  // The style stands in the document, so that the first paint waits for nothing else; its file follows the first
  // screen, for the scripts that come with it.
  let style = '';
  let link = '';
  const body = html.replace(/<link rel="stylesheet"[^>]* href="\.\/(assets\/[^"]*)">/, (tag, file) => {
    style = readFileSync(join(site, file), 'utf8');
    link = tag;
    return '';
  });
  if (!style) throw new Error(`${path} has no style`);
  writeFileSync(
    path,
    body
      .replace('</head>', () => `<style>${paintProperties()}${style}</style></head>`)
      .replace('<!--first-header-->', firstHeader)
      .replace('<!--first-->', () => screen + link)
      .replace('</body>', () => `<script type="application/json" id="first-run">${kept}</script></body>`),
  );
}
