// Puts together what every function has but the one that Slack waits for: the table and the queues of jobs. In a file of its
// own, so that the slack function does not carry a client of DynamoDB's.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { sqsJobs } from '../adapters/queue/sqs-jobs.ts';
import { dynamoTable } from '../adapters/store/table.ts';
import { userLists } from '../adapters/store/user-lists.ts';
import type { Log, Ports, UserLists } from '../usecases/ports.ts';
import { AWS_CALL, policyOf } from './compose.ts';
import type { Config } from './config.ts';

/** Kept for as long as the container lives: a new one reads its settings and connects anew. */
export interface Clients {
  table: DynamoDBDocumentClient;
  queues: SQSClient;
}

export function connect(call = AWS_CALL): Clients {
  return { table: DynamoDBDocumentClient.from(new DynamoDBClient(call)), queues: new SQSClient(call) };
}

/** Only the worker loads and writes records. */
export type Base = Pick<Ports, 'accounts' | 'policy' | 'jobs' | 'log' | 'now'> & { users: UserLists };

export function composeBase(config: Config, log: Log, { table, queues } = connect()): Base {
  const policy = (account: string) => policyOf(config, account);
  const { upkeep: upkeepUrl, sweeps: sweepsUrl } = config.queues;
  return {
    accounts: [...config.accounts.keys()],
    policy,
    users: userLists(dynamoTable(table, config.table), log),
    jobs: sqsJobs({ client: queues, upkeepUrl, sweepsUrl }),
    log,
    now: Date.now,
  };
}
