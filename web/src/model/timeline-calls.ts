// The named calls of a goroutine, as rows of a lane below its stack. A widget at rest has no use for them.
import type { FrameWindow } from '../protocol/answers.generated.js';
import type { TimelinePen, TimelineView } from './timeline-pen.js';
import { shortName } from './timeline-stacks.js';

const callHeight = 16;
const mostCallRows = 5;

/** A call as the picture has it. */
interface Call {
  readonly frame: number;
  readonly begin: number;
  readonly end: number;
  readonly row: number;
  readonly mine: boolean;
  readonly name: string;
}

/**
 * The calls to draw: with `mine`, the user's own and of the library's only those that the user's code made, one row
 * below their caller.
 */
function callsOf(pen: TimelinePen, goroutine: number, frames: FrameWindow): Call[] {
  const { axis, mine } = pen.view;
  const calls: Call[] = [];
  const open: { depth: number; row: number; library: boolean }[] = [];
  frames.frames.forEach((f, frame) => {
    if (f.goroutine !== goroutine) return;
    while (open.length && open[open.length - 1]!.depth >= f.depth) open.pop();
    const caller = open[open.length - 1];
    const own = f.owner === 'mine';
    const hidden = mine && !own && (!caller || caller.library);
    const row = hidden ? (caller?.row ?? -1) : (caller?.row ?? -1) + 1;
    open.push({ depth: f.depth, row, library: !own });
    if (hidden) return;
    const begin = Math.max(pen.left, pen.x(axis === 'events' ? f.beginEvent : f.beginStep));
    const end = Math.min(pen.right, pen.x(axis === 'events' ? f.endEvent : f.endStep));
    if (end - begin >= 1 && row < mostCallRows)
      calls.push({ frame, begin, end, row, mine: own, name: shortName(f.function) });
  });
  return calls;
}

/** Draws the named calls of a goroutine as a lane, callers above what they call. */
export const callsDrawer =
  (frames: FrameWindow): TimelineView['drawCalls'] =>
  (pen, goroutine) => {
    const calls = callsOf(pen, goroutine, frames);
    if (!calls.length) return;
    const rows = 1 + Math.max(...calls.map(c => c.row));
    const top = pen.lane(rows * callHeight + 2, {
      id: `calls:${goroutine}`,
      title: '',
      what: pen.left > 0 ? 'calls' : '',
      sentence: '',
    });
    for (const c of calls) {
      const y = top + 1 + c.row * callHeight;
      const paint = c.mine ? 'stack' : 'others';
      const width = Math.max(1, c.end - c.begin - 1);
      pen.rect(c.begin, y, width, callHeight - 2, paint, 'tint', { kind: 'call', frame: c.frame });
      if (width > 3) pen.rect(c.begin, y, 2, callHeight - 2, paint, 'solid');
      if (width > 26) pen.text(c.begin + 6, y + 11, pen.fit(c.name, width - 10, 6.2), 'text');
    }
  };
