// The page of `npm start` in a real browser, each time on a workspace of its own.
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { type Desk, openDesk } from '../sandbox/workspace/desk.ts';
import { servePage } from '../sandbox/workspace/page-server.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export interface Opened {
  desk: Desk;
  url: string;
  /** Another tab, in a profile of its own. Whatever it asks for outside the page's own address fails the test at `close`. */
  tab(address?: string, options?: BrowserContextOptions): Promise<Page>;
  close(): Promise<void>;
}

export async function launch(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? CHROMIUM.find((path) => existsSync(path));
  if (!executablePath)
    throw new Error('There is no Chromium. Install one (apt-get install chromium), or name one in CHROMIUM.');
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-quic'] });
}

export async function opened(browser: Browser): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), 'keyrotate-'));
  const desk = await openDesk(join(folder, 'workspace.json'), true);
  const served = await servePage(desk, 0);
  const strange: string[] = [];
  return {
    desk,
    url: served.url,
    async tab(address = '', options = {}) {
      const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
      const page = await context.newPage();
      // A busy machine takes its time.
      page.setDefaultTimeout(90_000);
      page.on('request', (request) => {
        if (!request.url().startsWith(served.url) && !request.url().startsWith('data:'))
          strange.push(request.url());
      });
      page.on('pageerror', (error) => strange.push(String(error)));
      await page.goto(served.url + address);
      await page.locator('.workspace').waitFor();
      return page;
    },
    async close() {
      for (const context of browser.contexts()) await context.close();
      await served.close();
      await desk.close();
      await rm(folder, { recursive: true });
      if (strange.length > 0) throw new Error(strange.join('\n'));
    },
  };
}

/** Does something on the page, says yes where it is asked first, and waits until all is done. */
export async function acts(page: Page, act: () => Promise<void>): Promise<void> {
  const done = page.waitForResponse(
    (response) =>
      response.url().endsWith('/do') &&
      !/"kind":"(?:read|openHome)"/.test(response.request().postData() ?? ''),
    { timeout: 120_000 },
  );
  await act();
  const question = page.locator('dialog:not(:has(form)) .dialog-foot button').last();
  const isAsked = await Promise.race([done.then(() => false), question.waitFor().then(() => true)]);
  if (isAsked) await question.click();
  await done;
  await page.locator('.workspace[aria-busy=false]').waitFor();
}
