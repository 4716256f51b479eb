// The names of new objects, above their bars, and a frame round those of the selected row. A widget at rest has no use for them.
import { bytes } from '../base/format.js';
import type { Allocation, Verdict } from '../protocol/answers.generated.js';
import { isolated, what } from './allocation-words.js';
import type { TimelineView } from './timeline-pen.js';

/** The verdict at a row's own site. */
export const verdictOf = (row: Allocation, verdicts: readonly Verdict[]): Verdict | undefined =>
  row.owner === 'mine' ? verdicts.find(v => v.line === row.line && v.column === row.column) : undefined;

/** Names the objects that the user's own lines made by the rows of the Allocations table that count them. */
export function objectNamer(
  rows: readonly Allocation[],
  verdicts: readonly Verdict[],
): TimelineView['nameObjects'] {
  const own = rows.filter(r => r.owner === 'mine');
  const names = new Map(
    own.map(r => [r.key, `${what(r, verdictOf(r, verdicts))} ${bytes(r.bytes / r.objects)}`] as const),
  );
  return (pen, objects, topOf, width) => {
    let free = pen.left;
    for (const o of objects) {
      if (o.key !== pen.view.selected) continue;
      const [left, right, top, bottom] = [pen.x(o.at) - 1, pen.x(o.at) + width + 1, topOf(o) - 1, pen.top];
      pen.line([left, left, right, right, left], [bottom, top, top, bottom, bottom], 'selected', 2);
    }
    objects.forEach((o, i) => {
      const label = names.get(o.key);
      const x = pen.x(o.at);
      if (!label || x < free) return;
      const end = x + 6.2 * label.length;
      if (end > pen.right) return;
      // Above every neighbour that the words reach.
      let top = topOf(o);
      for (let k = i + 1; k < objects.length && pen.x(objects[k]!.at) < end; k++)
        top = Math.min(top, topOf(objects[k]!));
      pen.text(x, top - 5, isolated(label), 'text');
      free = end + 8;
    });
  };
}
