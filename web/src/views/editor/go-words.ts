// A light highlighter for the plain editor: Go's words, strings, numbers and comments.

const words =
  'break|case|chan|const|continue|default|defer|else|fallthrough|for|func|go|goto|if|import|interface|map|package|range|return|select|struct|switch|type|var';

const token = new RegExp(
  [
    '//[^\\n]*|/\\*[\\s\\S]*?(?:\\*/|$)',
    '"(?:\\\\.|[^"\\\\\\n])*"?|`[^`]*`?|\'(?:\\\\.|[^\'\\\\\\n])*\'?',
    `\\b(?:${words})\\b`,
    '\\b\\d[\\w.]*',
  ].join('|'),
  'g',
);
/** Bidirectional controls must be seen, in strings and comments above all. */
const bidi = /([\u202a-\u202e\u2066-\u2069])/;

export interface Token {
  readonly text: string;
  /** comment, string, keyword, number, bidi, or "" for the rest. */
  readonly kind: string;
}

/** A token's kind by its first character. */
const kindOf = (first: string): string =>
  first === '/' ? 'comment' : first < '0' || first === '`' ? 'string' : first < ':' ? 'number' : 'keyword';

/** The source cut into tokens; their texts together are the source. */
export function goTokens(source: string): Token[] {
  const tokens: Token[] = [];
  const add = (text: string, kind: string): void => {
    text.split(bidi).forEach((part, i) => {
      if (part) tokens.push({ text: part, kind: i % 2 ? 'bidi' : kind });
    });
  };
  let at = 0;
  for (const match of source.matchAll(token)) {
    add(source.slice(at, match.index), '');
    add(match[0], kindOf(match[0][0]!));
    at = match.index + match[0].length;
  }
  add(source.slice(at), '');
  return tokens;
}
