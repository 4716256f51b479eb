import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Site, axeFaults, screenshot } from './browser.js';

const lessons = readdirSync(fileURLToPath(new URL('../lessons', import.meta.url)))
  .filter(f => /^\d.*\.md$/.test(f))
  .map(f => f.replace('.md', ''));

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
    await page.locator(`a[href="#${id}"] .tick`).waitFor();
    await screenshot(page, `lesson-${id}`);
    expect(faults).toEqual([]);
  });
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
