// The figures of sweeps, the last summary and the lists of the admins come back as they were saved.
import { beforeEach, describe, expect, test } from 'vitest';
import { DAY } from '../../../src/domain/time.ts';
import type { SweepFigures } from '../../../src/usecases/jobs.ts';
import type { AdminList } from '../../../src/usecases/ports.ts';
import { NOW } from '../../domain/given.ts';
import { ACCOUNT, startTable, type Table } from './table-under-test.ts';

let table: Table;

beforeEach(async () => {
  table = await startTable();
});

const figures = (sweptAt: number): SweepFigures => ({
  account: ACCOUNT,
  sweptAt,
  users: 40,
  activeKeys: 31,
  withinAge: 30,
  unreadable: [{ line: 7, why: 'no date' }],
  unreadableCount: 1,
});

describe('the figures of a sweep', () => {
  test('are absent before the first, and then those of the latest, in whatever order they were saved', async () => {
    expect(await table.records.latestSweep(ACCOUNT)).toBeUndefined();
    for (const at of [NOW, NOW - DAY, NOW - 2 * DAY]) await table.records.saveSweep(figures(at));
    await table.records.saveSweep({ ...figures(NOW + DAY), account: '444455556666' });
    expect(await table.records.latestSweep(ACCOUNT)).toStrictEqual(figures(NOW));
  });

  test('from a moment on are told in their order, of one account', async () => {
    for (const at of [NOW, NOW - DAY, NOW - 2 * DAY, NOW - 3 * DAY])
      await table.records.saveSweep(figures(at));
    await table.records.saveSweep({ ...figures(NOW), account: '444455556666' });
    const found = await table.records.sweepsFrom(ACCOUNT, NOW - 2 * DAY);
    expect(found).toStrictEqual([figures(NOW - 2 * DAY), figures(NOW - DAY), figures(NOW)]);
  });

  test('are kept 400 days, under the account and the moment', async () => {
    await table.records.saveSweep(figures(NOW));
    expect(await table.get(`SWEEP#${ACCOUNT}`, '2026-11-20T09:00:00.000Z')).toMatchObject({
      schema: 1,
      expiresAt: (NOW + 400 * DAY) / 1000,
    });
  });

  test('that cannot be read give way to those before, with a warning', async () => {
    await table.records.saveSweep(figures(NOW - DAY));
    await table.put({ pk: `SWEEP#${ACCOUNT}`, sk: '2026-11-20T09:00:00.000Z', schema: 2 });
    expect(await table.records.latestSweep(ACCOUNT)).toStrictEqual(figures(NOW - DAY));
    expect(table.logged).toEqual([
      { event: 'store.itemSkipped', facts: { account: ACCOUNT, code: 'NewerSchema', count: 1 } },
    ]);
  });
});

describe('the last summary', () => {
  test('is absent before the first, replaces the one before, and is read consistently', async () => {
    expect(await table.records.latestSummary()).toBeUndefined();
    await table.records.saveSummary({ jobId: 'summary@1', at: NOW - DAY, share: 0.5 });
    await table.records.saveSummary({ jobId: 'summary@2', at: NOW, share: 0.75 });
    expect(await table.records.latestSummary()).toStrictEqual({ jobId: 'summary@2', at: NOW, share: 0.75 });
    expect(table.wire.calls.at(-1)?.input).toMatchObject({ ConsistentRead: true });
  });
});

describe('a list in the admin channel', () => {
  const list: AdminList = {
    channel: 'C0ADMIN',
    ts: '1763600000.000100',
    matter: 'silence',
    at: NOW,
    users: ['ci', 'cd'].map((userName) => ({ account: ACCOUNT, userName })),
  };

  test('comes back as it was saved, is kept as long as other evidence, and is none where nobody sent one', async () => {
    await table.records.saveList(list);
    expect(await table.records.list(list.ts)).toStrictEqual(list);
    expect(await table.records.list('1')).toBeUndefined();
    expect(await table.get('ADMINS', `LIST#${list.ts}`)).toMatchObject({
      schema: 1,
      expiresAt: (NOW + 400 * DAY) / 1000,
    });
  });
});

describe('how far a table is sent', () => {
  test('comes back as it was saved last, and is kept for longer than a queue keeps its job', async () => {
    const sent = { jobId: 'command/123.abc', at: NOW, last: '2026-08-20T09:00:00.000Z 111122223333/ci-1' };
    await table.records.saveTableSent({ ...sent, last: '' });
    await table.records.saveTableSent(sent);
    expect(await table.records.tableSent(sent.jobId)).toStrictEqual(sent);
    expect(await table.records.tableSent('command/456')).toBeUndefined();
    expect(await table.get('ADMINS', `TABLE#${sent.jobId}`)).toMatchObject({
      expiresAt: (NOW + 7 * DAY) / 1000,
    });
  });
});

describe('a plan of owners', () => {
  test('comes back as it was saved, and is kept for a day', async () => {
    const users = [{ account: '111122223333', userName: 'ci-deploy' }];
    const parts = [
      { to: { kind: 'person' as const, slackId: 'U0ANA1234' }, users },
      { to: { kind: 'channel' as const, channelId: 'C0TEAM123' }, users },
    ];
    const plan = { id: 'abc1', at: NOW, text: 'ci-* -> U0ANA1234', parts };
    await table.records.savePlan(plan);
    expect(await table.records.plan('abc1')).toStrictEqual(plan);
    expect(await table.records.plan('abc2')).toBeUndefined();
    expect(await table.get('ADMINS', 'PLAN#abc1')).toMatchObject({ expiresAt: (NOW + DAY) / 1000 });
  });
});
