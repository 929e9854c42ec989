// The slack function: what the internet reaches. It verifies, reads one index, queues jobs, opens forms, and answers
// within 3 s.
import type { ModalView } from '@slack/types';
import { WebClient } from '@slack/web-api';
import type { Context } from 'aws-lambda';
import type { SlackCredentials } from '../adapters/aws/slack-credentials.ts';
import { buildApp } from '../adapters/slack/app.ts';
import { formsClient } from '../adapters/slack/forms-client.ts';
import { type HttpReply, slackGateway } from '../adapters/slack/gateway.ts';
import { quietLogger } from '../adapters/slack/quiet-logger.ts';
import type { Log } from '../usecases/ports.ts';
import { composeBase, slackCredentials } from './compose.ts';
import { type Config, readConfig } from './config.ts';
import { logFor } from './log.ts';
import { type Remembered, remembered } from './remembered.ts';

/** How long a container goes on with the signing secrets before it looks whether there are new ones. */
const SECRETS_MS = 10 * 60_000;

/** Slack waits three seconds for an answer, and a second try must fit in. */
const WITHIN_SLACKS_PATIENCE = {
  requestHandler: { connectionTimeout: 500, requestTimeout: 1000 },
  maxAttempts: 2,
};

/** A form must be open within three seconds of the press, or its trigger is over: nothing is tried twice. */
const OPEN_FORM = { timeout: 1500, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true };

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
      openForm: openForms(credentials, config, log),
      ...(config.slack.apiUrl && { responseUrlBase: new URL('/', config.slack.apiUrl).href }),
    }),
    now: Date.now,
  };
});

export async function handler(event: unknown, context: Context): Promise<HttpReply> {
  const log = logFor('slack', context.awsRequestId);
  return slackGateway({ ...(await composed.get()), log })(event);
}

/** A form that does not open may have met a token that was replaced: the next one is opened with what is stored then. */
function openForms(
  credentials: Remembered<SlackCredentials>,
  { slack: { apiUrl } }: Config,
  log: Log,
): (triggerId: string, view: ModalView) => Promise<void> {
  return async (triggerId, view) => {
    const { token } = await credentials.get();
    const settings = { ...OPEN_FORM, ...(apiUrl && { slackApiUrl: apiUrl }), logger: quietLogger(log) };
    try {
      await formsClient(new WebClient(token.reveal(), settings)).open(triggerId, view);
    } catch (error) {
      credentials.forget();
      throw error;
    }
  };
}
