// Test settings: no retries, nothing shared between files but a process, and a bound on every test.
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What would be deployed, and how an operator goes about it. It takes long to package, and `npm run deployment` plays it beside `npm test`. */
const DEPLOYMENT = [
  'test/permissions/**',
  'test/cost/**',
  'test/e2e/doctor.test.ts',
  'test/e2e/first-week.test.ts',
  'test/e2e/report-story.test.ts',
  'test/e2e/history-export-story.test.ts',
  'test/entry/package.test.ts',
  'test/entry/print-manifest.test.ts',
];

/** Needs a Chromium, or plays what stands behind the page: `npm run test:browser`, and `npm run thorough`. */
const BROWSER = 'test/browser/**';

const isStory = ({ moduleId }: TestSpecification) => /test\/(e2e|faults|permissions)\//.test(moduleId);

/** A story takes longest: begun last, it would leave a core idle at the end. */
class StoriesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const sorted = await super.sort(files);
    return [...sorted.filter(isStory), ...sorted.filter((file) => !isStory(file))];
  }
}

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    exclude: [...(process.env.BROWSER ? [] : [BROWSER]), ...(process.env.THOROUGH ? [] : DEPLOYMENT)],
    sequence: { sequencer: StoriesFirst },
    // The deployed runtime is newer than the oldest Node.js that can run the tests.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    // Two cores are what this is measured on.
    maxWorkers: 2,
    // No file changes a global, so they may share a process; loading the SDK anew for each took half the time.
    isolate: false,
    // Most of what is made lives for one call: a larger nursery spares a tenth of the time.
    execArgv: ['--max-semi-space-size=64'],
    // For what never ends, not for what is slow: a busy machine may take twenty times as long.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
