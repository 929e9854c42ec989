// A job arrives as it was sent, and what is no job is refused without a word of its content.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  parseSweepJob,
  parseUpkeepJob,
  parseWorkerJob,
  UnreadableJob,
  writeJob,
} from '../../../src/adapters/queue/job-schema.ts';
import { MATTER_KINDS } from '../../../src/domain/message.ts';
import { MOVE_NAMES } from '../../../src/domain/transitions.ts';
import type { UsageReport } from '../../../src/domain/usage-ledger.ts';
import type { SlackPlace, SweepFigures, SweepJob, WorkerJob } from '../../../src/usecases/jobs.ts';
import { record } from '../any-record.ts';

const id = fc.string({ minLength: 1 });
const account = fc.stringMatching(/^\d{12}$/);
const userName = fc.stringMatching(/^[A-Za-z0-9+=,.@_-]{1,64}$/);
const count = fc.nat();

const place: fc.Arbitrary<SlackPlace> = record(
  { channel: id },
  { ts: fc.string(), drawing: fc.string(), responseUrl: fc.webUrl() },
);

const target = record({ userName }, { account });

const to = fc.oneof(
  fc.record({ kind: fc.constant('person' as const), slackId: id }),
  fc.record({ kind: fc.constant('channel' as const), channelId: id }),
);
const row = fc.record({
  of: fc.record({ account, userName }),
  matter: fc.constantFrom(...MATTER_KINDS),
  mark: fc.stringMatching(/^[0-9a-z]{1,14}$/),
});

const command = fc.oneof(
  record({ name: fc.constant('list' as const) }, { slackId: id }),
  record({ name: fc.constant('rotate' as const) }, { target, ending: fc.stringMatching(/^[A-Z0-9]{4,32}$/) }),
  fc.record({ name: fc.constant('show' as const), target }),
  fc.record({ name: fc.constant('unassign' as const), target }),
  fc.record({ name: fc.constant('assign' as const), target, to }),
  fc.record({ name: fc.constant('nudge' as const), row }),
  fc.record({ name: fc.constant('handOver' as const), row, to }),
  fc.record({ name: fc.constant('statusOf' as const), slackId: id }),
  fc.record({ name: fc.constant('deleteSecrets' as const), count }),
  fc.constant({ name: 'summary' } as const),
  fc.constant({ name: 'sweep' } as const),
);

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
const move = fc.constantFrom(...MOVE_NAMES);

const anyWorkerJob: fc.Arbitrary<WorkerJob> = fc
  .oneof(
    record(
      { kind: kind('click'), id, account, userName, move, insist: fc.boolean(), personId: id, place },
      { input: record({}, { text: fc.string({ maxLength: 3000 }), until: count }) },
    ),
    fc.record({ kind: kind('show'), id, account, userName, personId: id, place }),
    fc.record({ kind: kind('remind'), id, ownerId: id }),
    fc.record({ kind: kind('tellAdmins'), id, users: fc.array(fc.record({ account, userName })) }),
    fc.record({ kind: kind('redrawList'), id, channel: id, ts: id }),
    fc.record({ kind: kind('command'), id, command, personId: id, place }),
    fc.record({ kind: kind('inspect'), id, account, userName }),
    fc.record({ kind: kind('recordSweep'), id, figures }),
    fc.record({ kind: kind('recordUse'), id, account, shard: count, of: fc.integer({ min: 1 }), report }),
    fc.record({ kind: kind('summarize'), id }),
    record({ kind: kind('watchHealth'), id }, { refused: id, beside: id, stuck: fc.constant(true as const) }),
  )
  .map((job) => structuredClone(job));

const anySweepJob: fc.Arbitrary<SweepJob> = fc.record(
  { kind: kind('sweep'), id, account },
  { noNullPrototype: true },
);

const click = {
  v: 1,
  kind: 'click',
  id: 'click-1',
  account: '111122223333',
  userName: 'ci-deploy',
  move: 'createKey',
  insist: false,
  personId: 'U0ANA',
  place: { channel: 'D0ANA' },
};

describe('a job', () => {
  test('arrives as it was sent', () => {
    fc.assert(
      fc.property(anyWorkerJob, (job) => {
        expect(parseWorkerJob(writeJob(job))).toStrictEqual(job);
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
    expect(parseWorkerJob(JSON.stringify({ v: 1, ...job }))).toEqual({ ...job, of: 5 });
  });

  test('may carry fields unknown here', () => {
    const { v: _, ...job } = click;
    expect(parseWorkerJob(JSON.stringify({ ...click, because: 'later' }))).toEqual(job);
  });
});

describe('a job from a queue that other functions than Slack’s write to', () => {
  test('is taken when nobody is said to have asked for it', () => {
    const job = { kind: 'inspect', id: 'tick-1', account: '111122223333', userName: 'ci-deploy' } as const;
    expect(parseUpkeepJob(writeJob(job))).toEqual(job);
  });

  test('never speaks for a person', () => {
    fc.assert(
      fc.property(anyWorkerJob, (job) => {
        const read = () => parseUpkeepJob(writeJob(job));
        if ('personId' in job) expect(read).toThrow(UnreadableJob);
        else expect(read()).toStrictEqual(job);
      }),
    );
  });
});

describe('a message that is no job', () => {
  const typed = { v: 1, kind: 'command', id: '1', personId: 'U', place: click.place };
  const refused: [string, unknown, string][] = [
    ['of a later version', { ...click, v: 2 }, 'it has version 2, and this version knows 1'],
    ['without a version', { ...click, v: undefined }, 'v'],
    ['that is a list', [], 'it is not an object'],
    ['that is nothing', null, 'it is not an object'],
    ['of an unknown kind', { ...click, kind: 'hunter2' }, 'kind'],
    ['without an id', { ...click, id: '' }, 'id'],
    ['about an account that cannot be', { ...click, account: 'hunter2' }, 'account'],
    ['about a user that cannot be', { ...click, userName: 'hunter2 #' }, 'userName'],
    ['about a user whose name is too long', { ...click, userName: 'x'.repeat(65) }, 'userName'],
    ['with a move that is none', { ...click, move: 'hunter2' }, 'move'],
    ['with a word for a yes', { ...click, insist: 'hunter2' }, 'insist'],
    [
      'with more text than Slack lets anybody write',
      { ...click, input: { text: 'x'.repeat(3001) } },
      'input.text',
    ],
    ['with a word for a date', { ...click, input: { until: 'tomorrow' } }, 'input.until'],
    ['from nobody', { ...click, personId: '' }, 'personId'],
    ['from nowhere', { ...click, place: {} }, 'place.channel'],
    ['with no address', { ...click, place: { channel: 'D', responseUrl: 'hunter2' } }, 'place.responseUrl'],
    ['wrong in two ways', { ...click, account: 1, place: undefined }, 'account, place'],
    ['with a command that is none', { ...typed, command: { name: 'hunter2' } }, 'command.name'],
    [
      'that hands a user to nobody',
      { ...typed, command: { name: 'assign', target: { userName: 'hunter2 #' }, to: { kind: 'robot' } } },
      'command.target.userName, command.to.kind',
    ],
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
    expect(() => parseWorkerJob(JSON.stringify(message))).toThrow(new UnreadableJob(why));
  });

  test('that is not JSON is refused without being quoted', () => {
    expect(() => parseWorkerJob('hunter2')).toThrow(new UnreadableJob('it is not JSON'));
  });

  test('for the other function is refused', () => {
    expect(() => parseSweepJob(JSON.stringify(click))).toThrow(UnreadableJob);
    expect(() => parseWorkerJob(writeJob({ kind: 'sweep', id: '1', account: '111122223333' }))).toThrow(
      UnreadableJob,
    );
  });
});
