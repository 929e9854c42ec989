// What AWS's word about a key's use is worth: how much silence is silence, and what is asked whatever it says.
import { describe, expect, it } from 'vitest';
import type { AccessKey } from '../../src/domain/access-key.ts';
import type { Doubt } from '../../src/domain/evidence.ts';
import type { IamUser } from '../../src/domain/iam-user.ts';
import { doubtsAbout, judge, movesOffered } from '../../src/domain/legality.ts';
import { DAY, HOUR, startOfDay } from '../../src/domain/time.ts';
import type { MoveName } from '../../src/domain/transitions.ts';
import {
  keysAt,
  NEVER,
  NEW,
  NOW,
  newKey,
  oldKey,
  POLICY,
  press,
  rotationAt,
  situated,
  UNKNOWN,
  usedHoursAgo,
  userAt,
} from './given.ts';

const inUse = (key: AccessKey): AccessKey => (key.id === NEW ? { ...key, lastUse: usedHoursAgo(1) } : key);

function doubts(user: IamUser, move: MoveName, now = NOW): Doubt[] {
  const situation = situated(user, POLICY, now);
  if (!situation) throw new Error('no rotation is open');
  return doubtsAbout(move, situation);
}

describe('silence', () => {
  it('is never mistaken in a weekly job: three quiet days are not enough', () => {
    const keys = [oldKey({ lastUse: usedHoursAgo(72) }), newKey()];
    const weekly = userAt('confirmed', { keys, longestSilence: 6 * DAY });
    const unwatched = userAt('confirmed', { keys });
    expect(doubts(unwatched, 'deactivate')).toEqual([]);
    expect(doubts(weekly, 'deactivate')).toMatchObject([
      { kind: 'oldKeyInUse', at: NOW - 72 * HOUR, quietAt: NOW - 72 * HOUR + 12 * DAY, silence: 6 * DAY },
    ]);
    expect(doubts(weekly, 'deactivate', NOW + 10 * DAY)).toEqual([]);
  });

  it('is no reason for more quiet, and none is given, where the policy asks for as much', () => {
    const keys = [oldKey({ lastUse: usedHoursAgo(1) }), newKey()];
    const daily = userAt('confirmed', { keys, longestSilence: 24 * HOUR });
    expect(doubts(daily, 'deactivate')[0]).not.toHaveProperty('silence');
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
      expect(doubts(userAt(stage, { keys: keysAt(stage).map(inUse) }), move, noon)).toEqual([]);
  });
});

describe('“I replaced it everywhere”', () => {
  const today = startOfDay(NOW);
  const asked = (changes: Partial<IamUser>) => doubts(userAt('issued', changes), 'confirmMigration');
  const fetching = usedHoursAgo(1, 'secretsmanager');

  it('is asked about while nobody has fetched the new key and nobody has used it', () => {
    expect(asked({})).toEqual([{ kind: 'newKeyNeverUsed' }]);
    // Of another secret, or of the one of the key before.
    expect(asked({ keys: [oldKey({ lastUse: fetching }), newKey({ lastUse: NEVER })] })).toHaveLength(1);
    expect(asked({ secretOpenedOn: today - 3 * DAY })).toHaveLength(1);
  });

  it('is taken at its word once one of the two is seen, or nobody can say', () => {
    expect(asked({ secretOpenedOn: today })).toEqual([]);
    expect(asked({ keys: [oldKey(), newKey({ lastUse: usedHoursAgo(1, 'sts') })] })).toEqual([]);
    expect(asked({ keys: [oldKey(), newKey({ lastUse: UNKNOWN })] })).toEqual([]);
  });

  it('is nothing to ask about where keyrotate never had the secret', () => {
    const rotation = { ...rotationAt('issued'), replacement: { kind: 'adopted', keyId: NEW } } as const;
    expect(asked({ rotation })).toEqual([]);
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
