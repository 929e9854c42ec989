// What comes due when: nobody is forgotten, and nobody is disturbed out of hours.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  hasNews,
  isOutOfDate,
  mayNotifyNow,
  mustWake,
  nextAt,
  owesReminder,
} from '../../src/domain/agenda.ts';
import type { Exemption } from '../../src/domain/exemption.ts';
import type { Claim, IamUser } from '../../src/domain/iam-user.ts';
import { type Owner, zoneOf } from '../../src/domain/owner.ts';
import type { HistoryEntry } from '../../src/domain/rotation.ts';
import { DAY, HOUR, type Instant, MINUTE } from '../../src/domain/time.ts';
import { isWorkingTime } from '../../src/domain/working-hours.ts';
import { adminsTold, drawn, MORE_TIME, NOW, POLICY, rotationAt, SEEN, userAt, withNews } from './given.ts';

const at = (text: string): Instant => Date.parse(text);
/** All is drawn and told as it should be: what remains is what comes by itself. */
const next = (user: IamUser, now = NOW) => nextAt(drawn(adminsTold(user, now), now), POLICY, now);

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
  actor: { kind: 'person', slackId: 'U0ANA', as: 'owner' },
  at: NOW,
  leaseUntil: NOW + 120_000,
  knownKeyIds: [],
};

const filed = userAt('deleted', { rotation: { ...rotationAt('deleted'), isFiled: true } });

describe('the agenda', () => {
  it('never forgets a claim, and lets everything else wait for it', () => {
    expect(nextAt(withNews('due', { claim }), POLICY, NOW)).toBe(NOW + 120_000);
  });

  it.each([
    ['a message that shows what is no longer so', userAt('due', { notifiedAt: NOW })],
    ['an end that is not filed', userAt('deleted', { messages: [] })],
    ['an answer', drawn(userAt('due', { answer: { to: 'U0ANA', refusal: { kind: 'outdatedCard' } } }))],
    ['a matter that admins have not heard of', drawn(userAt('due', { owner: nobody }))],
  ])('asks at once for %s', (_, user) => {
    expect(isOutOfDate(user, POLICY, NOW)).toBe(true);
    expect(nextAt(user, POLICY, NOW)).toBe(NOW);
  });

  it('waits for the next reminder when all is told', () => {
    expect(next(userAt('due', { notifiedAt: NOW }))).toBe(DEADLINE - 3 * DAY);
  });

  it('has nothing to do for a closed rotation that is filed, and in preview', () => {
    expect(next(filed)).toBeUndefined();
    expect(nextAt(userAt('due'), { ...POLICY, mode: 'preview' }, NOW)).toBeUndefined();
  });

  it('does not look again at once after AWS refused a look', () => {
    const unconfirmed = [{ sighting: 'oldKeyOff', firstSeenAt: NOW - HOUR } as const];
    const failure = { since: NOW, what: 'look', code: 'AccessDenied', retryAt: NOW + HOUR };
    expect(next(userAt('due', { notifiedAt: NOW, unconfirmed, failure }))).toBe(NOW + HOUR);
  });

  it('does not send again at once what Slack refused, also when the rotation is over', () => {
    const failure = { since: NOW, what: 'redraw', code: 'restricted_action', retryAt: NOW + HOUR };
    expect(nextAt({ ...filed, failure }, POLICY, NOW)).toBe(NOW + HOUR);
    expect(nextAt(filed, POLICY, NOW)).toBe(NOW);
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
    expect(mayNotifyNow(off, POLICY, ends)).toBe(false);
  });

  it('is looked at once', () => {
    const looked = { ...off, keysSeenAt: ends };
    expect(next(looked, ends)).toBe(MONDAY);
  });
});

describe('a message that notifies', () => {
  const told = withNews('due');

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
    const quiet = withNews('due', { quietUntil: MONDAY });
    expect(mayNotifyNow(quiet, POLICY, NOW)).toBe(false);
    expect(next(quiet)).toBe(MONDAY);
    expect(next({ ...quiet, quietUntil: SATURDAY })).toBe(MONDAY);
  });

  it('goes by the zone of the person, and by the configured one for a channel', () => {
    const policy = { ...POLICY, timeZone: 'Asia/Kathmandu' };
    const channel = withNews('due', { owner: { kind: 'channel', channelId: 'C0TEAM' }, messages: [] });
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
          const user = userAt(stage, {
            messages: [],
            notifiedAt: now - 3 * DAY,
            ...(quiet !== undefined && { quietUntil: now + quiet }),
          });
          // What admins hear is planned for any hour.
          const planned = nextAt(user, { ...POLICY, escalateDays: 9999 }, now) ?? 0;
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
    const rotation = { ...rotationAt('postponed'), until: NOW + DAY };
    expect(next({ ...postponed, rotation, owner: nobody })).toBe(NOW + DAY);
  });

  it('tells of what happened all the same', () => {
    expect(owesReminder(withNews('postponed'), POLICY, NOW)).toBe(true);
  });
});

describe('news', () => {
  const admin = { kind: 'person', slackId: 'U0SAM', as: 'admin' } as const;
  const owner = { ...admin, as: 'owner' } as const;
  const isNews = (changes: Partial<HistoryEntry>, toldEntries = 0) =>
    hasNews(
      withNews('due', {
        rotation: { ...rotationAt('due'), history: [{ ...SEEN, ...changes }] },
        toldEntries,
      }),
    );

  it('is what keyrotate saw and what an admin did, until the owner is told', () => {
    expect(isNews({})).toBe(true);
    expect(isNews({ what: 'retire', by: admin })).toBe(true);
    expect(isNews({}, 1)).toBe(false);
  });

  it('is what the owner had decided, once keyrotate has carried it out', () => {
    expect(isNews({ what: 'deactivate', by: owner, decidedAt: NOW - DAY })).toBe(true);
  });

  it('is not what the owner did, what failed, nor that it was opened or handed over', () => {
    expect(isNews({ what: 'retire', by: owner })).toBe(false);
    expect(isNews({ what: 'retire', by: admin, outcome: 'failed' })).toBe(false);
    expect(isNews({ what: 'open' })).toBe(false);
    expect(isNews({ what: 'assign', by: admin })).toBe(false);
  });

  it('is that the tags name somebody else, until the next message', () => {
    const ownerChange = { to: nobody, at: NOW };
    expect(hasNews(userAt('due', { ownerChange }))).toBe(true);
    expect(hasNews(userAt('due', { ownerChange, notifiedAt: NOW }))).toBe(false);
  });

  it('reaches the owner of a closed rotation, and nobody where nobody owns it', () => {
    expect(owesReminder(withNews('resolved'), POLICY, NOW)).toBe(true);
    expect(owesReminder(withNews('resolved', { owner: nobody }), POLICY, NOW)).toBe(false);
  });
});

describe('who waits for an admin', () => {
  const asked = userAt('due', { rotation: { ...rotationAt('due'), request: MORE_TIME }, notifiedAt: NOW });

  it('is not reminded, but hears what happened', () => {
    expect(owesReminder(asked, POLICY, DEADLINE + DAY)).toBe(false);
    const rotation = { ...rotationAt('due'), request: MORE_TIME, history: [SEEN] };
    expect(owesReminder({ ...asked, rotation }, POLICY, NOW)).toBe(true);
  });
});

describe('an exempt user', () => {
  it.each(['due', 'postponed'] as const)('hears nothing while nothing has been begun (%s)', (stage) => {
    const user = withNews(stage, { exempt });
    expect(owesReminder(user, POLICY, NOW)).toBe(false);
    expect(next(user)).toBe(stage === 'due' ? undefined : MORE_TIME.until);
  });

  it.each(['issued', 'confirmed', 'deactivated', 'retired'] as const)(
    'is reminded of a rotation under way: half done must not rot (%s)',
    (stage) => {
      expect(owesReminder(withNews(stage, { exempt }), POLICY, NOW)).toBe(true);
      expect(next(userAt(stage, { exempt }))).toBeDefined();
    },
  );

  it('by an unclear tag is exempt from nothing', () => {
    const unclear = withNews('due', { exempt: { kind: 'unclear', text: 'for ever' } });
    expect(owesReminder(unclear, POLICY, NOW)).toBe(true);
  });
});
