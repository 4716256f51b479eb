// How the timeline moves: a trace of over 200,000 events in the built site, zoomed and panned in Chromium.
//   node node/frames.mjs [FRAMES]
// Prints, of one gesture a frame: the processor time that the page's main thread spends on it (events, layout of the
// picture, drawing, the browser's own layout and paint), and the time from frame to frame on the clock. Then the
// hand-over: how long the main thread is busy with an answer about a window of 100,000 events, and how long it waits for it.
// Fails past 16 ms of processor time a frame and 3 ms a hand-over.
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
await page.waitForTimeout(1500);

await browser.startTracing(page, { categories: ['toplevel', 'blink.user_timing', 'devtools.timeline'] });
const measured = await page.evaluate(async frames => {
  const { playground } = document.querySelector('escapement-playground');
  const canvas = document.querySelector('escapement-timeline canvas');
  const frame = () => new Promise(resolve => requestAnimationFrame(resolve));
  const { overview } = playground.workspace.run;
  const between = [];
  const { left, top, width, height } = canvas.getBoundingClientRect();
  let last = await frame();
  for (let i = 0; i < frames; i++) {
    performance.mark('gesture');
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
    const now = await frame();
    between.push(now - last);
    last = now;
  }
  performance.mark('rest');
  await new Promise(resolve => setTimeout(resolve, 1000));
  const answers = [];
  const begin = overview.mainEvent;
  for (let i = 0; i < 60; i++) {
    // An answer a frame, so that each mark stands for one.
    await frame();
    performance.mark('answer');
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
  performance.mark('rest');
  return { events: overview.events, between, answers };
}, frames);
const trace = JSON.parse((await browser.stopTracing()).toString()).traceEvents;
await browser.close();
server.close();

/** The processor time of the main thread's tasks between each mark of a name and the next mark, in milliseconds. */
function busy(name) {
  const marks = trace
    .filter(e => e.cat.includes('blink.user_timing') && ['gesture', 'answer', 'rest'].includes(e.name))
    .sort((a, b) => a.ts - b.ts);
  const { pid, tid } = marks[0];
  const tasks = trace.filter(
    e => e.pid === pid && e.tid === tid && e.ph === 'X' && e.tdur !== undefined && /RunTask$/.test(e.name),
  );
  return marks.flatMap((mark, i) => {
    const next = marks[i + 1];
    if (mark.name !== name || !next) return [];
    // A task counts where it ends: a mark stands inside the task that it begins.
    const own = tasks.filter(t => t.ts + t.dur >= mark.ts && t.ts + t.dur < next.ts);
    return own.reduce((sum, t) => sum + t.tdur, 0) / 1000;
  });
}

const at = (all, part) =>
  [...all].sort((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * part))];
const say = (name, all) =>
  console.log(
    `${name}: median ${at(all, 0.5).toFixed(1)} ms, 95 % within ${at(all, 0.95).toFixed(1)} ms, longest ${at(all, 1).toFixed(1)} ms`,
  );
const frame = busy('gesture');
const handOver = busy('answer');
console.log(`${measured.events.toLocaleString('en')} events, ${frames} frames`);
say('a frame on the main thread', frame);
say('frame to frame on the clock', measured.between);
say('hand-over of 100,000 events on the main thread', handOver);
say('waiting for it on the clock', measured.answers);
const fits = at(frame, 0.95) <= 16 && at(handOver, 0.5) <= 3;
console.log(fits ? '1 passed, 0 failed' : '0 passed, 1 failed');
process.exit(fits ? 0 : 1);
