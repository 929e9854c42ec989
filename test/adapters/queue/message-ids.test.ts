// Groups and duplicates: whatever the texts, SQS takes the ids, and different things keep different ids.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deduplicationOf, groupOf } from '../../../src/adapters/queue/message-ids.ts';
import type { Command, WorkerJob } from '../../../src/usecases/jobs.ts';

const ALLOWED = /^[!-~]{1,128}$/;
const account = '111122223333';
const inspect = (userName: string, id = 'id'): WorkerJob => ({ kind: 'inspect', id, account, userName });
const figures = {
  account,
  sweptAt: 0,
  users: 0,
  activeKeys: 0,
  withinAge: 0,
  unreadable: [],
  unreadableCount: 0,
};
const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 200 });

const place = { channel: 'D' };
const asked = { id: '1', personId: 'U', place };
const typed = { ...asked, kind: 'command', askedAt: 0 } as const;
const report = { at: 0, isWhole: true, users: [] };
const remind = (id: string, ownerId: string): WorkerJob => ({ kind: 'remind', id, ownerId });

describe('the group of a job', () => {
  test.each<[string, WorkerJob, string]>([
    [
      'its IAM user’s for a press',
      { ...asked, kind: 'click', account, userName: 'ci', move: 'createKey', insist: false },
      'user/111122223333/ci',
    ],
    [
      'its IAM user’s for a card',
      { ...asked, kind: 'show', account, userName: 'ci' },
      'user/111122223333/ci',
    ],
    ['its IAM user’s for a look', inspect('ci'), 'user/111122223333/ci'],
    ['its owner’s for a reminder', remind('1', 'U0ANA'), 'owner/U0ANA'],
    ['the same for another: two messages are never written at once', remind('2', 'U0ANA'), 'owner/U0ANA'],
    [
      'the same where AWS refused them',
      {
        kind: 'recordRefusedSweep',
        id: '1',
        refused: { account, at: 1, operation: 'AssumeRole', code: 'AccessDenied' },
      },
      'sweep/111122223333',
    ],
    ['of its own for an account’s figures', { kind: 'recordSweep', id: '1', figures }, 'sweep/111122223333'],
    [
      'of its own for each ledger',
      { kind: 'recordUse', id: '1', account, shard: 3, of: 5, report },
      'use/111122223333/3',
    ],
    ['of its own for the watch over keyrotate itself', { kind: 'watchHealth', id: '1' }, 'health'],
    ['of its own for summaries', { kind: 'summarize', id: '1' }, 'summary'],
    ['the admins’ for what they are told', { kind: 'tellAdmins', id: '1', users: [] }, 'admins'],
    ['the admins’ for their lists', { kind: 'redrawList', id: '1', channel: 'C', ts: '1' }, 'admins'],
    ['of its own for a command', { ...typed, command: { name: 'summary' } }, 'command/1'],
    [
      'its person’s for a walk over whole accounts, however often they ask for one',
      { ...typed, command: { name: 'list' } },
      `walk/${asked.personId}`,
    ],
  ])('is %s', (_, job, group) => expect(groupOf(job)).toBe(group));

  test('of hand-overs of one user keeps their order: the later one must hold, and holds up nobody else’s', () => {
    const to = { kind: 'person', slackId: 'U' } as const;
    const row = { of: { account, userName: 'ci' }, matter: 'silence', mark: 'm' } as const;
    const of = (command: Command) => groupOf({ ...typed, command });
    expect(of({ name: 'assign', target: { userName: 'CI' }, to })).toBe('assign/ci');
    expect(of({ name: 'unassign', target: { userName: 'ci' } })).toBe('assign/ci');
    expect(of({ name: 'handOver', row, to })).toBe('assign/ci');
    expect(of({ name: 'assign', target: { userName: 'backup' }, to })).toBe('assign/backup');
  });

  test('is taken by SQS and shared with no other user', () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(groupOf(inspect(one))).toMatch(ALLOWED);
        expect(groupOf(inspect(one)) === groupOf(inspect(other))).toBe(one === other);
      }),
    );
  });
});

describe('the mark that tells duplicates', () => {
  test('is the job’s own id where SQS takes it', () => {
    expect(deduplicationOf(inspect('ci', 'wake/111122223333/ci@1'))).toBe('wake/111122223333/ci@1');
  });

  test('is taken by SQS and shared with no other job', () => {
    const pretender = deduplicationOf(inspect('ci', 'has a space'));
    expect(deduplicationOf(inspect('ci', pretender))).not.toBe(pretender);
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(deduplicationOf(inspect('ci', one))).toMatch(ALLOWED);
        expect(deduplicationOf(inspect('ci', one)) === deduplicationOf(inspect('ci', other))).toBe(
          one === other,
        );
      }),
    );
  });
});
