import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writePrecache } from '../node/precache.mjs';
import { Site, engineSays, example, output, run, savedText } from './browser.js';
import { programFragment } from '../serve.mjs';

const built = fileURLToPath(new URL('../../build/site', import.meta.url));
/** The traces of the File menu besides JSON. */
const exportNames = ['Trace as CSV', 'Profile for go tool pprof', 'Trace events for Perfetto'];
let folder: string;
let site: Site;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'escapement-'));
  cpSync(built, join(folder, 'site'), { recursive: true });
  site = await Site.open(join(folder, 'site'));
});
afterAll(async () => {
  await site.close();
  rmSync(folder, { recursive: true });
});

it('everything works without a network after one visit, and a new version waits until it may come', async () => {
  const { page, faults } = await site.page({ serviceWorkers: 'allow' });
  const news = page.locator('.news');
  await site.program(page, example('07-returned-pointer.go'));
  await news.getByText('Ready offline').waitFor();

  await page.context().setOffline(true);
  await page.reload();
  expect(await run(page)).toBe('exited');
  expect(await output(page)).toContain('&{Bob 40}');
  // Every export, and the pictures.
  const { overview } = await engineSays(page);
  const saved = async (open: string | null, name: string): Promise<string> => {
    if (open) await page.getByTitle(open).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      (open
        ? page.getByRole('button', { name, exact: true })
        : page.locator('escapement-timeline').getByTitle(name)
      ).click(),
    ]);
    if (open) await page.keyboard.press('Escape');
    return savedText(download);
  };
  const files = 'Files: open and save';
  expect((JSON.parse(await saved(files, 'Trace as JSON')) as { events: unknown[] }).events).toHaveLength(
    overview.events,
  );
  for (const name of exportNames) expect((await saved(files, name)).length, name).toBeGreaterThan(100);
  expect(await saved(null, 'Save the picture as SVG')).toMatch(/^<svg/);
  expect(await saved(null, 'Save the picture as PNG')).toMatch(/^.PNG/);
  await page.goto(`${site.address}lessons.html#02-value-stays`);
  await page.getByRole('radio').first().check();
  await page.getByRole('button', { name: 'Run and compare' }).click();
  await page.getByRole('heading', { name: 'Compare' }).waitFor();
  await page.goto(`${site.address}about.html`);
  await page.getByText('Three levels of truth').waitFor();
  await page.context().setOffline(false);

  // Version N + 1: another page, the same names.
  const about = join(folder, 'site/about.html');
  writeFileSync(about, readFileSync(about, 'utf8').replace('Three levels of truth', 'Version two'));
  cpSync(join(built, 'sw.js'), join(folder, 'site/sw.js'));
  const worker = join(folder, 'site/sw.js');
  writeFileSync(
    worker,
    readFileSync(worker, 'utf8').replace(/(\{"url":"about\.html","revision":")\w+/, '$1second'),
  );
  const other = await page.context().newPage();
  await other.goto(`${site.address}about.html`);
  await other.getByText('Three levels of truth').waitFor();
  await other.locator('.news').getByText('A new version is ready').waitFor();
  await other.getByRole('button', { name: 'Use it now' }).click();
  await other.locator('.news').getByText('Close the other tabs').waitFor();
  await page.reload();
  await page.getByText('Three levels of truth').waitFor();
  await page.close();
  await other.reload();
  await other.getByRole('button', { name: 'Use it now' }).click();
  await other.getByText('Version two').waitFor();

  // The kill switch takes the worker out.
  cpSync(join(built, 'sw-kill.js'), worker);
  await other.evaluate(() => navigator.serviceWorker.getRegistration().then(r => r?.update()));
  await expect
    .poll(() => other.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), {
      timeout: 30_000,
    })
    .toBe(0);
  expect(await other.evaluate(() => caches.keys())).toEqual([]);
  expect(faults.filter(f => !f.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
});

it('the list of files names every file of the site by its content', () => {
  const copy = join(folder, 'again');
  cpSync(built, copy, { recursive: true });
  writeFileSync(join(copy, 'sw.js'), 'x(__PRECACHE__)');
  const n = writePrecache(copy);
  const list = JSON.parse(readFileSync(join(copy, 'sw.js'), 'utf8').slice(2, -1)) as {
    url: string;
    revision: string | null;
  }[];
  expect(list).toHaveLength(n);
  expect(list.some(e => /^engine-\w+\.wasm$/.test(e.url) && e.revision === null)).toBe(true);
  expect(list.filter(e => e.url.endsWith('.html')).every(e => e.revision)).toBe(true);
  expect(list.some(e => e.url.startsWith('sw'))).toBe(false);
});

it('a link opens without a network too', async () => {
  const { page } = await site.page({ serviceWorkers: 'allow' });
  cpSync(join(built, 'sw.js'), join(folder, 'site/sw.js'));
  await page.goto(site.address);
  await page.locator('.news').getByText('Ready offline').waitFor();
  await page.context().setOffline(true);
  await page.goto('about:blank');
  await page.goto(
    `${site.address}index.html${programFragment('package main\n\nfunc main() { println("linked") }\n')}`,
  );
  expect(await run(page)).toBe('exited');
  expect(await output(page)).toContain('linked');
  await page.close();
});
