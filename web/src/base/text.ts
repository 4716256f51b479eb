// Columns as Go counts them (bytes of UTF-8) and as editors count them (UTF-16 units).

/** The 1-based UTF-16 column of a 1-based byte column in `line`. */
export function utf16Column(line: string, byteColumn: number): number {
  let bytes = 1;
  let column = 1;
  for (const ch of line) {
    if (bytes >= byteColumn) break;
    const code = ch.codePointAt(0)!;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    column += ch.length;
  }
  return column;
}
