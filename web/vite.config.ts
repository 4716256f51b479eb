import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { marked } from 'marked';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { policyOf } from './serve.mjs';
import { parseLesson } from './src/lessons/lesson.js';

const build = fileURLToPath(new URL('../build/', import.meta.url));

/** A file of the site that the page's code must know by name. */
interface SiteFile {
  readonly name: string;
  readonly source: Uint8Array;
}

interface PackIndex {
  readonly packs: readonly {
    readonly file: string;
    readonly packages: readonly string[];
    readonly needs?: readonly number[];
    readonly words?: readonly string[];
  }[];
}

/** Reads a file and names it by its content, so that a new page never meets an old engine. */
function hashed(path: string, name: string, ending: string): SiteFile {
  const source = readFileSync(path);
  const hash = createHash('sha256').update(source).digest('hex').slice(0, 10);
  return { name: `${name}-${hash}${ending}`, source };
}

/** Puts the engine and the packs into the site and tells the page their names. */
function engine(): Plugin {
  const wasm = existsSync(`${build}wasm/engine.wasm`)
    ? hashed(`${build}wasm/engine.wasm`, 'engine', '.wasm')
    : null;
  const index = existsSync(`${build}packs/index.json`)
    ? (JSON.parse(readFileSync(`${build}packs/index.json`, 'utf8')) as PackIndex)
    : { packs: [] };
  const packs = index.packs.map(p => ({
    site: hashed(`${build}packs/${p.file}`, `packs/${p.file.replace(/\.pack$/, '')}`, '.pack'),
    rest: { packages: p.packages, needs: p.needs, words: p.words },
  }));
  return {
    name: 'escapement-engine',
    config: () => ({
      define: {
        __ENGINE__: JSON.stringify({
          wasm: wasm?.name ?? 'engine.wasm',
          packs: packs.map(p => ({ file: p.site.name, ...p.rest })),
        }),
      },
    }),
    generateBundle() {
      for (const f of [...(wasm ? [wasm] : []), ...packs.map(p => p.site)])
        this.emitFile({ type: 'asset', fileName: f.name, source: f.source });
      const notice = fileURLToPath(new URL('../NOTICE', import.meta.url));
      this.emitFile({ type: 'asset', fileName: 'NOTICE.txt', source: readFileSync(notice) });
    },
  };
}

const judgements = ['true', 'true if', 'outdated', 'false'];

/** The ledger's text with each sentence as a section of its own: its judgement in colour, its program folded. */
function claims(html: string): string {
  const counts = new Map<string, number>();
  const sections = html.replace(/<h3>[\s\S]*?(?=<h[23]>|$)/g, section => {
    const word = /<p><strong>(true if|true|outdated|false)\b[^<]*<\/strong>/.exec(section)?.[1];
    if (!word) throw new Error(`a sentence of the ledger has no judgement: ${section.slice(0, 80)}`);
    counts.set(word, (counts.get(word) ?? 0) + 1);
    const kind = word.replace(' ', '-');
    const judged = section.replace(/<strong>/, `<strong class="judgement judgement-${kind}">`);
    const folded = judged.replace(
      /<pre><code class="language-go[\s\S]*/,
      rest => `<details><summary>The program, and what the engine checks</summary>${rest}</details>`,
    );
    return `<section class="claim" data-judgement="${kind}">${folded}</section>`;
  });
  const words = judgements.map(
    j => `<span class="judgement judgement-${j.replace(' ', '-')}">${j}</span> ${counts.get(j) ?? 0}`,
  );
  return sections.replace('</p>', `</p><p class="tally">${words.join(' ')}</p>`);
}

/** Reads lessons when the site is built, and puts the ledger into its page. */
function lessons(): Plugin {
  const folder = fileURLToPath(new URL('lessons/', import.meta.url));
  const render = (markdown: string): string => marked.parse(markdown, { async: false });
  return {
    name: 'escapement-lessons',
    enforce: 'pre',
    load(path) {
      if (!path.startsWith(folder) || !path.endsWith('.md')) return null;
      const lesson = parseLesson(basename(path, '.md'), readFileSync(path, 'utf8'));
      const document = {
        ...lesson,
        teaserHtml: marked.parseInline(lesson.question, { async: false }),
        introHtml: render(lesson.intro),
        choiceHtml: lesson.choices.map(c => marked.parseInline(c.text, { async: false })),
        questionHtml: render(lesson.question),
        compareHtml: render(lesson.compare),
        attemptHtml: render(lesson.attempt),
      };
      return { code: `export default ${JSON.stringify(document)};`, moduleType: 'js' };
    },
    transformIndexHtml: {
      order: 'pre',
      handler(html) {
        if (!html.includes('<!--ledger-->')) return html;
        // Links from one lesson's file to another become links of the site.
        const text = readFileSync(`${folder}ledger.md`, 'utf8').replace(
          /\]\((\d[\w-]*)\.md\)/g,
          '](./lessons.html#$1)',
        );
        return html.replace('<!--ledger-->', () => claims(render(text)));
      },
    },
  };
}

/** Gives each document the content policy that the server would, for sites whose server does not. */
function contentPolicy(): Plugin {
  return {
    name: 'escapement-content-policy',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { filename }) => {
        const policy = policyOf(basename(filename)).replace(/; frame-ancestors [^;]*/, '');
        const attrs = { 'http-equiv': 'Content-Security-Policy', content: policy };
        return [{ tag: 'meta', attrs, injectTo: 'head-prepend' }];
      },
    },
  };
}

const document = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

export default defineConfig({
  base: './',
  test: { include: ['src/**/*.test.ts'], testTimeout: 60_000 },
  plugins: [engine(), lessons(), contentPolicy()],
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
        index: document('index.html'),
        two: document('two.html'),
        hub: document('hub.html'),
        embed: document('embed.html'),
        lessons: document('lessons.html'),
        ledger: document('ledger.html'),
        about: document('about.html'),
        sw: fileURLToPath(new URL('src/offline/service-worker.ts', import.meta.url)),
      },
      output: {
        // The service worker's name is for ever; everything else is named by its content.
        entryFileNames: chunk => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
});
