// What the nightly reports told of the use of keys, a few items for an account, whatever its size.
import { beforeEach, describe, expect, test } from 'vitest';
import { inBatches } from '../../../src/adapters/queue/batches.ts';
import { writeJob } from '../../../src/adapters/queue/job-schema.ts';
import { DAY } from '../../../src/domain/time.ts';
import { historyIn, type LedgerUser, SHARD_HOLDS, shardOf } from '../../../src/domain/usage-ledger.ts';
import { recordUse } from '../../../src/usecases/do-job.ts';
import { ChangedMeanwhile } from '../../../src/usecases/errors.ts';
import type { RecordUseJob } from '../../../src/usecases/jobs.ts';
import type { LedgerRecord } from '../../../src/usecases/ports.ts';
import { NOW } from '../../domain/given.ts';
import { ACCOUNT, startTable, type Table } from './table-under-test.ts';

let table: Table;

beforeEach(async () => {
  table = await startTable();
});

const SHARD = { shard: 3, of: 5 };
const EMPTY: LedgerRecord = { account: ACCOUNT, ...SHARD, version: 0, reportedAt: 0, users: [] };
const CI: LedgerUser = {
  userName: 'ci',
  keys: [{ lastRotated: NOW - 9 * DAY, lastUsed: NOW - DAY }],
  longestSilence: 2 * DAY,
};
const LEDGER = { ...EMPTY, reportedAt: NOW, users: [CI] };

const heard = (at: number, lastUsed: number): RecordUseJob => ({
  kind: 'recordUse',
  id: `sweep@${at}/${ACCOUNT}/use/3`,
  account: ACCOUNT,
  ...SHARD,
  report: {
    at,
    isWhole: true,
    users: [{ userName: 'ci', keys: [{ lastRotated: NOW - 9 * DAY, lastUsed }] }],
  },
});

describe('a ledger', () => {
  test('comes back as it was saved, is read consistently, and is kept 400 days', async () => {
    const missing = { ...CI, userName: '__proto__', madeAt: NOW - 99 * DAY, seenAt: NOW - DAY };
    await table.records.saveLedger({ ...LEDGER, users: [CI, missing] });
    expect(await table.records.ledger(ACCOUNT, SHARD)).toStrictEqual({
      ...LEDGER,
      version: 1,
      users: [CI, missing],
    });
    expect(table.wire.calls.at(-1)?.input).toMatchObject({ ConsistentRead: true });
    expect(await table.records.ledger(ACCOUNT, { ...SHARD, shard: 2 })).toEqual({ ...EMPTY, shard: 2 });
    expect(await table.get(`USE#${ACCOUNT}`, 'SHARD#3')).toMatchObject({
      schema: 1,
      expiresAt: (NOW + 400 * DAY) / 1000,
    });
  });

  test('is written by one of two who read the same: the other is told', async () => {
    await table.records.saveLedger(LEDGER);
    await expect(table.records.saveLedger(LEDGER)).rejects.toBeInstanceOf(ChangedMeanwhile);
    const read = await table.records.ledger(ACCOUNT, SHARD);
    await table.records.saveLedger(read);
    await expect(table.records.saveLedger(read)).rejects.toBeInstanceOf(ChangedMeanwhile);
  });

  test('that a later version wrote is not read, and so not written over', async () => {
    await table.put({ pk: `USE#${ACCOUNT}`, sk: 'SHARD#3', schema: 2 });
    await expect(recordUse(heard(NOW, NOW), { records: table.records })).rejects.toMatchObject({
      name: 'NewerSchema',
    });
  });
});

describe('a ledger of the version before', () => {
  const key = { lastRotated: new Date(NOW - 9 * DAY).toISOString() };
  const item = {
    ...{ pk: `USE#${ACCOUNT}`, sk: 'SHARD#3', schema: 1, account: ACCOUNT, shard: 3, version: 4 },
    reportedAt: new Date(NOW).toISOString(),
    users: [
      {
        userName: 'ci',
        keys: [
          { ...key, longestSilence: 3 },
          { ...key, longestSilence: 2 * DAY },
        ],
      },
    ],
  };

  test('is read: of two keys the longer silence counts', async () => {
    await table.put(item);
    const { users, ...rest } = await table.records.ledger(ACCOUNT, SHARD);
    expect(rest).toEqual({ account: ACCOUNT, ...SHARD, version: 4, reportedAt: NOW });
    const keys = [{ lastRotated: NOW - 9 * DAY }, { lastRotated: NOW - 9 * DAY }];
    expect(users).toStrictEqual([{ userName: 'ci', keys, longestSilence: 2 * DAY }]);
  });

  test('has what that version needs to be there when it is written again', async () => {
    await table.put(item);
    await table.records.saveLedger(await table.records.ledger(ACCOUNT, SHARD));
    const { users } = item;
    const keys = users[0]?.keys.map((each) => ({ ...each, longestSilence: 2 * DAY }));
    expect(await table.get(`USE#${ACCOUNT}`, 'SHARD#3')).toMatchObject({
      ...{ account: ACCOUNT, shard: 3, version: 5, reportedAt: item.reportedAt },
      users: [{ userName: 'ci', keys }],
    });
  });
});

describe('a night’s report', () => {
  test('is added to what was known', async () => {
    await recordUse(heard(NOW - 5 * DAY, NOW - 8 * DAY), { records: table.records });
    await recordUse(heard(NOW, NOW - DAY), { records: table.records });
    expect(await table.records.ledger(ACCOUNT, SHARD)).toMatchObject({
      version: 2,
      reportedAt: NOW,
      users: [{ userName: 'ci', keys: [{ lastUsed: NOW - DAY }], longestSilence: 3 * DAY }],
    });
  });

  test('that comes twice, or late, writes nothing', async () => {
    await recordUse(heard(NOW, NOW - DAY), { records: table.records });
    const known = await table.records.ledger(ACCOUNT, SHARD);
    await recordUse(heard(NOW, NOW - DAY), { records: table.records });
    await recordUse(heard(NOW - DAY, NOW - 3 * DAY), { records: table.records });
    expect(await table.records.ledger(ACCOUNT, SHARD)).toStrictEqual(known);
    expect(table.wire.calls.filter(({ action }) => action === 'PutItem')).toHaveLength(1);
  });

  test('keeps what a later version of the same schema noted beside it', async () => {
    await table.records.saveLedger(LEDGER);
    await table.put({ ...(await table.get(`USE#${ACCOUNT}`, 'SHARD#3')), mood: 'hopeful' });
    await recordUse(heard(NOW + DAY, NOW), { records: table.records });
    expect(await table.get(`USE#${ACCOUNT}`, 'SHARD#3')).toMatchObject({ mood: 'hopeful', version: 2 });
  });

  /** IAM's longest names, two used keys each, and as many users as a shard may hold. */
  test('fits into one message and one item, at its largest', async () => {
    const userName = (n: number) => `${n}`.padStart(64, 'x');
    const key = { lastRotated: NOW, lastUsed: NOW };
    const users = Array.from({ length: SHARD_HOLDS }, (_, n) => ({
      userName: userName(n),
      madeAt: NOW,
      keys: [key, key],
    }));
    const job = { ...heard(NOW, NOW), report: { at: NOW, isWhole: false, users } };
    const message = { MessageBody: writeJob(job) };
    expect(Buffer.byteLength(message.MessageBody)).toBeLessThan(262_144);
    expect(inBatches([message, message])).toHaveLength(2);

    await recordUse(job, { records: table.records });
    const slowest = await table.records.ledger(ACCOUNT, SHARD);
    await table.records.saveLedger({
      ...slowest,
      users: users.map((user) => ({ ...user, longestSilence: 365 * DAY, seenAt: NOW })),
    });
    expect(sizeOf(await table.get(`USE#${ACCOUNT}`, 'SHARD#3'))).toBeLessThan(400 * 1024);
  });
});

test('what was learnt is found when the number of ledgers changes, also before the next report', async () => {
  const names = ['ci', 'app', 'backup'];
  const night = async (of: number, at: number, lastUsed: number) => {
    const keys = [{ lastRotated: NOW - 9 * DAY, lastUsed }];
    for (const shard of new Set(names.map((name) => shardOf(name, of).shard))) {
      const inIt = names.filter((name) => shardOf(name, of).shard === shard);
      const users = inIt.map((userName) => ({ userName, keys }));
      const job = { ...heard(at, lastUsed), shard, of, report: { at, isWhole: true, users } };
      await recordUse(job, { records: table.recordsIn(of, 5) });
    }
  };
  const learnt = (of: number, ...before: number[]) =>
    Promise.all(
      names.map(async (name) => {
        const ledger = await table.recordsIn(of, ...before).ledger(ACCOUNT, shardOf(name, of));
        return historyIn(ledger, name)?.longestSilence;
      }),
    );
  const all = (silence: number) => names.map(() => silence);

  await night(5, NOW, NOW - DAY);
  await night(5, NOW + 3 * DAY, NOW + 2 * DAY);
  expect(await learnt(5)).toEqual(all(DAY));
  expect(await learnt(8, 5)).toEqual(all(DAY));
  await night(8, NOW + 9 * DAY, NOW + 2 * DAY);
  expect(await learnt(8, 5)).toEqual(all(DAY));
  await night(8, NOW + 20 * DAY, NOW + 19 * DAY);
  expect(await learnt(8, 5)).toEqual(all(7 * DAY));
  expect(await learnt(11, 8, 5)).toEqual(all(7 * DAY));
});

/** As DynamoDB counts: names and texts in UTF-8, numbers by two digits, and something for each list, map and element. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value !== 'object' || value === null) return Math.ceil(String(value).length / 2) + 2;
  const inside = Object.entries(value).map(
    ([name, each]) => (Array.isArray(value) ? 0 : Buffer.byteLength(name)) + sizeOf(each) + 1,
  );
  return 3 + inside.reduce((sum, size) => sum + size, 0);
}
