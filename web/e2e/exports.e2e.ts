// What leaves the page: the trace in each of its formats, read by the tools that it is for, and pictures that are the
// same wherever they are drawn.
import { Ajv2020 } from 'ajv/dist/2020.js';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExportFormat } from '../src/protocol/questions.js';
import type { EscapementTrace } from '../src/protocol/trace.generated.js';
import { themes } from '../src/render/theme.js';
import { Site, engineSays, run, savedText, tab, type PlaygroundPage } from './browser.js';
import { HostSite } from './host-page.js';
import { snapshotOf } from './snapshot.js';

const garbage = `package main

type node struct {
	next *node
	data [100]byte
}

//go:noinline
func push(keep *node) *node { return &node{next: keep} }

func main() {
	var keep *node
	for i := range 30_000 {
		n := push(keep)
		if i%100 == 0 {
			keep = n
		}
	}
	println(keep != nil)
}
`;
const person = readFileSync(new URL('../examples/07-returned-pointer.go', import.meta.url), 'utf8');

let site: Site;
let folder: string;
beforeAll(async () => {
  site = await Site.open();
  folder = mkdtempSync(join(tmpdir(), 'escapement-exports-'));
});
afterAll(async () => {
  await site.close();
  rmSync(folder, { recursive: true });
});

/** The run's trace, as the page exports it. */
async function exported(page: Page, format: ExportFormat): Promise<Buffer> {
  const bytes = await page.evaluate(
    async format => [
      ...(await (document.querySelector('escapement-playground') as PlaygroundPage).playground.export(
        format,
      )),
    ],
    format,
  );
  return Buffer.from(bytes);
}

describe('the trace', () => {
  let page: Page;
  let said: Awaited<ReturnType<typeof engineSays>>;
  beforeAll(async () => {
    ({ page } = await site.page());
    await site.program(page, person);
    expect(await run(page)).toBe('exited');
    said = await engineSays(page);
  });
  afterAll(() => page.close());
  const total = (of: 'objects' | 'bytes'): number => said.overview.totals.reduce((n, t) => n + t[of], 0);

  it('passes its schema as JSON, with every event', () => {
    const schema = new URL('../../engine/export/trace.schema.json', import.meta.url);
    const valid = new Ajv2020({ strict: false }).compile(JSON.parse(readFileSync(schema, 'utf8')) as object);
    const trace = JSON.parse(said.trace) as EscapementTrace;
    expect(valid(trace), JSON.stringify(valid.errors?.slice(0, 3))).toBe(true);
    expect(trace.events).toHaveLength(said.overview.events);
  });

  it('opens in go tool pprof with the totals of the run', async () => {
    const profile = join(folder, 'heap.pprof');
    writeFileSync(profile, await exported(page, 'pprof'));
    for (const [index, figure] of [
      ['alloc_objects', total('objects')],
      ['alloc_space', total('bytes')],
    ] as const) {
      const path = `${process.env['PATH']}:/usr/local/go/bin`;
      const top = execFileSync(
        'go',
        [
          'tool',
          'pprof',
          '-top',
          '-nodefraction=0',
          '-nodecount=1000',
          '-unit=B',
          `-sample_index=${index}`,
          profile,
        ],
        {
          encoding: 'utf8',
          env: { ...process.env, PATH: path },
        },
      );
      expect(top).toContain('main.createPerson');
      // A tiny object counts as the bytes it asked for in one, and as its part of the block in the other.
      const said = Number(/ of ([\d.]+)B? total/.exec(top)?.[1]);
      expect(Math.abs(said - figure), top).toBeLessThanOrEqual(figure * 0.001);
    }
  });

  it('is a table as CSV, with a row for each event', async () => {
    const [head, ...rows] = (await exported(page, 'csv')).toString().trimEnd().split('\r\n');
    expect(head).toMatch(/^event,step,owner,kind,/);
    expect(rows).toHaveLength(said.overview.events);
  });

  it('is well formed in Chrome’s trace format: known phases, times that only grow, stretches that end', async () => {
    interface TraceEvent {
      readonly ph: string;
      readonly pid: number;
      readonly tid: number;
      readonly ts: number;
      readonly dur?: number;
      readonly args?: Readonly<Record<string, unknown>>;
    }
    const { traceEvents } = JSON.parse((await exported(page, 'chrome')).toString()) as {
      traceEvents: TraceEvent[];
    };
    expect(traceEvents.length).toBeGreaterThan(20);
    const open = new Map<number, number>();
    let last = 0;
    for (const e of traceEvents) {
      expect(['B', 'E', 'X', 'i', 'C', 'M']).toContain(e.ph);
      expect([e.pid, e.tid, e.ts].every(Number.isFinite), JSON.stringify(e)).toBe(true);
      expect(e.ts).toBeGreaterThanOrEqual(last);
      last = e.ts;
      if (e.ph === 'X') expect(e.dur).toBeGreaterThanOrEqual(0);
      if (e.ph === 'C') expect(Object.values(e.args!).every(Number.isFinite)).toBe(true);
      if (e.ph === 'B' || e.ph === 'E') {
        const depth = (open.get(e.tid) ?? 0) + (e.ph === 'B' ? 1 : -1);
        expect(depth).toBeGreaterThanOrEqual(0);
        open.set(e.tid, depth);
      }
    }
  });
});

describe('a picture', () => {
  const draw = fileURLToPath(new URL('../node/render.mjs', import.meta.url));
  let host: HostSite;
  beforeAll(async () => (host = await HostSite.open()));
  afterAll(() => host.close());

  /** What the command's drawing program makes of a snapshot. */
  function rendered(snapshot: string, width: number): string {
    const [from, to] = [join(folder, 'snapshot.json'), join(folder, 'out.svg')];
    writeFileSync(from, snapshot);
    execFileSync(process.execPath, [draw, from, to, String(width)]);
    return readFileSync(to, 'utf8');
  }

  /** What a widget at rest shows of it; its paints are properties, which stand for the light theme's. */
  async function resting(snapshot: string, view: string, width: number): Promise<string> {
    host.files.set(`/${view}.json`, { type: 'application/json', body: snapshot });
    const { page } = await site.page({ viewport: { width: 1360, height: 1000 } });
    const body = `<escapement-snippet snapshot="/${view}.json" view="${view}"></escapement-snippet>`;
    const address = (wide: number): string =>
      host.page(
        `same-${view}-${wide}`,
        site.address,
        body,
        `escapement-snippet{display:block;width:${wide}px}`,
      );
    const svg = page.locator('escapement-snippet .picture svg');
    const measured = async (): Promise<number> => Number((await svg.getAttribute('viewBox'))!.split(' ')[2]);
    await page.goto(address(width));
    await svg.waitFor();
    await page.goto(address(width + width - (await measured())));
    await svg.waitFor();
    expect(await measured()).toBe(width);
    const text = await svg.evaluate(e => new XMLSerializer().serializeToString(e));
    await page.close();
    return text.replace(/var\(--e-(\w+)\)/g, (_, paint: string) => themes.light[paint as 'heap']);
  }

  async function saved(page: Page, place: string): Promise<string> {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator(place).getByTitle('Save the picture as SVG').click(),
    ]);
    return Buffer.from(await savedText(download), 'latin1').toString('utf8');
  }
  const widthOf = (svg: string): number => Number(/viewBox="0 0 (\d+) /.exec(svg)![1]);

  it('of the timeline is the same from the page, from the command and from the widget', async () => {
    // A high window and more calls than are named: the page then draws what the others draw.
    const { page } = await site.page({ viewport: { width: 1360, height: 1100 } });
    await site.program(page, garbage);
    expect(await run(page)).toBe('exited');
    await page.waitForTimeout(500);
    const svg = await saved(page, 'escapement-timeline');
    const width = widthOf(svg);
    const snapshot = snapshotOf(garbage, '-columns', String(width - 112));
    expect(rendered(snapshot, width)).toBe(svg);
    expect(await resting(snapshot, 'timeline', width)).toBe(svg);
    await page.close();
  });

  it('of the memory is the same from the page, from the command and from the widget', async () => {
    const { page } = await site.page();
    await site.program(page, person);
    expect(await run(page)).toBe('exited');
    await tab(page, 'Memory');
    await page.evaluate(() =>
      (document.querySelector('escapement-playground') as PlaygroundPage).playground.goTo({ line: 17 }),
    );
    await page.locator('escapement-memory canvas[data-moment]').waitFor();
    const svg = await saved(page, 'escapement-memory');
    const snapshot = snapshotOf(person, '-view', 'memory', '-at', ':17');
    expect(rendered(snapshot, widthOf(svg))).toBe(svg);
    expect(await resting(snapshot, 'memory', widthOf(svg))).toBe(svg);
    await page.close();
  });
});
