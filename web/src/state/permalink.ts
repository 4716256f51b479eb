// The program in the address: #v1:<deflate-raw, base64url>, decoded within bounds.

const prefix = '#v1:';
/** The longest program a link may hold, in bytes. */
const mostBytes = 1 << 18;

async function through(
  bytes: Uint8Array,
  stream: ReadableWritablePair<Uint8Array, BufferSource>,
  most: number,
): Promise<Uint8Array> {
  const reader = new Blob([bytes as BlobPart]).stream().pipeThrough(stream).getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > most) {
      await reader.cancel();
      throw new Error('the program in the link is too large');
    }
    parts.push(value);
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The fragment that holds a program. */
export async function encodeProgram(text: string): Promise<string> {
  const stream = new CompressionStream('deflate-raw') as unknown as ReadableWritablePair<
    Uint8Array,
    BufferSource
  >;
  const packed = await through(new TextEncoder().encode(text), stream, Infinity);
  let binary = '';
  for (const b of packed) binary += String.fromCharCode(b);
  return prefix + btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** The program a fragment holds; null when it holds none. Throws when it is damaged or too large. */
export async function decodeProgram(fragment: string): Promise<string | null> {
  if (!fragment.startsWith(prefix)) return null;
  const data = fragment.slice(prefix.length).split('&')[0]!;
  if (data.length > 2 * mostBytes) throw new Error('the program in the link is too large');
  let packed: Uint8Array;
  try {
    packed = Uint8Array.from(atob(data.replaceAll('-', '+').replaceAll('_', '/')), ch => ch.charCodeAt(0));
  } catch {
    throw new Error('the program in the link is damaged');
  }
  const stream = new DecompressionStream('deflate-raw') as unknown as ReadableWritablePair<
    Uint8Array,
    BufferSource
  >;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await through(packed, stream, mostBytes));
  } catch (error) {
    if (error instanceof Error && error.message.includes('too large')) throw error;
    throw new Error('the program in the link is damaged');
  }
}
