// Puts all the rooms together for the worker. In a file of its own, so that no other function carries what it needs.
import { IAMClient } from '@aws-sdk/client-iam';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { WebClient } from '@slack/web-api';
import { iamAccessKeys } from '../adapters/aws/access-keys.ts';
import { secretsManagerVault } from '../adapters/aws/vault.ts';
import { slackDirectory } from '../adapters/slack/directory.ts';
import { slackMessenger } from '../adapters/slack/messenger.ts';
import { quietLogger } from '../adapters/slack/quiet-logger.ts';
import { dynamoRecords } from '../adapters/store/records.ts';
import { vaultPath } from '../domain/vault-path.ts';
import type { Log, Ports } from '../usecases/ports.ts';
import { AWS_CALL, composeBase, patience, slackCredentials, tableClient } from './compose.ts';
import type { Config } from './config.ts';

/** CreateAccessKey has no idempotency token: it is sent once, and given time to answer. */
const AWS_CALL_ONCE = patience(15_000, 1);
/** Slack's client would retry for half an hour and wait out rate limits; the queue does that better. */
const SLACK_CALL = { timeout: 5000, retryConfig: { retries: 1 }, rejectRateLimitedCalls: true };
const DIRECTORY_CACHE_MS = 5 * 60_000;

export async function composeWorker(config: Config, log: Log): Promise<Ports> {
  const { token } = await slackCredentials(config);
  const slack = new WebClient(token.reveal(), {
    ...SLACK_CALL,
    ...(config.slack.apiUrl && { slackApiUrl: config.slack.apiUrl }),
    logger: quietLogger(log),
  });
  const base = composeBase(config, log);
  const keys = iamAccessKeys({ client: new IAMClient(AWS_CALL), onceClient: new IAMClient(AWS_CALL_ONCE) });
  const vault = secretsManagerVault({ client: new SecretsManagerClient(AWS_CALL), ...config.vault });
  const { teamId, admins, adminGroup, adminChannel, helpChannel } = config.slack;
  const directory = slackDirectory({
    client: slack,
    teamId,
    admins,
    ...(adminGroup && { adminGroup }),
    now: Date.now,
    cacheMs: DIRECTORY_CACHE_MS,
  });
  const messenger = slackMessenger({
    client: slack,
    directory,
    adminChannel,
    helpChannel,
    vaultPath: (user) => vaultPath(config.vault.prefix, user.account, user.userName),
    accountName: (account) => config.accounts.get(account)?.name ?? account,
    policy: base.policy,
    region: config.region,
    now: Date.now,
    maxKeyAgeDays: config.maxKeyAgeDays,
    ...(config.slack.apiUrl && { responseUrlBase: new URL('/', config.slack.apiUrl).href }),
  });
  return {
    ...base,
    ownerTags: config.ownerTags,
    keys: () => keys,
    vault: () => vault,
    records: dynamoRecords({ client: tableClient(AWS_CALL), table: config.table, log }),
    directory,
    messenger,
  };
}
