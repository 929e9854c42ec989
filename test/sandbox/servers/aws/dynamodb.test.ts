// DynamoDB in the sandbox, asked by the real client.
import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sandboxClock } from '../../clock.ts';
import { readTable } from '../../deployment/serverless-file.ts';
import { startWire, type Wire } from '../wire.ts';
import { type Dynamo, startDynamo } from './dynamodb.ts';

const TableName = readTable().TableName;
let dynamo: Dynamo;
let wire: Wire;
let client: DynamoDBDocumentClient;

beforeAll(async () => {
  dynamo = await startDynamo();
  await dynamo.createTable(readTable());
  wire = await startWire(sandboxClock(new Date(0)), {
    read: () => ({ service: 'dynamodb', action: 'any', input: {}, caller: undefined }),
    perform: (_, request) => dynamo.forward(request),
    refusal: () => ({ status: 400, body: '' }),
  });
  const credentials = { accessKeyId: 'AKIA', secretAccessKey: 'secret' };
  client = DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint: wire.url, region: 'eu-central-1', credentials }),
  );
});

afterAll(async () => {
  client.destroy();
  await wire.close();
  await dynamo.close();
});

describe('the table of serverless.yml', () => {
  test('keeps what is put, with any characters', async () => {
    const Item = { pk: 'USER#1#zoë', sk: 'CURRENT', ownerId: 'U1', note: '→ 鍵' };
    await client.send(new PutCommand({ TableName, Item }));
    const { Item: found } = await client.send(
      new GetCommand({ TableName, Key: { pk: Item.pk, sk: Item.sk }, ConsistentRead: true }),
    );
    expect(found).toEqual(Item);
  });

  test('finds by index', async () => {
    await client.send(new PutCommand({ TableName, Item: { pk: 'p', sk: 's', dueIn: 'all', nextAt: 5 } }));
    const { Items } = await client.send(
      new QueryCommand({
        TableName,
        IndexName: 'byNextAt',
        KeyConditionExpression: 'dueIn = :d AND nextAt <= :t',
        ExpressionAttributeValues: { ':d': 'all', ':t': 9 },
      }),
    );
    expect(Items).toEqual([{ pk: 'p', sk: 's', dueIn: 'all', nextAt: 5 }]);
  });

  test('refuses a write whose condition fails', async () => {
    const put = new PutCommand({
      TableName,
      Item: { pk: 'once', sk: 's' },
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    await client.send(put);
    await expect(client.send(put)).rejects.toBeInstanceOf(ConditionalCheckFailedException);
  });
});
