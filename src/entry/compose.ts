// Puts together what every function has: the table, the queues, the policy, Slack's secrets.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { fetchSlackCredentials, type SlackCredentials } from '../adapters/aws/slack-credentials.ts';
import { sqsJobs } from '../adapters/queue/jobs.ts';
import { type Messages, sqsMessages } from '../adapters/queue/messages.ts';
import { dynamoUsers } from '../adapters/store/users.ts';
import type { Policy } from '../domain/policy.ts';
import type { Jobs, Log, Users } from '../usecases/ports.ts';
import type { Config } from './config.ts';

/** How long one call to AWS may take, and how often it is tried. */
export interface AwsCall {
  requestHandler: { connectionTimeout: number; requestTimeout: number; throwOnRequestTimeout: true };
  maxAttempts: number;
}

/** @param requestTimeout ms. Without being told to throw, the SDK only warns, and waits on. */
export function patience(requestTimeout: number, maxAttempts: number, connectionTimeout = 1000): AwsCall {
  return { requestHandler: { connectionTimeout, requestTimeout, throwOnRequestTimeout: true }, maxAttempts };
}

/** Set on purpose: the SDK's own waits far longer than any of these functions may. */
export const AWS_CALL = patience(5000, 3);

/** What every function has. */
export interface Base {
  accounts: readonly string[];
  policy(account: string): Policy;
  users: Users;
  jobs: Jobs;
  log: Log;
  now(): number;
}

export function composeBase(config: Config, log: Log, call = AWS_CALL): Base {
  const policy = (account: string) => policyOf(config, account);
  return {
    accounts: [...config.accounts.keys()],
    policy,
    users: dynamoUsers({ client: tableClient(call), table: config.table, policy, now: Date.now, log }),
    jobs: jobsOf(config, call),
    log,
    now: Date.now,
  };
}

export function composeMessages(config: Config): Messages {
  const { clicks, upkeep, sweeps } = config.queues;
  return sqsMessages({ client: new SQSClient(AWS_CALL), queueUrls: [clicks, upkeep, sweeps] });
}

export async function slackCredentials(
  { slack: { credentials } }: Config,
  call = AWS_CALL,
): Promise<SlackCredentials> {
  if ('token' in credentials) return credentials;
  return fetchSlackCredentials(new SecretsManagerClient(call), credentials.secretId);
}

function policyOf(config: Config, account: string): Policy {
  const found = config.accounts.get(account);
  if (!found) throw new Error(`account ${account} is not among those that may be touched`);
  return found.policy;
}

function jobsOf({ queues }: Config, call: AwsCall): Jobs {
  const client = new SQSClient(call);
  return sqsJobs({ client, clicksUrl: queues.clicks, upkeepUrl: queues.upkeep, sweepsUrl: queues.sweeps });
}

export function tableClient(call: AwsCall): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(new DynamoDBClient(call));
}
