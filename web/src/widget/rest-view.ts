// A widget at rest: program, picture and output, drawn from a snapshot with no engine. All text is put in as text.
import { layoutTimeline, stackLanes, summary } from '../model/timeline-layout.js';
import type { Snapshot } from '../protocol/answers.generated.js';
import { readTiles } from '../protocol/tiles.js';
import { sceneToTree, treeToElement } from '../render/svg.js';
import type { Theme } from '../render/theme.js';
import { allocationNotes } from '../views/editor/marks.js';
import { paintGo } from '../views/editor/paint-go.js';
import type { WidgetView } from './choices.js';

/** Every paint is a custom property, so that a theme's change needs no new picture. */
const theme = new Proxy({} as Theme, { get: (_, paint) => `var(--e-${String(paint)})` });

/** A new element with a part's name, classes and children. */
export function make<K extends keyof HTMLElementTagNameMap>(
  name: K,
  part: string,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  if (part) {
    element.className = part;
    element.setAttribute('part', part);
  }
  element.append(...children);
  return element;
}

/** The program; with the snapshot's figures at its lines when the snapshot is of this very text. */
export function drawProgram(text: string, snapshot: Snapshot | null): HTMLElement {
  const heap = snapshot?.check.verdicts.filter(v => v.region === 'heap').map(v => v.line) ?? [];
  const faults = snapshot?.check.messages.filter(m => m.severity === 'error').map(m => m.line) ?? [];
  const code = make(
    'pre',
    'code',
    ...paintGo(text, {
      heapLines: new Set(heap),
      faultLines: new Set(faults),
      notes: snapshot ? allocationNotes(snapshot.allocations.rows) : [],
      marked: null,
    }),
  );
  code.tabIndex = 0;
  code.setAttribute('aria-label', 'Go program');
  code.setAttribute('role', 'group');
  return code;
}

/** The picture that `view` names, `width` pixels wide; null: none. */
export async function drawPicture(
  snapshot: Snapshot,
  view: WidgetView,
  width: number,
  playhead: number | null,
): Promise<HTMLElement | null> {
  if (view === 'none') return null;
  if (view === 'memory') {
    if (!snapshot.inspection) return null;
    const { drawMemory } = await import('./rest-memory.js');
    return drawMemory(snapshot.inspection, theme, width);
  }
  const { overview, request } = snapshot;
  const picture = make('figure', 'picture', make('figcaption', '', summary(overview)));
  if (view === 'timeline') {
    const scene = layoutTimeline(
      overview,
      readTiles(request, Float64Array.from(snapshot.data)),
      stackLanes(overview, true).filter(l => l.drawn.every(g => request.goroutines.includes(g.id))),
      { axis: request.axis, window: request, width, playhead, selected: null, mine: true },
    );
    picture.append(treeToElement(sceneToTree(scene, theme)));
  } else {
    const { drawTable } = await import('./rest-table.js');
    picture.append(drawTable(snapshot, view));
  }
  return picture;
}
