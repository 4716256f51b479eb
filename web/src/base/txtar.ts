// Several files in one text, in the form that the Go playground and txtar use: `-- name --` before each file.

export interface TextFile {
  readonly name: string;
  readonly text: string;
}

const marker = /^-- (\S(?:.*\S)?) --[ \t]*\r?$/gm;

/** The files of a text; a text without markers is one file, `main.go`. What stands before the first marker too. */
export function parseFiles(text: string): TextFile[] {
  const heads = [...text.matchAll(marker)];
  if (!heads.length) return [{ name: 'main.go', text }];
  const files: TextFile[] = [];
  const before = text.slice(0, heads[0]!.index);
  if (before.trim()) files.push({ name: 'main.go', text: before });
  heads.forEach((head, i) => {
    const begin = text.indexOf('\n', head.index) + 1;
    const body = begin === 0 ? '' : text.slice(begin, heads[i + 1]?.index ?? text.length);
    files.push({ name: head[1]!, text: body });
  });
  return files;
}

/** The files as one text; a single `main.go` is its own text. */
export function formatFiles(files: readonly TextFile[]): string {
  if (files.length === 1 && files[0]!.name === 'main.go') return files[0]!.text;
  return files
    .map(f => `-- ${f.name} --\n${f.text === '' || f.text.endsWith('\n') ? f.text : `${f.text}\n`}`)
    .join('');
}
