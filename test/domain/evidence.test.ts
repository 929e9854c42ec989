// What AWS's word about a key's use is worth: how much silence is silence, and what is asked whatever it says.
import { describe, expect, it } from 'vitest';
import type { AccessKey } from '../../src/domain/access-key.ts';
import { type Doubt, quietAsked, type UsedOn, withUse } from '../../src/domain/evidence.ts';
import type { IamUser } from '../../src/domain/iam-user.ts';
import { doubtsAbout, judge, movesOffered } from '../../src/domain/legality.ts';
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
  situated,
  UNKNOWN,
  usedHoursAgo,
  userAt,
} from './given.ts';

const iso = (at: Instant) => new Date(at).toISOString().slice(0, 10);

/** What is known after looks at the old key: each so many days ago, when its last use was so many days ago. */
function afterLooks(...looks: [look: number, use: number][]): UsedOn {
  let known: Parameters<typeof withUse>[0] = { usedOn: {}, keys: [], keysSeenAt: 0 };
  for (const [look, use] of looks) {
    const keys = [oldKey({ lastUse: usedHoursAgo(use * 24) })];
    known = { usedOn: withUse(known, keys), keys, keysSeenAt: NOW - look * DAY };
  }
  return known.usedOn;
}

/** A look every day, at a key that is used on these days. */
const watchedDaily = (from: number, ...uses: number[]) =>
  afterLooks(
    ...Array.from({ length: from }, (_, i): [number, number] => {
      const look = from - 1 - i;
      return [look, Math.min(...uses.filter((use) => use >= look))];
    }).filter(([, use]) => Number.isFinite(use)),
  );

function doubts(user: IamUser, move: MoveName, now = NOW): Doubt[] {
  const situation = situated(user, POLICY, now);
  if (!situation) throw new Error('no rotation is open');
  return doubtsAbout(move, situation);
}

describe('silence', () => {
  it('is the quiet hours for a key that is used daily, or was not watched for long', () => {
    expect(quietAsked(OLD, {}, POLICY)).toBe(24 * HOUR);
    expect(quietAsked(OLD, watchedDaily(10, 9), POLICY)).toBe(24 * HOUR);
    expect(quietAsked(OLD, watchedDaily(5, 4, 3, 2, 1, 0), POLICY)).toBe(24 * HOUR);
  });

  it('is the quiet hours for a daily job that once started some hours late', () => {
    const late = (hours: number): UsedOn => ({ [OLD]: { days: [], longestSilence: hours * HOUR } });
    expect(quietAsked(OLD, late(36), POLICY)).toBe(24 * HOUR);
    expect(quietAsked(OLD, late(37), POLICY)).toBe(74 * HOUR);
  });

  it('is twice the longest silence that a use ended', () => {
    expect(quietAsked(OLD, watchedDaily(16, 15, 8, 1), POLICY)).toBe(12 * DAY);
    expect(quietAsked(OLD, watchedDaily(41, 40, 33, 3, 2, 1), POLICY)).toBe(58 * DAY);
  });

  it('is not what nobody watched: between two looks the key may have been used every day', () => {
    expect(quietAsked(OLD, afterLooks([80, 80], [2, 2], [1, 1]), POLICY)).toBe(24 * HOUR);
  });

  it('is never mistaken in a weekly job: three quiet days are not enough', () => {
    const keys = [oldKey({ lastUse: usedHoursAgo(72) }), newKey()];
    const weekly = userAt('confirmed', { keys, usedOn: watchedDaily(18, 17, 10, 3) });
    const unwatched = userAt('confirmed', { keys });
    expect(doubts(unwatched, 'deactivate')).toEqual([]);
    expect(doubts(weekly, 'deactivate')).toMatchObject([
      { kind: 'oldKeyInUse', at: NOW - 72 * HOUR, quietAt: NOW - 72 * HOUR + 12 * DAY, silence: 6 * DAY },
    ]);
    expect(doubts(weekly, 'deactivate', NOW + 10 * DAY)).toEqual([]);
  });

  it('is no reason for more quiet, and none is given, where the policy asks for as much', () => {
    const keys = [oldKey({ lastUse: usedHoursAgo(1) }), newKey()];
    const daily = userAt('confirmed', { keys, usedOn: watchedDaily(5, 4, 3, 2, 1) });
    expect(doubts(daily, 'deactivate')[0]).not.toHaveProperty('silence');
  });
});

describe('the days of use', () => {
  const seen = (usedOn: UsedOn, ...keys: AccessKey[]) => withUse({ usedOn, keys: [], keysSeenAt: NOW }, keys);
  const daysOf = (usedOn: UsedOn) =>
    Object.fromEntries(Object.entries(usedOn).map(([id, { days }]) => [id, days]));

  it('are noted once each, for each key, in order', () => {
    const once = seen({}, oldKey({ lastUse: usedHoursAgo(48) }), newKey({ lastUse: usedHoursAgo(1) }));
    expect(daysOf(once)).toEqual({ [OLD]: ['2026-11-18'], [NEW]: ['2026-11-20'] });
    expect(daysOf(seen(once, oldKey({ lastUse: usedHoursAgo(47) })))).toEqual({ [OLD]: ['2026-11-18'] });
    expect(daysOf(seen(once, oldKey({ lastUse: usedHoursAgo(1) })))).toEqual({
      [OLD]: ['2026-11-18', '2026-11-20'],
    });
  });

  it('learn nothing from a key that was never used, or whose use AWS does not tell', () => {
    const known = watchedDaily(4, 3);
    expect(seen(known, oldKey({ lastUse: UNKNOWN }))).toEqual(known);
    expect(seen({}, oldKey({ lastUse: NEVER }))).toEqual({});
  });

  it('are the last sixty at most, and go with their key', () => {
    const days = Array.from({ length: 60 }, (_, i) => iso(NOW - (60 - i) * DAY));
    const later = seen({ [OLD]: { days, longestSilence: 0 } }, oldKey({ lastUse: usedHoursAgo(1) }));
    expect(later[OLD]?.days).toHaveLength(60);
    expect(later[OLD]?.days.at(-1)).toBe('2026-11-20');
    expect(seen(watchedDaily(4, 3), newKey({ lastUse: NEVER }))).toEqual({});
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
    expect(movesOffered(situated(user))).toContain(move);
    expect(judge(situated(user), press(move))).toEqual({ verdict: 'ask', doubts: [shown] });
    expect(judge(situated(user), press(move, true)).verdict).toBe('ask');
    expect(judge(situated(answered(NEW)), press(move, true)).verdict).toBe('allowed');
  });

  it('counts only for the key that was named', () => {
    expect(judge(situated(answered('AKIAANOTHERKEYOFTHEM')), press(move, true))).toEqual({
      verdict: 'ask',
      doubts: [shown],
    });
  });
});
