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

/** Each picture: an address, and what is done before it is taken. */
const pictures = {
  playground: [`index.html${example('07-returned-pointer')}`, run],
  verdicts: [`index.html${example('08-goroutine')}`, tab('Verdicts')],
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
  empty: ['index.html#v1:', async page => page.waitForTimeout(800)],
  lessons: ['lessons.html', async page => page.waitForTimeout(800)],
  ledger: ['ledger.html', async page => page.waitForTimeout(500)],
  about: ['about.html', async page => page.waitForTimeout(500)],
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
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await page.goto('about:blank');
      const response = await page.goto(address + path);
      if (!response?.ok()) break;
      try {
        await prepare(page);
      } catch (error) {
        console.error(`${name} at ${width}: ${error.message.split('\n')[0]}`);
      }
      await page.screenshot({ path: `${dir}/${name}-${width}-${colorScheme}.png`, fullPage: width < 500 });
    }
  }
  await page.close();
  console.log(name);
}
await browser.close();
server.close();
