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

/** Slack waits three seconds for an answer, and a second try must fit in. */
const WITHIN_SLACKS_PATIENCE = {
  requestHandler: { connectionTimeout: 500, requestTimeout: 1000 },
  maxAttempts: 2,
};

const composed = remembered(Number.POSITIVE_INFINITY, async () => {
  const config = readConfig();
  const log = logFor('slack');
  const credentials = remembered(SECRETS_MS, () => slackCredentials(config, WITHIN_SLACKS_PATIENCE));
  return {
    signingSecrets: async () => (await credentials.get()).signingSecrets,
    teamId: config.slack.teamId,
    appId: config.slack.appId,
    bolt: buildApp({
      ...composeBase(config, log, WITHIN_SLACKS_PATIENCE),
      accountName: (account) => config.accounts.get(account)?.name,
    }),
    now: Date.now,
  };
});

export async function handler(event: unknown, context: Context): Promise<HttpReply> {
  const log = logFor('slack', context.awsRequestId);
  return slackGateway({ ...(await composed.get()), log })(event);
}
