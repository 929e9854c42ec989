// Test settings: no retries, nothing shared between files but a process, and a bound on every test.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    // The deployed runtime is newer than the oldest Node.js that can run the tests.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    // Two cores are what this is measured on.
    maxWorkers: 2,
    // No file changes a global, so they may share a process; loading the SDK anew for each took half the time.
    isolate: false,
    // Most of what is made lives for one call: a larger nursery spares a tenth of the time.
    execArgv: ['--max-semi-space-size=64'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
