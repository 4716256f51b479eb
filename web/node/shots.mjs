// Pictures of the built site, for looking at and for the README: node node/shots.mjs [DIR] [NAME…]
import { mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { programFragment, siteServer } from '../serve.mjs';

const here = path => fileURLToPath(new URL(path, import.meta.url));
const [dir = here('../../build/shots'), ...wanted] = process.argv.slice(2);
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
  ledger: ['ledger.html', wait(500)],
  about: ['about.html', wait(500)],
};

mkdirSync(dir, { recursive: true });
const server = siteServer(here('../../build/site'));
await new Promise(resolve => server.listen(0, 'localhost', resolve));
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const address = `http://localhost:${server.address().port}/`;
for (const [name, [path, prepare]] of Object.entries(pictures)) {
  if (wanted.length && !wanted.some(w => name === w)) continue;
  const page = await browser.newPage({ viewport: { width: 1360, height: 860 } });
  page.setDefaultTimeout(20_000);
  for (const [width, height] of [
    [1920, 1080],
    [1024, 768],
    [360, 740],
  ]) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of process.env.THEMES?.split(',') ?? ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await page.goto('about:blank');
      const response = await page.goto(address + path);
      if (!response?.ok()) break;
      try {
        await prepare(page);
      } catch (error) {
        console.error(`${name} at ${width}: ${error.message.split('\n')[0]}`);
      }
      const fullPage = width < 500 && !/^index/.test(path);
      await page.screenshot({ path: `${dir}/${name}-${width}-${colorScheme}.png`, fullPage });
    }
  }
  await page.close();
  console.log(name);
}
await browser.close();
server.close();
