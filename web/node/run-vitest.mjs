// Runs Vitest and closes with `N passed, N failed`, as scripts/test counts it. Arguments go to Vitest.
import { startVitest } from 'vitest/node';

const words = process.argv.slice(2);
const at = words.indexOf('--config');
const config = at >= 0 ? words.splice(at, 2)[1] : undefined;
const vitest = await startVitest('test', words, {
  run: true,
  watch: false,
  root: new URL('..', import.meta.url).pathname,
  config,
});
const counts = { passed: 0, failed: 0 };
for (const module of vitest.state.getTestModules()) {
  for (const test of module.children.allTests()) {
    const state = test.result().state;
    if (state === 'passed') counts.passed++;
    else if (state === 'failed') counts.failed++;
  }
  if (module.errors().length) counts.failed++;
}
counts.failed += vitest.state.getUnhandledErrors().length;
await vitest.close();
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exit(counts.failed || !counts.passed ? 1 : 0);
