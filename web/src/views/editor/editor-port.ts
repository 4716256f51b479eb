// EditorPort: what the page needs of an editor. Monaco implements it, and a light text area does for first
// paint, phones and readers who prefer it.

import type { PathStop } from '../../model/verdict-words.js';

/** A marked stretch of one line. Columns are 1-based UTF-16 units, the end exclusive. */
export interface EditorMark {
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
  readonly region: 'stack' | 'heap' | 'static';
  /** The run did otherwise than the verdict says. */
  readonly surprise: boolean;
  /** The compiler's sentence and what it means, as lines of plain text. */
  readonly hover: readonly string[];
}

/** A fault of the source. */
export interface EditorFault {
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
  readonly text: string;
  /** It compiles all the same. */
  readonly warning: boolean;
}

/** A note at the end of a line, such as `heap · 24 B`. */
export interface EditorNote {
  readonly line: number;
  readonly text: string;
  readonly region: 'stack' | 'heap' | 'static';
}

export interface EditorPort {
  setText(text: string): void;
  setMarks(marks: readonly EditorMark[], faults: readonly EditorFault[], notes: readonly EditorNote[]): void;
  /** Draws a verdict's path over the source; empty clears. */
  setPath(path: readonly PathStop[]): void;
  /** Marks a line as selected, or as the one about to run, and brings it into view; null clears. */
  setLine(line: number | null, playing?: boolean): void;
  setTheme(theme: 'light' | 'dark'): void;
  focus(): void;
  dispose(): void;
}

/** What an editor tells the page. */
export interface EditorEvents {
  onText(text: string): void;
  /** The caret moved to a line. */
  onLine(line: number): void;
  onRun(): void;
  onShare(): void;
  /** The text is to be laid out as gofmt does. */
  onFormat(): void;
  /** Escape: the reader wants to leave the editor. */
  onLeave(): void;
}
