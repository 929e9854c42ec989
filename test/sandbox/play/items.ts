// What the table holds, read and written past the front door: what a test wants to know is no call of anybody's.
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Sandbox } from '../sandbox.ts';

export type Item = Record<string, unknown>;

/** DynamoDB's own writing of an item. */
export type WrittenItem = Record<string, Written>;
export type Written = { S?: string; N?: string; M?: WrittenItem; L?: Written[] };

export async function allItems(sandbox: Sandbox): Promise<Item[]> {
  return (await writtenItems(sandbox)).map(read);
}

export async function writtenItems({ aws, environment }: Sandbox): Promise<WrittenItem[]> {
  const scan = { TableName: environment.TABLE_NAME, ConsistentRead: true };
  return (await aws.dynamo.ask('Scan', scan)).Items as WrittenItem[];
}

/** The items of one partition, by their sort keys. */
export async function itemsAt({ aws, environment }: Sandbox, pk: string): Promise<Item[]> {
  const { Items } = await aws.dynamo.ask('Query', {
    TableName: environment.TABLE_NAME,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: marshall({ ':pk': pk }),
    ConsistentRead: true,
  });
  return (Items as WrittenItem[]).map(read);
}

export async function putItem({ aws, environment }: Sandbox, item: Item): Promise<void> {
  await aws.dynamo.ask('PutItem', { TableName: environment.TABLE_NAME, Item: marshall(item) });
}

export async function deleteItem({ aws, environment }: Sandbox, { pk, sk }: Item): Promise<void> {
  await aws.dynamo.ask('DeleteItem', { TableName: environment.TABLE_NAME, Key: marshall({ pk, sk }) });
}

function read(item: WrittenItem): Item {
  return unmarshall(item as Record<string, AttributeValue>);
}
