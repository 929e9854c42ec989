// Rotations that are over, each copied to an item of its own and kept as evidence.
import * as z from 'zod/mini';
import type { FiledRotation, Log, Users } from '../../usecases/ports.ts';
import { expiresAt, type Item, readItem, versioned } from './item.ts';
import { closedKey, closedList, closedOf, dayOf, daysFrom, iso } from './keys.ts';
import { readable } from './readable.ts';
import { closedRotationSchema } from './rotation-schema.ts';
import type { Table } from './table.ts';

const Filed = z.looseObject({ userId: z.string(), rotation: closedRotationSchema });

export function closedRotations(table: Table, log: Log): Pick<Users, 'file' | 'filed' | 'countClosed'> {
  return {
    async file(user, rotation) {
      const { account, userName, userId, arn, owner } = user;
      const { closedAt } = rotation;
      const closed = z.encode(closedRotationSchema, rotation);
      await table.put({
        ...versioned({ account, userName, userId, arn, owner, rotation: closed }),
        ...closedKey(user, rotation),
        listedIn: closedList(account, dayOf(closedAt)),
        expiresAt: expiresAt(closedAt),
      });
    },
    filed(id) {
      const { pk, from } = closedOf(id);
      const items = table.query({
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :from)',
        ExpressionAttributeValues: { ':pk': pk, ':from': from },
        ScanIndexForward: false,
      });
      return readable(items, readFiled, log);
    },
    async countClosed(account, from, until) {
      const counts = daysFrom(from, until).map((day) =>
        table.count({
          IndexName: 'byAccount',
          KeyConditionExpression: 'listedIn = :list',
          FilterExpression: 'rotation.closedAt > :from AND rotation.closedAt <= :until',
          ExpressionAttributeValues: {
            ':list': closedList(account, day),
            ':from': iso(from),
            ':until': iso(until),
          },
        }),
      );
      return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
    },
  };
}

export function readFiled(item: Item): FiledRotation {
  const { userId, rotation } = readItem(Filed, item);
  return { userId, rotation };
}
