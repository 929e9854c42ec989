// What is remembered of an account's users from one nightly report to the next, in parts whose number may change.
import { describe, expect, it } from 'vitest';
import { DAY } from '../../src/domain/time.ts';
import {
  historyIn,
  type Ledger,
  movedTo,
  type ReportedUser,
  SHARD_HOLDS,
  SHARDS,
  shardOf,
  type UsageReport,
  withReport,
} from '../../src/domain/usage-ledger.ts';
import { NOW } from './given.ts';

const MADE = NOW - 60 * DAY;
const NOTHING: Ledger = { reportedAt: 0, users: [] };

const report = (at: number, lastUsed: number, user: Partial<ReportedUser> = {}): UsageReport => ({
  at,
  isWhole: true,
  users: [{ userName: 'ci', keys: [{ lastRotated: MADE, lastUsed }], ...user }],
});
const spoiled = (at: number): UsageReport => ({ at, isWhole: false, users: [] });

/** Used nine days ago, seen unused until the day before, and used then. */
const weekly = [9, 8, 3, 2].reduce(
  (ledger, day) => withReport(ledger, report(NOW - day * DAY, NOW - (day > 2 ? 9 : 2) * DAY)),
  NOTHING,
);
const silence = (ledger: Ledger) => historyIn(ledger, 'ci')?.longestSilence;

describe('a report', () => {
  it('teaches', () => {
    expect(historyIn(weekly, 'ci')).toMatchObject({ seenAt: NOW - 2 * DAY, longestSilence: 6 * DAY });
  });

  it('that comes again, or after a later one, changes nothing', () => {
    const again = report(NOW - 2 * DAY, NOW);
    expect(withReport(weekly, again)).toBe(weekly);
    expect(withReport(weekly, { ...again, at: NOW - 3 * DAY })).toBe(weekly);
  });

  it('forgets the users that are no longer in it', () => {
    expect(historyIn(withReport(weekly, { at: NOW, isWhole: true, users: [] }), 'ci')).toBeUndefined();
  });

  it('that could not be read to its end forgets nobody, and has seen nobody who is missing', () => {
    const missed = withReport(withReport(weekly, spoiled(NOW - DAY)), spoiled(NOW + 8 * DAY));
    expect(historyIn(missed, 'ci')?.seenAt).toBe(NOW - 2 * DAY);
    const back = withReport(missed, report(NOW + 9 * DAY, NOW + 9 * DAY));
    expect(historyIn(back, 'ci')).toMatchObject({ seenAt: NOW + 9 * DAY, longestSilence: 6 * DAY });
  });

  it('begins anew with a user made anew under the name, where it tells', () => {
    const first = withReport(weekly, report(NOW - DAY, NOW - 2 * DAY, { madeAt: MADE }));
    expect(silence(first)).toBe(6 * DAY);
    expect(silence(withReport(first, report(NOW, NOW, { madeAt: MADE })))).toBe(6 * DAY);
    expect(silence(withReport(first, report(NOW, NOW)))).toBe(6 * DAY);
    expect(silence(withReport(first, report(NOW, NOW, { madeAt: NOW })))).toBe(0);
  });

  it('carries along what a later version wrote about all of them', () => {
    const later = { ...NOTHING, mood: 'hopeful' };
    expect(withReport(later, spoiled(NOW))).toMatchObject({ mood: 'hopeful' });
  });
});

describe('the shards', () => {
  it('are the same for a name every night', () => {
    expect(['ci-deploy', '__proto__', 'smith,john'].map((name) => shardOf(name, 5).shard)).toEqual([3, 2, 0]);
  });

  it('hold all users of an account of any size that IAM allows', () => {
    for (const name of [
      (n: number) => `app-${n}`,
      (n: number) => `${'x'.repeat(60)}${n}`,
      (n: number) => `${n}@example.com`,
    ]) {
      const shards = Array.from({ length: 5000 }, (_, n) => shardOf(name(n)).shard);
      expect(new Set(shards).size).toBe(SHARDS);
      for (let shard = 0; shard < SHARDS; shard += 1)
        expect(shards.filter((each) => each === shard).length).toBeLessThanOrEqual(SHARD_HOLDS);
    }
  });

  it('never grow beyond that, however many users are missing from reports', () => {
    const users = (from: number) =>
      Array.from({ length: 700 }, (_, n) => ({ userName: `app-${from + n}`, keys: [{ lastRotated: MADE }] }));
    let ledger = NOTHING;
    for (let night = 0; night < 4; night += 1)
      ledger = withReport(ledger, { at: NOW + night * DAY, isWhole: false, users: users(night * 700) });
    expect(ledger.users).toHaveLength(SHARD_HOLDS);
    expect(ledger.users[0]?.userName).toBe('app-2100');
  });

  it('of another number hold the same users, each seen when it was seen before', () => {
    const shard = shardOf('ci', 8);
    const other = { reportedAt: NOW, users: [{ userName: 'app', keys: [], longestSilence: 0 }] };
    const moved = movedTo(shard, [weekly, other]);
    expect(historyIn(moved, 'ci')).toEqual(historyIn(weekly, 'ci'));
    expect(moved).toMatchObject({ reportedAt: NOW, users: [{ userName: 'ci' }] });
    expect(movedTo(shardOf('app', 8), [weekly, other]).users).toMatchObject([{ userName: 'app' }]);
    expect(movedTo(shard, [])).toEqual(NOTHING);
  });
});
