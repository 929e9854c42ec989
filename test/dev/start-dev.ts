// npm run dev: keyrotate on a real Slack workspace, with neither a deployment nor a public address.
import { parseArgs } from 'node:util';
import { startDev } from './dev.ts';
import { HOW_TO } from './dev-settings.ts';
import { accountOf } from './profile.ts';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const FOLDER = new URL('../..', import.meta.url).pathname;

const USAGE = `Usage: npm run dev -- [--mode preview | live] [--profile NAME [--region REGION]] [--logs]
keyrotate on a Slack workspace of yours, over Socket Mode: no deployment, no public address. AWS is make-believe.
  --mode     preview, unless you say live: owners are asked, and keys of the make-believe AWS are changed
  --profile  looks at the real account of an AWS profile, in preview only: nothing in it is changed
  --logs     every line that the functions log, not warnings and errors alone

${HOW_TO}`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      mode: { type: 'string', default: 'preview' },
      profile: { type: 'string' },
      region: { type: 'string' },
      logs: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const { mode, profile, region, logs, help } = values;
  if (help) return console.log(USAGE);
  if (mode !== 'preview' && mode !== 'live') throw new TypeError(`--mode is preview or live, not ${mode}`);
  if (region !== undefined && profile === undefined)
    throw new TypeError('--region goes with --profile: the make-believe AWS has one of its own');
  const real = profile === undefined ? undefined : await accountOf(profile, region);
  const dev = await startDev({
    ...{ folder: FOLDER, shell: process.env, mode, real, showsLogs: logs, tell: console.log },
    giveUp(why) {
      console.error(why);
      process.exit(1);
    },
  });
  if (!dev) {
    process.exitCode = 1;
    return;
  }
  const stop = () => dev.close().then(() => process.exit(), failed);
  process.once('SIGINT', stop).once('SIGTERM', stop);
}

function failed(error: Error): void {
  console.error(error instanceof TypeError ? `${error.message}\n${USAGE}` : error.message);
  process.exit(error instanceof TypeError ? 2 : 1);
}

await main().catch(failed);
