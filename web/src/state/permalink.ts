// The program in the address: #v1:<deflate-raw, base64url>&gogc=50&t=<event.step.statement>&sel=<line>, decoded
// within bounds. What is not Go's own default is named; what is unknown or out of bounds is passed over.
import { readAtMost } from '../base/read-at-most.js';
import type { Moment } from '../protocol/answers.generated.js';
import { goRunOptions, type RunOptions } from '../protocol/questions.js';

const prefix = '#v1:';
/** The longest program a link may hold, in bytes. */
export const mostBytes = 1 << 18;
export const tooLarge = 'the program in the link is too large';

/** The fragment that holds a program. */
export async function encodeProgram(text: string): Promise<string> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const packed = new Uint8Array(await new Response(stream).arrayBuffer());
  let binary = '';
  for (const b of packed) binary += String.fromCharCode(b);
  return prefix + btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** The program a fragment holds; null when it holds none. Throws when it is damaged or too large. */
export async function decodeProgram(fragment: string): Promise<string | null> {
  if (!fragment.startsWith(prefix)) return null;
  const data = fragment.slice(prefix.length).split('&')[0]!;
  if (data.length > 2 * mostBytes) throw new Error(tooLarge);
  let packed: Uint8Array<ArrayBuffer>;
  try {
    packed = Uint8Array.from(atob(data.replaceAll('-', '+').replaceAll('_', '/')), ch => ch.charCodeAt(0));
  } catch {
    throw new Error('The program in the link is damaged');
  }
  const stream = new DecompressionStream('deflate-raw') as unknown as ReadableWritablePair<
    Uint8Array,
    BufferSource
  >;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(
      await readAtMost(new Blob([packed]).stream().pipeThrough(stream), mostBytes, tooLarge),
    );
  } catch (error) {
    if (error instanceof Error && error.message === tooLarge) throw error;
    throw new Error('The program in the link is damaged');
  }
}

/** What a link holds besides the program. */
export interface LinkedState {
  readonly options: Partial<RunOptions>;
  readonly moment: Moment | null;
  /** The selected line. */
  readonly line: number | null;
}

const numbers = [
  ['gogc', 'gcPercent', -1, 100_000],
  ['floor', 'heapMinimum', 1024, 2 ** 32],
  ['stack', 'stackStart', 2048, 2 ** 20],
  ['seed', 'seed', 1, 2 ** 31],
] as const;

/** The part of a fragment after the program. */
export function encodeState(state: LinkedState): string {
  const words: string[] = [];
  for (const [word, option] of numbers) {
    const value = state.options[option];
    if (value !== undefined && value !== goRunOptions[option]) words.push(`${word}=${value}`);
  }
  if (state.options.input) words.push(`stdin=${encodeURIComponent(state.options.input)}`);
  if (state.moment) words.push(`t=${state.moment.event}.${state.moment.step}.${state.moment.statement}`);
  if (state.line !== null) words.push(`sel=${state.line}`);
  return words.map(w => `&${w}`).join('');
}

/** The inverse of encodeState. */
export function decodeState(fragment: string): LinkedState {
  const words = new Map(
    fragment
      .split('&')
      .slice(1, 20)
      .map(w => [w.slice(0, w.indexOf('=')), w.slice(w.indexOf('=') + 1)] as const),
  );
  const options: Record<string, number | string> = {};
  for (const [word, option, least, most] of numbers) {
    const value = Number(words.get(word) || NaN);
    if (Number.isSafeInteger(value) && value >= least && value <= most) options[option] = value;
  }
  const input = words.get('stdin');
  if (input && input.length < mostBytes) {
    try {
      options.input = decodeURIComponent(input);
    } catch {
      // A damaged input is no input.
    }
  }
  const t = /^(\d{1,15})\.(\d{1,15})\.(\d{1,15})$/.exec(words.get('t') ?? '');
  const line = /^\d{1,7}$/.exec(words.get('sel') ?? '');
  return {
    options: options as Partial<RunOptions>,
    moment: t ? { event: Number(t[1]), step: Number(t[2]), statement: Number(t[3]) } : null,
    line: line && Number(line[0]) > 0 ? Number(line[0]) : null,
  };
}
