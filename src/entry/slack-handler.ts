// The slack function: what the internet reaches. It verifies, queues requests for the worker, and opens forms, within 3 s.
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { WebClient } from '@slack/web-api';
import type { Context } from 'aws-lambda';
import type { SlackCredentials } from '../adapters/aws/slack-credentials.ts';
import { sqsPresses } from '../adapters/queue/sqs-presses.ts';
import { buildApp, formsClient, type HttpReply } from '../adapters/slack/app.ts';
import { slackGateway } from '../adapters/slack/gateway.ts';
import { writeRequest } from '../adapters/slack/queued-request.ts';
import { quietLogger } from '../adapters/slack/quiet-logger.ts';
import { isStaleToken } from '../adapters/slack/slack-error.ts';
import type { Log } from '../usecases/ports.ts';
import { accountsIn, logFor, patience, policyOf, slackCredentials } from './compose.ts';
import { type Config, readConfig } from './config.ts';
import { type Remembered, remembered } from './remembered.ts';

/** How long a container goes on with the signing secrets before it looks whether there are new ones. */
const SECRETS_MS = 10 * 60_000;

/** Slack waits three seconds for an answer, and a second try must fit in. */
const WITHIN_SLACKS_PATIENCE = patience(1000, 2, 500);

/** Whoever waits for a form or an answer waits three seconds, and a trigger lasts no longer: nothing is tried twice. */
const CALL_SLACK_ONCE = { timeout: 1500, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true };

const composed = remembered(Number.POSITIVE_INFINITY, async () => {
  const config = readConfig();
  const log = logFor(config);
  const secrets = new SecretsManagerClient(WITHIN_SLACKS_PATIENCE);
  const credentials = remembered(SECRETS_MS, () => slackCredentials(config, secrets));
  const slack = slackCaller(credentials, config, log);
  const put = sqsPresses(new SQSClient(WITHIN_SLACKS_PATIENCE), config.queues.clicks);
  return {
    config,
    signingSecrets: async (which?: 'newest') =>
      (await (which === 'newest' ? credentials.newest() : credentials.get())).signingSecrets,
    teamId: config.slack.teamId,
    appId: config.slack.appId,
    bolt: buildApp({
      ...accountsIn(config),
      policy: (account) => policyOf(config, account),
      now: Date.now,
      log,
      queue: (request, job) => put(job, writeRequest(request)),
      openForm: (triggerId, view) => slack((client) => formsClient(client).open(triggerId, view)),
      ...(config.slack.apiUrl && { responseUrlBase: new URL('/', config.slack.apiUrl).href }),
    }),
    now: Date.now,
  };
});

/**
 * Begun while the function initialises: until it has, Lambda gives it more processor time than its memory buys, and nobody
 * waits yet. What fails here is begun anew by the request, which tells.
 */
const begun = composed
  .get()
  .then(({ signingSecrets }) => signingSecrets())
  .catch(() => undefined);

export async function handler(event: unknown, context: Context): Promise<HttpReply> {
  await begun;
  const { config, ...gateway } = await composed.get();
  return slackGateway({ ...gateway, log: logFor(config, context.awsRequestId) })(event);
}

type SlackCaller = <Answer>(call: (client: WebClient) => Promise<Answer>) => Promise<Answer>;

/** A token that Slack no longer takes may have been replaced: the next call is made with what is stored then. */
function slackCaller(
  credentials: Remembered<SlackCredentials>,
  { slack: { apiUrl } }: Config,
  log: Log,
): SlackCaller {
  return async (call) => {
    const { token } = await credentials.get();
    const settings = { ...CALL_SLACK_ONCE, ...(apiUrl && { slackApiUrl: apiUrl }), logger: quietLogger(log) };
    try {
      return await call(new WebClient(token.reveal(), settings));
    } catch (error) {
      if (isStaleToken(error)) credentials.forget();
      throw error;
    }
  };
}
