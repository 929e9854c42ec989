// IAM users in DynamoDB: their live records, the lists that point at them, and the rotations they have behind them.
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Policy } from '../../domain/policy.ts';
import type { Instant } from '../../domain/time.ts';
import type { Log, Users } from '../../usecases/ports.ts';
import { closedRotations } from './closed-rotations.ts';
import { RETENTION_DAYS } from './expiry.ts';
import { liveUsers } from './live-users.ts';
import { dynamoTable } from './table.ts';
import { userLists } from './user-lists.ts';

export interface UsersOptions {
  client: DynamoDBDocumentClient;
  table: string;
  policy(account: string): Policy;
  now(): Instant;
  log: Log;
  /** How long closed rotations are kept. */
  retentionDays?: number;
}

export function dynamoUsers({ client, table: name, retentionDays, log, ...rules }: UsersOptions): Users {
  const table = dynamoTable(client, name);
  return {
    ...liveUsers(table, rules),
    ...userLists(table, log),
    ...closedRotations(table, retentionDays ?? RETENTION_DAYS),
  };
}
