// A Go program as painted lines: what lies under the plain editor's text area, and what a widget at rest shows.
import { goTokens } from './go-words.js';

/** What is drawn over the source; lines are 1-based. */
export interface Paintwork {
  readonly heapLines: ReadonlySet<number>;
  readonly faultLines: ReadonlySet<number>;
  readonly notes: readonly { readonly line: number; readonly text: string; readonly region: string }[];
  /** A line with a class of its own; null: none. */
  readonly marked: { readonly line: number; readonly name: string } | null;
}

/** One element a line of the program. */
export function paintGo(text: string, over: Paintwork): HTMLElement[] {
  const lines: HTMLElement[] = [];
  const begin = (): HTMLElement => {
    const line = document.createElement('div');
    const number = lines.push(line);
    line.className = 'plain-line';
    if (over.heapLines.has(number)) line.classList.add('line-heap');
    if (over.faultLines.has(number)) line.classList.add('line-fault');
    if (over.marked?.line === number) line.classList.add(over.marked.name);
    return line;
  };
  const span = (className: string, content: string): HTMLElement => {
    const element = document.createElement('span');
    element.className = className;
    element.textContent = content;
    return element;
  };
  const end = (line: HTMLElement): void => {
    for (const note of over.notes)
      if (note.line === lines.length) line.append(span(`line-note note-${note.region}`, note.text));
    if (!line.childNodes.length) line.append('\u200b');
  };
  let line = begin();
  for (const token of goTokens(text)) {
    token.text.split('\n').forEach((part, i) => {
      if (i > 0) {
        end(line);
        line = begin();
      }
      if (part) line.append(token.kind ? span(`go-${token.kind}`, part) : part);
    });
  }
  end(line);
  return lines;
}
