// Whole tasks, as people come with them: a teacher, an author of documentation, an engineer; and one who has no mouse.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  Site,
  engineSays,
  output,
  run,
  savedText,
  screenshot,
  table,
  type PlaygroundPage,
} from './browser.js';
import { HostSite } from './host-page.js';

const command = fileURLToPath(new URL('../../build/native/escapement', import.meta.url));
let site: Site;
beforeAll(async () => {
  site = await Site.open();
});
afterAll(() => site.close());

/** A program in a folder of its own, which goes when `use` is done with it. */
async function inFolder(program: string, use: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'escapement-task-'));
  try {
    writeFileSync(join(folder, 'main.go'), program);
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const fooAndBar = `package main

//go:noinline
func foo() *int {
	x := 1042
	return &x
}

//go:noinline
func bar() int {
	x := 1042
	return x
}

func main() {
	println(*foo() + bar())
}
`;

it('a teacher shows why &x in foo allocates and x in bar does not, and projects it', async () => {
  // A projector's 1280 pixels at 200 %.
  const { page, faults } = await site.page({ viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 });
  await site.program(page, fooAndBar);
  expect(await run(page)).toBe('exited');
  // foo: the sentence, the compiler's own line beside it, the path over the source and what it cost.
  await page.getByLabel('Go program').click({ position: { x: 60, y: 8 + 19 * 4 + 8 } });
  await page.locator('.why-bar').getByText('x lives on the heap from the start').waitFor();
  expect(await page.locator('.why-bar').innerText()).toContain('./main.go:5:2: moved to heap: x');
  await page.locator('.path-arrows .path-line').first().waitFor();
  await page.locator('.line-note').getByText('8 B').first().waitFor();
  // bar: nothing is said and nothing is allocated.
  await page.getByLabel('Go program').click({ position: { x: 60, y: 8 + 19 * 10 + 8 } });
  await page.locator('.why-bar').waitFor({ state: 'detached' });
  const said = await engineSays(page);
  expect(said.rows.filter(r => r.owner === 'mine').map(r => [r.billedLine, r.objects])).toEqual([[5, 1]]);
  await page.getByRole('button', { name: 'Picture', exact: true }).click();
  expect((await table(page, 'Verdicts')).map(r => r[0])).toEqual(['5:2']);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(640);
  await screenshot(page, 'task-teacher');
  // The class gets the link: the same program opens, and nobody's program runs by itself.
  await page.getByRole('button', { name: 'Share' }).click();
  await expect.poll(() => page.url(), { timeout: 30_000 }).toContain('#v1:');
  const pupil = await site.page();
  await pupil.page.goto(page.url());
  await pupil.page.getByText('func bar() int').first().waitFor();
  expect(faults).toEqual([]);
  await pupil.page.close();
  await page.close();
});

it('an author puts a living snippet into a page that has a strict policy', async () => {
  const host = await HostSite.open();
  await inFolder(fooAndBar, async folder => {
    // The documentation's build makes the snapshot; its page has a fallback, a snapshot and one element.
    execFileSync(command, ['render', '-view', 'memory', '-at', ':15', '-o', 'foo.json', 'main.go'], {
      cwd: folder,
    });
    host.files.set('/foo.json', {
      type: 'application/json',
      body: readFileSync(join(folder, 'foo.json'), 'utf8'),
    });
    const { page, faults } = await site.page();
    const asked: string[] = [];
    page.on('request', r => asked.push(r.url()));
    const body = `<escapement-snippet snapshot="/foo.json" view="memory" name="foo.go"><pre>${fooAndBar.replaceAll('&', '&amp;')}</pre></escapement-snippet>`;
    await page.goto(host.page('strict', site.address, body, '', "; require-trusted-types-for 'script'"));
    const widget = page.locator('escapement-snippet');
    await widget.locator('.picture svg').waitFor();
    expect(asked.filter(u => /\.(wasm|pack)$|worker/.test(u))).toEqual([]);
    await screenshot(page, 'task-author');
    // A reader wakes it, changes it, and takes it to the playground.
    await widget.getByRole('button', { name: 'Run' }).click();
    const frame = widget.frameLocator('iframe');
    await frame.getByLabel('Program output').getByText('2084').waitFor();
    await frame.getByLabel('Go program').fill(fooAndBar.replaceAll('1042', '7'));
    await frame.getByLabel('Go program').press('Shift+Enter');
    await frame.getByLabel('Program output').getByText('14').waitFor();
    const own = [host.address, site.address];
    expect(asked.filter(u => !own.some(o => u.startsWith(o)) && !u.startsWith('data:'))).toEqual([]);
    expect(faults).toEqual([]);
    await page.close();
  });
  host.close();
});

it('an engineer looks for the first thing that is wrong, and finds the real Go’s figures', async () => {
  const program = readFileSync(new URL('../examples/09-closure.go', import.meta.url), 'utf8');
  const { page, faults } = await site.page();
  await site.program(page, program);
  expect(await run(page)).toBe('exited');
  await inFolder(program, async folder => {
    // The compiler's lines, letter for letter, beside the real compiler's.
    const env = { ...process.env, PATH: `${process.env['PATH']}:/usr/local/go/bin`, GO111MODULE: 'off' };
    const real = execFileSync('sh', ['-c', 'go build -gcflags=-m -o real main.go 2>&1'], {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    await page.getByTitle('Files: open and save').click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'The compiler’s -m lines' }).click(),
    ]);
    await page.keyboard.press('Escape');
    const lines = (text: string): string[] => text.split('\n').filter(l => l.startsWith('./'));
    const own = Buffer.from(await savedText(download), 'latin1').toString('utf8');
    expect(lines(own)).toEqual(lines(real));
    expect((await output(page)).trim()).toBe(execFileSync(join(folder, 'real'), { encoding: 'utf8' }).trim());
    // The page's run is the command's run, figure for figure.
    execFileSync(command, ['render', '-o', 'out.json', 'main.go'], { cwd: folder });
    const native = JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8')) as {
      overview: { totals: unknown; steps: number; events: number };
    };
    const { overview } = await engineSays(page);
    expect([overview.totals, overview.steps, overview.events]).toEqual([
      native.overview.totals,
      native.overview.steps,
      native.overview.events,
    ]);
  });
  // What is a model says so.
  await page.getByRole('link', { name: 'About' }).click();
  await page
    .getByRole('row', { name: /^modelled/ })
    .getByText('collector')
    .waitFor();
  expect(faults).toEqual([]);
  await page.close();
});

/** Presses Tab until what has the focus has a name, as a person without a mouse does. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press('Tab');
    const now = await page.evaluate(() => {
      const e = document.activeElement;
      return (e?.getAttribute('aria-label') ?? e?.textContent ?? '').trim().replace(/\s+/g, ' ');
    });
    if (typeof name === 'string' ? now === name : name.test(now)) return;
  }
  throw new Error(`Tab does not come to ${name}`);
}

it('the playground is walked through with the keyboard alone', async () => {
  const { page, faults } = await site.page();
  await site.program(page, fooAndBar);
  await page.waitForFunction(() => 'playground' in document.querySelector('escapement-playground')!);
  const state = (): Promise<{
    run: number;
    moment: string | null;
    window: boolean;
    verdict: number | null;
  }> =>
    page.evaluate(() => {
      const { run, focus } = (document.querySelector('escapement-playground') as PlaygroundPage).playground
        .workspace;
      return {
        run: run?.overview ? run.number : 0,
        moment: focus.moment && JSON.stringify(focus.moment),
        window: focus.window !== null,
        verdict: focus.verdict,
      };
    });
  const patience = { timeout: 30_000 };
  await tabTo(page, 'Run');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await state()).run, patience).toBeGreaterThan(0);
  const first = (await state()).run;
  // Into the editor, which Monaco takes over; Escape leaves it.
  await tabTo(page, /^Go program/);
  await page.locator('.monaco-editor').first().waitFor();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('// by key');
  await page.keyboard.press('Shift+Enter');
  await expect.poll(async () => (await state()).run, patience).toBeGreaterThan(first);
  await page.keyboard.press('Escape');
  await page.getByText('Left the editor.').waitFor();
  // The timeline: zoom, pan, all of it, the next event.
  await page.locator('escapement-timeline canvas').focus();
  await page.keyboard.press('+');
  await expect.poll(async () => (await state()).window, patience).toBe(true);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('0');
  await expect.poll(async () => (await state()).window, patience).toBe(false);
  await page.keyboard.press('.');
  await expect.poll(async () => (await state()).moment, patience).not.toBeNull();
  // Time travel, the tabs, a verdict.
  await tabTo(page, 'Step forward');
  const before = (await state()).moment;
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await state()).moment, patience).not.toBe(before);
  await tabTo(page, 'Allocations');
  await page.keyboard.press('ArrowRight');
  await page.locator('[role=tab][aria-selected=true]').getByText('Verdicts').waitFor();
  await tabTo(page, '5:2');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await state()).verdict, patience).not.toBeNull();
  // Help is a key away.
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Help' }).waitFor();
  expect(faults).toEqual([]);
  await page.close();
});
