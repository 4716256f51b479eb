// The npm package from its tarball: in Node, under TypeScript, and in a fresh hashed Vite build in Chromium.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Site } from './browser.js';

const tarball = fileURLToPath(new URL('../../build/escapement.tgz', import.meta.url));
const typescript = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));
const program =
  'package main\n\nimport (\n\t"fmt"\n\t"sort"\n)\n\nfunc main() {\n\tp := &struct{ n int }{3}\n\tx := []int{2, 1}\n\tsort.Ints(x)\n\tfmt.Println("packed", p.n, x)\n}\n';
const files = JSON.stringify([{ name: 'main.go', text: program }]);
let folder: string;
const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'escapement-package-'));
  write('package.json', JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', '--silent', tarball], {
    cwd: folder,
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the package', () => {
  it('holds what it says, needs nothing else, and names its license', () => {
    const root = join(folder, 'node_modules/escapement');
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
    expect(manifest.dependencies).toBeUndefined();
    expect(Object.keys(manifest.exports as object)).toEqual(
      expect.arrayContaining(['.', './worker', './element', './engine.wasm']),
    );
    expect(readdirSync(root)).toEqual(
      expect.arrayContaining(['LICENSE', 'NOTICE', 'README.md', 'engine.wasm']),
    );
    expect(readdirSync(join(folder, 'node_modules')).filter(n => !n.startsWith('.'))).toEqual(['escapement']);
  });

  it('checks and runs programs in Node', () => {
    write(
      'node.mjs',
      `import { readFileSync } from 'node:fs';
import { createEngine } from 'escapement';
import { defineSnippet } from 'escapement/element';
const files = ${files};
const engine = await createEngine();
const check = await engine.check(files, '-m');
const { end } = await engine.run(files);
const stopped = await engine.run([{ name: 'main.go', text: 'package main\\n\\nfunc main() { for {} }\\n' }], { steps: 5000 });
const broken = await engine.run([{ name: 'main.go', text: 'package main\\n\\nfunc main() { x }\\n' }]);
await engine.run(files);
const overview = engine.overview();
const wasm = readFileSync(new URL(import.meta.resolve('escapement/engine.wasm')));
const own = await createEngine({ wasmModule: await WebAssembly.compile(wasm) });
console.log(JSON.stringify({
  messages: check.messages.map(m => m.position + ': ' + m.text),
  output: end.output, status: end.exitStatus,
  stopped: stopped.end.state, broken: [broken.end, broken.check.messages[0].text],
  rows: engine.allocations({ axis: 'events', begin: 0, end: overview.events, mine: true, limit: 10 }).rows.length,
  same: own.version.go === engine.version.go, snippet: typeof defineSnippet,
}));`,
    );
    const said = JSON.parse(
      execFileSync(process.execPath, ['node.mjs'], { cwd: folder, encoding: 'utf8' }),
    ) as {
      messages: string[];
    } & Record<string, unknown>;
    expect(said.messages).toContainEqual(
      expect.stringMatching(/^\S*main\.go:9:7: &struct .* does not escape$/),
    );
    expect(said).toMatchObject({
      output: 'packed 3 [1 2]\n',
      status: 0,
      stopped: 'stopped',
      broken: [null, 'undefined: x'],
      same: true,
      snippet: 'function',
    });
    expect(said.rows).toBeGreaterThan(0);
  });

  it('has types', () => {
    write(
      'typed.ts',
      `import { createClient, createEngine, goRunOptions, type Snapshot, type TraceSource } from 'escapement';
import { defineSnippet } from 'escapement/element';
const engine = await createEngine({ wasmURL: new URL('x:y') });
const n: number = (await engine.run([{ name: 'a.go', text: '' }], { seed: 2 })).end?.exitStatus ?? 0;
const trace: TraceSource = createClient().open().trace();
const kept: Snapshot['format'] = 'escapement-snapshot';
await defineSnippet({ engine: '/' });
const snippet: HTMLElement = document.createElement('escapement-snippet');
// @ts-expect-error: a file has a text
await engine.check([{ name: 'a.go' }]);
export { goRunOptions, kept, n, snippet, trace };
`,
    );
    const flags = [
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2022',
      '--lib',
      'es2023,dom',
    ];
    const run = (): string =>
      execFileSync(process.execPath, [typescript, ...flags, '--types', '', 'typed.ts'], {
        cwd: folder,
        encoding: 'utf8',
      });
    expect(run()).toBe('');
  });

  it('works in a hashed Vite build in Chromium, under the strict policy', async () => {
    mkdirSync(join(folder, 'app'));
    write(
      'app/index.html',
      '<!doctype html><title>consumer</title><link rel="icon" href="data:,"><pre id="out"></pre><escapement-snippet><pre>package main</pre></escapement-snippet><script type="module" src="./main.js"></script>',
    );
    write(
      'app/main.js',
      `import { createClient, goRunOptions } from 'escapement';
import { defineSnippet } from 'escapement/element';
import wasmURL from 'escapement/engine.wasm?url';
const files = ${files};
const session = createClient().open();
const { slice } = await session.run(files, goRunOptions, () => {});
const overview = await session.trace().overview();
const again = await createClient({ wasmURL: new URL(wasmURL, location.href) }).open().check(files);
const module = await WebAssembly.compileStreaming(fetch(wasmURL));
const third = await createClient({ wasmModule: module, wasmURL: 'nowhere' }).open().check(files);
await defineSnippet({ engine: './' });
document.querySelector('#out').textContent = JSON.stringify([slice.output, overview.events > 0, again.ok, third.ok]);
`,
    );
    await build({
      root: join(folder, 'app'),
      configFile: false,
      logLevel: 'error',
      worker: { format: 'es' },
      build: { outDir: join(folder, 'dist'), target: 'es2022', assetsInlineLimit: 0 },
    });
    const assets = readdirSync(join(folder, 'dist/assets'));
    for (const name of [/^engine-\w/, /^worker-/, /\.pack$/])
      expect(assets).toContainEqual(expect.stringMatching(name));
    const site = await Site.open(join(folder, 'dist'));
    try {
      const { page, faults } = await site.page();
      await page.goto(site.address);
      await page.locator('#out').getByText('[').waitFor();
      expect(faults).toEqual([]);
      expect(JSON.parse(await page.locator('#out').innerText())).toEqual([
        'packed 3 [1 2]\n',
        true,
        true,
        true,
      ]);
      await page.locator('escapement-snippet .code').getByText('package main').waitFor();
    } finally {
      await site.close();
    }
  });
});
