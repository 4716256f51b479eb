// Pictures of the built site, for looking at: node node/shots.mjs [DIR] [NAME…], each view at three widths in both themes;
// and the README's: node node/shots.mjs --readme, which writes docs/page.png, docs/lesson.png and docs/widget.png.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { programFragment, siteServer } from '../serve.mjs';

const here = path => fileURLToPath(new URL(path, import.meta.url));
const readme = process.argv[2] === '--readme';
const [dir = here('../../build/shots'), ...wanted] = readme ? [here('../../docs')] : process.argv.slice(2);
const example = name => programFragment(readFileSync(here(`../examples/${name}.go`)));

/** Runs the program in the page and waits for its picture. */
async function run(page) {
  await page.getByRole('button', { name: 'Run', exact: true }).and(page.locator(':enabled')).click();
  await page.locator('escapement-timeline canvas[data-drawn]').waitFor();
  await page.waitForTimeout(400);
}

const tab = name => async page => {
  await run(page);
  await page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
  await page.waitForTimeout(300);
};

const garbage = `package main

func fill(n int) []byte {
	b := make([]byte, n)
	b[0] = 1
	return b
}

func main() {
	var kept [][]byte
	for i := range 3000 {
		b := fill(256 + i%7*64)
		if i%50 == 0 {
			kept = append(kept, b)
		}
	}
	println(len(kept))
}
`;
const workers = `package main

import (
	"fmt"
	"sync"
)

func depth(n int) int {
	if n == 0 {
		return 0
	}
	return 1 + depth(n-1)
}

func main() {
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			fmt.Println(i, depth(20*i*i))
		}()
	}
	wg.Wait()
}
`;
const panics = 'package main\n\nfunc main() {\n\tvar p *int\n\tprintln("before")\n\t*p = 1\n}\n';
const longLines = `package main

import "fmt"

type shape struct{ name, colour, material, origin string }

func main() {
	s := &shape{name: "a name that goes on for a long while", colour: "blue", material: "wood", origin: "somewhere far away"} // kept
	fmt.Println(s.name, s.colour, s.material, s.origin, len(s.name), len(s.colour), len(s.material), len(s.origin)) // printed
}
`;
const fault = 'package main\n\nimport "fmt"\n\nfunc main() {\n\tx := 1\n\tfmt.Println("no" + 1)\n}\n';
const wait = milliseconds => page => page.waitForTimeout(milliseconds);
const lesson = async page => {
  await page.getByRole('radio').nth(1).check();
  await page.locator('button.primary:enabled').click();
  await page.getByRole('heading', { name: 'Compare' }).waitFor();
  await page.waitForTimeout(600);
};

/** Each picture: an address, and what is done before it is taken. */
const pictures = {
  first: [
    'index.html',
    async page => {
      await page.locator('escapement-memory canvas[data-moment]').waitFor();
      await page.waitForTimeout(1500);
    },
  ],
  playground: [`index.html${example('07-returned-pointer')}`, run],
  path: [
    `index.html${example('08-goroutine')}`,
    async page => {
      await tab('Verdicts')(page);
      await page.getByRole('table', { name: 'Verdicts' }).getByRole('button').first().click();
      await page.waitForTimeout(400);
    },
  ],
  verdicts: [`index.html${example('10-interface')}`, tab('Verdicts')],
  memory: [
    `index.html${example('09-closure')}`,
    async page => {
      await tab('Memory')(page);
      await page.getByRole('button', { name: 'Show the end' }).click();
      for (let i = 0; i < 2; i++) await page.getByRole('button', { name: 'Step back' }).click();
      await page.locator('escapement-memory canvas').waitFor();
      await page.waitForTimeout(500);
    },
  ],
  collector: [`index.html${programFragment(garbage)}&floor=65536`, run],
  workers: [`index.html${programFragment(workers)}`, run],
  error: [
    `index.html${programFragment(fault)}`,
    async page => {
      await page.getByRole('button', { name: 'Run', exact: true }).and(page.locator(':enabled')).click();
      await page.waitForTimeout(500);
    },
  ],
  empty: [`index.html${example('05-heap')}`, wait(1500)],
  lessons: ['lessons.html', wait(800)],
  predict: ['lessons.html#03-pointer-returned', wait(1200)],
  compare: ['lessons.html#03-pointer-returned', lesson],
  widget: ['/widget', async page => page.locator('escapement-snippet .picture svg').nth(1).waitFor()],
  awake: [
    '/widget',
    async page => {
      const widget = page.locator('escapement-snippet').first();
      await widget.getByRole('button', { name: 'Run' }).click();
      await widget.frameLocator('iframe').getByLabel('Program output').getByText('Bob').waitFor();
      await page.waitForTimeout(600);
    },
  ],
  offline: [
    `index.html${example('08-goroutine')}`,
    async page => {
      await run(page);
      await page.locator('.news').getByText('Ready offline').waitFor();
      await page.context().setOffline(true);
      await page.reload();
      await run(page);
      await page.context().setOffline(false);
    },
  ],
  failed: [
    `index.html${example('08-goroutine')}`,
    async page => page.locator('.status').getByText('The engine did not start').waitFor(),
  ],
  panic: [`index.html${programFragment(panics)}`, run],
  long: [`index.html${programFragment(longLines)}`, run],
  ledger: ['ledger.html', wait(500)],
  about: ['about.html', wait(500)],
};

/** A page of documentation with two widgets at rest, served beside the site. */
function widgetPage() {
  const folder = mkdtempSync(join(tmpdir(), 'escapement-shots-'));
  const text = readFileSync(here('../examples/07-returned-pointer.go'), 'utf8');
  writeFileSync(join(folder, 'main.go'), text);
  const command = here('../../build/native/escapement');
  const snapshot = (...flags) => {
    execFileSync(command, ['render', '-o', 'out.json', ...flags, 'main.go'], { cwd: folder });
    return readFileSync(join(folder, 'out.json'), 'utf8');
  };
  const files = {
    '/timeline.json': snapshot(),
    '/memory.json': snapshot('-view', 'memory', '-at', ':17'),
    '/widget': `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Documentation</title><style>:root{color-scheme:light dark}body{max-width:52rem;margin:1.5rem auto;padding:0 1rem;font:16px/1.5 system-ui,sans-serif}</style><script type="module" src="./element.js"></script><h1>Returning a pointer</h1><p>The variable outlives its function, so it lives on the heap from the start.</p>${['timeline', 'memory'].map(view => `<escapement-snippet snapshot="./${view}.json" view="${view}"><pre>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</pre></escapement-snippet>`).join('<p>The same program, just before it ends:</p>')}`,
  };
  rmSync(folder, { recursive: true });
  return files;
}

mkdirSync(dir, { recursive: true });
const extra = widgetPage();
const site = siteServer(here('../../build/site'));
const server = createServer((request, response) => {
  const text = extra[request.url];
  if (!text) return site.emit('request', request, response);
  response.writeHead(200, {
    'Content-Type': request.url.endsWith('.json') ? 'application/json' : 'text/html',
  });
  return response.end(text);
});
await new Promise(resolve => server.listen(0, 'localhost', resolve));
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const address = `http://localhost:${server.address().port}/`;

/** Takes one picture, in a context of its own. */
async function take(name, file, viewport, colorScheme) {
  const [path, prepare] = pictures[name];
  const context = await browser.newContext({
    viewport,
    colorScheme,
    serviceWorkers: name === 'offline' ? 'allow' : 'block',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  if (name === 'failed') await page.route('**/*.wasm', route => route.abort());
  await page.goto(new URL(path, address).href);
  try {
    await prepare(page);
  } catch (error) {
    console.error(`${name} at ${viewport.width}: ${error.message.split('\n')[0]}`);
  }
  const fullPage = viewport.width < 500 && !/^index/.test(path);
  await page.screenshot({ path: `${dir}/${file}.png`, fullPage });
  await context.close();
}

if (readme) {
  await take('first', 'page', { width: 1360, height: 860 }, 'light');
  await take('compare', 'lesson', { width: 1360, height: 1070 }, 'light');
  await take('widget', 'widget', { width: 900, height: 1080 }, 'light');
} else {
  const themes = process.env.THEMES?.split(',') ?? ['light', 'dark'];
  for (const name of Object.keys(pictures)) {
    if (wanted.length && !wanted.includes(name)) continue;
    for (const [width, height] of [
      [1920, 1080],
      [1024, 768],
      [360, 740],
    ])
      for (const theme of themes) await take(name, `${name}-${width}-${theme}`, { width, height }, theme);
    console.log(name);
  }
}
await browser.close();
server.close();
