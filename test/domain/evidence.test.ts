// What AWS's word about a key's use is worth: how much silence is silence, and what is asked whatever it says.
import { describe, expect, it } from 'vitest';
import type { AccessKey } from '../../src/domain/access-key.ts';
import { type Doubt, doubtsAbout, quietAsked, type UsedOn, withUse } from '../../src/domain/evidence.ts';
import type { IamUser } from '../../src/domain/iam-user.ts';
import { judge, movesOffered, situationOf } from '../../src/domain/legality.ts';
import { isOpen } from '../../src/domain/rotation.ts';
import { DAY, HOUR, type Instant } from '../../src/domain/time.ts';
import type { MoveName } from '../../src/domain/transitions.ts';
import {
  NEVER,
  NEW,
  NOW,
  newKey,
  OLD,
  oldKey,
  POLICY,
  press,
  UNKNOWN,
  usedHoursAgo,
  userAt,
} from './given.ts';

const iso = (at: Instant) => new Date(at).toISOString().slice(0, 10);
const daysAgo = (...days: number[]): UsedOn => ({ [OLD]: days.map((day) => iso(NOW - day * DAY)) });

function doubts(user: IamUser, move: MoveName, now = NOW): Doubt[] {
  if (!isOpen(user.rotation)) throw new Error('no rotation is open');
  return doubtsAbout(move, situationOf(user, user.rotation, POLICY, now));
}

describe('silence', () => {
  it('is the quiet hours for a key that is used daily, or was not watched for long', () => {
    expect(quietAsked(OLD, {}, POLICY)).toBe(24 * HOUR);
    expect(quietAsked(OLD, daysAgo(9), POLICY)).toBe(24 * HOUR);
    expect(quietAsked(OLD, daysAgo(4, 3, 2, 1), POLICY)).toBe(24 * HOUR);
  });

  it('is twice the longest gap seen between two uses', () => {
    expect(quietAsked(OLD, daysAgo(15, 8, 1), POLICY)).toBe(14 * DAY);
    expect(quietAsked(OLD, daysAgo(40, 33, 3, 2, 1), POLICY)).toBe(60 * DAY);
  });

  it('is never mistaken in a weekly job: three quiet days are not enough', () => {
    const keys = [oldKey({ lastUse: usedHoursAgo(72) }), newKey()];
    const weekly = userAt('confirmed', { keys, usedOn: daysAgo(17, 10, 3) });
    const unwatched = userAt('confirmed', { keys });
    expect(doubts(unwatched, 'deactivate')).toEqual([]);
    expect(doubts(weekly, 'deactivate')).toMatchObject([
      { kind: 'oldKeyInUse', at: NOW - 72 * HOUR, quietAt: NOW - 72 * HOUR + 14 * DAY },
    ]);
    expect(doubts(weekly, 'deactivate', NOW + 11 * DAY)).toEqual([]);
  });
});

describe('the days of use', () => {
  const seen = (usedOn: UsedOn, ...keys: AccessKey[]) => withUse(usedOn, keys);

  it('are noted once each, for each key, in order', () => {
    const once = seen({}, oldKey({ lastUse: usedHoursAgo(48) }), newKey({ lastUse: usedHoursAgo(1) }));
    expect(once).toEqual({ [OLD]: ['2026-11-18'], [NEW]: ['2026-11-20'] });
    expect(seen(once, oldKey({ lastUse: usedHoursAgo(47) }))).toEqual({ [OLD]: ['2026-11-18'] });
    expect(seen(once, oldKey({ lastUse: usedHoursAgo(1) }))).toEqual({ [OLD]: ['2026-11-18', '2026-11-20'] });
  });

  it('learn nothing from a key that was never used, or whose use AWS does not tell', () => {
    expect(seen(daysAgo(3), oldKey({ lastUse: UNKNOWN }))).toEqual(daysAgo(3));
    expect(seen({}, oldKey({ lastUse: NEVER }))).toEqual({});
  });

  it('are the last sixty at most, and go with their key', () => {
    const many = { [OLD]: Array.from({ length: 60 }, (_, i) => iso(NOW - (60 - i) * DAY)) };
    const days = seen(many, oldKey({ lastUse: usedHoursAgo(1) }))[OLD] ?? [];
    expect(days).toHaveLength(60);
    expect(days.at(-1)).toBe('2026-11-20');
    expect(seen(daysAgo(3), newKey({ lastUse: NEVER }))).toEqual({});
  });
});

describe('a weekend ahead', () => {
  /** Friday: NOW is ten o'clock in Madrid. */
  const noon = NOW + 2 * HOUR;

  it.each([
    ['retire', 'due'],
    ['deactivate', 'confirmed'],
  ] as const)('is a doubt about %s from Friday noon, in the zone of the owner', (move, stage) => {
    const madrid = userAt(stage);
    const newYork = userAt(stage, {
      owner: { kind: 'person', slackId: 'U0ANA', from: 'ownerTag', timeZone: 'America/New_York' },
    });
    expect(doubts(madrid, move, noon - 1)).toEqual([]);
    expect(doubts(madrid, move, noon)).toEqual([{ kind: 'weekendAhead' }]);
    expect(doubts(newYork, move, noon)).toEqual([]);
    expect(doubts(newYork, move, noon + 6 * HOUR)).toEqual([{ kind: 'weekendAhead' }]);
  });

  it('is none about what mends or can be undone at once', () => {
    for (const [move, stage] of [
      ['createKey', 'due'],
      ['reactivate', 'deactivated'],
      ['confirmMigration', 'issued'],
      ['delete', 'deactivated'],
    ] as const)
      expect(doubts(userAt(stage), move, noon)).toEqual([]);
  });
});

describe.each([
  ['clearSlot', { keys: [oldKey(), newKey({ status: 'Inactive', lastUse: NEVER })] }],
  ['discardStranded', { keys: [oldKey(), newKey({ lastUse: NEVER })], stranded: [NEW] }],
] as const)('%s', (move, given) => {
  const user = userAt('due', {
    ...given,
    keys: [...given.keys],
    stranded: [...('stranded' in given ? given.stranded : [])],
  });
  const shown = { kind: 'removesForGood', keyId: NEW } as const;
  const answered = (keyId: string): IamUser => ({
    ...user,
    question: { move, doubts: [{ kind: 'removesForGood', keyId }], askedAt: NOW },
  });

  it('is offered, and asked twice whatever the evidence', () => {
    expect(movesOffered(user, POLICY, NOW)).toContain(move);
    expect(judge(user, press(move), POLICY, NOW)).toEqual({ verdict: 'ask', doubts: [shown] });
    expect(judge(user, press(move, true), POLICY, NOW).verdict).toBe('ask');
    expect(judge(answered(NEW), press(move, true), POLICY, NOW).verdict).toBe('allowed');
  });

  it('counts only for the key that was named', () => {
    expect(judge(answered('AKIAANOTHERKEYXXXXXX'), press(move, true), POLICY, NOW)).toEqual({
      verdict: 'ask',
      doubts: [shown],
    });
  });
});
