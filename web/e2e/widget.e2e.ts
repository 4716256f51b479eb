import axe from 'axe-core';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeProgram } from '../src/state/permalink.js';
import { Site, example, screenshot } from './browser.js';
import { HostSite } from './host-page.js';
import { snapshotOf } from './snapshot.js';

const patience = { timeout: 60_000 };
const program = example('07-returned-pointer.go');
const escaped = program.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
let site: Site;
let host: HostSite;
beforeAll(async () => {
  site = await Site.open();
  host = await HostSite.open();
  host.files.set('/snapshot.json', {
    type: 'application/json',
    body: snapshotOf(program),
  });
  host.files.set('/memory.json', {
    type: 'application/json',
    body: snapshotOf(program, '-view', 'memory', '-at', ':17'),
  });
  host.files.set('/main.go', { type: 'text/plain', body: program });
});
afterAll(async () => {
  await site.close();
  host.close();
});

const snippet = (attributes = '', text = escaped): string =>
  `<escapement-snippet ${attributes}><pre>${text}</pre></escapement-snippet>`;

/** Everything the page asks for from now on. */
function requests(page: Page): string[] {
  const seen: string[] = [];
  page.on('request', r => seen.push(r.url()));
  return seen;
}

/** Collects a page's widget events in `globalThis.told`. */
const listen = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const told: string[] = [];
    Object.assign(globalThis, { told });
    for (const name of ['ready', 'run', 'result', 'error'])
      addEventListener(
        name,
        e => {
          if (e instanceof CustomEvent) told.push(`${name} ${JSON.stringify(e.detail)}`);
        },
        true,
      );
  });
const told = (page: Page): Promise<string[]> =>
  page.evaluate(() => (globalThis as unknown as { told: string[] }).told);

describe('a widget at rest', () => {
  it('has a script of at most 10 kB', () => {
    const script = fileURLToPath(new URL('../../build/site/element.js', import.meta.url));
    expect(gzipSync(readFileSync(script), { level: 9 }).length).toBeLessThanOrEqual(10_000);
  });

  it('draws a snapshot and loads no engine', async () => {
    const { page, faults } = await site.page();
    await listen(page);
    const seen = requests(page);
    await page.goto(host.page('rest', site.address, snippet('snapshot="/snapshot.json"')));
    const widget = page.locator('escapement-snippet');
    await widget.locator('svg').waitFor();
    expect(await widget.locator('.picture figcaption').innerText()).toContain('on the heap');
    expect(await widget.locator('.note-heap').first().innerText()).toMatch(/^heap · \d+ B/);
    expect(await widget.locator('.output').innerText()).toContain('Bob');
    expect(seen.map(u => new URL(u).pathname).sort()).toEqual([
      '/element.js',
      '/rest',
      '/rest.css',
      '/snapshot.json',
    ]);
    expect(await told(page)).toEqual(['ready {"state":"snapshot"}']);
    await expect
      .poll(
        async () => decodeProgram(new URL((await widget.locator('a').getAttribute('href'))!).hash),
        patience,
      )
      .toBe(program);
    await screenshot(page, 'widget-rest');
    expect(faults).toEqual([]);
    await page.close();
  });

  it('draws the memory of the snapshot’s moment', async () => {
    const { page, faults } = await site.page();
    const seen = requests(page);
    await page.goto(host.page('memory', site.address, snippet('snapshot="/memory.json" view="memory"')));
    const widget = page.locator('escapement-snippet');
    await widget.locator('.picture svg').waitFor();
    const words = await widget.locator('.picture').innerText();
    expect(words).toContain('About to run line 17 of main.');
    const drawn = await widget.locator('.picture svg text').allTextContents();
    for (const text of ['Stacks', 'Heap', 'Name', '"Bob"']) expect(drawn).toContain(text);
    expect(seen.some(u => u.endsWith('.wasm'))).toBe(false);
    await screenshot(page, 'widget-memory');
    expect(faults).toEqual([]);
    await page.close();
  });

  it('shows the program alone when there is no snapshot, and says what it cannot load', async () => {
    const { page } = await site.page();
    await listen(page);
    const broken = ['src="/nothing.go"', 'snapshot="/rest.css"', 'snapshot="/main.go"'].map(a => snippet(a));
    await page.goto(host.page('alone', site.address, snippet('src="/main.go"', '') + broken.join('')));
    await expect.poll(() => told(page), patience).toHaveLength(7);
    const said = await page.locator('escapement-snippet .status').allInnerTexts();
    expect(said).toEqual(['', '/nothing.go: 404.', 'The snapshot is damaged.', 'The snapshot is damaged.']);
    for (const i of [0, 1, 2, 3])
      expect(await page.locator('escapement-snippet .code').nth(i).innerText()).toContain('func main()');
    await page.close();
  });

  it('does nothing before the click with loading="click", and nothing out of view with "lazy"', async () => {
    const { page } = await site.page();
    const seen = requests(page);
    const far = '<div class="far"></div>' + snippet('snapshot="/snapshot.json"');
    await page.goto(
      host.page(
        'late',
        site.address,
        snippet('loading="click" snapshot="/snapshot.json"') + far,
        '.far{height:9000px}',
      ),
    );
    await page.locator('escapement-snippet .code').first().waitFor();
    await page.waitForTimeout(300);
    expect(seen.filter(u => u.endsWith('snapshot.json'))).toEqual([]);
    await page.locator('escapement-snippet').nth(1).scrollIntoViewIfNeeded();
    await page.locator('escapement-snippet').nth(1).locator('svg').waitFor();
    await page.close();
  });

  it.each(['verdicts', 'allocations', 'none'])('has the view %s', async view => {
    const { page } = await site.page();
    await page.goto(host.page('view', site.address, snippet(`snapshot="/snapshot.json" view="${view}"`)));
    const widget = page.locator('escapement-snippet');
    await widget.locator('.output').waitFor();
    expect(await widget.locator('svg').count()).toBe(0);
    expect(await widget.locator('table').count()).toBe(view === 'none' ? 0 : 1);
    if (view !== 'none') expect(await widget.locator('tbody tr').count()).toBeGreaterThan(1);
    expect(await widget.locator('.line-heap').count()).toBeGreaterThan(0);
    await page.close();
  });
});

describe('widgets awake', () => {
  it('are ten on a page with one worker and one engine', async () => {
    const { page, faults } = await site.page();
    await listen(page);
    const seen = requests(page);
    const texts = Array.from(
      { length: 10 },
      (_, i) => `package main\n\nfunc main() { println("number ${i}") }\n`,
    );
    await page.goto(
      host.page(
        'ten',
        site.address,
        texts.map(t => snippet('', t)).join(''),
        '',
        "; require-trusted-types-for 'script'",
      ),
    );
    const widgets = page.locator('escapement-snippet');
    for (let i = 0; i < 10; i++) await widgets.nth(i).getByRole('button', { name: 'Run' }).click();
    await expect
      .poll(async () => (await told(page)).filter(t => t.startsWith('result')).length, { timeout: 120_000 })
      .toBe(10);
    for (let i = 0; i < 10; i++) {
      const frame = widgets.nth(i).frameLocator('iframe');
      expect(await frame.getByLabel('Program output').innerText()).toContain(`number ${i}`);
    }
    expect(page.workers()).toHaveLength(1);
    expect(seen.filter(u => u.endsWith('.wasm'))).toHaveLength(1);
    expect(seen.filter(u => u.includes('hub.html'))).toHaveLength(1);
    expect(
      seen.filter(u => new URL(u).origin !== new URL(site.address).origin && !u.startsWith(host.address)),
    ).toEqual([]);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('edit, run, stop, and keep everything on the way to the playground', async () => {
    const { page } = await site.page();
    await listen(page);
    await page.goto(host.page('edit', site.address, snippet('snapshot="/snapshot.json"')));
    const widget = page.locator('escapement-snippet');
    await widget.locator('svg').waitFor();
    await widget.getByRole('button', { name: 'Run' }).click();
    const frame = widget.frameLocator('iframe');
    await frame.getByLabel('Program output').getByText('Bob').waitFor();
    await frame.locator('escapement-timeline canvas').waitFor();
    // One below the other: program, picture, output.
    const tops = await Promise.all(
      ['.embed-editor', '.embed-picture', '.embed-output'].map(async s => {
        const { y, height } = (await frame.locator(s).boundingBox())!;
        return [y, y + height] as const;
      }),
    );
    expect(tops[0]![1] - tops[0]![0]).toBeGreaterThan(100);
    for (const i of [1, 2]) expect(tops[i]![0]).toBeGreaterThanOrEqual(tops[i - 1]![1] - 1);
    await screenshot(page, 'widget-awake');
    const endless = 'package main\n\nfunc main() {\n\tprintln("on")\n\tfor {\n\t}\n}\n';
    await frame.getByLabel('Go program').fill(endless);
    await frame.getByLabel('Go program').press('Shift+Enter');
    await widget.getByRole('button', { name: 'Stop' }).click();
    await widget.getByRole('button', { name: 'Run' }).waitFor();
    await expect
      .poll(() => told(page), patience)
      .toContainEqual(expect.stringMatching(/^result .*"state":"stopped"/));
    await expect
      .poll(
        async () => decodeProgram(new URL((await widget.locator('a').getAttribute('href'))!).hash),
        patience,
      )
      .toBe(endless);
    const [playground] = await Promise.all([page.waitForEvent('popup'), widget.locator('a').click()]);
    await playground.getByText('println("on")').first().waitFor();
    await page.close();
  });

  it('cannot be edited when they are read-only', async () => {
    const { page } = await site.page();
    await page.goto(host.page('locked', site.address, snippet('readonly loading="eager"')));
    const area = page.locator('escapement-snippet').frameLocator('iframe').getByLabel('Go program');
    await area.waitFor();
    expect(await area.getAttribute('readonly')).not.toBeNull();
    await page.close();
  });

  it('follow the page’s theme and colours', async () => {
    const { page } = await site.page();
    await page.goto(
      host.page(
        'theme',
        site.address,
        snippet('loading="eager"'),
        'html.dark{color-scheme:dark} escapement-snippet{--escapement-heap:rgb(9, 8, 7)}',
      ),
    );
    const widget = page.locator('escapement-snippet');
    const root = widget.frameLocator('iframe').locator('html');
    await expect.poll(() => root.getAttribute('data-theme'), patience).toBe('light');
    expect(await root.evaluate(e => getComputedStyle(e).getPropertyValue('--heap').trim())).toBe(
      'rgb(9, 8, 7)',
    );
    const ground = (): Promise<string> =>
      widget.locator('.root').evaluate(e => getComputedStyle(e).backgroundColor);
    expect(await ground()).toBe('rgb(255, 255, 255)');
    await page.evaluate(() => document.documentElement.classList.add('dark'));
    await expect.poll(() => root.getAttribute('data-theme'), patience).toBe('dark');
    expect(await ground()).toBe('rgb(30, 30, 30)');
    await page.evaluate(() => document.querySelector('escapement-snippet')!.setAttribute('theme', 'light'));
    await expect.poll(() => root.getAttribute('data-theme'), patience).toBe('light');
    await page.close();
  });

  it('say so, and keep program and link, where the page’s policy lets no frame in', async () => {
    const { page } = await site.page();
    await listen(page);
    const address = host.page('strict', site.address, snippet());
    const file = host.files.get('/strict')!;
    host.files.set('/strict', {
      ...file,
      policy: file.policy!.replace(/frame-src [^;]*/, "frame-src 'none'"),
    });
    await page.goto(address);
    const widget = page.locator('escapement-snippet');
    await widget.getByRole('button', { name: 'Run' }).click();
    await widget.locator('.status').getByText('frame-src').waitFor();
    expect(await widget.locator('.code').innerText()).toContain('func main()');
    expect(await widget.locator('a').getAttribute('href')).toContain('#v1:');
    await page.close();
  });
});

describe('a hostile page', () => {
  it('changes nothing inside with its style', async () => {
    const { page } = await site.page();
    const hostile =
      '* { all: unset !important; color: red !important; display: none !important; letter-spacing: 1em }';
    await page.goto(host.page('style', site.address, snippet('snapshot="/snapshot.json"'), hostile));
    const style = await page
      .locator('escapement-snippet .code')
      .evaluate(e => [
        getComputedStyle(e).display,
        getComputedStyle(e).color,
        getComputedStyle(e).letterSpacing,
      ]);
    expect(style).toEqual(['block', 'rgb(31, 35, 40)', 'normal']);
    await page.close();
  });

  it('may hold two copies of the script', async () => {
    const { page, faults } = await site.page();
    const second = `<script type="module" src="${site.address}element.js?2"></script>`;
    await page.goto(host.page('twice', site.address, snippet('loading="eager"') + second));
    await page.locator('escapement-snippet').frameLocator('iframe').getByLabel('Program output').waitFor();
    expect(faults).toEqual([]);
    expect(page.workers()).toHaveLength(1);
    await page.close();
  });

  it('learns and changes nothing with messages of others', async () => {
    const { page } = await site.page();
    await listen(page);
    await page.goto(host.page('messages', site.address, snippet()));
    const widget = page.locator('escapement-snippet');
    await widget.getByRole('button', { name: 'Run' }).click();
    const frame = widget.frameLocator('iframe');
    await frame.getByLabel('Program output').getByText('Bob').waitFor();
    // Neither a second opening nor noise is heard.
    const heard = await page.evaluate(async () => {
      const inner = document
        .querySelector('escapement-snippet')!
        .shadowRoot!.querySelector('iframe')!.contentWindow!;
      const words: unknown[] = [];
      for (let i = 0; i < 2; i++) {
        const a = new MessageChannel();
        const b = new MessageChannel();
        a.port1.onmessage = b.port1.onmessage = e => words.push(e.data);
        const open = {
          escapement: 1,
          kind: 'open',
          text: 'package evil',
          options: {},
          view: 'none',
          locked: false,
          run: true,
        };
        inner.postMessage({ ...open, look: { theme: 'dark', colours: { ground: 'url(//evil)' } } }, '*', [
          a.port2,
          b.port2,
        ]);
        inner.postMessage('noise', '*');
        inner.postMessage({ escapement: 1, kind: 'connect' }, '*');
      }
      // Nor does the widget take a message of its own window for one of the frame.
      postMessage({ escapement: 1, kind: 'here' }, '*');
      postMessage({ kind: 'event', name: 'result', detail: 'false' }, '*');
      await new Promise(resolve => setTimeout(resolve, 500));
      return words;
    });
    expect(heard).toEqual([]);
    expect(await frame.getByLabel('Go program').inputValue()).toBe(program);
    expect((await told(page)).filter(t => t.includes('false"'))).toEqual([]);
    await page.close();
  });

  it('shows markup in programs, output and snapshots as text', async () => {
    const { page, faults } = await site.page();
    await listen(page);
    const evil = '<img src=x onerror=alert(1)><script>alert(1)</script>';
    const text = `package main\n\n// ${evil}\nfunc main() { println("${evil}"); panic("${evil}") }\n`;
    host.files.set('/evil.go', { type: 'text/plain', body: text });
    const inside = JSON.stringify(evil.replaceAll('"', '')).slice(1, -1);
    const body = snapshotOf(text).replaceAll('main.main', inside);
    host.files.set('/evil.json', { type: 'application/json', body });
    page.on('dialog', d => faults.push(`dialog ${d.message()}`));
    const views = ['timeline', 'verdicts', 'allocations'].map(v =>
      snippet(`src="/evil.go" snapshot="/evil.json" view="${v}"`, ''),
    );
    await page.goto(host.page('evil', site.address, views.join('')));
    await page.locator('escapement-snippet .output').nth(2).waitFor();
    expect(await page.locator('escapement-snippet img, escapement-snippet script').count()).toBe(0);
    await page.locator('escapement-snippet').first().getByRole('button', { name: 'Run' }).click();
    const frame = page.locator('escapement-snippet').first().frameLocator('iframe');
    await frame.getByLabel('Program output').getByText(evil).first().waitFor();
    expect(await frame.locator('img, main script').count()).toBe(0);
    await expect.poll(() => told(page), patience).toContainEqual(expect.stringContaining('"exitStatus":2'));
    expect(faults).toEqual([]);
    await page.close();
  });
});

describe('accessibility', () => {
  it.each(['light', 'dark'])('has no faults that axe finds, at rest and awake (%s)', async theme => {
    const { page } = await site.page();
    const address = host.page(
      'axe',
      site.address,
      ['timeline', 'verdicts', 'allocations']
        .map(v => snippet(`snapshot="/snapshot.json" theme="${theme}" view="${v}" name="${v}.go"`))
        .join(''),
      `html { color-scheme: ${theme} }`,
    );
    await page.goto(address);
    await page.locator('escapement-snippet .output').nth(2).waitFor();
    const violations = async (): Promise<string[]> => {
      for (const frame of page.frames()) await frame.evaluate(axe.source);
      return page.evaluate(async () => {
        const checker = (globalThis as unknown as { axe: typeof axe }).axe;
        return (await checker.run()).violations.map(v => `${v.id}: ${v.nodes.map(n => n.html).join(' ')}`);
      });
    };
    expect(await violations()).toEqual([]);
    for (const i of [0, 1, 2]) {
      const widget = page.locator('escapement-snippet').nth(i);
      await widget.getByRole('button', { name: 'Run' }).click();
      await widget.frameLocator('iframe').getByLabel('Program output').getByText('Bob').waitFor();
    }
    expect(await violations()).toEqual([]);
    await screenshot(page, `widget-${theme}`);
    await page.close();
  });

  it('lets the keyboard through and out again', async () => {
    const { page } = await site.page();
    await page.goto(host.page('keys', site.address, snippet() + '<p><a href="#after">after</a></p>'));
    const widget = page.locator('escapement-snippet');
    await widget.locator('.code').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await widget.frameLocator('iframe').getByLabel('Program output').getByText('Bob').waitFor();
    let out = false;
    for (let i = 0; i < 30 && !out; i++) {
      await page.keyboard.press('Tab');
      out = await page.evaluate(() => document.activeElement?.textContent === 'after');
    }
    expect(out).toBe(true);
    await page.close();
  });
});
