// Finding one's way in a large run: the tables' filter, groups of goroutines one by one, drags, and a page at 200 %.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Site, axeFaults, run, screenshot, tab, table } from './browser.js';

const patience = { timeout: 60_000 };
let site: Site;
beforeAll(async () => {
  site = await Site.open();
});
afterAll(() => site.close());

const workers = `package main

import "sync"

func deep(n int) int {
	var pad [64]byte
	pad[n%64] = 1
	if n == 0 {
		return 0
	}
	return deep(n-1) + int(pad[n%64])
}

var kept [][]byte

func main() {
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			deep(i)
		}()
	}
	wg.Wait()
	for i := range 3 {
		kept = append(kept, make([]byte, 100+i))
	}
}
`;

describe('a large run', () => {
  it('/ leads to the filter of the table that is shown; Escape shows every row again', patience, async () => {
    const { page, faults } = await site.page();
    await site.program(page, workers);
    await run(page);
    const all = (await table(page, 'Allocations')).length;
    await tab(page, 'Memory');
    await page.keyboard.press('/');
    const field = page.getByRole('searchbox', { name: 'Filter the allocations' });
    await expect.poll(() => field.evaluate(e => e === document.activeElement)).toBe(true);
    await page.keyboard.type('make');
    const rows = await table(page, 'Allocations');
    expect(rows.length).toBeLessThan(all);
    expect(rows.map(r => r[1])).toEqual(['make([]byte, 100 + i)', 'append(kept, make([]byte, 100 + i))']);
    await field.fill('nothing like it');
    await page.getByText('No row has these words.').first().waitFor();
    await field.press('Escape');
    await expect.poll(async () => (await table(page, 'Allocations')).length).toBe(all);
    await tab(page, 'Verdicts');
    await page.keyboard.press('/');
    await page.keyboard.type('27');
    await expect
      .poll(async () => new Set((await table(page, 'Verdicts')).map(r => r[0]!.split(':')[0])))
      .toEqual(new Set(['27']));
    // Where one types, it is a character.
    const words = page.getByRole('searchbox', { name: 'Filter the verdicts' });
    await words.press('End');
    await words.press('/');
    expect(await words.inputValue()).toBe('27/');
    expect(await axeFaults(page)).toEqual([]);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('goroutines of one go statement open one by one, from the keyboard too', patience, async () => {
    const { page, faults } = await site.page();
    await site.program(page, workers);
    await run(page);
    const canvas = page.locator('escapement-timeline canvas');
    const closed = (await canvas.boundingBox())!.height;
    const group = page.getByRole('button', { name: /^40 × :20/ });
    await group.focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => group.getAttribute('aria-expanded')).toBe('true');
    await expect.poll(async () => (await canvas.boundingBox())!.height).toBeGreaterThan(2 * closed);
    await screenshot(page, 'group');
    expect(await axeFaults(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await canvas.boundingBox())!.height).toBe(closed);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('a drag over the timeline or across its controls selects no words', patience, async () => {
    const { page } = await site.page();
    await site.program(page, workers);
    await run(page);
    const box = (await page.locator('escapement-timeline canvas').boundingBox())!;
    await page.mouse.move(box.x + 300, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x - 200, box.y + 500, { steps: 6 });
    await page.mouse.up();
    expect(await page.evaluate(() => String(getSelection()))).toBe('');
    await page.close();
  });
});

describe('a page at 200 %', () => {
  it.each(['', 'lessons.html', 'ledger.html', 'about.html'])(
    '%s has all its parts in reach',
    patience,
    async path => {
      const { page, faults } = await site.page({
        viewport: { width: 680, height: 430 },
        deviceScaleFactor: 2,
        reducedMotion: 'reduce',
      });
      await page.goto(site.address + path);
      if (!path) await run(page);
      else await page.locator('main, h1').first().waitFor();
      expect(
        await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        ),
      ).toBeLessThanOrEqual(0);
      expect(await axeFaults(page)).toEqual([]);
      expect(faults).toEqual([]);
      await page.close();
    },
  );
});
