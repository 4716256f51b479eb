// What a selected verdict shows: the sentence, the path over the source, in both editors; and what a first visit
// shows before and after the engine is there.
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  Site,
  axeFaults,
  example,
  run,
  savedText,
  screenshot,
  tab,
  table,
  type PlaygroundPage,
} from './browser.js';

let site: Site;
beforeAll(async () => {
  site = await Site.open();
});
afterAll(() => site.close());

it('a selected verdict says why, and draws its path over the source', async () => {
  const { page, faults } = await site.page();
  await site.program(page, example('08-goroutine.go'), 'monaco');
  await page.locator('.monaco-editor .verdict-heap').first().waitFor();
  await run(page);
  await tab(page, 'Verdicts');
  await page.getByRole('table', { name: 'Verdicts' }).getByRole('button', { name: '6:5' }).click();
  await page
    .locator('.why-bar')
    .getByText('p lives on the heap from the start, because a closure captures it on line 8.')
    .waitFor();
  expect(await page.locator('.why-bar').innerText()).toContain('./main.go:6:5: moved to heap: p');
  await page.locator('.path-arrows .path-line').first().waitFor();
  expect(await page.locator('.path-arrows .path-stop').count()).toBe(2);
  expect(await page.locator('.path-note').count()).toBe(2);
  expect(await page.getByRole('table', { name: 'Verdicts' }).locator('tr.selected').count()).toBe(1);
  await screenshot(page, 'verdict-path');
  expect(await axeFaults(page)).toEqual([]);
  // Typing ends it: the path is of another text.
  await page.locator('.monaco-editor .view-lines').first().click();
  await page.keyboard.type(' ');
  await page.locator('.path-note').first().waitFor({ state: 'detached' });
  expect(faults).toEqual([]);
  await page.context().close();
});

it('the caret selects the verdict of its line, in the plain editor too, within 360 pixels', async () => {
  const { page } = await site.page({ viewport: { width: 360, height: 740 } });
  await site.program(page, example('07-returned-pointer.go'));
  await run(page);
  await page.getByLabel('Go program').click({ position: { x: 60, y: 8 + 19 * 5 + 6 } });
  await page.locator('.why-bar').getByText('lives on the heap from the start').waitFor();
  await page.locator('.path-note').first().waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await screenshot(page, 'verdict-path-phone');
  await page.context().close();
});

it('a first visit shows program, verdicts and picture with no script, and then the same from the engine', async () => {
  const bare = await site.page({ javaScriptEnabled: false });
  await bare.page.goto(site.address);
  await bare.page.getByText('p lives on the heap from the start').waitFor();
  await bare.page.locator('.pane.timeline svg:visible').waitFor();
  await bare.page.context().close();
  const { page, faults } = await site.page();
  await page.goto(site.address);
  await page.waitForFunction(() => {
    const { playground } = document.querySelector('escapement-playground') as PlaygroundPage;
    return playground?.workspace.run?.number === 1 && playground.workspace.focus.verdict !== null;
  });
  await page.locator('escapement-memory canvas[data-moment^="1:"]').waitFor();
  expect(await page.locator('.why-bar').innerText()).toContain('moved to heap: p');
  expect(await axeFaults(page)).toEqual([]);
  await screenshot(page, 'first-visit');
  expect(faults).toEqual([]);
  await page.context().close();
});

it('several packages run from one text, with verdicts in each, and files that are not Go', async () => {
  const { page, faults } = await site.page();
  await site.program(
    page,
    '-- main.go --\npackage main\n\nimport (\n\t"os"\n\n\t"play/shape"\n)\n\nfunc main() {\n\tdata, _ := os.ReadFile("note.txt")\n\tprintln(shape.New(2).R, string(data))\n}\n-- shape/circle.go --\npackage shape\n\ntype Circle struct{ R int }\n\n//go:noinline\nfunc New(r int) *Circle { return &Circle{r} }\n-- note.txt --\nhello\n',
  );
  expect(await run(page)).toBe('exited');
  await page.getByLabel('Program output').getByText('2 hello').waitFor();
  const rows = await table(page, 'Verdicts');
  expect(rows.map(r => r[3]!.split('\n')[0])).toContain('&Circle{...} escapes to heap');
  await page.getByRole('table', { name: 'Verdicts' }).getByRole('button', { name: '6:34' }).click();
  await page.getByRole('button', { name: 'shape/circle.go', pressed: true }).waitFor();
  expect(faults).toEqual([]);
  await page.context().close();
});

it('stacks begin with the size that is chosen, and the link says so', async () => {
  const { page } = await site.page();
  await site.program(page, 'package main\n\nfunc main() { println("x") }\n');
  await page.getByRole('button', { name: /^GOGC/ }).click();
  await page.getByLabel(/^stack start/).selectOption({ label: '8 KiB' });
  await page.keyboard.press('Escape');
  await run(page);
  const sizes = await page.evaluate(() => {
    const { playground } = document.querySelector('escapement-playground') as PlaygroundPage;
    return playground.workspace.run!.overview!.stackChanges.filter(c => c.kind === 'alloc').map(c => c.size);
  });
  expect(new Set(sizes)).toEqual(new Set([8192]));
  await expect.poll(() => page.url(), { timeout: 30_000 }).toContain('&stack=8192');
  await page.context().close();
});

it('the memory picture is saved as SVG and PNG', async () => {
  const { page } = await site.page();
  await site.program(page, example('09-closure.go'));
  await run(page);
  await tab(page, 'Memory');
  await page.getByRole('button', { name: 'Start at main' }).click();
  const panel = page.getByRole('group', { name: 'Save the picture' });
  for (const [name, start] of [
    ['SVG', '<svg'],
    ['PNG', '\x89PNG'],
  ] as const) {
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      panel.getByRole('button', { name }).click(),
    ]);
    expect((await savedText(saved)).startsWith(start)).toBe(true);
  }
  await page.context().close();
});
