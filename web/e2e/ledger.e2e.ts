// The ledger: its page, and each of its programs run in the browser and judged by the engine there.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Site, type PlaygroundPage } from './browser.js';

const ledger = readFileSync(fileURLToPath(new URL('../lessons/ledger.md', import.meta.url)), 'utf8');
const sections = ledger.split(/^### /m).slice(1);
const cases = sections.flatMap(section => {
  const title = section.slice(0, section.indexOf('\n'));
  return [...section.matchAll(/^```go([^\n]*)\n([\s\S]*?)^```\n+```expect\n([\s\S]*?)^```/gm)].map(m => ({
    title,
    flags: m[1]!.trim(),
    program: m[2]!,
    expectations: m[3]!,
  }));
});
const options: Record<string, string> = { gogc: 'gcPercent', 'heap-minimum': 'heapMinimum', seed: 'seed' };

let site: Site;
beforeAll(async () => {
  site = await Site.open();
});
afterAll(() => site.close());

it('every sentence of the ledger has its judgement on the page, and a program that opens', async () => {
  const { page, faults } = await site.page();
  await page.goto(`${site.address}ledger.html`);
  expect(await page.locator('.claim').count()).toBe(sections.length);
  expect(await page.locator('.claim .judgement').count()).toBe(sections.length);
  await page.locator('.claim summary').first().click();
  await page.getByRole('link', { name: 'Open in the playground' }).first().click();
  await page.locator('escapement-timeline').waitFor();
  expect(faults).toEqual([]);
  await page.close();
});

it('every program of the ledger does in the browser what the ledger says', async () => {
  expect(cases.length).toBeGreaterThan(20);
  const { page } = await site.page();
  await site.program(page, 'package main\n\nfunc main() {}\n');
  const wrong: string[] = [];
  for (const { title, flags, program, expectations } of cases) {
    const given = Object.fromEntries(
      [...flags.matchAll(/-+([\w-]+)=(-?\d+)/g)].map(m => [options[m[1]!] ?? m[1]!, Number(m[2])]),
    );
    const answer = await page.evaluate(
      async ({ program, given, expectations }) => {
        const { playground: p } = document.querySelector('escapement-playground') as PlaygroundPage;
        p.setOptions({ gcPercent: 100, heapMinimum: 4 << 20, seed: 1, ...given });
        p.replaceProgram(program);
        await p.check();
        await p.run();
        return p.expect(expectations);
      },
      { program, given, expectations },
    );
    for (const e of answer.expectations) if (!e.ok) wrong.push(`${title}: ${e.text}: ${e.got}`);
    if (!answer.expectations.length) wrong.push(`${title}: nothing was checked`);
  }
  expect(wrong).toEqual([]);
  await page.close();
});
