// IAM users by owner, by account and by when something comes due. Indexes lag: these only point at users to load.
import * as z from 'zod/mini';
import type { IamUser, IamUserId } from '../../domain/iam-user.ts';
import type { Instant } from '../../domain/time.ts';
import type { Log, UserLists } from '../../usecases/ports.ts';
import { time } from './fields.ts';
import { type Item, refuseNewer, UnreadableItem } from './item.ts';
import { DUE, idIn, openList } from './keys.ts';
import { readUser } from './live-users.ts';
import { readable } from './readable.ts';
import type { Table } from './table.ts';

export function userLists(table: Table, log: Log): UserLists {
  function inList<T>(account: string, read: (item: Item) => T): AsyncIterable<T> {
    const items = table.query({
      IndexName: 'byAccount',
      KeyConditionExpression: 'listedIn = :list',
      ExpressionAttributeValues: { ':list': openList(account) },
    });
    return readable(items, read, log);
  }

  return {
    async ownedBy(ownerId) {
      const items = table.query({
        IndexName: 'byOwner',
        KeyConditionExpression: 'ownerId = :owner',
        ExpressionAttributeValues: { ':owner': ownerId },
      });
      const owned: IamUser[] = [];
      for await (const user of readable(items, readUser, log)) owned.push(user);
      return owned;
    },
    listed: (account) => inList(account, readUser),
    listedWithTime: (account) =>
      inList(account, (item) => ({
        user: readUser(item),
        ...(typeof item.nextAt === 'number' && { foundAt: item.nextAt }),
      })),
    dueBy(now) {
      const items = table.query({
        IndexName: 'byNextAt',
        KeyConditionExpression: 'dueIn = :due AND nextAt <= :now',
        ExpressionAttributeValues: { ':due': DUE, ':now': now },
        ProjectionExpression: 'pk, sk, #schema, nextAt, rotation.oldKeyCreatedAt',
        ExpressionAttributeNames: { '#schema': 'schema' }, // a reserved word
      });
      return readable(items, readDue, log);
    },
  };
}

const Opened = z.object({ oldKeyCreatedAt: time });

function readDue(item: Item): IamUserId & { nextAt: Instant; keyCreatedAt?: Instant } {
  refuseNewer(item);
  const { account, userName } = idIn(item.pk);
  const { nextAt } = item;
  if (account === undefined || userName === undefined) throw new UnreadableItem(item, 'pk');
  if (typeof nextAt !== 'number') throw new UnreadableItem(item, 'nextAt');
  const { data: opened } = Opened.safeParse(item.rotation);
  return { account, userName, nextAt, ...(opened && { keyCreatedAt: opened.oldKeyCreatedAt }) };
}
