// npm run pictures: what owners and admins read, and the page of `npm start`, as docs/images shows them. Scenes may be named.
import { mkdir } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { SCENES, type SceneName } from '../sandbox/workspace/scenes.ts';
import { launch, opened } from './opened.ts';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const FOLDER = new URL('../../docs/images/', import.meta.url).pathname;

/** The last message of a scene stands for it, or Home. */
const SHOWN: SceneName[] = [
  ...(['first-message', 'new-key', 'still-in-use', 'turned-off', 'done'] as const),
  ...(['several-keys', 'two-keys', 'more-time', 'silence', 'admins'] as const),
  ...(['home', 'home-of-admins'] as const),
];

const named = process.argv.slice(2);

await mkdir(FOLDER, { recursive: true });
const browser = await launch();
for (const scene of SHOWN.filter((one) => named.length === 0 || named.includes(one))) {
  const workspace = await opened(browser);
  await workspace.desk.do({ kind: 'scene', name: scene, again: true });
  const page = await workspace.tab(`#scene=${scene}`, {
    viewport: { width: 1280, height: 900 },
  });
  const shown = SCENES[scene].in === 'home' ? '.home' : '.message';
  await ready(page, shown);
  const box = await page.locator(shown).last().boundingBox();
  const end = await page.locator(`${shown} .block`).last().boundingBox();
  if (box && end) {
    // Home is as high as the page, whatever stands in it.
    const height = shown === '.home' ? end.y + end.height + 12 - box.y : box.height;
    await page.screenshot({ path: `${FOLDER}${scene}.png`, clip: { ...box, height } });
  }
  if (scene === 'new-key') await page.screenshot({ path: `${FOLDER}workspace.png` });
  await workspace.close();
  console.log(`docs/images/${scene}.png  ${SCENES[scene].title}`);
}
await browser.close();

/** Everything is drawn, and nobody is being waited for. */
async function ready(page: Page, shown: string): Promise<void> {
  await page.locator(`${shown} .block`).last().waitFor();
  await page.waitForFunction('history.state');
  await page.locator('.workspace[aria-busy=false]').waitFor();
  await page.waitForTimeout(300);
}
