import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { programFragment } from '../serve.mjs';
import { Site, output, run } from './browser.js';

const built = fileURLToPath(new URL('../../build/site/', import.meta.url));
let site: Site;
beforeAll(async () => {
  site = await Site.open();
});
afterAll(() => site.close());

describe('the installed app', () => {
  it('can be installed, and its manifest says what is there', async () => {
    const { page } = await site.page({ serviceWorkers: 'allow' });
    await page.goto(site.address);
    await page.locator('.news').getByText('Ready offline').waitFor();
    const manifest = JSON.parse(readFileSync(`${built}app.webmanifest`, 'utf8')) as {
      icons: { src: string; sizes: string }[];
    };
    for (const { src, sizes } of manifest.icons) {
      const natural = await page.evaluate(async address => {
        const image = new Image();
        image.src = address;
        await image.decode();
        return `${image.naturalWidth}x${image.naturalHeight}`;
      }, src);
      if (sizes !== 'any') expect(natural).toBe(sizes);
    }
    const session = await page.context().newCDPSession(page);
    expect((await session.send('Page.getAppManifest')).errors).toEqual([]);
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
    expect(installabilityErrors.map(e => e.errorId).filter(e => e !== 'in-incognito')).toEqual([]);
    await page.context().close();
  });

  it('works in the very first page when the network goes, with packages not yet loaded', async () => {
    const { page } = await site.page({ serviceWorkers: 'allow' });
    const asked: string[] = [];
    page.context().on('request', r => asked.push(new URL(r.url()).pathname));
    await page.goto(site.address);
    await page.locator('.news').getByText('Ready offline').waitFor();
    // The service worker comes after the engine, and with it every document, engine and pack.
    const engine = asked.findIndex(p => p.endsWith('.wasm'));
    expect(engine).toBeGreaterThan(-1);
    expect(asked.indexOf('/sw.js')).toBeGreaterThan(engine);
    await page.context().setOffline(true);
    const text =
      'package main\n\nimport (\n\t"encoding/json"\n\t"fmt"\n)\n\nfunc main() {\n\tb, _ := json.Marshal([]int{1, 2})\n\tfmt.Println("offline", string(b))\n}\n';
    await page.evaluate(fragment => (location.hash = fragment), programFragment(text));
    await page.getByText('json.Marshal').first().waitFor();
    expect(await run(page)).toBe('exited');
    expect(await output(page)).toContain('offline [1,2]');
    const documents = readdirSync(built).filter(f => f.endsWith('.html'));
    expect(documents).toEqual(
      expect.arrayContaining(['index.html', 'lessons.html', 'embed.html', 'hub.html']),
    );
    for (const name of documents) {
      const response = await page.goto(site.address + name);
      expect([name, response!.ok(), response!.fromServiceWorker()]).toEqual([name, true, true]);
    }
    await page.context().close();
  });

  it('opens Go files, from the system and dropped', async () => {
    const { page } = await site.page();
    await page.addInitScript(() => {
      type Consumer = (launch: unknown) => void;
      const queue = { setConsumer: (consumer: Consumer) => Object.assign(globalThis, { launch: consumer }) };
      Object.defineProperty(globalThis, 'launchQueue', { value: queue });
    });
    await site.program(page, 'package main\n\nfunc main() {}\n');
    await page.waitForFunction(() => 'launch' in globalThis);
    await page.evaluate(() => {
      const { launch } = globalThis as unknown as { launch: (l: unknown) => void };
      const file = new File(['package main\n\nfunc main() { println("opened") }\n'], 'opened.go');
      launch({ files: [{ getFile: async () => file }] });
    });
    await page.getByText('"opened"').first().waitFor();
    await page.evaluate(() => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(
        new File(['package main\n\nfunc main() { println("dropped") }\n'], 'dropped.go'),
      );
      const drop = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true });
      document.body.dispatchEvent(drop);
    });
    await page.getByText('"dropped"').first().waitFor();
    await page.close();
  });
});

describe('every document', () => {
  it('has its content policy in itself and from the server, and asks nothing of third parties', async () => {
    const { page, faults } = await site.page();
    const others: string[] = [];
    page.context().on('request', r => {
      if (!r.url().startsWith(site.address) && !/^(data|blob):/.test(r.url())) others.push(r.url());
    });
    for (const name of readdirSync(built).filter(f => f.endsWith('.html'))) {
      const response = (await page.goto(site.address + name))!;
      await page.waitForLoadState('networkidle');
      const header = response.headers()['content-security-policy']!;
      const meta = await page
        .locator('meta[http-equiv=Content-Security-Policy]')
        .getAttribute('content', { timeout: 5000 });
      for (const policy of [header, meta!]) {
        expect(policy).toMatch(/^default-src 'none'; script-src 'self' 'wasm-unsafe-eval';/);
        expect(policy).not.toContain("'unsafe-eval'");
        expect([name, policy.includes("'unsafe-inline'")]).toEqual([
          name,
          /^(index|two|lessons)\.html$/.test(name),
        ]);
      }
      const framed = /^(hub|embed)\.html$/.test(name);
      expect(header).toContain(`frame-ancestors ${framed ? '*' : "'self'"}`);
    }
    expect(others).toEqual([]);
    expect(faults).toEqual([]);
    await page.close();
  });
});
