// A job arrives as it was sent, and what is no job is refused without a word of its content.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSweepJob, parseUpkeepJob, writeJob } from '../../../src/adapters/queue/job-schema.ts';
import { UnreadableJob } from '../../../src/adapters/unreadable-job.ts';
import type { UsageReport } from '../../../src/domain/usage-ledger.ts';
import type { SweepFigures, SweepJob, UpkeepJob } from '../../../src/usecases/jobs.ts';
import { record } from '../any-record.ts';

const id = fc.string({ minLength: 1 });
const account = fc.stringMatching(/^\d{12}$/);
const userName = fc.stringMatching(/^[A-Za-z0-9+=,.@_-]{1,64}$/);
const count = fc.nat();

const figures: fc.Arbitrary<SweepFigures> = fc.record({
  account,
  sweptAt: count,
  users: count,
  activeKeys: count,
  withinAge: count,
  unreadable: fc.array(fc.record({ line: count, why: fc.string() })),
  unreadableCount: count,
});

const report: fc.Arbitrary<UsageReport> = fc.record({
  at: count,
  isWhole: fc.boolean(),
  users: fc.array(
    record(
      { userName, keys: fc.array(record({ lastRotated: count }, { lastUsed: count })) },
      { madeAt: count },
    ),
  ),
});

const kind = <K extends string>(name: K) => fc.constant(name);

const anyUpkeepJob: fc.Arbitrary<UpkeepJob> = fc
  .oneof(
    fc.record({ kind: kind('remind'), id, ownerId: id }),
    fc.record({ kind: kind('tellAdmins'), id, users: fc.array(fc.record({ account, userName })) }),
    fc.record({ kind: kind('redrawList'), id, channel: id, ts: id }),
    fc.record({ kind: kind('inspect'), id, account, userName }),
    fc.record({ kind: kind('recordSweep'), id, figures }),
    fc.record({
      kind: kind('recordRefusedSweep'),
      id,
      refused: fc.record({ account, at: count, operation: id, code: id }),
    }),
    fc.record({ kind: kind('recordUse'), id, account, shard: count, of: fc.integer({ min: 1 }), report }),
    fc.record({ kind: kind('summarize'), id }),
  )
  .map((job) => structuredClone(job));

const anySweepJob: fc.Arbitrary<SweepJob> = fc.record(
  { kind: kind('sweep'), id, account },
  { noNullPrototype: true },
);

const inspect = {
  v: 1,
  kind: 'inspect',
  id: 'tick-1',
  account: '111122223333',
  userName: 'ci-deploy',
};

describe('a job', () => {
  test('arrives as it was sent', () => {
    fc.assert(
      fc.property(anyUpkeepJob, (job) => {
        expect(parseUpkeepJob(writeJob(job))).toStrictEqual(job);
      }),
    );
    fc.assert(
      fc.property(anySweepJob, (job) => {
        expect(parseSweepJob(writeJob(job))).toStrictEqual(job);
      }),
    );
  });

  test('bears a version, so that a later one can tell', () => {
    expect(JSON.parse(writeJob({ kind: 'summarize', id: 'summary@1' }))).toEqual({
      v: 1,
      kind: 'summarize',
      id: 'summary@1',
    });
  });

  test('about the use of keys means one of five ledgers where an earlier version wrote it', () => {
    const report = { at: 0, isWhole: true, users: [] };
    const job = { kind: 'recordUse', id: '1', account: '111122223333', shard: 3, report };
    expect(parseUpkeepJob(JSON.stringify({ v: 1, ...job }))).toEqual({ ...job, of: 5 });
  });

  test('may carry fields unknown here', () => {
    const { v: _, ...job } = inspect;
    expect(parseUpkeepJob(JSON.stringify({ ...inspect, because: 'later' }))).toEqual(job);
  });
});

describe('a job in somebody’s name', () => {
  test.each(['click', 'show', 'command'])('is no job, wherever it stands: %s', (kind) => {
    const inName = { ...inspect, kind, personId: 'U0ANA', place: { channel: 'D0ANA' } };
    expect(() => parseUpkeepJob(JSON.stringify(inName))).toThrow(new UnreadableJob('kind'));
  });
});

describe('a message that is no job', () => {
  const refused: [string, unknown, string][] = [
    ['of a later version', { ...inspect, v: 2 }, 'it has version 2, and this version knows 1'],
    ['without a version', { ...inspect, v: undefined }, 'v'],
    ['that is a list', [], 'it is not an object'],
    ['that is nothing', null, 'it is not an object'],
    ['of an unknown kind', { ...inspect, kind: 'hunter2' }, 'kind'],
    ['without an id', { ...inspect, id: '' }, 'id'],
    ['about an account that cannot be', { ...inspect, account: 'hunter2' }, 'account'],
    ['about a user that cannot be', { ...inspect, userName: 'hunter2 #' }, 'userName'],
    ['about a user whose name is too long', { ...inspect, userName: 'x'.repeat(65) }, 'userName'],
    ['wrong in two ways', { ...inspect, account: 1, userName: undefined }, 'account, userName'],
    ['about an owner without a name', { v: 1, kind: 'remind', id: '1', ownerId: '' }, 'ownerId'],
    [
      'with figures that cannot be',
      { v: 1, kind: 'recordSweep', id: '1', figures: { account: '111122223333', users: -1 } },
      'figures.sweptAt, figures.users, figures.activeKeys, figures.withinAge, figures.unreadable, figures.unreadableCount',
    ],
    [
      'with the use of keys of nobody',
      {
        ...{ v: 1, kind: 'recordUse', id: '1', account: '111122223333', shard: 0 },
        report: { at: 0, isWhole: true, users: [{ userName: 'hunter2 #', keys: [{}] }] },
      },
      'report.users.0.userName, report.users.0.keys.0.lastRotated',
    ],
  ];

  test.each(refused)('%s is refused by the names of its wrong fields', (_, message, why) => {
    expect(() => parseUpkeepJob(JSON.stringify(message))).toThrow(new UnreadableJob(why));
  });

  test('that is not JSON is refused without being quoted', () => {
    expect(() => parseUpkeepJob('hunter2')).toThrow(new UnreadableJob('it is not JSON'));
  });

  test('for the other function is refused', () => {
    expect(() => parseSweepJob(JSON.stringify(inspect))).toThrow(UnreadableJob);
    expect(() => parseUpkeepJob(writeJob({ kind: 'sweep', id: '1', account: '111122223333' }))).toThrow(
      UnreadableJob,
    );
  });
});
