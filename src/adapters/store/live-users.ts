// The record of each IAM user: read consistently, and written only over what was read.
import * as z from 'zod/mini';
import { hasNews, nextAt } from '../../domain/agenda.ts';
import { type IamUser, nameOf } from '../../domain/iam-user.ts';
import { addressOf } from '../../domain/owner.ts';
import type { Policy } from '../../domain/policy.ts';
import { isOpen } from '../../domain/rotation.ts';
import type { Instant } from '../../domain/time.ts';
import type { Ports, Users } from '../../usecases/ports.ts';
import { forEarlierVersion, fromEarlierVersion } from './earlier-version.ts';
import { type Item, readItem } from './item.ts';
import { currentKey, DUE, openList } from './keys.ts';
import type { Table } from './table.ts';
import { userSchema } from './user-schema.ts';
import { writeOver } from './write-over.ts';

type Rules = Pick<Ports, 'policy' | 'now'>;

export function liveUsers(table: Table, { policy, now }: Rules): Pick<Users, 'load' | 'save'> {
  return {
    async load(id) {
      const item = await table.get(currentKey(id));
      return item && readUser(item);
    },
    async save(user) {
      const next: IamUser = { ...user, version: user.version + 1 };
      const rules = [policy(user.account), now()] as const;
      const fields = { ...z.encode(userSchema, next), ...forEarlierVersion(next, ...rules) };
      const item = { ...fields, ...listsOf(next, ...rules) };
      await writeOver(table, currentKey(user), item, { loaded: user.version, name: nameOf(user) });
      return next;
    },
  };
}

export function readUser(item: Item): IamUser {
  return readItem(userSchema, fromEarlierVersion(item));
}

/** Which indexes the user is to be found by. They are sparse: what is absent here is not listed there. */
function listsOf(user: IamUser, policy: Policy, now: Instant): Item {
  const { account, owner, ownerChange, rotation, exempt, link, stranded } = user;
  const ownerId = addressOf(owner);
  const isOpenMatter = isOpen(rotation) || ownerChange !== undefined;
  // Whoever is still to be told of the end is found by what they own, too.
  const isOwnedOnRecord = isOpenMatter || link !== undefined || hasNews(user);
  const due = nextAt(user, policy, now);
  const isListed = isOpenMatter || exempt || stranded.length > 0;
  return {
    ...(isListed && { listedIn: openList(account) }),
    ...(isOwnedOnRecord && ownerId !== undefined && { ownerId }),
    ...(due !== undefined && { dueIn: DUE, nextAt: due }),
  };
}
