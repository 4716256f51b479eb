// The names of new objects, above their bars. A widget at rest has no use for them.
import type { TimelineView } from './timeline-pen.js';

/** Names by the row of the Allocations table that counts an object. */
export const objectNamer =
  (names: ReadonlyMap<number, string>): TimelineView['nameObjects'] =>
  (pen, objects, topOf) => {
    let free = pen.left;
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
      pen.text(x, top - 5, label, 'text');
      free = end + 8;
    });
  };
