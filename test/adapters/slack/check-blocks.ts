// `npm run blocks`: every message and every form there is, held against Slack's published limits; with a token by Slack itself.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { ModalView } from '@slack/types';
import { LogLevel, WebClient } from '@slack/web-api';
import type { Content } from '../../../src/adapters/slack/blocks/parts.ts';
import { validateBlocks } from '../../sandbox/servers/slack/blocks.ts';
import { formsWith, messagesWith } from './any-message.ts';
import { LONGEST } from './hostile.ts';

const USAGE = `Usage: npm run --silent blocks -- [--token xoxb-…]
Without a token, which may stand in SLACK_BOT_TOKEN as well, nothing leaves this machine. It needs no scope, and nothing is posted.`;

interface Checked {
  name: string;
  /** undefined: nobody says anything against it. */
  wrong: string | undefined;
}

/** What Slack's blocks.validate takes: exactly one of them. https://docs.slack.dev/reference/methods/blocks.validate */
type Payload = { message: Content } | { view: ModalView };

/** With a name of an everyday length, and with the longest there may be. */
function everything(): { name: string; payload: Payload; faults: string[] }[] {
  return ['ci-deploy', LONGEST].flatMap((userName) => [
    ...messagesWith(userName).map(([name, content]) => ({
      name,
      payload: { message: content },
      faults: content.blocks.length > 0 ? validateBlocks(content.blocks, 'message') : [],
    })),
    ...formsWith(userName).map((form) => ({
      name: `the form “${form.title.text}”`,
      payload: { view: form },
      faults: validateBlocks(form.blocks, 'modal'),
    })),
  ]);
}

/** Somebody waits for it: where nobody answers, it gives up after some seconds. */
export function askingSlack(token: string, slackApiUrl?: string): WebClient {
  return new WebClient(token, {
    ...(slackApiUrl && { slackApiUrl }),
    logLevel: LogLevel.ERROR,
    timeout: 5000,
    retryConfig: { retries: 2, minTimeout: 500 },
  });
}

/** One after the other, as fast as Slack lets it. Throws what the client throws where Slack cannot be asked. */
export async function* checked(client: WebClient | undefined): AsyncIterable<Checked> {
  for (const { name, payload, faults } of everything()) {
    const wrong = client ? await refusedBySlack(client, payload) : faults.join('; ') || undefined;
    yield { name, wrong };
  }
}

async function refusedBySlack(client: WebClient, payload: Payload): Promise<string | undefined> {
  try {
    await client.blocks.validate(payload);
    return undefined;
  } catch (error) {
    const { data } = error as { data?: { error?: string; errors?: unknown } };
    if (!data?.error?.startsWith('invalid_') || data.error === 'invalid_auth') throw error;
    return `${data.error} ${JSON.stringify(data.errors ?? '')}`;
  }
}

async function main(): Promise<void> {
  const options = { token: { type: 'string' }, help: { type: 'boolean' } } as const;
  const { token = process.env.SLACK_BOT_TOKEN, help } = parseArgs({ options }).values;
  if (help) return console.log(USAGE);
  const client = token ? askingSlack(token, process.env.SLACK_API_URL) : undefined;
  let [all, wrong] = [0, 0];
  for await (const one of checked(client)) {
    all += 1;
    if (one.wrong === undefined) continue;
    wrong += 1;
    console.log(`✗ ${one.name}: ${one.wrong}`);
  }
  const by = client ? 'Slack takes' : 'The published limits allow';
  console.log(`${by} ${all - wrong} of ${all} messages and forms.`);
  if (wrong > 0) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await main();
  } catch (error) {
    const isUsage = error instanceof TypeError;
    console.error(
      isUsage ? `${error.message}\n${USAGE}` : `Slack could not be asked: ${(error as Error).message}`,
    );
    process.exitCode = isUsage ? 2 : 1;
  }
}
