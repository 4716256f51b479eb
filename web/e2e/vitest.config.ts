import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Tests in Chromium against the built site: one browser, two files at a time. A test file's own tests run one after
// another, as several of them share a page.
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['e2e/**/*.e2e.ts'],
    globalSetup: ['e2e/chromium.ts'],
    maxWorkers: 2,
    // A machine that does other work now and then starves a browser; what fails twice is a fault.
    retry: 1,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
