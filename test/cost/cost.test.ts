// docs/COST.md against what is called.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { counted, page } from './page.ts';

it('docs/COST.md says what a month costs: `npm run cost` writes it anew', async () => {
  const committed = readFileSync(new URL('../../docs/COST.md', import.meta.url), 'utf8');
  expect(committed, 'run `npm run cost` and look at what changed').toBe(page(await counted()));
});
