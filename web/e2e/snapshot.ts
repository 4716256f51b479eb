// A snapshot of a program's run, as a documentation build makes it: by `escapement render`.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../../build/native/escapement', import.meta.url));

/** The snapshot's text; `flags` as the command has them (-view memory -at :7). */
export function snapshotOf(text: string, ...flags: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'escapement-snapshot-'));
  try {
    writeFileSync(join(folder, 'main.go'), text);
    execFileSync(command, ['render', '-o', 'out.json', ...flags, 'main.go'], { cwd: folder });
    return readFileSync(join(folder, 'out.json'), 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
