/** All bytes of a stream; it is cancelled, and `tooLarge` thrown, when there are more than `most`. */
export async function readAtMost(
  stream: ReadableStream<Uint8Array>,
  most: number,
  tooLarge: string,
): Promise<Uint8Array> {
  const reader = stream.getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > most) {
      await reader.cancel();
      throw new Error(tooLarge);
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
