// "Turn it off when quiet": time alone turns nothing off. A decision waits, is carried out or asks anew, and ends with
// whatever it was about.
import { describe, expect, it } from 'vitest';
import { nextAt, owesReminder } from '../../src/domain/agenda.ts';
import { decisionIn, outcomeOf, stillCounts, turnsOffAt, undecided } from '../../src/domain/decision.ts';
import type { Doubt } from '../../src/domain/evidence.ts';
import { handedOver } from '../../src/domain/hand-over.ts';
import type { Claim, IamUser } from '../../src/domain/iam-user.ts';
import { judge, judgeAgain, movesOffered } from '../../src/domain/legality.ts';
import type { Owner } from '../../src/domain/owner.ts';
import { isOpen, type OpenRotation } from '../../src/domain/rotation.ts';
import { DAY, HOUR, type Instant, MINUTE } from '../../src/domain/time.ts';
import {
  BY_ANA,
  decidedAt,
  drawn,
  NEVER,
  NEW,
  newKey,
  OLD,
  oldKey,
  POLICY,
  press,
  rotationAt,
  SEEN,
  situated,
  UNKNOWN,
  userAt,
} from './given.ts';
import { looking } from './looking.ts';

/** Ten in the morning in Madrid, where Ana is. */
const MONDAY: Instant = Date.parse('2026-11-23T09:00:00Z');
const TUESDAY = MONDAY + DAY;
const BEN: Owner = { kind: 'person', slackId: 'U0BEN', from: 'ownerTag', timeZone: 'Europe/Madrid' };

const usedAt = (at: Instant) => ({ seen: 'used', at, service: 's3' }) as const;
const keysUsedAt = (at: Instant) => [oldKey({ lastUse: usedAt(at) }), newKey({ lastUse: usedAt(MONDAY) })];
/** On Monday, an hour after the old key was used: it may go off on Tuesday. */
const decided = (changes: Partial<IamUser> = {}) =>
  decidedAt(
    MONDAY,
    { keys: keysUsedAt(MONDAY - HOUR), keysSeenAt: MONDAY, notifiedAt: MONDAY, ...changes },
    TUESDAY - HOUR,
  );
const outcome = (user: IamUser, at: Instant) => {
  const decision = decisionIn(user);
  return decision && outcomeOf(decision, user, POLICY, at);
};
const date = (user: IamUser) => {
  const [situation, decision] = [situated(user), decisionIn(user)];
  return situation && decision && turnsOffAt(situation, decision.from);
};

describe('a decision', () => {
  it('waits for its date, with a look then and no reminder before', () => {
    const user = decided();
    for (const at of [MONDAY, TUESDAY - HOUR - 1]) expect(outcome(user, at)).toEqual({ kind: 'wait' });
    expect(nextAt(drawn(user, MONDAY), POLICY, MONDAY)).toBe(TUESDAY - HOUR);
    expect(owesReminder(user, POLICY, MONDAY + 6 * DAY)).toBe(false);
    expect(outcome(user, TUESDAY - HOUR)).toEqual({ kind: 'carryOut' });
  });

  it('is carried out neither at night nor at a weekend, whatever the date: on the next morning', () => {
    expect(outcome(decided(), TUESDAY + 12 * HOUR)).toEqual({ kind: 'wait' });
    const thursday = MONDAY + 3 * DAY;
    const late = decidedAt(thursday, { keys: keysUsedAt(thursday + 6 * HOUR) }, thursday);
    // Quiet from Friday afternoon on.
    expect(date(late)).toBe(Date.parse('2026-11-30T08:00:00Z'));
    expect(outcome(late, thursday + 30 * HOUR)).toEqual({ kind: 'wait' });
  });

  it('moves on when the old key is used again, also by sts, and the look moves with it', () => {
    const again = decided({ keys: keysUsedAt(MONDAY + 5 * HOUR) });
    expect(date(again)).toBe(TUESDAY + 5 * HOUR);
    expect(outcome(again, TUESDAY)).toEqual({ kind: 'wait' });
    expect(nextAt(drawn(again, TUESDAY), POLICY, TUESDAY)).toBe(TUESDAY + 5 * HOUR);
    const ages = decided({ keys: keysUsedAt(MONDAY - 9 * DAY) });
    expect(date(ages)).toBe(TUESDAY - HOUR);
  });

  it('asks anew after a week without quiet, and its owner hears of it', () => {
    const week = TUESDAY - HOUR + 7 * DAY;
    const busy = decided({ keys: keysUsedAt(week - HOUR) });
    expect(outcome(busy, week - MINUTE)).toEqual({ kind: 'wait' });
    expect(outcome(busy, week)).toMatchObject({ kind: 'ask', doubts: [{ kind: 'oldKeyInUse' }] });
    const { rotation } = busy;
    if (!isOpen(rotation)) throw new Error('it is open');
    expect(owesReminder({ ...busy, rotation: undecided(rotation, week) }, POLICY, week)).toBe(true);
    // Also where no look ever comes.
    expect(owesReminder(busy, POLICY, week)).toBe(true);
  });

  it.each([
    [
      'the new key was never used',
      [oldKey({ lastUse: usedAt(MONDAY - 3 * DAY) }), newKey({ lastUse: NEVER })],
      'newKeyNeverUsed',
    ],
    [
      'AWS does not say when the new one was',
      [oldKey({ lastUse: NEVER }), newKey({ lastUse: UNKNOWN })],
      'newKeyUseUnknown',
    ],
    ['AWS does not say when the old one was', [oldKey({ lastUse: UNKNOWN }), newKey()], 'oldKeyUseUnknown'],
  ])('asks, at its date and no sooner, where %s', (_, keys, kind) => {
    expect(outcome(decided({ keys }), MONDAY + HOUR)).toEqual({ kind: 'wait' });
    expect(outcome(decided({ keys }), TUESDAY)).toMatchObject({ kind: 'ask', doubts: [{ kind }] });
  });

  it.each([
    ['the old key is off already', [oldKey({ status: 'Inactive' }), newKey()]],
    ['the new key is off', [oldKey(), newKey({ status: 'Inactive' })]],
    ['the new key is gone', [oldKey()]],
  ])('is not carried out where %s, and the sightings end it', (_, keys) => {
    const user = decided({ keys });
    if (keys[0]?.status === 'Active') expect(outcome(user, TUESDAY)).toEqual({ kind: 'wait' });
    const seen = looking(user, { keys }, TUESDAY, TUESDAY + 16 * MINUTE);
    expect(decisionIn(seen)).toBeUndefined();
    expect(seen.rotation?.stage).not.toBe('confirmed');
  });
});

describe('a decision counts no more', () => {
  const counts = (user: IamUser) => {
    const decision = decisionIn(user);
    return decision !== undefined && stillCounts(decision, user);
  };

  it('once the owner is another one, or in doubt; and nobody is left waiting for it', () => {
    expect(counts(decided())).toBe(true);
    expect(counts(decided({ owner: BEN }))).toBe(false);
    const inDoubt = decided({ ownerChange: { to: BEN, at: MONDAY } });
    expect(counts(inDoubt)).toBe(false);
    expect(decisionIn(handedOver(decided(), BEN))).toBeUndefined();
    const seen = looking(decided(), { owner: BEN, keys: decided().keys }, TUESDAY);
    expect(decisionIn(seen)).toBeUndefined();
    expect(seen.rotation).toMatchObject({ stage: 'confirmed', turnSince: TUESDAY });
  });

  it.each([
    ['the old key', { oldKeyId: 'AKIAANOTHERKEYOFTHEM' }],
    ['the new key', { replacement: { kind: 'adopted', keyId: 'AKIAANOTHERKEYOFTHEM' } }],
  ])('for another key than %s', (_, changes) => {
    const user = decided();
    expect(counts({ ...user, rotation: { ...user.rotation, ...changes } as OpenRotation })).toBe(false);
  });

  it('once a person has done anything else, by whatever version', () => {
    const user = decided();
    const { rotation } = user;
    if (!isOpen(rotation)) throw new Error('it is open');
    const by = (actor: typeof BY_ANA | { kind: 'keyrotate' }) => ({
      ...user,
      rotation: {
        ...rotation,
        history: [...rotation.history, { ...SEEN, what: 'decline' as const, by: actor }],
      },
    });
    expect(counts(by(BY_ANA))).toBe(false);
    expect(counts(by({ kind: 'keyrotate' }))).toBe(true);
  });
});

describe('the buttons', () => {
  it('offer to decide, and then to take it back', () => {
    const keys = keysUsedAt(MONDAY);
    const offered = (user: IamUser) => movesOffered(situated(user, POLICY, MONDAY));
    expect(offered(userAt('confirmed', { keys }))).toContain('turnOffWhenQuiet');
    expect(offered(userAt('confirmed', { keys }))).not.toContain('keepOn');
    expect(offered(decided())).toContain('keepOn');
    expect(offered(decided())).not.toContain('turnOffWhenQuiet');
    expect(judge(situated(decided()), press('turnOffWhenQuiet'))).toMatchObject({
      refusal: { kind: 'alreadyDecided' },
    });
  });
});

describe('what keyrotate was carrying out when it broke off', () => {
  const claim: Claim = {
    move: 'deactivate',
    ...{ jobId: 'tick-1/decided', actor: BY_ANA, at: TUESDAY, leaseUntil: TUESDAY },
    ...{ knownKeyIds: [OLD, NEW], decidedAt: MONDAY },
  };
  const again = (user: IamUser, at = TUESDAY + HOUR) => judgeAgain(situated(user, POLICY, at), claim);

  it('is taken up again only while the decision stands', () => {
    expect(again(decided()).verdict).toBe('allowed');
    const taken = { ...decided(), rotation: rotationAt('confirmed') };
    expect(again(taken)).toMatchObject({ refusal: { kind: 'nothingDecided' } });
    expect(again({ ...decided(), rotation: rotationAt('issued') })).toMatchObject({
      refusal: { kind: 'nothingDecided' },
    });
  });

  it('is not taken up again over a use that came since, though such a one was shown before', () => {
    const keys = keysUsedAt(TUESDAY);
    const doubts: Doubt[] = [{ kind: 'oldKeyInUse', at: TUESDAY, service: 's3' }];
    const question = { move: 'deactivate' as const, doubts, askedAt: TUESDAY };
    expect(again(decided({ keys, question }))).toMatchObject({ verdict: 'ask' });
  });

  it('only remains to be written down where AWS shows it done', () => {
    const keys = [oldKey({ status: 'Inactive', lastUse: usedAt(TUESDAY) }), newKey()];
    expect(again({ ...decided({ keys }), rotation: rotationAt('confirmed') }).verdict).toBe('allowed');
  });
});
