// Rotations that are over, each copied to an item of its own and kept as evidence.
import * as z from 'zod';
import type { Users } from '../../usecases/ports.ts';
import { expiresAt, versioned } from './item.ts';
import { closedKey, closedList, dayOf, daysFrom, iso } from './keys.ts';
import { closedRotationSchema } from './rotation-schema.ts';
import type { Table } from './table.ts';

export function closedRotations(table: Table): Pick<Users, 'file' | 'countClosed'> {
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
