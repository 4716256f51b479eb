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
let failed = 0;
for (const [profile, config, path] of [
  ['desktop', desktopConfig, ''],
  ['desktop', desktopConfig, 'lessons.html'],
  ['desktop', desktopConfig, 'ledger.html'],
  ['desktop', desktopConfig, 'about.html'],
  ['mobile', undefined, ''],
]) {
  const chrome = await launch({
    chromePath: '/usr/bin/chromium',
    chromeFlags: ['--headless=new', '--no-sandbox'],
  });
  const flags = { port: chrome.port, onlyCategories: Object.keys(wanted), logLevel: 'error' };
  const { lhr } = await lighthouse(address + path, flags, config);
  await chrome.kill();
  const scores = Object.entries(wanted).map(([name, least]) => {
    const score = Math.round((lhr.categories[name].score ?? 0) * 100);
    if (score < least && (profile === 'desktop' || name !== 'performance')) failed++;
    return `${name} ${score}`;
  });
  const paint = lhr.audits['largest-contentful-paint'].numericValue;
  if (profile === 'mobile' && paint > 1500) failed++;
  console.log(
    `${profile} /${path}: ${scores.join(', ')}; first picture ${Math.round(paint)} ms, blocked ${Math.round(lhr.audits['total-blocking-time'].numericValue)} ms`,
  );
  for (const audit of Object.values(lhr.audits))
    if (audit.score !== null && audit.score < 1 && audit.scoreDisplayMode === 'binary')
      console.log(`  ${audit.id}: ${audit.title}`);
}
server.close();
console.log(`${failed ? 0 : 1} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
