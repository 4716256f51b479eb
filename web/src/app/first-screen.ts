// The first screen as HTML, made when the site is built: the first example with its verdicts, its run's timeline and its
// memory, so that a reader sees them before any script has run. The page's own elements take its place, and begin
// with the same run.
import { pages } from './pages.js';
import { timelineScene } from './picture-file.js';
import { layoutMemory, memorySentence } from '../model/memory-layout.js';
import { lowLanes, summary } from '../model/timeline-layout.js';
import { explain } from '../model/verdict-words.js';
import type { Mark, Scene } from '../model/scene.js';
import type { KeptRun } from '../engine/trace-source.js';
import { callsDrawer } from '../model/timeline-calls.js';
import { legendOf, viewSentence } from '../model/timeline-legend.js';
import { objectNamer } from '../model/timeline-names.js';
import { sceneToSvg } from '../render/svg.js';
import { themes, type Theme } from '../render/theme.js';
import { allocationNotes } from '../views/editor/marks.js';
import { goTokens } from '../views/editor/go-words.js';

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string): string => text.replace(/[&<>"]/g, c => escapes[c]!);

/** Every paint is a custom property: the document may be light or dark. */
const theme = new Proxy({} as Theme, { get: (_, paint) => `var(--paint-${String(paint)})` });

/** Widths of the pictures, and the class that shows each where it fits. */
const widths = [
  ['first-narrow', 348],
  ['first-middle', 556],
  ['first-wide', 1000],
] as const;

/** The properties that the pictures' paints are. */
export function paintProperties(): string {
  const paints = Object.entries(themes.light) as [keyof Theme, string][];
  const words = paints.map(([name, light]) => `--paint-${name}:light-dark(${light},${themes.dark[name]})`);
  return `:root{${words.join(';')}}`;
}

function program(s: KeptRun): string {
  const text = s.files[0]!.text;
  const heap = new Set(s.check.verdicts.filter(v => v.region === 'heap').map(v => v.line));
  const notes = new Map(allocationNotes(s.allocations.rows).map(n => [n.line, n.text]));
  const painted = goTokens(text)
    .map(t =>
      t.kind
        ? t.text
            .split('\n')
            .map(part => `<span class="go-${t.kind}">${escape(part)}</span>`)
            .join('\n')
        : escape(t.text),
    )
    .join('');
  const lines = painted.split('\n').map((line, i) => {
    const note = notes.get(i + 1);
    const said = note ? `<span class="line-note note-heap first-note">${escape(note)}</span>` : '';
    return `<div class="plain-line${heap.has(i + 1) ? ' line-heap' : ''}">${line || '\u200b'}${said}</div>`;
  });
  return `<div class="plain-editor"><div class="plain-scroll"><pre tabindex="0" aria-label="Go program">${lines.join('')}</pre></div></div>`;
}

/** The scene without the points of steps that lie on a straight line. */
function thin(scene: Scene): Scene {
  const marks = scene.marks.map((m): Mark => {
    if (m.kind !== 'line' && m.kind !== 'area') return m;
    const series = m.kind === 'line' ? [m.ys] : [m.tops, m.bottoms];
    const kept = m.xs
      .map((_, i) => i)
      .filter(i => {
        const inside = i > 0 && i < m.xs.length - 1;
        return !inside || series.some(ys => ys[i] !== ys[i - 1] || ys[i] !== ys[i + 1]);
      });
    const of = (all: readonly number[]): number[] => kept.map(i => all[i]!);
    return m.kind === 'line'
      ? { ...m, xs: of(m.xs), ys: of(m.ys) }
      : { ...m, xs: of(m.xs), tops: of(m.tops), bottoms: of(m.bottoms) };
  });
  return { ...scene, marks };
}

/** The bar of controls, which do nothing yet. */
const controls = [
  '<button class="primary" disabled>Run</button><button class="stop" disabled>Stop</button>',
  '<label class="field"><span class="visually-hidden">Example</span><select class="examples" disabled><option>Examples</option></select></label>',
  '<button disabled>File ▾</button><button disabled>Share</button><button class="spacious" disabled>Compare</button>',
  '<button class="settings" disabled><span class="narrow">⚙</span><span class="wide">GOGC 100 · floor 4 MiB · stack 2 KiB · seed 1</span> ▾</button>',
  '<span class="choice pages"><button disabled>Program</button><button disabled>Picture</button></span>',
  '<button class="theme" disabled>?</button><span class="notice">Loading the engine …</span>',
].join('');

const disabled = (...names: readonly string[]): string =>
  names.map(name => `<button disabled>${escape(name)}</button>`).join('');

/** The controls above the timeline, and those of time travel and the tabs below it. */
const timelineControls = `<span class="choice">${disabled('Events', 'Steps')}</span>${disabled('Before main')}<span class="choice">${disabled('+', '−', 'Fit')}</span>`;
const stepControls = `<div class="steps"><span class="choice">${disabled('|◀', '◀', '▶', '▶|')}</span><span class="choice">${disabled('Line', 'Event', 'Allocation')}</span></div>`;
const tabs = `<div class="tabs">${disabled('Allocations', 'Verdicts', 'Memory')}</div>`;

/** The inside of <escapement-header> until its script is there. */
export function firstHeader(): string {
  const links = pages.map(
    ([file, name], i) => `<a href="./${file}"${i ? '' : ' aria-current="page"'}>${escape(name)}</a>`,
  );
  return `<a class="brand" href="./index.html"><span class="mark" aria-hidden="true"></span>Escapement</a>
<span class="tagline">where Go puts your memory</span><nav aria-label="Site">${links.join('')}</nav>
<button class="theme" disabled aria-label="Colours">◐</button>`;
}

/** The inside of <escapement-playground> until its script is there. */
export async function firstScreen(s: KeptRun): Promise<string> {
  const timelines: string[] = [];
  const memories: string[] = [];
  const window = { begin: s.overview.mainEvent, end: s.overview.events };
  for (const [name, width] of widths) {
    const scene = await timelineScene(s, width, {
      heights: lowLanes,
      drawCalls: s.frames ? callsDrawer(s.frames) : null,
      nameObjects: objectNamer(s.allocations.rows, s.check.verdicts),
    });
    timelines.push(`<div class="${name}">${sceneToSvg(thin(scene), theme)}</div>`);
    if (s.inspection) {
      const memory = layoutMemory(s.inspection, { width, selected: null, before: null, library: false });
      memories.push(`<div class="${name}">${sceneToSvg(memory, theme)}</div>`);
    }
  }
  const legend = legendOf(s.overview)
    .map(([swatch, words]) => `<span><i class="${swatch}"></i>${words}</span>`)
    .join('');
  const links = ['SVG', 'PNG'].map(name => `<button class="link" disabled>${name}</button>`).join(' ');
  const why = s.check.verdicts.find(v => v.region === 'heap' && v.path.length);
  return `<section class="toolbar">${controls}</section>
<div class="panes">
<div class="left"><section class="pane editor" aria-label="Editor"><div class="files"><button aria-pressed="true" disabled>main.go</button><button class="close" disabled>+</button><button class="close" disabled>Format</button><span class="key quiet"><span class="verdict-mark verdict-heap">heap</span><span class="verdict-mark verdict-stack">stays on the stack</span></span></div>${program(s)}${why ? `<p class="why-bar">${escape(explain(why))} <span class="code">${escape(`${why.file}:${why.line}:${why.column}: ${why.text}`)}</span></p>` : ''}</section>
<section class="pane output" aria-label="Output"><div class="head"><h2>Output</h2><button class="link" disabled>give input</button></div><pre>${escape(s.end.output)}</pre></section></div>
<div class="right"><section class="pane timeline" aria-label="Timeline"><figure><figcaption><p class="sentence">${escape(summary(s.overview))}</p></figcaption><div class="bar"><span class="moment quiet">${escape(viewSentence('events', window, window))}</span>${timelineControls}</div>${timelines.join('')}<p class="legend quiet">${legend}<span class="save">${links}</span></p></figure></section>
<section class="pane tables" aria-label="Memory">${stepControls}${tabs}<div class="bar"><p class="sentence">${s.inspection ? escape(memorySentence(s.inspection, false)) : ''}</p>${disabled('Library too')}<span class="choice">${disabled('SVG', 'PNG')}</span></div>${memories.join('')}</section></div>
</div>`;
}
