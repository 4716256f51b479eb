import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseLesson } from '../src/lessons/lesson.js';
import type { Snapshot } from '../src/protocol/answers.generated.js';
import { Site, axeFaults, screenshot, type PlaygroundPage } from './browser.js';
import { snapshotOf } from './snapshot.js';

/** The sections of the two teaching documents. */
const sections = [
  ['functions-and-text-segment', 'local-variables', 'stack-example', 'heap-example'],
  ['stack-memory', 'heap-memory', 'summary', 'how-to-see'],
  ['when-memory-is-allocated', 'stack-allocation', 'heap-allocation', 'new-and-make', 'global-and-static'],
  ['managed-by', 'escape-analysis', 'returned-pointer', 'goroutines', 'closures', 'interfaces'],
].flat();

const lessons = readdirSync(fileURLToPath(new URL('../lessons', import.meta.url)))
  .filter(f => /^\d.*\.md$/.test(f))
  .map(f => f.replace('.md', ''));

const lessonOf = (id: string): ReturnType<typeof parseLesson> =>
  parseLesson(id, readFileSync(new URL(`../lessons/${id}.md`, import.meta.url), 'utf8'));

let site: Site;
let opened: Awaited<ReturnType<Site['page']>>;
beforeAll(async () => {
  site = await Site.open();
  opened = await site.page();
  await opened.page.goto(`${site.address}lessons.html`);
});
afterAll(() => site.close());

describe('every lesson', () => {
  it.each(lessons)('%s goes from prediction to answer, and the engine finds one answer true', async id => {
    const { page, faults } = opened;
    await page.locator(`a[href="#${id}"]`).first().click();
    const lesson = page.locator('escapement-lesson');
    await lesson.getByRole('radio').first().check();
    await lesson.getByRole('button', { name: 'Run and compare' }).click();
    await lesson.getByRole('heading', { name: 'Compare' }).waitFor();
    expect(await lesson.locator('.choice-row.right').count()).toBe(1);
    expect(await lesson.locator('.choice-row.wrong').count()).toBeGreaterThan(0);
    // What the lesson shows is what the engine's own command finds.
    const shown = await lesson.evaluate(e => {
      const { overview } = (e as PlaygroundPage).playground.workspace.run!;
      return [overview!.totals, overview!.heapLive, overview!.cycles.length, overview!.events];
    });
    const { overview } = JSON.parse(snapshotOf(lessonOf(id).program)) as Snapshot;
    expect(shown).toEqual([overview.totals, overview.heapLive, overview.cycles.length, overview.events]);
    await page.locator(`a[href="#${id}"] .tick`).waitFor();
    await screenshot(page, `lesson-${id}`);
    expect(faults).toEqual([]);
  });
});

it('every section of both teaching documents has its lesson', () => {
  const covered = new Set(lessons.flatMap(id => lessonOf(id).sections));
  expect(sections.filter(s => !covered.has(s))).toEqual([]);
  expect([...covered].filter(s => !sections.includes(s))).toEqual([]);
});

describe('the pages for reading', () => {
  it('walk through a lesson with the keyboard alone', async () => {
    const { page } = await site.page();
    await page.goto(`${site.address}lessons.html#${lessons[1]}`);
    const first = page.getByRole('radio').first();
    await first.waitFor();
    for (let i = 0; i < 60 && !(await first.evaluate(e => e === document.activeElement)); i++)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.locator('button.primary:enabled').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Compare' }).waitFor();
    await page.close();
  });

  it.each(['light', 'dark'] as const)(
    'have no accessibility faults that axe finds (%s)',
    async colorScheme => {
      const { page, faults } = await site.page({ colorScheme });
      for (const path of ['lessons.html', `lessons.html#${lessons[0]}`, 'ledger.html', 'about.html']) {
        await page.goto(site.address + path);
        await page.locator('escapement-header nav').waitFor();
        expect(await axeFaults(page), path).toEqual([]);
      }
      await page.getByRole('radio').first().waitFor({ state: 'detached' });
      expect(faults).toEqual([]);
      await page.close();
    },
  );

  it('fit 360 pixels', async () => {
    const { page } = await site.page({ viewport: { width: 360, height: 740 } });
    for (const path of ['lessons.html', `lessons.html#${lessons[4]}`, 'ledger.html', 'about.html']) {
      await page.goto('about:blank');
      await page.goto(site.address + path);
      await page.locator('escapement-header nav').waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(360);
    }
    await page.close();
  });
});
