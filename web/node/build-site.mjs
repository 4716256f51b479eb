// Builds the whole site into build/site: the documents, the widget's script under a name that stays, and last the
// service worker, which knows every file of this version.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const site = fileURLToPath(new URL('../../build/site', import.meta.url));

/** One script beside the documents, without a bundler's loader; what it loads later is named by its content. */
async function script(entry, name, define = {}) {
  const bundle = await rolldown({
    input: `${root}${entry}`,
    transform: { target: 'es2022', define },
    preserveEntrySignatures: 'allow-extension',
  });
  await bundle.write({
    dir: site,
    format: 'es',
    minify: true,
    entryFileNames: name,
    chunkFileNames: 'assets/[name]-[hash].js',
  });
  await bundle.close();
}

/** Every file that works offline, as Workbox wants them: a revision where the name does not tell the content. */
function siteFiles() {
  const left = /^(sw|kill-switch)\.js$|^two\.html$|^NOTICE\.txt$/;
  return readdirSync(site, { recursive: true, withFileTypes: true })
    .filter(f => f.isFile())
    .map(f => `${f.parentPath}/${f.name}`.slice(site.length + 1))
    .filter(f => !left.test(f))
    .sort()
    .map(url => ({
      url,
      revision: /-[\w-]{8,}\.\w+$/.test(url)
        ? null
        : createHash('sha256')
            .update(readFileSync(`${site}/${url}`))
            .digest('hex')
            .slice(0, 16),
    }));
}

await build({ root, logLevel: 'warn' });
await script('src/widget/element.ts', 'element.js');
const files = JSON.stringify(siteFiles());
await script('src/offline/service-worker.ts', 'sw.js', {
  __FILES__: files,
  __VERSION__: JSON.stringify(createHash('sha256').update(files).digest('hex').slice(0, 10)),
  'process.env.NODE_ENV': '"production"',
});
await script('src/offline/kill-switch.ts', 'kill-switch.js');
