// When an owner was last written to, and how many were written to for the first time on a day.
import { beforeEach, describe, expect, test } from 'vitest';
import { DAY } from '../../../src/domain/time.ts';
import { ChangedMeanwhile } from '../../../src/usecases/errors.ts';
import type { OwnerRecord } from '../../../src/usecases/ports.ts';
import { NOW } from '../../domain/given.ts';
import { startTable, type Table } from './table-under-test.ts';

let table: Table;

beforeEach(async () => {
  table = await startTable();
});

const TODAY = '2026-11-20';
const fresh: OwnerRecord = { ownerId: 'U0ANA', version: 0, notifiedAt: NOW, jobId: 'remind-1' };

describe('what is remembered of an owner', () => {
  test('is nothing before they are written to, then comes back as it was saved, and is read consistently', async () => {
    expect(await table.records.owner('U0ANA')).toBeUndefined();
    const saved = await table.records.saveOwner({ ...fresh, digest: { channel: 'D0ANA', ts: '1' } });
    expect(saved).toStrictEqual({ ...fresh, version: 1, digest: { channel: 'D0ANA', ts: '1' } });
    expect(await table.records.owner('U0ANA')).toStrictEqual(saved);
    expect(table.wire.calls.at(-1)?.input).toMatchObject({ ConsistentRead: true });
  });

  test('is written by one of two who read the same: the other is told', async () => {
    const saved = await table.records.saveOwner(fresh);
    await table.records.saveOwner({ ...saved, jobId: 'remind-2' });
    await expect(table.records.saveOwner({ ...saved, jobId: 'remind-3' })).rejects.toBeInstanceOf(
      ChangedMeanwhile,
    );
    await expect(table.records.saveOwner(fresh)).rejects.toBeInstanceOf(ChangedMeanwhile);
    expect(await table.records.owner('U0ANA')).toMatchObject({ jobId: 'remind-2', version: 2 });
  });

  test('is one’s own where only the answer to the write was lost', async () => {
    table.loseNextAnswer();
    expect(await table.records.saveOwner(fresh)).toMatchObject({ version: 1 });
  });
});

describe('the first contacts of a day', () => {
  test('are granted until the day has no more, another day has its own, and they are forgotten a month later', async () => {
    expect(await table.records.takeContacts(TODAY, 3, 5)).toBe(3);
    expect(await table.records.takeContacts(TODAY, 3, 5)).toBe(2);
    expect(await table.records.takeContacts(TODAY, 1, 5)).toBe(0);
    expect(await table.records.takeContacts('2026-11-21', 1, 5)).toBe(1);
    expect(await table.get('CONTACTS', TODAY)).toMatchObject({
      schema: 1,
      taken: 5,
      expiresAt: (Date.parse(TODAY) + 30 * DAY) / 1000,
    });
  });

  test('never exceed the number, however many take of it at once', async () => {
    const taken = await Promise.all(Array.from({ length: 6 }, () => table.records.takeContacts(TODAY, 2, 7)));
    expect(taken.reduce((sum, one) => sum + one, 0)).toBe(7);
    expect(await table.records.takeContacts(TODAY, 1, 7)).toBe(0);
  });

  test('are none at all where the number was lowered below what was taken', async () => {
    await table.records.takeContacts(TODAY, 5, 5);
    expect(await table.records.takeContacts(TODAY, 1, 2)).toBe(0);
  });

  test('are counted once where only the answer was lost', async () => {
    table.loseNextAnswer();
    expect(await table.records.takeContacts(TODAY, 2, 5)).toBe(2);
    expect(await table.records.takeContacts(TODAY, 5, 5)).toBe(3);
  });
});

describe('how young a key may be that is brought up for the first time', () => {
  const YOUNGEST = NOW - 90 * DAY;
  const found = (at: number) => async () => at;

  test('is found once a day', async () => {
    expect(await table.records.youngestToday(TODAY, found(YOUNGEST))).toBe(YOUNGEST);
    expect(await table.records.youngestToday(TODAY, found(NOW))).toBe(YOUNGEST);
    expect(await table.records.youngestToday('2026-11-21', found(NOW))).toBe(NOW);
  });

  test('is one and the same for two who look for it at once', async () => {
    const both = await Promise.all([
      table.records.youngestToday(TODAY, found(YOUNGEST)),
      table.records.youngestToday(TODAY, found(NOW)),
    ]);
    expect(new Set(both).size).toBe(1);
    expect(await table.records.youngestToday(TODAY, found(0))).toBe(both[0]);
  });

  test('is found on a day of which an earlier version has only counted', async () => {
    await table.records.takeContacts(TODAY, 3, 5);
    expect(await table.get('CONTACTS', TODAY)).not.toHaveProperty('youngest');
    expect(await table.records.youngestToday(TODAY, found(YOUNGEST))).toBe(YOUNGEST);
    expect(await table.records.takeContacts(TODAY, 9, 5)).toBe(2);
    expect(await table.records.youngestToday(TODAY, found(NOW))).toBe(YOUNGEST);
  });
});
