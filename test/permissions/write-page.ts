// npm run permissions: plays the scenes and writes docs/PERMISSIONS.md.
import { writeFileSync } from 'node:fs';
import { page } from './page.ts';
import { playScenes } from './permission-scenes.ts';

writeFileSync(new URL('../../docs/PERMISSIONS.md', import.meta.url), page(await playScenes()));
