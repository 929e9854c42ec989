// The items of the sandbox's table, read and written past the front door, however many they are.
import type { WrittenItem } from '../sandbox/play/items.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';

/** BatchWriteItem takes no more at once. */
const BATCH = 25;

export async function everyItem({ aws, environment }: Sandbox): Promise<WrittenItem[]> {
  const all: WrittenItem[] = [];
  let from: unknown;
  do {
    const scan = { TableName: environment.TABLE_NAME, ConsistentRead: true, ExclusiveStartKey: from };
    const page = await aws.dynamo.ask('Scan', scan);
    all.push(...(page.Items as WrittenItem[]));
    from = page.LastEvaluatedKey;
  } while (from);
  return all;
}

export async function putItems({ aws, environment }: Sandbox, items: readonly WrittenItem[]): Promise<void> {
  const table = environment.TABLE_NAME ?? '';
  for (let from = 0; from < items.length; from += BATCH) {
    const requests = items.slice(from, from + BATCH).map((Item) => ({ PutRequest: { Item } }));
    await aws.dynamo.ask('BatchWriteItem', { RequestItems: { [table]: requests } });
  }
}

/** How many rotations are open, by the records of their IAM users. */
export async function openRotations(sandbox: Sandbox): Promise<number> {
  const items = await everyItem(sandbox);
  const current = items.filter(({ pk, sk }) => pk?.S?.startsWith('USER#') && sk?.S === 'CURRENT');
  return current.filter(({ rotation }) => rotation?.M && !('closedAt' in rotation.M)).length;
}
