// Lighthouse on the built site: node node/lighthouse.mjs. Prints the scores and when the first program with its verdicts
// and picture is there; fails below what the page promises. Lighthouse is a tool of its own (web/lighthouse), installed when first needed.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { siteServer } from '../serve.mjs';

const here = path => fileURLToPath(new URL(path, import.meta.url));
const tool = here('../lighthouse/node_modules/lighthouse');
if (!existsSync(tool))
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: here('../lighthouse'),
    stdio: 'inherit',
  });
const { default: lighthouse, desktopConfig } = await import(`${tool}/core/index.js`);
const { launch } = await import(`${here('../lighthouse/node_modules/chrome-launcher')}/dist/index.js`);

const server = siteServer(here('../../build/site'));
await new Promise(resolve => server.listen(0, 'localhost', resolve));
const address = `http://localhost:${server.address().port}/`;
const wanted = { performance: 90, accessibility: 100, 'best-practices': 100 };
/** When the first program with its verdicts and picture must be there on the mobile profile, and what may shift then. */
const mostPaint = 1500;
const mostShift = 0.05;
/** Other work on the machine counts as the page's: the best of so many measurements is the page's own. */
const attempts = 3;

/** One measurement: its figures, and what the page misses. */
async function measure(profile, config, path) {
  const chrome = await launch({
    chromePath: '/usr/bin/chromium',
    chromeFlags: ['--headless=new', '--no-sandbox'],
  });
  const flags = { port: chrome.port, onlyCategories: Object.keys(wanted), logLevel: 'error' };
  const { lhr } = await lighthouse(address + path, flags, config);
  await chrome.kill();
  const missed = [];
  const scores = Object.entries(wanted).map(([name, least]) => {
    const score = Math.round((lhr.categories[name].score ?? 0) * 100);
    if (score < least && (profile === 'desktop' || name !== 'performance')) missed.push(name);
    return `${name} ${score}`;
  });
  const figure = name => lhr.audits[name].numericValue;
  const paint = figure('largest-contentful-paint');
  const shift = figure('cumulative-layout-shift');
  if (profile === 'mobile' && paint > mostPaint) missed.push('first picture');
  if (shift > mostShift) missed.push('layout shift');
  for (const audit of Object.values(lhr.audits))
    if (audit.score !== null && audit.score < 1 && audit.scoreDisplayMode === 'binary')
      missed.push(`${audit.id} (${audit.title})`);
  const said = `${profile} /${path}: ${scores.join(', ')}; first picture ${Math.round(paint)} ms, layout shift ${shift.toFixed(3)}, blocked ${Math.round(figure('total-blocking-time'))} ms`;
  return { said, missed };
}

let failed = 0;
for (const [profile, config, path] of [
  ['desktop', desktopConfig, ''],
  ['desktop', desktopConfig, 'lessons.html'],
  ['desktop', desktopConfig, 'ledger.html'],
  ['desktop', desktopConfig, 'about.html'],
  ['mobile', undefined, ''],
]) {
  let last;
  for (let i = 0; i < attempts && (!last || last.missed.length); i++) {
    last = await measure(profile, config, path);
    console.log(last.said + (last.missed.length ? `; missed: ${last.missed.join(', ')}` : ''));
  }
  if (last.missed.length) failed++;
}
server.close();
console.log(`${failed ? 0 : 1} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
