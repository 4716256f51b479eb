// A snapshot's tables, drawn at rest. Loaded only by widgets that show them.
import { bytes, count } from '../base/format.js';
import type { Snapshot } from '../protocol/answers.generated.js';

/** The verdicts, or the allocations that the user's lines cause. */
export function drawTable(snapshot: Snapshot, view: 'verdicts' | 'allocations'): HTMLElement {
  if (view === 'verdicts') {
    const rows = snapshot.check.verdicts.map(v => [String(v.line), v.region, v.text]);
    return table(['line', 'region', 'the compiler says'], rows);
  }
  const rows = snapshot.allocations.rows
    .filter(r => r.billedLine > 0)
    .map(r => [String(r.billedLine), r.type || r.kind, count(r.objects), bytes(r.bytes), count(r.live)]);
  return table(['line', 'type', 'objects', 'size', 'live'], rows);
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): HTMLElement {
  const row = (kind: 'th' | 'td', words: readonly string[]): HTMLElement => {
    const line = document.createElement('tr');
    for (const word of words) {
      const cell = document.createElement(kind);
      cell.textContent = word;
      cell.style.cssText = `padding:2px 8px;border-bottom:1px solid var(--e-line);${kind === 'th' ? 'text-align:left;font-weight:600;color:var(--e-quiet)' : ''}`;
      if (/^(stack|heap|static)$/.test(word)) cell.style.color = `var(--e-${word})`;
      line.append(cell);
    }
    return line;
  };
  const element = document.createElement('table');
  element.style.cssText = 'border-collapse:collapse;width:100%';
  const head = element.createTHead();
  head.append(row('th', heads));
  element.createTBody().append(...rows.map(r => row('td', r)));
  return element;
}
