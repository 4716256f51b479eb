// Runs Vitest and closes with `N passed, N failed`, as scripts/test counts it. Arguments go to Vitest.
import { parseCLI, startVitest } from 'vitest/node';

const { filter, options } = parseCLI(['vitest', ...process.argv.slice(2)]);
const root = new URL('..', import.meta.url).pathname;
const vitest = await startVitest('test', filter, { ...options, run: true, watch: false, root });
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
