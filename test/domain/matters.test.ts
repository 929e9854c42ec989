// What admins are to decide or to know: told at once or after a silence, and again and again until it is settled.
import { describe, expect, it } from 'vitest';
import { nextAt, owesReminder } from '../../src/domain/agenda.ts';
import { handedOver } from '../../src/domain/hand-over.ts';
import type { IamUser } from '../../src/domain/iam-user.ts';
import { matters, mattersToTell, nextClimb } from '../../src/domain/matters.ts';
import type { MatterKind } from '../../src/domain/message.ts';
import type { Owner } from '../../src/domain/owner.ts';
import type { HistoryEntry, OpenRotation, Rotation } from '../../src/domain/rotation.ts';
import { DAY, HOUR, type Instant, startOfDay } from '../../src/domain/time.ts';
import { SITUATIONS, type Situation } from './every-situation.ts';
import {
  adminsTold,
  drawn,
  MORE_TIME,
  NOW,
  newKey,
  oldKey,
  POLICY,
  rotationAt,
  SEEN,
  userAt,
} from './given.ts';

const BEN: Owner = { kind: 'person', slackId: 'U0BEN', from: 'link' };
const ANA = { kind: 'person', slackId: 'U0ANA', as: 'owner' } as const;
const DEADLINE = NOW + 7 * DAY;
const YEAR = 365 * DAY;

const nobody = (why: 'none' | 'ambiguous' | 'left' | 'disowned'): Owner => ({
  kind: 'nobody',
  why,
  named: [],
});

/** What somebody pressed at that moment. */
function pressed<R extends Rotation>(rotation: R, at: Instant, changes: Partial<HistoryEntry> = {}): R {
  const entry: HistoryEntry = { ...SEEN, what: 'createKey', by: ANA, ...changes, at };
  return { ...rotation, history: [...rotation.history, entry] };
}

/** Who hears of it when, and how often it had climbed: the user is looked at once a day, and nobody does anything. */
function toldDaily(
  user: IamUser,
  from: Instant,
  days: number,
): [day: number, kind: MatterKind, level: number][] {
  let current = user;
  return Array.from({ length: days }, (_, day) => day).flatMap((day) => {
    const at = from + day * DAY;
    const told = mattersToTell(current, POLICY, at);
    current = adminsTold(current, at);
    return told.map(({ kind, level }): [number, MatterKind, number] => [day, kind, level]);
  });
}

const daysOf = (told: ReturnType<typeof toldDaily>) => told.map(([day]) => day);
const kindsAt = (user: IamUser, at: Instant = NOW) => matters(user, POLICY, at).map(({ kind }) => kind);

describe('a silence', () => {
  const silent = userAt('due');

  it('is told a week after the deadline, then after one week, two, and every four, for a year', () => {
    const told = toldDaily(silent, DEADLINE, 365);
    expect(daysOf(told)).toEqual([7, 14, 28, 56, 84, 112, 140, 168, 196, 224, 252, 280, 308, 336, 364]);
    expect(told.map(([, kind, level]) => [kind, level])).toEqual(told.map((_, i) => ['silence', i + 1]));
  });

  it('is on the agenda of each of these days, from midnight on', () => {
    const day = startOfDay(DEADLINE);
    expect(nextClimb(silent, POLICY, NOW)).toBe(day + 7 * DAY);
    expect(nextClimb(silent, POLICY, DEADLINE + 7 * DAY)).toBe(day + 14 * DAY);
    expect(nextClimb(silent, POLICY, DEADLINE + 14 * DAY)).toBe(day + 28 * DAY);
    expect(nextClimb(silent, POLICY, DEADLINE + 28 * DAY)).toBe(day + 56 * DAY);
  });

  it('is told of on the same day, whatever the hour of the deadline, so that many make one message', () => {
    const day = startOfDay(DEADLINE) + 7 * DAY;
    for (const hour of [0, 3, 12, 23]) {
      const oldKeyCreatedAt = startOfDay(DEADLINE) + hour * HOUR - 90 * DAY;
      const user = userAt('due', { rotation: { ...rotationAt('due'), oldKeyCreatedAt } });
      expect(kindsAt(user, day - 1)).toEqual([]);
      expect(kindsAt(user, day)).toEqual(['silence']);
    }
  });

  it('ends with one press, and climbs again from there for as long as nothing follows it', () => {
    const day40 = DEADLINE + 40 * DAY;
    const told = adminsTold(silent, DEADLINE + 28 * DAY);
    expect(kindsAt(told, day40)).toEqual(['silence']);
    const rotation = pressed(rotationAt('due'), day40, { what: 'switchKey' });
    const after = drawn({ ...told, rotation }, day40);
    expect(kindsAt(after, day40)).toEqual([]);
    expect(daysOf(toldDaily(after, day40, 100))).toEqual([7, 14, 28, 56, 84]);
  });

  it('is not that of who created the key six days after the deadline', () => {
    const at = DEADLINE + 6 * DAY;
    const working = userAt('issued', { rotation: pressed(rotationAt('issued'), at) });
    expect(kindsAt(working, at + DAY)).toEqual([]);
    expect(nextClimb(working, POLICY, at + DAY)).toBe(startOfDay(at) + 7 * DAY);
  });

  it('is not ended by what keyrotate saw, nor by a press that failed', () => {
    const late = DEADLINE + 7 * DAY;
    for (const changes of [{ by: { kind: 'keyrotate' } as const }, { outcome: 'failed' as const }]) {
      const rotation = pressed(rotationAt('due'), late, changes);
      expect(kindsAt(userAt('due', { rotation }), late)).toEqual(['silence']);
    }
  });

  it('counts from the date that was agreed on, where that is later', () => {
    const rotation = { ...rotationAt('due'), extendedTo: DEADLINE + 30 * DAY };
    expect(daysOf(toldDaily(userAt('due', { rotation }), DEADLINE, 60))).toEqual([37, 44, 58]);
  });

  it('of a rotation that nobody was told of counts by the age of the key, once there was time to tell them', () => {
    const { contactedAt: _, ...untold } = rotationAt('due');
    expect(daysOf(toldDaily(userAt('due', { rotation: untold }), DEADLINE, 30))).toEqual([7, 14, 28]);
    const old = { ...untold, openedAt: NOW, oldKeyCreatedAt: NOW - 400 * DAY };
    expect(daysOf(toldDaily(userAt('due', { rotation: old }), NOW, 30))).toEqual([14, 21]);
    // An admin may agree on a date for an owner who has not heard of it.
    const agreed = { ...untold, extendedTo: DEADLINE + 60 * DAY };
    expect(kindsAt(userAt('due', { rotation: agreed }), DEADLINE + 60 * DAY)).toEqual([]);
    // Once they hear of it they have the notice that everybody gets.
    expect(kindsAt(userAt('due', { rotation: { ...old, contactedAt: NOW } }))).toEqual([]);
  });

  it('of what an admin asked for does not wait for the age of the key, only for a date that was agreed on', () => {
    const young = { ...rotationAt('due'), oldKeyCreatedAt: NOW - 3 * DAY, openedAt: NOW, contactedAt: NOW };
    const asking = (as: 'admin' | 'owner') =>
      pressed(young, NOW, { what: 'open', by: { kind: 'person', slackId: 'U0SAM', as } });
    const incident = userAt('due', { rotation: asking('admin') });
    expect(daysOf(toldDaily(incident, NOW, 60))).toEqual([7, 14, 28, 56]);
    // At the beginning of that day, so that all of a day make one message.
    expect(nextClimb(incident, POLICY, NOW)).toBe(startOfDay(NOW + 7 * DAY));
    const agreed = { ...asking('admin'), extendedTo: NOW + 20 * DAY };
    expect(daysOf(toldDaily(userAt('due', { rotation: agreed }), NOW, 30))).toEqual([27]);
    expect(daysOf(toldDaily(userAt('due', { rotation: asking('owner') }), NOW, 90))).toEqual([]);
  });

  it.each(['deactivated', 'retired'] as const)(
    'counts from the end of the grace period once the key is off (%s)',
    (stage) => {
      const user = userAt(stage, { rotation: rotationAt(stage, 7) });
      expect(daysOf(toldDaily(user, NOW, 30))).toEqual([7, 14, 28]);
    },
  );

  it.each([
    [
      'postponed, which ends by itself',
      userAt('postponed', { rotation: { ...rotationAt('postponed'), until: NOW + YEAR } }),
    ],
    ['exempt until a date', userAt('due', { exempt: { kind: 'until', until: NOW + YEAR, why: 'vendor' } })],
    ['over', userAt('deleted')],
  ])('is none where a rotation is %s', (_, user) => {
    expect(kindsAt(user, NOW + YEAR)).toEqual([]);
    expect(nextClimb(user, POLICY, NOW)).toBeUndefined();
  });

  it('of an exempt user counts once something was begun: half done must not rot', () => {
    const user = userAt('issued', { exempt: { kind: 'until', until: NOW + YEAR, why: 'vendor' } });
    expect(kindsAt(user, DEADLINE + 7 * DAY)).toEqual(['silence']);
  });
});

const BOTH = { keys: [oldKey(), newKey()] };
const nothingWorks = { ...rotationAt('deactivated'), newKeyOutSince: NOW };
const assigned = (user: IamUser) => handedOver(user, BEN);
const due = (user: IamUser) => ({ ...user, rotation: rotationAt('due') });

/** Each matter with a user about whom it is open, and what settles it. */
const OPEN: [MatterKind, IamUser, (user: IamUser) => IamUser][] = [
  ['timeAsked', userAt('due', { rotation: { ...rotationAt('due'), request: MORE_TIME } }), due],
  ['ownerChanged', userAt('due', { ownerChange: { to: BEN, at: NOW } }), assigned],
  ['noOwner', userAt('due', { owner: nobody('none') }), assigned],
  ['noOwner', userAt('due', { owner: nobody('ambiguous') }), assigned],
  ['ownerLeft', userAt('due', { owner: nobody('left') }), assigned],
  ['notMine', userAt('due', { owner: nobody('disowned') }), assigned],
  [
    'nothingWorks',
    userAt('deactivated', { rotation: nothingWorks, keys: [] }),
    (user) => ({ ...user, keys: [newKey()] }),
  ],
  ['bothNeeded', userAt('due', { ...BOTH, rotation: bothNeeded() }), due],
];

function bothNeeded(): OpenRotation {
  return pressed({ ...rotationAt('due'), bothNeeded: { at: NOW, by: ANA } }, NOW, { what: 'keepBoth' });
}

describe.each(OPEN)('%s', (kind, user, settled) => {
  it('is open at once, and told again and again until it is settled', () => {
    const told = toldDaily(user, NOW, 100).filter(([, one]) => one === kind);
    expect(told.map(([day, , level]) => [day, level])).toEqual([
      [0, 1],
      [7, 2],
      [21, 3],
      [49, 4],
      [77, 5],
    ]);
  });

  it('comes back to the agenda when it climbs', () => {
    expect(nextClimb(adminsTold(user), POLICY, NOW)).toBeLessThanOrEqual(NOW + 7 * DAY);
  });

  it('is over once it is settled', () => {
    expect(kindsAt(settled(adminsTold(user)))).not.toContain(kind);
  });
});

describe('several at once', () => {
  it('are each a matter of its own, the worst first', () => {
    const rotation = { ...rotationAt('due'), request: MORE_TIME };
    const user = userAt('due', { rotation, ownerChange: { to: BEN, at: NOW } });
    expect(kindsAt(user)).toEqual(['timeAsked', 'ownerChanged']);
    expect(kindsAt(adminsTold(user), NOW + YEAR)).toEqual(['timeAsked', 'ownerChanged']);
  });

  it('are none in preview', () => {
    const policy = { ...POLICY, mode: 'preview' } as const;
    for (const [, user] of OPEN) {
      expect(matters(user, policy, NOW + YEAR)).toEqual([]);
      expect(nextClimb(user, policy, NOW)).toBeUndefined();
    }
  });
});

describe('a hand-over', () => {
  it('drops what the last owner asked for and what they said of both keys', () => {
    const rotation = { ...bothNeeded(), request: MORE_TIME };
    const { rotation: handed } = handedOver(userAt('due', { ...BOTH, rotation }), BEN);
    expect(handed).not.toHaveProperty('request');
    expect(handed).not.toHaveProperty('bothNeeded');
  });
});

describe('that both keys are needed', () => {
  const user = userAt('due', { ...BOTH, rotation: bothNeeded(), notifiedAt: NOW, toldEntries: 1 });

  it('quiets the owner for as long as they may take alone, and then they are reminded again', () => {
    const over = NOW + POLICY.postponeDays * DAY;
    expect(owesReminder(user, POLICY, over - 1)).toBe(false);
    expect(owesReminder(user, POLICY, over)).toBe(true);
    expect(nextAt(drawn(adminsTold(user)), POLICY, NOW)).toBe(NOW + 7 * DAY);
  });

  it('is a silence like any other from then on', () => {
    expect(kindsAt(user, NOW + 13 * DAY)).toEqual(['bothNeeded']);
    expect(kindsAt(user, NOW + 14 * DAY)).toEqual(['silence', 'bothNeeded']);
  });
});

describe('a silence, in every situation', () => {
  /** Exempt until a date, and nothing was begun: the sweep takes it up again after that date. */
  const rests = ({ user: { exempt, rotation } }: Situation) =>
    exempt?.kind === 'until' && rotation?.stage === 'due';

  it('is somebody’s matter: admins hear of it within a year, and again after it, or it ends by itself', () => {
    const isCaredFor = ({ user, policy, now }: Situation) => {
      if (user.rotation?.stage === 'postponed') return nextAt(user, policy, now) !== undefined;
      const later = now + YEAR;
      const climbs = nextClimb(adminsTold(user, later, policy), policy, later) ?? Number.POSITIVE_INFINITY;
      return matters(user, policy, later).length > 0 && climbs <= later + 28 * DAY;
    };
    const left = SITUATIONS.filter((situation) => !rests(situation) && !isCaredFor(situation));
    expect(left.map(({ name }) => name).slice(0, 8)).toEqual([]);
  });
});
