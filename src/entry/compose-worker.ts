// Puts together what the worker has. In a file of its own, so that no other function carries what it needs.
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { WebClient } from '@slack/web-api';
import { iamAccessKeys } from '../adapters/aws/access-keys.ts';
import { type AccountClients, type Kind, READS } from '../adapters/aws/accounts.ts';
import { surroundingsIn } from '../adapters/aws/surroundings.ts';
import { secretsManagerVault } from '../adapters/aws/vault.ts';
import { cached } from '../adapters/cached.ts';
import { sqsDeadLetters } from '../adapters/queue/dead-letters.ts';
import { lastDue } from '../adapters/schedules.ts';
import { slackDirectory } from '../adapters/slack/directory.ts';
import { slackInstallation } from '../adapters/slack/installation.ts';
import { slackMessenger } from '../adapters/slack/messenger.ts';
import { quietLogger } from '../adapters/slack/quiet-logger.ts';
import { dynamoRecords } from '../adapters/store/records.ts';
import { storedPeople } from '../adapters/store/stored-people.ts';
import { dynamoTable } from '../adapters/store/table.ts';
import { dynamoUsers } from '../adapters/store/users.ts';
import { vaultPath } from '../domain/vault-path.ts';
import type { Log, Ports, Surroundings, Vault } from '../usecases/ports.ts';
import type { Secret } from '../usecases/secret.ts';
import { AWS_CALL, patience, slackCredentials } from './compose.ts';
import { composeAccounts } from './compose-accounts.ts';
import { type Clients, composeBase } from './compose-base.ts';
import type { Config } from './config.ts';

/** A connection that was kept may have been closed while the container slept, and a call that meets that is not repeated. */
const NO_KEEP_ALIVE = { httpAgent: { keepAlive: false }, httpsAgent: { keepAlive: false } };
const ONCE = patience(15_000, 1);
/** CreateAccessKey has no idempotency token: it is sent once, and given time to answer. */
const AWS_CALL_ONCE = { ...ONCE, requestHandler: { ...ONCE.requestHandler, ...NO_KEEP_ALIVE } };
/** Slack's client would retry for half an hour and wait out rate limits; the queue does that better. */
export const SLACK_CALL = {
  timeout: 5000,
  retryConfig: { retries: 1, randomize: true },
  rejectRateLimitedCalls: true,
};
const DIRECTORY_CACHE_MS = 5 * 60_000;
/** Each message to an owner asks whether another deployment goes before this one. */
const DEPLOYMENTS_CACHE_MS = 60_000;

type SlackPorts = Pick<Ports, 'directory' | 'messenger' | 'installation'>;

/** What lasts as long as the container, and what goes with secrets of Slack's, which may be replaced. */
export interface Worker {
  aws: Omit<Ports, keyof SlackPorts | 'timeLeft'>;
  /** Reads Slack's secrets anew. */
  slack(): Promise<{ ports: SlackPorts; signingSecrets: readonly Secret[] }>;
}

export function composeWorker(config: Config, log: Log, clients: Clients): Worker {
  const base = composeBase(config, log, clients);
  const { deadLetters: deadLetterUrls, scheduledDeadLetters: scheduledDeadUrl } = config.queues;
  const secrets = new SecretsManagerClient(AWS_CALL);
  const accounts = composeAccounts(config, READS.worker);
  const stored = { client: clients.table, table: config.table };
  const people = storedPeople(dynamoTable(clients.table, config.table), Date.now);
  const surroundings = surroundingsOf(config, (account) => accounts.reading(IAM, account));
  const deployments = cached(surroundings.deployments, { now: Date.now, cacheMs: DEPLOYMENTS_CACHE_MS });
  return {
    aws: {
      ...base,
      users: dynamoUsers({ ...base, ...stored }),
      deadLetters: sqsDeadLetters({ client: clients.queues, deadLetterUrls, scheduledDeadUrl }),
      ownerTags: config.ownerTags,
      keys: (account) =>
        iamAccessKeys({
          client: accounts.reading(IAM, account),
          changing: (userName, times) => accounts.changingUser(times ? IAM_ONCE : IAM, account, userName),
          ...{ account, log },
        }),
      vault: (account) => composeVault(config, accounts, account),
      records: dynamoRecords({ ...stored, log }),
      people,
      surroundings: { ...surroundings, deployments: () => deployments('') },
      schedules: {
        lastDue: (task, now) => lastDue(config.schedules[task], config.schedules.timeZone, now),
      },
    },
    slack: async () => {
      const { token, signingSecrets } = await slackCredentials(config, secrets);
      return { ports: composeSlack(config, token, { ...base, people }), signingSecrets };
    },
  };
}

const IAM: Kind<IAMClient> = { name: 'iam', make: (more) => new IAMClient({ ...AWS_CALL, ...more }) };
const IAM_ONCE: Kind<IAMClient> = {
  name: 'iam once',
  make: (more) => new IAMClient({ ...AWS_CALL_ONCE, ...more }),
};
const SECRETS: Kind<SecretsManagerClient> = {
  name: 'secrets',
  make: (more) => new SecretsManagerClient({ ...AWS_CALL, ...more }),
};

/** The KMS key that is named encrypts in its own account; in another one that is AWS's own key there. */
function composeVault({ vault }: Config, accounts: AccountClients, account: string): Vault {
  const { kmsKeyId, ...settings } = vault;
  return secretsManagerVault({
    ...settings,
    client: accounts.reading(SECRETS, account),
    changing: (path) => accounts.changingSecret(SECRETS, account, path),
    ...(kmsKeyId?.split(':')[4] === account && { kmsKeyId }),
    now: Date.now,
  });
}

export function surroundingsOf(
  { account, deployment, isLive, vault }: Config,
  iam: (account: string) => IAMClient,
): Surroundings {
  const { readers, kmsKeyId } = vault;
  const kms = new KMSClient(AWS_CALL);
  return surroundingsIn({ account, iam, kms, deployment, isLive, readers, kmsKeyId });
}

export function composeSlack(
  config: Config,
  token: Secret,
  { policy, log, people: listed }: Pick<Ports, 'policy' | 'log'> & Partial<Pick<Ports, 'people'>>,
): SlackPorts {
  const { teamId, appId, admins, adminGroup, adminChannel, helpChannel, apiUrl } = config.slack;
  const client = new WebClient(token.reveal(), {
    ...SLACK_CALL,
    ...(apiUrl && { slackApiUrl: apiUrl }),
    logger: quietLogger(log),
  });
  const people = { client, teamId, admins, ...(adminGroup && { adminGroup }), now: Date.now };
  const directory = slackDirectory({
    ...people,
    ...(listed && { people: listed }),
    cacheMs: DIRECTORY_CACHE_MS,
  });
  const messenger = slackMessenger({
    client,
    directory,
    adminChannel,
    helpers: { channel: helpChannel, admins, group: adminGroup },
    vaultPath: (holder) => vaultPath(config.vault.prefix, holder),
    accountName: (account) => config.accounts.get(account)?.name ?? account,
    policy,
    vaultRegion: (account) => config.accounts.get(account)?.region ?? config.region,
    pullCommand: config.pullCommand,
    now: Date.now,
    maxKeyAgeDays: config.maxKeyAgeDays,
    ...(apiUrl && { responseUrlBase: new URL('/', apiUrl).href }),
  });
  return { directory, messenger, installation: slackInstallation({ ...people, appId, adminChannel }) };
}
