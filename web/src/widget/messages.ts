// What a host page's widget and the frames of the engine's origin say to each other. Window messages only open ports;
// both ends check who speaks, and what is said, before they listen.
import type { WidgetView } from './choices.js';

/** Frames and widgets of different versions meet; a change of these messages changes this number. */
export const dialect = 1;

/** A frame tells the document that holds it that it listens. */
export interface Here {
  readonly escapement: number;
  readonly kind: 'here';
}

/** To the frame that owns the engine: here is a port for requests. */
export interface Connect {
  readonly escapement: number;
  readonly kind: 'connect';
}

/** To an editing frame: show this; here are a port to the widget and a port to the engine. */
export interface Open {
  readonly escapement: number;
  readonly kind: 'open';
  readonly text: string;
  readonly view: WidgetView;
  /** What to go to after the first run: `event:12`, `line:7`, … ; empty: nothing. */
  readonly moment: string;
  readonly locked: boolean;
  readonly run: boolean;
  readonly look: Look;
}

/** How a frame is to look: its theme, and colours that the host page chose for named roles. */
export interface Look {
  readonly theme: 'light' | 'dark';
  readonly colours: Readonly<Record<string, string>>;
}

/** On the widget's port, to the frame. */
export type ToFrame =
  { readonly kind: 'run' } | { readonly kind: 'stop' } | { readonly kind: 'look'; readonly look: Look };

/** On the widget's port, from the frame. */
export type FromFrame =
  | { readonly kind: 'height'; readonly height: number }
  | { readonly kind: 'link'; readonly fragment: string }
  | { readonly kind: 'running'; readonly running: boolean }
  | { readonly kind: 'event'; readonly name: 'ready' | 'run' | 'result' | 'error'; readonly detail: unknown };

/** Colours a host page may choose, by the ends of its custom properties' names. */
export const colourNames = [
  'ground',
  'raised',
  'line',
  'text',
  'quiet',
  'stack',
  'heap',
  'static',
  'accent',
] as const;

/** Whether `data` is a message of ours of this kind. */
export function isMessage(data: unknown, kind: string): boolean {
  const message = data as { escapement?: unknown; kind?: unknown } | null;
  return typeof message === 'object' && message?.escapement === dialect && message.kind === kind;
}
