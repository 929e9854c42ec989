// Closed rotations are copied once and counted exactly.
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { daysFrom } from '../../../src/adapters/store/keys.ts';
import type { Deleted } from '../../../src/domain/rotation.ts';
import { DAY, HOUR } from '../../../src/domain/time.ts';
import { NOW, rotationAt, userAt } from '../../domain/given.ts';
import { anyClosedRotation } from './any-user.ts';
import { ACCOUNT, all, startTable, type Table } from './table-under-test.ts';

let table: Table;

beforeEach(async () => {
  table = await startTable();
});

const ci = userAt('deleted', { account: ACCOUNT, userName: 'ci' });
const closedAt = (at: number): Deleted => ({ ...rotationAt('deleted'), closedAt: at });

describe('the copy of a closed rotation', () => {
  test('stands beside the live item, under the moment it closed and the old key', async () => {
    const rotation = closedAt(NOW);
    await table.users.file(ci, rotation);
    expect(
      await table.get(`USER#${ACCOUNT}#ci`, `ROTATION#2026-11-20T09:00:00.000Z#${rotation.oldKeyId}`),
    ).toMatchObject({
      schema: 1,
      account: ACCOUNT,
      userName: 'ci',
      listedIn: `closed#${ACCOUNT}#2026-11-20`,
      expiresAt: (NOW + 400 * DAY) / 1000,
      rotation: { stage: 'deleted', closedAt: '2026-11-20T09:00:00.000Z', replacement: { kind: 'created' } },
    });
  });

  test('is one, however often it is made', async () => {
    await table.users.file(ci, closedAt(NOW));
    await table.users.file(ci, closedAt(NOW));
    expect(await table.users.countClosed(ACCOUNT, NOW - DAY, NOW)).toBe(1);
  });

  test('can be made of any closed rotation', async () => {
    await fc.assert(fc.asyncProperty(anyClosedRotation, (rotation) => table.users.file(ci, rotation)));
  });
});

describe('the rotations that a user has behind it', () => {
  test('come the newest first, each with whose it was, and without those of others', async () => {
    for (const days of [2, 1, 3]) await table.users.file(ci, closedAt(NOW - days * DAY));
    await table.users.file({ ...ci, userName: 'ci2' }, closedAt(NOW));
    const filed = await all(table.users.filed(ci));
    expect(filed).toEqual(
      [1, 2, 3].map((days) => ({ userId: ci.userId, rotation: closedAt(NOW - days * DAY) })),
    );
  });
});

describe('an export of every rotation', () => {
  test('tells each once, whether or not its user notes the copy of it', async () => {
    const rotation = closedAt(NOW);
    const saved = await table.users.save({ ...ci, version: 0, rotation });
    const told = [{ account: ACCOUNT, userName: 'ci', userId: ci.userId, rotation }];
    expect(await all(table.everyRotation())).toMatchObject(told);
    await table.users.file(ci, rotation);
    expect(await all(table.everyRotation())).toMatchObject(told);
    await table.users.save({ ...saved, rotation: { ...rotation, isFiled: true } });
    expect(await all(table.everyRotation())).toMatchObject(told);
  });
});

describe('the count of closed rotations', () => {
  test('leaves out the moment it starts from and takes in the one it ends with', async () => {
    const from = NOW - 3 * DAY;
    const moments = [from - 1, from, from + 1, NOW - DAY, NOW, NOW + 1];
    for (const [i, at] of moments.entries())
      await table.users.file({ ...ci, userName: `ci-${i}` }, closedAt(at));
    expect(await table.users.countClosed(ACCOUNT, from, NOW)).toBe(3);
    expect(await table.users.countClosed(ACCOUNT, NOW, NOW + HOUR)).toBe(1);
    expect(await table.users.countClosed(ACCOUNT, NOW, NOW)).toBe(0);
    expect(await table.users.countClosed('444455556666', from, NOW)).toBe(0);
  });

  test('takes in each of two rotations of one user on one day', async () => {
    await table.users.file(ci, closedAt(NOW - HOUR));
    await table.users.file(ci, closedAt(NOW));
    expect(await table.users.countClosed(ACCOUNT, NOW - DAY, NOW)).toBe(2);
  });

  test('asks for every day between, and for one day once', () => {
    const at = (text: string) => Date.parse(text);
    expect(daysFrom(at('2026-11-19T23:59:59.999Z'), at('2026-11-21T00:00:00Z'))).toEqual([
      '2026-11-19',
      '2026-11-20',
      '2026-11-21',
    ]);
    expect(daysFrom(NOW, NOW)).toEqual(['2026-11-20']);
    expect(daysFrom(NOW, NOW - 2 * DAY)).toEqual([]);
  });
});
