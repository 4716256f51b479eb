// The field that filters the rows of the tables; / leads to it.
import { html, type TemplateResult } from 'lit';

/** The field, and its present words. Escape empties it. */
export function filterField(rows: string, filter: string, set: (filter: string) => void): TemplateResult {
  return html`<input
    class="filter"
    type="search"
    size="12"
    aria-label=${`Filter the ${rows}`}
    placeholder="Filter  /"
    title="Words that a row must have; a number is a line (/)"
    .value=${filter}
    @input=${(e: Event) => set((e.target as HTMLInputElement).value)}
    @keydown=${(e: KeyboardEvent) => {
      if (e.key !== 'Escape') return;
      e.preventDefault();
      set('');
      (e.target as HTMLElement).closest('[role=tabpanel]')?.querySelector<HTMLElement>('.rows')?.focus();
    }}
  />`;
}
