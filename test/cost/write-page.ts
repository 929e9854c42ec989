// npm run cost: plays the months and writes docs/COST.md.
import { writeFileSync } from 'node:fs';
import { counted, page } from './page.ts';

writeFileSync(new URL('../../docs/COST.md', import.meta.url), page(await counted()));
