// The browser and the site that the tests share: the system's Chromium, the built site, the page's parts by
// their accessible names.
import axe from 'axe-core';
import { mkdirSync, readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Download, type Page } from 'playwright-core';
import { inject } from 'vitest';
import { programFragment, siteServer } from '../serve.mjs';

const build = fileURLToPath(new URL('../../build/', import.meta.url));
const shots = `${build}e2e/`;
/** How long a busy machine may take for what a quiet one does in a second. */
const patience = 45_000;

export type PlaygroundPage = HTMLElement & { playground: import('../src/state/playground.js').Playground };
type Element = PlaygroundPage;

export class Site {
  private constructor(
    private readonly server: Server,
    private readonly browser: Browser,
  ) {}

  static async open(root = `${build}site`): Promise<Site> {
    mkdirSync(shots, { recursive: true });
    const server = siteServer(root) as Server;
    await new Promise<void>(resolve => server.listen(0, 'localhost', resolve));
    const browser = await chromium.connect(inject('chromium'));
    return new Site(server, browser);
  }

  get address(): string {
    return `http://localhost:${(this.server.address() as AddressInfo).port}/`;
  }

  /**
   * A page in a context of its own, which ends with it; what its console and its scripts complain of ends up in
   * `faults`. It has no service worker, which would fetch the whole site each time, unless the options ask for one.
   */
  async page(options: Parameters<Browser['newContext']>[0] = {}): Promise<{ page: Page; faults: string[] }> {
    const context = await this.browser.newContext({
      viewport: { width: 1360, height: 860 },
      serviceWorkers: 'block',
      ...options,
    });
    const page = await context.newPage();
    page.on('close', () => {
      if (!context.pages().length) context.close().catch(() => {});
    });
    page.setDefaultTimeout(patience);
    const faults: string[] = [];
    page.on('console', m => {
      if (m.type() === 'error') faults.push(m.text());
    });
    page.on('pageerror', e => faults.push(e.message));
    return { page, faults };
  }

  /** Opens a program through the address's fragment, in the plain editor or in Monaco. */
  async program(page: Page, text: string, editor: 'plain' | 'monaco' = 'plain'): Promise<void> {
    await page.goto('about:blank');
    await page.goto(this.address + programFragment(text));
    await page.getByRole('button', { name: 'Run', exact: true }).and(page.locator(':enabled')).waitFor();
    if (editor === 'plain') return;
    // Monaco comes when someone comes to the editor.
    await page.locator('.editor-frame').first().hover();
    await page.locator('.monaco-editor .view-lines').first().waitFor();
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.server.close();
  }
}

/**
 * Presses Run and waits for the end of that very run and for all that the page shows of it: verdicts of the same
 * revision, rows, picture. The state it ended in.
 */
export async function run(page: Page): Promise<string> {
  // The prerendered page is there before its script.
  await page.waitForFunction(() => 'playground' in document.querySelector('escapement-playground')!);
  const before = await page.evaluate(
    () => (document.querySelector('escapement-playground') as Element).playground.workspace.run?.number ?? 0,
  );
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const state = await page.waitForFunction(before => {
    const element = document.querySelector('escapement-playground') as Element;
    const { run, revision, check, allocations } = element.playground.workspace;
    if (!run || run.number === before || run.state === 'running') return null;
    if (element.querySelector('.status')?.getAttribute('data-state') !== run.state) return null;
    if (run.state === 'not compiled' || run.state === 'failed') return run.state;
    const drawn = element.querySelector<HTMLCanvasElement>('escapement-timeline canvas')?.dataset.drawn;
    const whole =
      run.overview && drawn === `${run.number}:${run.overview.events}` && allocations?.run === run.number;
    return whole && check?.revision === revision ? run.state : null;
  }, before);
  return (await state.jsonValue())!;
}

/** The program's output as the page shows it. */
export function output(page: Page): Promise<string> {
  return page.getByLabel('Program output').innerText();
}

/** Chooses the tab of the details with a name. */
export const tab = (page: Page, name: string): Promise<void> =>
  page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();

/** The cells of a table by its accessible name, once that table's tab is chosen and its groups are open. */
export async function table(page: Page, name: 'Allocations' | 'Verdicts'): Promise<string[][]> {
  await tab(page, name);
  const shown = page.getByRole('table', { name, exact: true });
  const folded = shown.locator('button[aria-expanded=false]');
  while (await folded.count()) await folded.first().click();
  return shown
    .locator('tbody tr:not(.group)')
    .evaluateAll(rows => rows.map(r => [...r.querySelectorAll('td')].map(c => c.innerText.trim())));
}

/** What the page's engine says of the run, through the element. */
export function engineSays(page: Page): Promise<{
  overview: import('../src/protocol/answers.generated.js').Overview;
  rows: readonly import('../src/protocol/answers.generated.js').Allocation[];
  verdicts: readonly import('../src/protocol/answers.generated.js').Verdict[];
  trace: string;
}> {
  return page.evaluate(async () => {
    const element = document.querySelector('escapement-playground') as Element;
    const w = element.playground.workspace;
    return {
      overview: w.run!.overview!,
      rows: w.allocations!.rows,
      verdicts: w.check!.answer.verdicts,
      trace: new TextDecoder().decode(await element.playground.export('json')),
    };
  });
}

/** What axe finds on the page. Monaco's inner markup is its own. */
export async function axeFaults(page: Page): Promise<string[]> {
  // The page's policy forbids scripts of its own making, so axe is handed over as a function.
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const checker = (globalThis as unknown as { axe: typeof axe }).axe;
    return (await checker.run({ exclude: ['.monaco-editor'] })).violations.map(
      v => `${v.id}: ${v.nodes.map(n => n.html).join(' ')}`,
    );
  });
}

/** What the page gave to save, byte for byte. */
export async function savedText(download: Download): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('latin1');
}

export const screenshot = (page: Page, name: string): Promise<Buffer> =>
  page.screenshot({ path: `${shots}${name}.png` });

export const example = (file: string): string =>
  readFileSync(fileURLToPath(new URL(`../examples/${file}`, import.meta.url)), 'utf8');

/** A golden file's sections. */
export function golden(path: string): Record<string, string> {
  const text = readFileSync(
    fileURLToPath(new URL(`../../tests/golden/${path}.golden`, import.meta.url)),
    'utf8',
  );
  const parts = text.split(/^-- (\w+) --\n/m).slice(1);
  return Object.fromEntries(parts.flatMap((p, i) => (i % 2 === 0 ? [[p, parts[i + 1] ?? '']] : [])));
}
