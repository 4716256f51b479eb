// How the timeline moves: a trace of over 200,000 events in the built site, zoomed and panned in Chromium.
//   node node/frames.mjs [FRAMES]
// Prints, of one gesture a frame: the script's time of a frame (events, layout of the picture, drawing), the time from
// frame to frame, and how long the worker's answer for a window of 100,000 events takes. Fails past 16 ms and 3 ms.
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { programFragment, siteServer } from '../serve.mjs';

const frames = Number(process.argv[2] ?? 240);
const program = `package main

type node struct {
	next *node
	data [4]int
}

func main() {
	var keep *node
	for i := range 220_000 {
		n := &node{}
		n.data[0] = i
		if i%1000 == 0 {
			n.next, keep = keep, n
		}
		sink = n
	}
	println(keep.data[0])
}

var sink *node
`;

const server = siteServer(fileURLToPath(new URL('../../build/site', import.meta.url)));
await new Promise(resolve => server.listen(0, 'localhost', resolve));
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 1360, height: 860 } });
page.setDefaultTimeout(120_000);
await page.goto(`http://localhost:${server.address().port}/${programFragment(program)}`);
await page.getByRole('button', { name: 'Run', exact: true }).and(page.locator(':enabled')).click();
await page.locator('.status[data-state=exited]').waitFor();
await page.locator('escapement-timeline canvas[data-drawn]').waitFor();
await page.waitForTimeout(1000);

const measured = await page.evaluate(async frames => {
  const { playground } = document.querySelector('escapement-playground');
  const canvas = document.querySelector('escapement-timeline canvas');
  const frame = () => new Promise(resolve => requestAnimationFrame(resolve));
  const { overview } = playground.workspace.run;
  const work = [];
  const between = [];
  const { left, top, width, height } = canvas.getBoundingClientRect();
  let last = await frame();
  for (let i = 0; i < frames; i++) {
    const begin = performance.now();
    const zooming = i % 80 < 40;
    canvas.dispatchEvent(
      new WheelEvent('wheel', {
        deltaY: zooming ? (i % 160 < 80 ? -40 : 40) : 0,
        deltaX: zooming ? 0 : 30,
        clientX: left + width * 0.6,
        clientY: top + height / 2,
        bubbles: true,
        cancelable: true,
      }),
    );
    // The components' updates are microtasks: they are over when this goes on.
    await document.querySelector('escapement-timeline').updateComplete;
    work.push(performance.now() - begin);
    const now = await frame();
    between.push(now - last);
    last = now;
  }
  const answers = [];
  const begin = overview.mainEvent;
  for (let i = 0; i < 30; i++) {
    const asked = performance.now();
    await playground.trace.tiles({
      axis: 'events',
      begin,
      end: begin + 100_000,
      columns: 800,
      goroutines: [1],
    });
    answers.push(performance.now() - asked);
  }
  return { events: overview.events, work, between, answers };
}, frames);
await browser.close();
server.close();

const at = (all, part) =>
  [...all].sort((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * part))];
const say = (name, all) =>
  console.log(
    `${name}: median ${at(all, 0.5).toFixed(1)} ms, 95 % within ${at(all, 0.95).toFixed(1)} ms, longest ${at(all, 1).toFixed(1)} ms`,
  );
console.log(`${measured.events.toLocaleString('en')} events, ${frames} frames`);
say('script of a frame', measured.work);
say('frame to frame', measured.between);
say('answer for 100,000 events', measured.answers);
const fits = at(measured.work, 0.95) <= 16 && at(measured.answers, 0.5) <= 3;
console.log(fits ? '1 passed, 0 failed' : '0 passed, 1 failed');
process.exit(fits ? 0 : 1);
