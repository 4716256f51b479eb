// Columns as Go counts them (bytes of UTF-8) and as editors count them (UTF-16 units); text that runs both ways.

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

/** Words of Hebrew, Arabic, Syriac, Thaana, NKo and their neighbours. */
const rightToLeft = /[\u0590-\u08ff]+(?:\s+[\u0590-\u08ff]+)*/g;

/** The text with its right-to-left words isolated, so that what stands around them keeps its order. */
export const isolated = (text: string): string => text.replace(rightToLeft, '\u2068$&\u2069');
