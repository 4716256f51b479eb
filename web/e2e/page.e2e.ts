import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { typeText } from '../src/model/allocation-words.js';
import { ownFragment } from '../src/state/address-part.js';
import { decodeProgram } from '../src/state/permalink.js';
import {
  Site,
  axeFaults,
  engineSays,
  example,
  golden,
  output,
  run,
  screenshot,
  tab,
  table,
} from './browser.js';

import type { EscapementTrace } from '../src/protocol/trace.generated.js';

const schema = new URL('../../engine/export/trace.schema.json', import.meta.url);
const valid = new Ajv2020({ strict: false }).compile(JSON.parse(readFileSync(schema, 'utf8')) as object);
const patience = { timeout: 60_000 };
let site: Site;
beforeAll(async () => {
  site = await Site.open();
});
afterAll(() => site.close());

const seeds = readdirSync(fileURLToPath(new URL('../examples', import.meta.url))).filter(f =>
  f.endsWith('.go'),
);

describe('every program of the menu', () => {
  let opened: Awaited<ReturnType<Site['page']>>;
  beforeAll(async () => {
    opened = await site.page();
    await opened.page.goto(site.address);
    await opened.page
      .getByRole('button', { name: 'Run', exact: true })
      .and(opened.page.locator(':enabled'))
      .waitFor();
  });
  afterAll(() => opened.page.close());

  it.each(seeds)('%s runs, and the page says what the engine says', async file => {
    const name = file.replace(/\.go$/, '');
    const want = golden(`examples/${name}`);
    const { page, faults } = opened;
    await page.locator('select.examples').selectOption(name.replace(/^\d+-/, ''));
    expect(await run(page)).toBe('exited');
    expect((await output(page)).trim()).toBe((want.stdout ?? '').trim());

    const said = await engineSays(page);
    const verdicts = await table(page, 'Verdicts');
    expect(verdicts.map(r => r[0])).toEqual(said.verdicts.map(v => `${v.line}:${v.column}`));
    expect(verdicts.map(r => r[1])).toEqual(said.verdicts.map(v => v.region));
    const lines = (want.verdicts ?? '')
      .trim()
      .split('\n')
      .map(l => l.replace(/^[^:]*:/, ''));
    for (const v of said.verdicts) expect(lines).toContain(`${v.line}:${v.column}: ${v.text.split('\n')[0]}`);

    const trace = JSON.parse(said.trace) as EscapementTrace;
    expect(valid(trace), JSON.stringify(valid.errors?.slice(0, 3))).toBe(true);
    const rows = await table(page, 'Allocations');
    const shown = rows.map(r => [r[0], r[3], r[5], r[6]].join('|')).sort();
    expect(shown).toEqual(billedRows(trace, said.overview.mainEvent));
    const types = said.rows.filter(r => r.billedLine).map(typeText);
    expect(rows.map(r => r[2]).sort()).toEqual(types.sort());
    await screenshot(page, name);
    expect(faults).toEqual([]);
  });
});

/**
 * The rows that the Allocations table must show for a trace, worked out from its events alone: heap.alloc events
 * since main billed to a line of the user's, by site, type and line; span.sweep's bitmaps say which were freed.
 */
function billedRows(trace: EscapementTrace, mainEvent: number): string[] {
  const fields = (name: string): { kind: number; at: Record<string, number> } => {
    const kind = trace.kinds.findIndex(k => k.name === name);
    return { kind, at: Object.fromEntries(trace.kinds[kind]!.fields.map((f, i) => [f.name, i + 4])) };
  };
  const alloc = fields('heap.alloc');
  const sweep = fields('span.sweep');
  const rows = new Map<string, { line: number; type: string; objects: number; freed: number }>();
  const live = new Map<number, string[]>();
  const tiny = 8;
  const firstOfBlock = 16;
  trace.events.forEach((event, ordinal) => {
    if (event[0] === alloc.kind) {
      const number = (name: string): number => Number(event[alloc.at[name]!]);
      const shared = (Number(event[3]) & tiny) !== 0;
      const slot = shared ? Math.floor(number('address') / 16) * 16 : number('address');
      const others = shared && !(Number(event[3]) & firstOfBlock) ? (live.get(slot) ?? []) : [];
      const stack = trace.stacks[number('stack')];
      const billed = stack ? trace.stacks[stack[2]] : undefined;
      const [site, type] = trace.origins[number('origin')] ?? [-1, -1];
      let key = '';
      if (billed && ordinal >= mainEvent) {
        const owner = event[2] === 3 ? 'before main' : trace.sites[site]?.owner;
        key = [site, type, billed[1], owner].join();
        const row = rows.get(key) ?? {
          line: trace.frames[billed[1]]!.line,
          type: trace.types[type]?.name ?? '',
          objects: 0,
          freed: 0,
        };
        row.objects++;
        rows.set(key, row);
      }
      live.set(slot, [...others, key]);
    } else if (event[0] === sweep.kind) {
      const number = (name: string): number => Number(event[sweep.at[name]!]);
      const size = number('bytes') / number('freed');
      const digits = String(event[sweep.at['bitmap']!]);
      for (let word = 0; word * 16 < digits.length; word++) {
        const bits = BigInt(`0x${digits.slice(word * 16, word * 16 + 16)}`);
        for (let bit = 0; bit < 64; bit++) {
          if (!((bits >> BigInt(bit)) & 1n)) continue;
          const slot = number('address') + (word * 64 + bit) * size;
          for (const key of live.get(slot) ?? []) if (rows.has(key)) rows.get(key)!.freed++;
          live.delete(slot);
        }
      }
    }
  });
  return [...rows.values()].map(r => [r.line, r.objects, r.objects - r.freed, r.freed].join('|')).sort();
}

describe('the page', () => {
  it('shows faults as Go prints them, and stays usable', async () => {
    const { page } = await site.page();
    await site.program(page, 'package main\n\nfunc main() {\n\tx := 1\n\treturn 2\n}\n');
    expect(await run(page)).toBe('not compiled');
    expect(await output(page)).toContain('./main.go:4:2: declared and not used: x');
    await tab(page, 'Verdicts');
    await screenshot(page, 'compile-error');
    await site.program(page, 'package main\n\nfunc main() { println("again") }\n');
    expect(await run(page)).toBe('exited');
    expect(await output(page)).toContain('again');
    await page.close();
  });

  it('keeps output and trace of a panic and a deadlock', async () => {
    const { page } = await site.page();
    for (const [name, text, message, status] of [
      [
        'panic',
        'package main\n\nfunc main() {\n\tvar p *int\n\tprintln("before")\n\t*p = 1\n}\n',
        'nil pointer dereference',
        2,
      ],
      [
        'deadlock',
        'package main\n\nfunc main() {\n\tc := make(chan int)\n\t<-c\n}\n',
        'all goroutines are asleep - deadlock!',
        2,
      ],
    ] as const) {
      await site.program(page, text);
      expect(await run(page)).toBe('exited');
      expect(await output(page)).toContain(message);
      expect(await page.locator('.status').innerText()).toContain(`Exit status ${status}`);
      await screenshot(page, name);
    }
    await page.close();
  });

  it('stops an endless program within 200 ms, and runs the next', async () => {
    const { page } = await site.page();
    await site.program(page, 'package main\n\nfunc main() {\n\tprintln("on")\n\tfor {\n\t}\n}\n');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.locator('.status[data-state=running]').waitFor();
    await page.getByLabel('Program output').getByText('on').waitFor();
    // A timer set with the click, not a clock: on a busy machine both are late alike.
    const state = await page.evaluate(async () => {
      [...document.querySelectorAll('button')].find(b => b.textContent?.trim() === 'Stop')!.click();
      await new Promise(resolve => setTimeout(resolve, 200));
      return document.querySelector('.status')?.getAttribute('data-state');
    });
    expect(state).toBe('stopped');
    expect(await output(page)).toContain('on');
    await site.program(page, 'package main\n\nfunc main() { println("next") }\n');
    expect(await run(page)).toBe('exited');
    await page.close();
  });

  it('says the verdicts as one types', async () => {
    const { page } = await site.page();
    await site.program(
      page,
      'package main\n\nfunc f() *int {\n\tx := 1\n\treturn &x\n}\n\nfunc main() { f() }\n',
      'monaco',
    );
    await page.locator('.monaco-editor .verdict-heap').first().waitFor();
    await page.locator('.monaco-editor .view-lines').first().click();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('package main\n\nfunc main() {\nprintln(new(int) != nil)');
    await tab(page, 'Verdicts');
    await page.getByRole('table', { name: 'Verdicts' }).getByText('new(int) does not escape').waitFor();
    await page.close();
  });

  it('shows a stack growing and the collector at work', async () => {
    const { page } = await site.page();
    await site.program(page, example('../../tests/golden/programs/recursion.go'));
    await run(page);
    const grown = (await engineSays(page)).overview.stackChanges.filter(
      c => c.kind === 'grow' && c.goroutine === 1,
    );
    expect(grown.length).toBeGreaterThan(1);
    for (const [i, c] of grown.entries()) {
      expect(c.copied).toBeGreaterThan(0);
      if (i > 0) expect(c.size).toBe(2 * grown[i - 1]!.size);
    }
    await screenshot(page, 'recursion');
    await site.program(page, example('../../tests/golden/programs/garbage.go'));
    await page.getByTitle('Settings of the run').click();
    await page.getByLabel('heap floor').selectOption({ label: '16 KiB' });
    await page.keyboard.press('Escape');
    await run(page);
    const { overview } = await engineSays(page);
    expect(overview.cycles.length).toBeGreaterThan(0);
    expect(overview.freedObjects).toBeGreaterThan(0);
    await screenshot(page, 'garbage');
    await page.close();
  });

  it('zooms, pans, names what is under the pointer, and filters the table with the window', async () => {
    const { page } = await site.page();
    await site.program(page, example('07-returned-pointer.go'));
    await run(page);
    const canvas = page.locator('escapement-timeline canvas');
    const hint = (): Promise<string> => page.locator('.moment').innerText();
    expect(await hint()).toContain('All ');
    await canvas.focus();
    await page.keyboard.press('+');
    await page.keyboard.press('+');
    await expect.poll(hint, patience).toContain(' to ');
    const zoomed = await hint();
    await page.keyboard.press('ArrowRight');
    await expect.poll(hint, patience).not.toBe(zoomed);
    await page.keyboard.press('0');
    await expect.poll(hint, patience).toContain('All ');
    const box = (await canvas.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.wheel(0, -300);
    await expect.poll(hint, patience).toContain(' to ');
    await page.keyboard.press('0');
    await page.mouse.move(box.x + 120, box.y + 40);
    await page.locator('.tip strong').getByText('Static region').waitFor();
    await page.close();
  });

  it('keeps the program in the address', async () => {
    const { page } = await site.page();
    const text = 'package main\n\nfunc main() { println("kept") }\n';
    await site.program(page, text, 'monaco');
    await page.locator('.monaco-editor .view-lines').first().click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('// more');
    await expect.poll(async () => decodeProgram(new URL(page.url()).hash), patience).toBe(`${text}// more`);
    const address = page.url();
    const other = await site.page();
    await other.page.goto(address);
    await other.page.getByText('// more').first().waitFor();
    await page.goto(`${site.address}#v1:!!!`);
    await page.reload();
    await page.getByText('the program in the link is damaged').waitFor();
    await page.close();
    await other.page.close();
  });

  it('compares a program with a changed copy of it', async () => {
    const { page, faults } = await site.page({ viewport: { width: 1600, height: 1000 } });
    await site.program(page, example('07-returned-pointer.go'), 'monaco');
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    await page.waitForURL('**/two.html#v1:*|v1:*');
    const [left, right] = [
      page.locator('escapement-playground').nth(0),
      page.locator('escapement-playground').nth(1),
    ];
    const figures = page.locator('escapement-comparison');
    await figures.getByRole('button', { name: 'Run both' }).and(page.locator(':enabled')).click();
    await figures.getByText('Your code puts the same on the heap in both: 1 object, 24 B.').waitFor();
    await right.getByRole('combobox', { name: 'Example' }).selectOption({ label: 'Escape: into a closure' });
    await figures.locator('.sentence.stale').waitFor();
    await right.getByRole('button', { name: 'Run', exact: true }).click();
    await right.getByLabel('Program output').getByText('{Dave 60}').waitFor();
    await figures.getByText('your code puts 1 object, 24 B on the left, and nothing on the right.').waitFor();
    await figures.getByText('All figures').click();
    await figures.getByRole('row', { name: /^Difference −1 −24 B / }).waitFor();
    expect(await left.getByLabel('Program output').innerText()).not.toContain('Dave');
    await screenshot(page, 'two');
    expect(await axeFaults(page)).toEqual([]);
    // The address holds both; each side has its own.
    await expect
      .poll(async () => decodeProgram(ownFragment(new URL(page.url()).hash, 'right')), patience)
      .toContain('Dave');
    expect(await decodeProgram(ownFragment(new URL(page.url()).hash, 'left'))).toContain('Bob');
    expect(faults).toEqual([]);
    await page.close();
  });

  it('compares two examples when it is opened without a program', async () => {
    const { page } = await site.page({ viewport: { width: 360, height: 740 } });
    await page.goto(`${site.address}two.html`);
    await page
      .getByText('On the heap, your code puts nothing on the left, and 1 object, 24 B on the right.')
      .waitFor();
    await page.getByText('All figures').click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await page.close();
  });

  it('works at 360 pixels, in the dark', async () => {
    const { page } = await site.page({
      viewport: { width: 360, height: 740 },
      colorScheme: 'dark',
      hasTouch: true,
    });
    await site.program(page, example('07-returned-pointer.go'));
    expect(await run(page)).toBe('exited');
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(360);
    await page.screenshot({
      path: fileURLToPath(new URL('../../build/e2e/phone.png', import.meta.url)),
      fullPage: true,
    });
    await page.close();
  });

  it.each(['light', 'dark'] as const)(
    'has no accessibility faults that axe finds (%s)',
    async colorScheme => {
      const { page } = await site.page({ colorScheme });
      await site.program(page, example('07-returned-pointer.go'), 'monaco');
      await run(page);
      for (const name of ['Editor', 'Output'])
        expect(await page.getByRole('region', { name, exact: true }).count()).toBe(1);
      expect(await page.getByRole('figure', { name: 'Allocation timeline' }).count()).toBe(1);
      for (const name of ['Allocations', 'Verdicts', 'Memory']) {
        await tab(page, name);
        expect(await axeFaults(page), name).toEqual([]);
      }
      await page.close();
    },
  );
});
