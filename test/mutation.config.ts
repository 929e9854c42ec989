// Which tests judge the mutants of src/domain: those of rules and use cases. The walk would take most of the time.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/{domain,usecases}/**/*.test.ts'],
    exclude: ['test/domain/the-walk.test.ts'],
  },
});
