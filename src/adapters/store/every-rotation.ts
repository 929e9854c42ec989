// Every rotation there is and was, read from end to end of the table: for an export, never for a function.
import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { IamUserId } from '../../domain/iam-user.ts';
import { isUnfiled, type Rotation } from '../../domain/rotation.ts';
import type { Log } from '../../usecases/ports.ts';
import { calling } from '../sdk-error.ts';
import { readFiled } from './closed-rotations.ts';
import type { Item } from './item.ts';
import { idIn } from './keys.ts';
import { readUser } from './live-users.ts';
import { readable } from './readable.ts';

/** `userId`: of the IAM user whose keys they were; another may have had the name before. */
export interface OneRotation extends IamUserId {
  userId: string;
  rotation: Rotation;
}

/** In no order, as the table has them. What cannot be read is passed over, and logged. Throws OutsideError. */
export async function* everyRotation(
  client: DynamoDBDocumentClient,
  TableName: string,
  log: Log,
): AsyncIterable<OneRotation> {
  // A crash between the copy and the note about it leaves one in both places; its user's record is read before the copies.
  const unnoted = new Set<string>();
  for await (const one of readable(itemsOfUsers(client, TableName), readRotation, log)) {
    if (!one) continue;
    const { account, userName, rotation, isCopy } = one;
    const id = `${account}/${userName}/${rotation.oldKeyId}/${rotation.openedAt}`;
    if (!isCopy && isUnfiled(rotation)) unnoted.add(id);
    if (!isCopy || !unnoted.has(id)) yield one;
  }
}

async function* itemsOfUsers(client: DynamoDBDocumentClient, TableName: string): AsyncIterable<Item> {
  const pages = paginateScan({ client }, { TableName })[Symbol.asyncIterator]();
  for (;;) {
    const page = await calling('Scan', pages.next());
    if (page.done) return;
    for (const item of page.value.Items ?? []) if (String(item.pk).startsWith('USER#')) yield item;
  }
}

function readRotation(item: Item): (OneRotation & { isCopy: boolean }) | undefined {
  const { account = '', userName = '' } = idIn(item.pk);
  const isCopy = item.sk !== 'CURRENT';
  const { userId, rotation } = isCopy ? readFiled(item) : readUser(item);
  // What is over and filed stands in its user's record, too, until the next one begins.
  if (!rotation || (!isCopy && 'isFiled' in rotation)) return undefined;
  return { account, userName, userId, rotation, isCopy };
}
