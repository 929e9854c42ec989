// Puts together what all functions have: the log, the policy, Slack's secrets, and how long they wait for AWS.
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { fetchSlackCredentials, type SlackCredentials } from '../adapters/aws/slack-credentials.ts';
import { jsonLog } from '../adapters/json-log.ts';
import { type Messages, sqsMessages } from '../adapters/queue/visibility.ts';
import type { Accounts } from '../adapters/slack/asked/parse-command.ts';
import type { Policy } from '../domain/policy.ts';
import type { Log } from '../usecases/ports.ts';
import type { Config } from './config.ts';

/** Standard output, which Lambda hands to CloudWatch as it is: its console would put a time and a level of its own before each line. */
export function logFor({ functionName }: Pick<Config, 'functionName'>, requestId?: string): Log {
  const write = (line: string) => process.stdout.write(`${line}\n`);
  return jsonLog({ write, now: Date.now, functionName, requestId });
}

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

export function composeMessages({ queues: { clicks, upkeep, sweeps } }: Config, client: SQSClient): Messages {
  return sqsMessages({ client, queueUrls: [clicks, upkeep, sweeps] });
}

/** The accounts that are watched, as somebody who types names them. */
export function accountsIn({ accounts }: Config): Accounts {
  return { accounts: [...accounts.keys()], accountName: (account) => accounts.get(account)?.name };
}

export async function slackCredentials(
  { slack: { credentials } }: Config,
  secrets: SecretsManagerClient,
): Promise<SlackCredentials> {
  return 'token' in credentials ? credentials : fetchSlackCredentials(secrets, credentials.secretId);
}

/** Throws for an account that is not among those that may be touched. */
export function policyOf(config: Config, account: string): Policy {
  const found = config.accounts.get(account);
  if (!found) throw new Error(`account ${account} is not among those that may be touched`);
  return found.policy;
}
