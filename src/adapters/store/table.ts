// The table, reduced to the three calls that any role here is granted; what goes wrong becomes the use cases' own error.
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  type PutCommandInput,
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
} from '@aws-sdk/lib-dynamodb';
import { calling, callingUnless } from '../sdk-error.ts';
import type { Item } from './item.ts';
import type { Key } from './keys.ts';

export interface Table {
  /** A consistent read. */
  get(key: Key): Promise<Item | undefined>;
  put(item: Item, condition?: Condition): Promise<'written' | 'conditionFailed'>;
  /** All pages, read as they are asked for. */
  query(query: Query): AsyncIterable<Item>;
  count(query: Query): Promise<number>;
}

export type Condition = Pick<
  PutCommandInput,
  'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;
export type Query = Omit<QueryCommandInput, 'TableName' | 'ExclusiveStartKey'>;

export function dynamoTable(client: DynamoDBDocumentClient, TableName: string): Table {
  async function* pages(query: Query): AsyncIterable<QueryCommandOutput> {
    let from: Item | undefined;
    do {
      const start = from && { ExclusiveStartKey: from };
      const page = await calling('Query', client.send(new QueryCommand({ TableName, ...query, ...start })));
      yield page;
      from = page.LastEvaluatedKey;
    } while (from);
  }

  return {
    async get(Key) {
      const answer = client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
      return (await calling('GetItem', answer)).Item;
    },
    async put(Item, condition) {
      const answer = client.send(new PutCommand({ TableName, Item, ...condition }));
      const written = await callingUnless(['ConditionalCheckFailed'], 'PutItem', answer);
      return written ? 'written' : 'conditionFailed';
    },
    async *query(query) {
      for await (const { Items } of pages(query)) yield* Items ?? [];
    },
    async count(query) {
      let count = 0;
      for await (const { Count } of pages({ ...query, Select: 'COUNT' })) count += Count ?? 0;
      return count;
    },
  };
}
