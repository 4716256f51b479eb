// Tells the built site's service worker which files make up this version: node node/precache.mjs SITE
// A file whose name is its hash needs no other; the rest are told apart by their content.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** Fills the list into SITE/sw.js; the number of files in it. */
export function writePrecache(site) {
  const worker = join(site, 'sw.js');
  const left = new Set(['sw.js', 'sw-kill.js']);
  const files = [];
  const walk = folder => {
    for (const name of readdirSync(folder).sort()) {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) walk(path);
      else files.push(path);
    }
  };
  walk(site);
  const entries = files
    .map(path => ({ path, url: relative(site, path).split(sep).join('/') }))
    .filter(f => !left.has(f.url) && !f.url.endsWith('.map'))
    .map(({ path, url }) => ({
      url,
      revision: /-[\w-]{8,}\.\w+$/.test(url)
        ? null
        : createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16),
    }));
  const code = readFileSync(worker, 'utf8');
  if (!code.includes('__PRECACHE__')) throw new Error(`${worker} has no place for the list of files`);
  writeFileSync(worker, code.replaceAll('__PRECACHE__', JSON.stringify(entries)));
  return entries.length;
}

if (process.argv[2]) console.log(`${writePrecache(process.argv[2])} files are kept for offline use`);
