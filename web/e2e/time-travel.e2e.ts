import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { Site, axeFaults, example, run, screenshot, tab } from './browser.js';

let site: Site;
beforeAll(async () => {
  site = await Site.open();
});
afterAll(() => site.close());

interface Shown {
  readonly moment: string;
  readonly line: number | null;
  readonly objects: number;
}

/** The moment that the page shows, once the last step has arrived. */
async function shown(page: Page): Promise<Shown> {
  const settled = await page.waitForFunction(() => {
    const element = document.querySelector('escapement-playground') as HTMLElement & {
      playground?: import('../src/state/playground.js').Playground;
    };
    if (!element.playground) return null; // its script is still on its way
    const { inspection, inspecting, focus } = element.playground.workspace;
    if (!inspection || inspecting) return null;
    const { event, step, statement } = inspection.moment;
    return { moment: `${event}.${step}.${statement}`, line: focus.line, objects: inspection.objects.length };
  });
  return (await settled.jsonValue())!;
}

const press = async (page: Page, name: string): Promise<Shown> => {
  await page.getByRole('button', { name, exact: true }).click();
  return shown(page);
};

describe('time travel', () => {
  it('steps by line, event and allocation, back to the same state, in every view and in the link', async () => {
    const { page, faults } = await site.page();
    await site.program(page, example('07-returned-pointer.go'));
    await run(page);
    await tab(page, 'Memory');
    const begin = await press(page, 'Step forward');
    expect(begin.line).not.toBeNull();
    const second = await press(page, 'Step forward');
    expect(second.moment).not.toBe(begin.moment);
    expect((await press(page, 'Step back')).moment).toBe(begin.moment);
    expect((await press(page, 'Step forward')).moment).toBe(second.moment);

    await page.getByRole('button', { name: 'Allocation', exact: true }).click();
    const allocated = await press(page, 'Step forward');
    expect(allocated.objects).toBeGreaterThan(0);
    await page.locator('escapement-memory canvas[data-moment]').waitFor();
    await page.locator('.line-playing').first().waitFor();
    await page.getByText('As text').click();
    expect(await page.locator('.as-text').innerText()).toContain('Person');
    await page.locator('.as-text button').first().click();
    await page.locator('.chosen').getByText('24 B').waitFor();
    await screenshot(page, 'time-travel');
    expect(await axeFaults(page)).toEqual([]);

    const { moment } = await shown(page);
    await expect.poll(() => page.url(), { timeout: 30_000 }).toContain(`&t=${moment}`);
    const address = page.url();
    await page.goto('about:blank');
    await page.goto(address);
    expect((await shown(page)).moment).toBe(moment);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('goes where the timeline is clicked, to the end, and leaves', async () => {
    const { page } = await site.page();
    await site.program(page, example('09-closure.go'));
    await run(page);
    await tab(page, 'Memory');
    const box = (await page.locator('escapement-timeline canvas').boundingBox())!;
    await page.mouse.click(box.x + box.width * 0.6, box.y + box.height * 0.5);
    const middle = await shown(page);
    const end = await press(page, 'End of the run');
    expect(end.moment).not.toBe(middle.moment);
    await page.locator('.steps .place').getByText('the end').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Show the end' }).waitFor();
    await page.close();
  });

  it('puts the run’s facts beside the verdicts', async () => {
    const { page } = await site.page();
    await site.program(page, example('07-returned-pointer.go'));
    await run(page);
    await tab(page, 'Verdicts');
    await page.getByRole('table', { name: 'Verdicts' }).getByText('1 object, 24 B').first().waitFor();
    await screenshot(page, 'verdict-and-fact');
    await page.close();
  });
});
