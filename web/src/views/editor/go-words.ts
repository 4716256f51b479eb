// A light highlighter for the plain editor: Go's words, strings, numbers and comments.

const words =
  'break|case|chan|const|continue|default|defer|else|fallthrough|for|func|go|goto|if|import|interface|map|package|range|return|select|struct|switch|type|var';

const token = new RegExp(
  [
    '(?<comment>//[^\\n]*|/\\*[\\s\\S]*?(?:\\*/|$))',
    '(?<string>"(?:\\\\.|[^"\\\\\\n])*"?|`[^`]*`?|\'(?:\\\\.|[^\'\\\\\\n])*\'?)',
    `(?<keyword>\\b(?:${words})\\b)`,
    '(?<number>\\b\\d[\\w.]*)',
    // Bidirectional controls must be seen.
    '(?<bidi>[\\u202a-\\u202e\\u2066-\\u2069])',
  ].join('|'),
  'g',
);

export interface Token {
  readonly text: string;
  /** comment, string, keyword, number, bidi, or "" for the rest. */
  readonly kind: string;
}

/** The source cut into tokens; their texts together are the source. */
export function goTokens(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (const match of source.matchAll(token)) {
    if (match.index > at) tokens.push({ text: source.slice(at, match.index), kind: '' });
    const kind = Object.entries(match.groups ?? {}).find(([, v]) => v !== undefined)?.[0] ?? '';
    tokens.push({ text: match[0], kind });
    at = match.index + match[0].length;
  }
  if (at < source.length) tokens.push({ text: source.slice(at), kind: '' });
  return tokens;
}
