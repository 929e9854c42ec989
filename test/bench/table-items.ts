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

/** Who an IAM user is wherever it is on record. */
export interface Identity {
  userName: string;
  userId: string;
  keyId: string;
}

/** What is on record about one IAM user, said of others that differ from it in nothing but this. */
export function saidOf(items: readonly WrittenItem[], one: Identity, another: Identity): WrittenItem[] {
  const about = items.filter((item) => isAbout(item, one.userName));
  const text = JSON.stringify(about)
    .replaceAll(one.userId, another.userId)
    .replaceAll(one.keyId, another.keyId)
    .replace(new RegExp(`(?<![\\w-])${one.userName}(?![\\w-])`, 'g'), another.userName);
  return JSON.parse(text);
}

function isAbout({ pk, sk }: WrittenItem, userName: string): boolean {
  return [pk?.S, sk?.S].some((key = '') => key.split('#').includes(userName));
}

export function identityOf({ aws }: Sandbox, userName: string): Identity {
  const user = aws.iam.state.users.get(userName);
  const [key] = user?.keys ?? [];
  if (!user || !key) throw new Error(`IAM has no ${userName} with a key`);
  return { userName, userId: user.userId, keyId: key.id };
}
