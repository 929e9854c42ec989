// npm start: a small Slack beside a small AWS console in the browser, around the bundled functions.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openDesk } from './desk.ts';
import { giveBack, take, tellWhere } from './one-at-a-time.ts';
import { type Page, servePage } from './page-server.ts';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const PORT = 4830;
/** In the project, so that each checkout has its own, and outside of what `npm ci` makes anew. */
const kept = (name: string) => fileURLToPath(new URL(`../../../.keyrotate/${name}`, import.meta.url));
const RUNNING = kept('running.json');

const USAGE = `Usage: npm start -- [--reset] [--port NUMBER]
A Slack and an AWS of its own in the browser, around the bundled functions: nothing leaves this machine.
  --reset  begins anew, and forgets what is kept in .keyrotate/
  --port   where the page is to be; ${PORT}, or any that is free, unless you say`;

const { reset, port } = options();
const other = await take(RUNNING);
if (other) {
  const { pid, url = 'an address that it is about to print' } = other;
  console.error(`npm start runs here already, as process ${pid} at ${url}: use that page, or end it first.`);
  process.exit(1);
}
const began = performance.now();
const desk = await openDesk(kept('workspace.json'), reset);
const page = await servedAt(port);
await tellWhere(RUNNING, page.url);
const seconds = ((performance.now() - began) / 1000).toFixed(1);
console.log(`keyrotate's workspace, ready after ${seconds} s: ${page.url}`);
console.log(
  'It is a Slack and an AWS of its own: nothing leaves this machine. Ctrl+C ends it, and it is kept.',
);
process.once('SIGINT', stop).once('SIGTERM', stop);

function options(): { reset: boolean; port: number | undefined } {
  try {
    const { values } = parseArgs({
      options: { reset: { type: 'boolean' }, port: { type: 'string' }, help: { type: 'boolean' } },
    });
    const { reset = false, port, help } = values;
    if (help) {
      console.log(USAGE);
      process.exit();
    }
    if (port !== undefined && !(/^\d+$/.test(port) && Number(port) <= 65_535))
      throw new TypeError(`--port is a number up to 65535, not ${port}`);
    return { reset, port: port === undefined ? undefined : Number(port) };
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`);
    process.exit(2);
  }
}

/** Any free one where nobody asked for a port, and the usual one is taken. */
async function servedAt(port: number | undefined): Promise<Page> {
  try {
    return await servePage(desk, port ?? PORT);
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRINUSE') throw error;
    if (port === undefined) return servePage(desk, 0);
    console.error(`Something else listens on port ${port}. Choose another with --port.`);
    await giveBack(RUNNING);
    process.exit(1);
  }
}

async function stop(): Promise<void> {
  await page.close();
  await desk.close().catch((error: Error) => console.error(error.message));
  await giveBack(RUNNING);
  process.exit();
}
