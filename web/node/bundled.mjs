// The page's own TypeScript, for scripts that run in Node.
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

/** Imports a module below web/. */
export async function bundled(path) {
  const bundle = await rolldown({ input: fileURLToPath(new URL(`../${path}`, import.meta.url)) });
  const file = join(tmpdir(), `escapement-${process.pid}-${Date.now()}.mjs`);
  await bundle.write({ file, format: 'es' });
  await bundle.close();
  try {
    return await import(pathToFileURL(file).href);
  } finally {
    rmSync(file, { force: true });
  }
}
