// The stand-in for packages left out of the bundles: harmless when imported, loud when used.
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';

const standIn = createRequire(import.meta.url)('../../src/entry/unused-dependency.cjs');

test('importing a package that was left out passes', () => {
  expect(standIn.__esModule).toBeUndefined();
});

test.each([
  ['calling it', () => standIn()],
  ['constructing it', () => new standIn()],
  ['reading from it', () => standIn.SocketModeClient],
])('%s names the place where it was left out', (_, use) => {
  expect(use).toThrow('custom.esbuild.alias in serverless.yml');
});
