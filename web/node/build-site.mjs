// Builds the whole site into build/site: the documents, then the widget's script under a name that stays.
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const site = fileURLToPath(new URL('../../build/site', import.meta.url));

/** One script beside the documents, without a bundler's loader; what it loads later is named by its content. */
async function script(entry, name) {
  const bundle = await rolldown({ input: `${root}${entry}`, transform: { target: 'es2022' } });
  await bundle.write({
    dir: site,
    format: 'es',
    minify: true,
    entryFileNames: name,
    chunkFileNames: 'assets/[name]-[hash].js',
  });
  await bundle.close();
}

await build({ root, logLevel: 'warn' });
await script('src/widget/element.ts', 'element.js');
