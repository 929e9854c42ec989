// Groups and duplicates: whatever the texts, SQS takes the ids, and different things keep different ids.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deduplicationOf, groupOf } from '../../../src/adapters/queue/message-ids.ts';
import type { WorkerJob } from '../../../src/usecases/jobs.ts';

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

describe('the group of a job', () => {
  test('is its IAM user’s, whatever is to be done', () => {
    const click: WorkerJob = {
      kind: 'click',
      id: '2',
      account,
      userName: 'ci',
      move: 'createKey',
      insist: false,
      personId: 'U',
      place: { channel: 'D' },
    };
    const show: WorkerJob = {
      kind: 'show',
      id: '3',
      account,
      userName: 'ci',
      personId: 'U',
      place: { channel: 'D' },
    };
    expect([click, show, inspect('ci')].map(groupOf)).toEqual(Array(3).fill('user/111122223333/ci'));
  });

  test('is the owner’s for what they are written, so that two messages are never written at once', () => {
    const remind = (id: string, ownerId: string): WorkerJob => ({ kind: 'remind', id, ownerId });
    expect(groupOf(remind('1', 'U0ANA'))).toBe('owner/U0ANA');
    expect(groupOf(remind('2', 'U0ANA'))).toBe(groupOf(remind('1', 'U0ANA')));
    expect(groupOf(remind('1', 'U0BEN'))).not.toBe(groupOf(remind('1', 'U0ANA')));
  });

  test('is one of its own for figures, for each ledger, for summaries, for what admins hear, and for commands', () => {
    const place = { channel: 'D' };
    expect(groupOf({ kind: 'recordSweep', id: '1', figures })).toBe('sweep/111122223333');
    const report = { at: 0, isWhole: true, users: [] };
    expect(groupOf({ kind: 'recordUse', id: '1', account, shard: 3, of: 5, report })).toBe(
      'use/111122223333/3',
    );
    expect(groupOf({ kind: 'summarize', id: '1' })).toBe('summary');
    expect(groupOf({ kind: 'tellAdmins', id: '1', users: [] })).toBe('admins');
    expect(groupOf({ kind: 'redrawList', id: '1', channel: 'C', ts: '1' })).toBe('admins');
    expect(groupOf({ kind: 'command', id: '1', command: { name: 'sweep' }, personId: 'U', place })).toBe(
      'command/1',
    );
  });

  test('of hand-overs keeps their order: the later one must hold', () => {
    const place = { channel: 'D' };
    const to = { kind: 'person', slackId: 'U' } as const;
    const command = { name: 'assign', target: { userName: 'ci' }, to } as const;
    const undone = { name: 'unassign', target: command.target } as const;
    for (const one of [command, undone])
      expect(groupOf({ kind: 'command', id: '1', command: one, personId: 'U', place })).toBe('assign');
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
