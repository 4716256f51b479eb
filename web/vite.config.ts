import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const build = fileURLToPath(new URL('../build/', import.meta.url));

/** The engine's files as they stand in the site: hashed names, so that a new page never meets an old engine. */
function engineFiles(): { name: string; source: Uint8Array }[] {
  const found: { name: string; source: Uint8Array }[] = [];
  const add = (path: string, name: (hash: string) => string): void => {
    const source = readFileSync(path);
    found.push({ name: name(createHash('sha256').update(source).digest('hex').slice(0, 10)), source });
  };
  if (existsSync(`${build}wasm/engine.wasm`)) add(`${build}wasm/engine.wasm`, h => `engine-${h}.wasm`);
  const packs = existsSync(`${build}packs`)
    ? readdirSync(`${build}packs`).filter(f => f.endsWith('.pack'))
    : [];
  for (const pack of packs.sort())
    add(`${build}packs/${pack}`, h => `packs/${pack.replace(/\.pack$/, '')}-${h}.pack`);
  return found;
}

/** Puts the engine and the packs into the site and tells the page their names. */
function engine(): Plugin {
  const files = engineFiles();
  return {
    name: 'escapement-engine',
    config: () => ({
      define: {
        __ENGINE__: JSON.stringify({
          wasm: files.find(f => f.name.endsWith('.wasm'))?.name ?? 'engine.wasm',
          packs: files.filter(f => f.name.endsWith('.pack')).map(f => f.name),
        }),
      },
    }),
    generateBundle() {
      for (const f of files) this.emitFile({ type: 'asset', fileName: f.name, source: f.source });
      const notice = fileURLToPath(new URL('../NOTICE', import.meta.url));
      this.emitFile({ type: 'asset', fileName: 'NOTICE.txt', source: readFileSync(notice) });
      if (existsSync(`${build}packs/LICENSE`)) {
        this.emitFile({
          type: 'asset',
          fileName: 'packs/LICENSE',
          source: readFileSync(`${build}packs/LICENSE`),
        });
      }
    },
  };
}

export default defineConfig({
  base: './',
  test: { include: ['src/**/*.test.ts'] },
  plugins: [engine()],
  worker: { format: 'es' },
  build: {
    outDir: `${build}site`,
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4000,
    rollupOptions: {
      input: {
        index: fileURLToPath(new URL('index.html', import.meta.url)),
        two: fileURLToPath(new URL('two.html', import.meta.url)),
      },
    },
  },
});
