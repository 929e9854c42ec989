// IAM users in DynamoDB: their live records, the lists that point at them, and the rotations they have behind them.
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Ports, Users } from '../../usecases/ports.ts';
import { closedRotations } from './closed-rotations.ts';
import { liveUsers } from './live-users.ts';
import { dynamoTable } from './table.ts';
import { userLists } from './user-lists.ts';

export interface UsersOptions extends Pick<Ports, 'policy' | 'now' | 'log'> {
  client: DynamoDBDocumentClient;
  table: string;
}

export function dynamoUsers({ client, table: name, log, ...rules }: UsersOptions): Users {
  const table = dynamoTable(client, name);
  return { ...liveUsers(table, rules), ...userLists(table, log), ...closedRotations(table, log) };
}
