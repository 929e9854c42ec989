// The slack function: what the internet reaches. It verifies, reads one index, queues jobs, and answers within 3 s.
import type { Context } from 'aws-lambda';
import { buildApp } from '../adapters/slack/app.ts';
import { type HttpReply, slackGateway } from '../adapters/slack/gateway.ts';
import { composeBase, slackCredentials } from './compose.ts';
import { readConfig } from './config.ts';
import { logFor } from './log.ts';
import { remembered } from './remembered.ts';

/** How long a container goes on with the signing secrets before it looks whether there are new ones. */
const SECRETS_MS = 10 * 60_000;

const composed = remembered(Number.POSITIVE_INFINITY, async () => {
  const config = readConfig();
  const log = logFor('slack');
  const credentials = remembered(SECRETS_MS, () => slackCredentials(config));
  return slackGateway({
    signingSecrets: async () => (await credentials.get()).signingSecrets,
    teamId: config.slack.teamId,
    appId: config.slack.appId,
    bolt: buildApp({
      ...composeBase(config, log),
      accountName: (account) => config.accounts.get(account)?.name,
    }),
    now: Date.now,
    log,
  });
});

export async function handler(event: unknown, _context: Context): Promise<HttpReply> {
  return (await composed.get())(event);
}
