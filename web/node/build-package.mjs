// Makes the npm package in build/package: the engine with its packs, its worker, the widget, their types.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
const build = fileURLToPath(new URL('../../build/', import.meta.url));
const out = `${build}package`;
const source = `${root}src/package`;
const { packs, go } = JSON.parse(readFileSync(`${build}packs/index.json`, 'utf8'));
const { version, license } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

/** The module with the addresses, each as bundlers recognise it. */
const addresses = [
  `export const ownWasm = new URL('./engine.wasm', import.meta.url).href;`,
  `export const ownPacks = [`,
  ...packs.map(({ file, packages, needs, words }) => {
    const rest = JSON.stringify({ packages, needs, words }).slice(1);
    return `  { address: new URL('./packs/${file}', import.meta.url).href, ${rest},`;
  }),
  `];`,
].join('\n');

const plugin = {
  name: 'escapement-package',
  resolveId: id => (id.endsWith('/read.js') ? { id: '#read', external: true } : null),
  load: id => (id === `${source}/packs.ts` ? { code: addresses, moduleType: 'js' } : null),
};

rmSync(out, { recursive: true, force: true });
mkdirSync(out);
const entries = ['index', 'worker', 'element', 'read-node', 'read-fetch'];
const bundle = await rolldown({
  input: Object.fromEntries(entries.map(name => [name, `${source}/${name}.ts`])),
  transform: { target: 'es2022' },
  external: [/^node:/],
  platform: 'neutral',
  plugins: [plugin],
});
// Beside each other: addresses are relative to the file they stand in.
await bundle.write({
  dir: out,
  format: 'es',
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
});
await bundle.close();

execFileSync(
  process.execPath,
  [
    `${root}node_modules/typescript/bin/tsc`,
    ...['--project', `${root}tsconfig.package.json`, '--outDir', `${out}/types`],
  ],
  { stdio: 'inherit' },
);

cpSync(`${build}wasm/engine.wasm`, `${out}/engine.wasm`);
mkdirSync(`${out}/packs`);
for (const p of packs) cpSync(`${build}packs/${p.file}`, `${out}/packs/${p.file}`);
for (const name of ['LICENSE', 'NOTICE']) cpSync(`${root}../${name}`, `${out}/${name}`);
cpSync(`${root}../docs/package.md`, `${out}/README.md`);
const entry = name => ({ types: `./types/package/${name}.d.ts`, default: `./${name}.js` });
const manifest = {
  name: 'escapement',
  version,
  description: `Go programs (${go}) in WebAssembly: escape verdicts, runs, and where memory goes`,
  license,
  type: 'module',
  sideEffects: ['./worker.js'],
  engines: { node: '>=20.19' },
  exports: {
    '.': entry('index'),
    './worker': entry('worker'),
    './element': entry('element'),
    './engine.wasm': './engine.wasm',
    './package.json': './package.json',
  },
  imports: { '#read': { node: './read-node.js', default: './read-fetch.js' } },
};
writeFileSync(`${out}/package.json`, `${JSON.stringify(manifest, null, 2)}\n`);
