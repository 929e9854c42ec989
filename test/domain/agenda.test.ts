// What comes due when: nobody is forgotten, and nobody is disturbed out of hours.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  graceHasEnded,
  mayNotifyNow,
  mustEscalate,
  mustWake,
  nextAt,
  owesReminder,
  zoneOf,
} from '../../src/domain/agenda.ts';
import type { Exemption } from '../../src/domain/exemption.ts';
import type { Claim } from '../../src/domain/iam-user.ts';
import type { Owner } from '../../src/domain/owner.ts';
import { DAY, HOUR, type Instant, MINUTE } from '../../src/domain/time.ts';
import { isWorkingTime } from '../../src/domain/working-hours.ts';
import { MORE_TIME, NOW, oldKey, POLICY, rotationAt, userAt } from './given.ts';

const at = (text: string): Instant => Date.parse(text);
const next = (user: Parameters<typeof nextAt>[0], now = NOW) => nextAt(user, POLICY, now);

const DEADLINE = NOW + 7 * DAY;
const MADRID = 'Europe/Madrid';
const SATURDAY = at('2026-11-21T10:00:00Z');
/** Nine o'clock in Madrid. */
const MONDAY = at('2026-11-23T08:00:00Z');
const nobody: Owner = { kind: 'nobody', why: 'none', named: [] };
const exempt: Exemption = { kind: 'until', until: NOW + 90 * DAY, why: 'the vendor' };
const claim: Claim = {
  jobId: 'j',
  move: 'createKey',
  actor: { kind: 'keyrotate' },
  at: NOW,
  leaseUntil: NOW + 120_000,
  knownKeyIds: [],
};

describe('the agenda', () => {
  it('never forgets a claim, and lets everything else wait for it', () => {
    expect(next(userAt('due', { claim, owed: ['redraw', 'notify'] }))).toBe(NOW + 120_000);
  });

  it('asks for what is owed at once', () => {
    expect(next(userAt('due', { owed: ['redraw'] }))).toBe(NOW);
    expect(next(userAt('deleted', { owed: ['file'] }))).toBe(NOW);
  });

  it('waits for the next reminder when all is told', () => {
    expect(next(userAt('due', { notifiedAt: NOW }))).toBe(DEADLINE - 3 * DAY);
  });

  it('has nothing to do for a user nobody owns, for a closed rotation, and in preview', () => {
    expect(next(userAt('due', { owner: nobody }))).toBeUndefined();
    expect(next(userAt('deleted'))).toBeUndefined();
    expect(nextAt(userAt('due'), { ...POLICY, mode: 'preview' }, NOW)).toBeUndefined();
  });

  it('does not look again at once after AWS refused a look', () => {
    const unconfirmed = [{ sighting: 'oldKeyOff', firstSeenAt: NOW - HOUR } as const];
    const failure = { since: NOW, what: 'look', code: 'AccessDenied', retryAt: NOW + HOUR };
    expect(next(userAt('due', { notifiedAt: NOW, unconfirmed, failure }))).toBe(NOW + HOUR);
  });

  it('does not send again at once what Slack refused, also when the rotation is over', () => {
    const failure = { since: NOW, what: 'message', code: 'restricted_action', retryAt: NOW + HOUR };
    expect(next(userAt('deleted', { owed: ['redraw'], failure }))).toBe(NOW + HOUR);
    expect(next(userAt('deleted', { owed: ['redraw'] }))).toBe(NOW);
  });

  it('looks again a quarter of an hour after something was first seen', () => {
    const unconfirmed = [{ sighting: 'oldKeyOff', firstSeenAt: NOW - 5 * MINUTE } as const];
    expect(next(userAt('due', { notifiedAt: NOW, unconfirmed }))).toBe(NOW + 10 * MINUTE);
    expect(next(userAt('due', { owner: nobody, unconfirmed }))).toBe(NOW + 10 * MINUTE);
  });
});

describe('the end of a grace period', () => {
  const ends = SATURDAY;
  const rotation = { ...rotationAt('retired'), offSince: ends - 7 * DAY };
  const off = userAt('retired', { rotation, notifiedAt: NOW });

  it('is looked at when it comes, whatever the hour: the card is to show that the key can be deleted', () => {
    expect(next(off)).toBe(ends);
    expect(graceHasEnded(off, POLICY, ends - 1)).toBe(false);
    expect(graceHasEnded(off, POLICY, ends)).toBe(true);
    expect(mayNotifyNow(off, POLICY, ends)).toBe(false);
  });

  it('is looked at once', () => {
    const looked = { ...off, keysSeenAt: ends };
    expect(graceHasEnded(looked, POLICY, ends + DAY)).toBe(false);
    expect(next(looked, ends)).toBe(MONDAY);
  });
});

describe('a message that notifies', () => {
  const told = userAt('due', { owed: ['notify'] });

  it('waits for Monday when it comes up at a weekend', () => {
    expect(owesReminder(told, POLICY, SATURDAY)).toBe(true);
    expect(mayNotifyNow(told, POLICY, SATURDAY)).toBe(false);
    expect(next(told, SATURDAY)).toBe(MONDAY);
    expect(mayNotifyNow(told, POLICY, MONDAY)).toBe(true);
  });

  it('that would come due on a Saturday is planned for Monday', () => {
    const rotation = { ...rotationAt('due'), oldKeyCreatedAt: SATURDAY - 90 * DAY };
    const now = NOW + 2 * HOUR;
    expect(next(userAt('due', { rotation, notifiedAt: now }), now)).toBe(MONDAY);
  });

  it('waits until the owner may be disturbed again', () => {
    const quiet = userAt('due', { owed: ['notify'], quietUntil: MONDAY });
    expect(mayNotifyNow(quiet, POLICY, NOW)).toBe(false);
    expect(next(quiet)).toBe(MONDAY);
    expect(next({ ...quiet, quietUntil: SATURDAY })).toBe(MONDAY);
  });

  it('goes by the zone of the person, and by the configured one for a channel', () => {
    const policy = { ...POLICY, timeZone: 'Asia/Kathmandu' };
    const channel = userAt('due', { owner: { kind: 'channel', channelId: 'C0TEAM' }, owed: ['notify'] });
    expect(zoneOf(told, policy)).toBe(MADRID);
    expect(zoneOf(channel, policy)).toBe('Asia/Kathmandu');
    expect(nextAt(channel, policy, SATURDAY)).toBe(at('2026-11-23T03:15:00Z'));
  });

  it('is never planned out of hours, nor for the past', () => {
    const from = at('2026-11-16T00:00:00Z');
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 60 * DAY }),
        fc.constantFrom('due', 'issued', 'confirmed', 'deactivated', 'retired'),
        fc.option(fc.integer({ min: -DAY, max: 5 * DAY }), { nil: undefined }),
        (offset, stage, quiet) => {
          const now = from + offset;
          const escalatedAt = NOW - DAY;
          const user = userAt(stage, {
            rotation: { ...rotationAt(stage), escalatedAt },
            notifiedAt: now - 3 * DAY,
            ...(quiet !== undefined && { quietUntil: now + quiet }),
          });
          const planned = next(user, now) ?? 0;
          expect(planned).toBeGreaterThanOrEqual(Math.max(now, user.quietUntil ?? 0));
          expect(isWorkingTime(planned, MADRID)).toBe(true);
        },
      ),
    );
  });
});

describe('a postponed rotation', () => {
  const postponed = userAt('postponed');

  it('wakes on its date, not a moment sooner, and says nothing before', () => {
    expect(next(postponed)).toBe(MORE_TIME.until);
    expect(mustWake(postponed, MORE_TIME.until - 1)).toBe(false);
    expect(mustWake(postponed, MORE_TIME.until)).toBe(true);
    expect(owesReminder(postponed, POLICY, NOW + 400 * DAY)).toBe(false);
  });

  it('wakes also where nobody owns it', () => {
    expect(next({ ...postponed, owner: nobody })).toBe(MORE_TIME.until);
  });

  it('is not brought to admins as one that nobody answers', () => {
    const long = { ...rotationAt('postponed'), until: NOW + 100 * DAY };
    expect(mustEscalate({ ...postponed, rotation: long }, POLICY, NOW + 99 * DAY)).toBe(false);
  });

  it('tells what is owed all the same: an admin agreed', () => {
    expect(owesReminder({ ...postponed, owed: ['notify'] }, POLICY, NOW)).toBe(true);
  });
});

describe('nobody answers', () => {
  const user = userAt('due', { notifiedAt: DEADLINE + 6 * DAY });
  const late = DEADLINE + 7 * DAY;

  it('is told to admins a week after the deadline, once', () => {
    expect(mustEscalate(user, POLICY, late - 1)).toBe(false);
    expect(mustEscalate(user, POLICY, late)).toBe(true);
    expect(next(user, late - HOUR)).toBe(late);
    const told = { ...user, rotation: { ...rotationAt('due'), escalatedAt: late } };
    expect(mustEscalate(told, POLICY, late + 100 * DAY)).toBe(false);
  });

  it('waits as long as the deadline does that was agreed on', () => {
    const extended = { ...user, rotation: { ...rotationAt('due'), extendedTo: late } };
    expect(mustEscalate(extended, POLICY, late)).toBe(false);
  });

  it('is not said where the old key is off, nor where nobody was ever told', () => {
    expect(mustEscalate({ ...user, keys: [oldKey({ status: 'Inactive' })] }, POLICY, late)).toBe(false);
    const { contactedAt: _, ...never } = rotationAt('due');
    expect(mustEscalate({ ...user, rotation: never }, POLICY, late)).toBe(false);
    expect(mustEscalate({ ...user, owner: nobody }, POLICY, late)).toBe(false);
  });
});

describe('an exempt user', () => {
  it.each(['due', 'postponed'] as const)('hears nothing while nothing has been begun (%s)', (stage) => {
    const user = userAt(stage, { exempt, owed: ['notify'] });
    expect(owesReminder(user, POLICY, NOW)).toBe(false);
    expect(mustEscalate(user, POLICY, NOW + 300 * DAY)).toBe(false);
    expect(next(user)).toBe(stage === 'due' ? undefined : MORE_TIME.until);
  });

  it.each(['issued', 'confirmed', 'deactivated', 'retired'] as const)(
    'is reminded of a rotation under way: half done must not rot (%s)',
    (stage) => {
      expect(owesReminder(userAt(stage, { exempt, owed: ['notify'] }), POLICY, NOW)).toBe(true);
      expect(next(userAt(stage, { exempt }))).toBeDefined();
    },
  );

  it('by an unclear tag is exempt from nothing', () => {
    const unclear = userAt('due', { exempt: { kind: 'unclear', text: 'for ever' }, owed: ['notify'] });
    expect(owesReminder(unclear, POLICY, NOW)).toBe(true);
  });
});
