// Builds the whole site into build/site: the documents, the widget's script under a name that stays, and last the list
// of this version's files for the service worker.
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { build } from 'vite';
import { writeFirstScreen } from './first-screen.mjs';
import { writePrecache } from './precache.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const site = fileURLToPath(new URL('../../build/site', import.meta.url));

/** The widget's script, without a bundler's loader; what it loads later is named by its content. */
async function widget() {
  const bundle = await rolldown({
    input: `${root}src/widget/element.ts`,
    transform: { target: 'es2022' },
    preserveEntrySignatures: 'allow-extension',
  });
  await bundle.write({
    dir: site,
    format: 'es',
    minify: true,
    // Nobody bundles it again.
    comments: false,
    entryFileNames: 'element.js',
    chunkFileNames: 'assets/[name]-[hash].js',
  });
  await bundle.close();
}

await build({ root, logLevel: 'warn' });
await widget();
await writeFirstScreen(site);
writePrecache(site);
