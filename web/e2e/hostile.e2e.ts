// SECURITY.md's promise: no source text makes the engine crash the page, read anything of the host's, or run for ever.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { programFragment } from '../serve.mjs';
import { Site, output, run } from './browser.js';

let site: Site;
let page: Page;
let faults: string[];
beforeAll(async () => {
  site = await Site.open();
});
afterAll(() => site.close());
beforeEach(async () => {
  ({ page, faults } = await site.page());
});
afterEach(() => page.context().close());

/** Shows another program in the page that is open. */
async function show(text: string): Promise<void> {
  await page.evaluate(fragment => (location.hash = fragment), programFragment(text));
  await page.waitForFunction(
    text =>
      document.querySelector<HTMLElement & { playground?: import('../src/state/playground.js').Playground }>(
        'escapement-playground',
      )!.playground?.workspace.files[0]!.text === text,
    text,
  );
}

const main = (body: string, rest = ''): string => `package main\n\n${rest}\nfunc main() {\n${body}\n}\n`;
/** Go's words, or, where the program outgrows the engine's own instance, that the instance ended. */
const outgrown = /stack overflow|out of memory|out of range|main\.go:|Exited normally|Escapement failed/;
const ending = [
  ['endless recursion', main('f(0)', 'func f(n int) int { return f(n+1) + n }\n'), outgrown],
  ['an allocation larger than memory', main('b := make([]byte, 1<<40)\nprintln(len(b))'), outgrown],
  ['a heap without end', main('var all [][]byte\nfor { all = append(all, make([]byte, 1<<24)) }'), outgrown],
  [
    'a wild pointer',
    main('println(*(*int)(unsafe.Pointer(uintptr(0x1234567890))))', 'import "unsafe"\n'),
    /fault/,
  ],
  [
    '100,000 parentheses',
    main(`x := ${'('.repeat(100_000)}1${')'.repeat(100_000)}\n_ = x`),
    /main\.go:|nest/,
  ],
  ['a huge constant', main('const c = 1 << 100000000\nprintln(c > 0)'), /main\.go:/],
  ['an array larger than the address space', main('var a [1 << 62]int\nprintln(len(a))'), /./],
  [
    'the host’s files',
    main('_, err := os.ReadFile("/etc/passwd")\nprintln(err.Error())', 'import "os"\n'),
    /./,
  ],
  [
    'the host’s environment',
    main('println(len(os.Getenv("HOME")), len(os.Getenv("PATH")))', 'import "os"\n'),
    /^0 0|\d/,
  ],
  [
    'control characters and markup',
    main('println("<img src=x onerror=alert(1)>\\x1b[31m\\x00\u202e")'),
    /<img src=x/,
  ],
] as const;
const endless = [
  ['a loop', main('for {\n}')],
  [
    'a loop before main',
    'package main\n\nvar x = f()\n\nfunc f() int {\n\tfor {\n\t}\n}\n\nfunc main() {}\n',
  ],
  ['goroutines without end', main('for { go func() { select {} }() }')],
] as const;

/** The next program runs as if nothing had been. */
async function next(): Promise<void> {
  await show(main('println("still here")'));
  expect(await run(page)).toBe('exited');
  expect(await output(page)).toContain('still here');
  expect(faults).toEqual([]);
}

describe('a hostile program', () => {
  it.each(ending)('%s: ends with words, and the page goes on', async (_name, text, words) => {
    await site.program(page, text);
    const state = await run(page);
    const status = await page.locator('.status').first().innerText();
    expect(`${await output(page)}\n${status}`).toMatch(words);
    if (words !== outgrown) expect(['exited', 'not compiled', 'stopped']).toContain(state);
    await next();
  });

  it.each(endless)('%s: is stopped, and the page goes on', async (_name, text) => {
    await site.program(page, text);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page
      .locator('.status[data-state=running]')
      .or(page.locator('.status[data-state=exited]'))
      .first()
      .waitFor();
    const stop = page.getByRole('button', { name: 'Stop', exact: true });
    if (await stop.isEnabled()) await stop.click();
    await page.locator('.status[data-state=stopped], .status[data-state=exited]').first().waitFor();
    await next();
  });

  it('a link that is damaged, too large or a bomb changes nothing, and says so', async () => {
    const { deflateRawSync } = await import('node:zlib');
    await site.program(page, main('println("kept")'));
    const bomb = deflateRawSync(Buffer.alloc(1 << 26)).toString('base64url');
    for (const [fragment, words] of [
      ['#v1:%%%', 'damaged'],
      ['#v1:AAAA', 'damaged'],
      [`#v1:${bomb}`, 'too large'],
      [`#v1:${'A'.repeat(1 << 20)}`, 'too large'],
    ] as const) {
      await page.evaluate(f => (location.hash = f), fragment);
      await page.locator('.notice').getByText(words).waitFor();
      expect(await run(page)).toBe('exited');
      expect(await output(page)).toContain('kept');
    }
    expect(faults).toEqual([]);
  });
});
