// The record of each IAM user: read consistently, and written only over what was read.
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { nextAt } from '../../domain/agenda.ts';
import { type IamUser, type IamUserId, nameOf } from '../../domain/iam-user.ts';
import type { Policy } from '../../domain/policy.ts';
import { isOpen } from '../../domain/rotation.ts';
import type { Instant } from '../../domain/time.ts';
import { ChangedMeanwhile } from '../../usecases/errors.ts';
import type { Users } from '../../usecases/ports.ts';
import { type Item, readItem, versioned } from './item.ts';
import { currentKey, DUE, openList } from './keys.ts';
import type { Condition, Table } from './table.ts';
import { userSchema } from './user-schema.ts';

interface Rules {
  policy(account: string): Policy;
  now(): Instant;
}

export function liveUsers(table: Table, { policy, now }: Rules): Pick<Users, 'load' | 'save'> {
  /** The SDK repeats a write whose answer was lost; then it is our own write that fails the condition. */
  async function isOurs(user: IamUserId, writeId: string): Promise<boolean> {
    return (await table.get(currentKey(user)))?.writeId === writeId;
  }

  return {
    async load(id) {
      const item = await table.get(currentKey(id));
      return item && readUser(item);
    },
    async save(user) {
      const next: IamUser = { ...user, version: user.version + 1 };
      const writeId = randomUUID();
      const lists = listsOf(next, policy(user.account), now());
      const item = { ...versioned(z.encode(userSchema, next)), ...currentKey(user), ...lists, writeId };
      const outcome = await table.put(item, unchangedSinceLoaded(user));
      if (outcome === 'written' || (await isOurs(user, writeId))) return next;
      throw new ChangedMeanwhile(nameOf(user));
    },
  };
}

export function readUser(item: Item): IamUser {
  return readItem(userSchema, item);
}

function unchangedSinceLoaded({ version }: IamUser): Condition {
  const neverSaved = { ConditionExpression: 'attribute_not_exists(pk)' };
  const stillAtVersion = {
    ConditionExpression: '#version = :loaded',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: { ':loaded': version },
  };
  return version === 0 ? neverSaved : stillAtVersion;
}

/** Which indexes the user is to be found by. They are sparse: what is absent here is not listed there. */
function listsOf(user: IamUser, policy: Policy, now: Instant): Item {
  const { account, owner, rotation } = user;
  const due = nextAt(user, policy, now);
  return {
    ...(isOpen(rotation) && { listedIn: openList(account) }),
    ...(isOpen(rotation) && owner.kind === 'person' && { ownerId: owner.slackId }),
    ...(due !== undefined && { dueIn: DUE, nextAt: due }),
  };
}
