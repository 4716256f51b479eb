// A program that the address's query names: `?src=` holds its text, `?url=` says where it lies.
import { readAtMost } from '../base/read-at-most.js';
import { mostBytes, tooLarge } from './permalink.js';

/** The program of a query; null when it names none. Throws a sentence when it cannot be had. */
export async function linkedProgram(
  query: string,
  here: string,
  get: typeof fetch = fetch,
): Promise<string | null> {
  const words = new URLSearchParams(query);
  const text = words.get('src');
  if (text !== null) {
    if (text.length > mostBytes) throw new Error(tooLarge);
    return text;
  }
  const named = words.get('url');
  if (named === null) return null;
  if (!URL.canParse(named, here)) throw new Error('the link’s url is no address');
  const address = new URL(named, here);
  if (!/^https?:$/.test(address.protocol)) throw new Error('the link’s url is no web address');
  const place = address.host + address.pathname;
  const response = await get(address, { credentials: 'omit', referrerPolicy: 'no-referrer' }).catch(() => {
    throw new Error(`${place} cannot be read from here: its server must allow that (CORS)`);
  });
  if (!response.ok) throw new Error(`${place} answered ${response.status}`);
  return decoded(response);
}

/** The body's text, read no further than is taken. */
async function decoded(response: Response): Promise<string> {
  const bytes = await readAtMost(response.body!, mostBytes, tooLarge);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error('what the link’s url names is no text');
  }
}
