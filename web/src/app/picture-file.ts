// A run's picture as a file: an SVG, or a page that stands alone. `escapement render` draws with this, by
// node/render.mjs, and so every picture is the page's own.
import { bytes, count } from '../base/format.js';
import { SnapshotTrace } from '../engine/trace-source.js';
import { typeText, what } from '../model/allocation-words.js';
import { layoutMemory, memorySentence } from '../model/memory-layout.js';
import type { Scene } from '../model/scene.js';
import {
  goroutinesOf,
  gutter,
  layoutTimeline,
  stackLanes,
  summary,
  type TimelineView,
} from '../model/timeline-layout.js';
import type { Snapshot } from '../protocol/answers.generated.js';
import { sceneToSvg } from '../render/svg.js';
import { themes } from '../render/theme.js';

/** How wide a picture is that nobody measures. */
const usualWidth = 960;
const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string): string => text.replace(/[&<>"]/g, c => escapes[c]!);

/** The timeline of a snapshot's run, from main on. */
export async function timelineScene(
  s: Snapshot,
  width: number,
  more: Pick<TimelineView, 'heights' | 'drawCalls' | 'nameObjects'> = {},
): Promise<Scene> {
  const lanes = stackLanes(s.overview, true);
  const window = { begin: s.overview.mainEvent, end: Math.max(s.overview.events, s.overview.mainEvent + 1) };
  const request = {
    ...s.request,
    ...window,
    columns: Math.min(s.request.columns, width - gutter(width)),
    goroutines: goroutinesOf(lanes),
  };
  return layoutTimeline(s.overview, await new SnapshotTrace(s).tiles(request), lanes, {
    axis: 'events',
    window,
    width,
    playhead: s.inspection?.moment.event ?? null,
    selected: null,
    mine: true,
    ...more,
  });
}

async function sceneOf(s: Snapshot, view: string, width: number): Promise<Scene> {
  if (view === 'memory') {
    if (!s.inspection) throw new Error('there is no such moment');
    return layoutMemory(s.inspection, { width, selected: null, before: null, library: false });
  }
  return timelineScene(s, width);
}

/** The picture as SVG, on the light theme's ground. */
export async function pictureSvg(s: Snapshot, width = usualWidth): Promise<string> {
  if (s.view !== 'timeline' && s.view !== 'memory') throw new Error(`${s.view} is text: write it as .html`);
  return sceneToSvg(await sceneOf(s, s.view, width), themes.light);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[], cell: string): string =>
    `<tr>${cells.map(c => `<${cell}>${escape(c)}</${cell}>`).join('')}</tr>`;
  return `<table><thead>${row(head, 'th')}</thead><tbody>${rows.map(r => row(r, 'td')).join('')}</tbody></table>`;
}

async function viewHtml(s: Snapshot, view: string): Promise<string> {
  if (view === 'verdicts')
    return table(
      ['Line', 'Where', 'What the compiler says'],
      s.check.verdicts.map(v => [`${v.line}:${v.column}`, v.region, v.text]),
    );
  if (view === 'allocations')
    return table(
      ['Line', 'What', 'Type', 'Objects', 'Bytes'],
      s.allocations.rows
        .filter(r => r.billedLine > 0)
        .map(r => [String(r.billedLine), what(r), typeText(r), count(r.objects), bytes(r.bytes)]),
    );
  if (view === 'output') return '';
  const sentence =
    view === 'memory' && s.inspection ? memorySentence(s.inspection, false) : summary(s.overview);
  const svg = sceneToSvg(await sceneOf(s, view, usualWidth), themes.light);
  return `<figure><figcaption>${escape(sentence)}</figcaption>${svg}</figure>`;
}

const style =
  'body{max-width:60rem;margin:1rem auto;padding:0 1rem;font:15px/1.5 system-ui,sans-serif;color:#1f2328;background:#fff}pre{padding:.6rem;background:#f5f6f8;overflow:auto;tab-size:4}svg{width:100%;height:auto}table{border-collapse:collapse}td,th{padding:2px 10px;text-align:left;border-bottom:1px solid #d5d8dd}figure{margin:0}';

/** The program, the views between it and its output, and what made them, as one page without scripts. */
function page(s: Snapshot, views: string, closing: string): string {
  const name = escape(s.files[0]?.name ?? 'main.go');
  const one = s.files.length === 1;
  const programs = s.files
    .map((f, i) => `${one || !i ? '' : `<h2>${escape(f.name)}</h2>`}<pre>${escape(f.text)}</pre>`)
    .join('');
  const output = s.end.output + s.end.errorOutput;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${name}: where Go puts its memory</title>
<style>${style}</style>
</head><body><h1>${name}</h1>${programs}${views}${output ? `<h2>Output</h2><pre>${escape(output)}</pre>` : ''}
<p>Escapement ${escape(s.engine)}, ${escape(s.go)}.${closing}</p></body></html>
`;
}

/** The program, the snapshot's view and the output as one page without scripts. */
export async function pictureHtml(s: Snapshot): Promise<string> {
  return page(s, await viewHtml(s, s.view), '');
}

/** All that a run shows as one page without scripts, with a link to the program where it lives. */
export async function reportHtml(s: Snapshot, link: string): Promise<string> {
  const views: readonly (readonly [string, string])[] = [
    ['Timeline', 'timeline'],
    ...(s.inspection ? ([['Memory', 'memory']] as const) : []),
    ['What each line put on the heap', 'allocations'],
    ['What the compiler says', 'verdicts'],
  ];
  const parts = await Promise.all(
    views.map(async ([title, view]) => `<h2>${title}</h2>${await viewHtml(s, view)}`),
  );
  return page(s, parts.join(''), ` <a href="${escape(link)}">The program, alive</a>.`);
}
