import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Tests in Chromium against the built site; one after another, as they share the machine's two cores.
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: { include: ['e2e/**/*.e2e.ts'], fileParallelism: false, testTimeout: 180_000, hookTimeout: 180_000 },
});
