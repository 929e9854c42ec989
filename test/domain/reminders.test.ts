// The cadence of reminders: "at least", never "exactly".
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastReminderBy, nextReminderAfter, reminderIsDue } from '../../src/domain/reminders.ts';
import type { HistoryEntry, OpenRotation } from '../../src/domain/rotation.ts';
import { DAY, HOUR, type Instant } from '../../src/domain/time.ts';
import { OPEN_STAGES } from '../../src/domain/transitions.ts';
import { MORE_TIME, NOW, POLICY, rotationAt, SEEN } from './given.ts';

const UTC = 'UTC';
const due = rotationAt('due'); // 83 days old: 7 days left
const DEADLINE = due.oldKeyCreatedAt + 90 * DAY;

const lastBy = (now: Instant, rotation: OpenRotation = due) => lastReminderBy(now, rotation, POLICY, UTC);
const nextAfter = (now: Instant, rotation: OpenRotation = due) =>
  nextReminderAfter(now, rotation, POLICY, UTC);
const isDue = (now: Instant, notifiedAt: Instant | undefined, rotation: OpenRotation = due) =>
  reminderIsDue(now, notifiedAt, rotation, POLICY, UTC);

/** A rotation whose deadline is far away, at its stage since a moment. */
function begunAt(stage: 'issued' | 'confirmed', at: Instant): OpenRotation {
  const step = { issued: ['createKey', 'due'], confirmed: ['confirmMigration', 'issued'] } as const;
  const [what, from] = step[stage];
  const entry: HistoryEntry = { ...SEEN, at, what, from, to: stage };
  return { ...rotationAt(stage), oldKeyCreatedAt: NOW, history: [entry] };
}

describe('reminders', () => {
  it.each([14, 7, 3, 1, 0])('come %i days before the deadline', (days) => {
    const at = DEADLINE - days * DAY;
    expect(lastBy(at)).toBe(at);
    expect(isDue(at, at - HOUR)).toBe(true);
    expect(isDue(at + HOUR, at + 1)).toBe(false);
  });

  it('come every two days once the deadline is past', () => {
    expect(nextAfter(DEADLINE)).toBe(DEADLINE + 2 * DAY);
    expect(isDue(DEADLINE + DAY, DEADLINE)).toBe(false);
    expect(isDue(DEADLINE + 2 * DAY, DEADLINE)).toBe(true);
  });

  it('skip nothing when days were missed: one comes for all that passed (danger 21)', () => {
    expect(isDue(DEADLINE - 2.5 * DAY, DEADLINE - 10 * DAY)).toBe(true);
    expect(isDue(DEADLINE + 31 * DAY, DEADLINE - 10 * DAY)).toBe(true);
  });

  it('come at once for an owner who was never told', () => {
    expect(isDue(NOW, undefined)).toBe(true);
  });

  it('count from the deadline that was agreed on', () => {
    const extended = { ...due, extendedTo: DEADLINE + 20 * DAY };
    expect(nextAfter(NOW, extended)).toBe(DEADLINE + 6 * DAY);
    expect(isDue(DEADLINE + 2 * DAY, NOW, extended)).toBe(false);
  });

  it.each(['issued', 'confirmed'] as const)('go on while the old key still works (%s)', (stage) => {
    expect(isDue(DEADLINE, DEADLINE - HOUR, rotationAt(stage))).toBe(true);
  });

  it.each(['issued', 'confirmed'] as const)(
    'come every week while a rotation is %s, however far the deadline',
    (stage) => {
      const begun = begunAt(stage, NOW);
      expect(nextAfter(NOW, begun)).toBe(NOW + 7 * DAY);
      expect(nextAfter(NOW + 7 * DAY, begun)).toBe(NOW + 14 * DAY);
      expect(isDue(NOW + 7 * DAY - 1, NOW, begun)).toBe(false);
      expect(isDue(NOW + 7 * DAY, NOW, begun)).toBe(true);
    },
  );

  it('come every week of a rotation that somebody asked for, however far its deadline', () => {
    const by = { kind: 'person', slackId: 'U0ANA', as: 'owner' } as const;
    const { from: _, ...seen } = SEEN;
    const entry = (what: 'open' | 'switchKey', changes: Partial<HistoryEntry> = {}): HistoryEntry => ({
      ...seen,
      what,
      ...changes,
    });
    const young = { ...rotationAt('due'), oldKeyCreatedAt: NOW - DAY, openedAt: NOW };
    const asked: OpenRotation = { ...young, history: [entry('open', { by })] };
    const switched: OpenRotation = {
      ...young,
      history: [entry('open'), entry('switchKey', { by, from: 'due' })],
    };
    for (const rotation of [asked, switched]) {
      expect(nextAfter(NOW, rotation)).toBe(NOW + 7 * DAY);
      expect(isDue(NOW + 7 * DAY, NOW, rotation)).toBe(true);
    }
    expect(nextAfter(NOW, { ...young, history: [entry('open')] })).toBe(young.oldKeyCreatedAt + 76 * DAY);
  });

  it.each(['issued', 'confirmed'] as const)(
    'are none while more time runs (%s): they come when it is over, and from then on as ever',
    (stage) => {
      const until = DEADLINE + 5 * DAY;
      const begun = { ...begunAt(stage, NOW), oldKeyCreatedAt: due.oldKeyCreatedAt };
      const given = { ...begun, moreTime: { ...MORE_TIME, until }, extendedTo: until };
      expect(nextAfter(NOW, given)).toBe(until);
      expect(isDue(until - 1, NOW, given)).toBe(false);
      expect(isDue(until, NOW, given)).toBe(true);
      expect(nextAfter(until, given)).toBe(until + 2 * DAY);
      // The deadline may be later than the time that was asked for.
      const quiet = { ...given, extendedTo: until + 30 * DAY };
      expect(nextAfter(NOW, quiet)).toBe(until);
      expect(nextAfter(until, quiet)).toBe(until + 7 * DAY);
      expect(isDue(until + 16 * DAY, until + 15 * DAY, quiet)).toBe(true);
    },
  );

  it('are none while a rotation is postponed: its date comes by itself', () => {
    const postponed = rotationAt('postponed');
    expect(nextAfter(NOW, postponed)).toBeUndefined();
    expect(isDue(NOW + 400 * DAY, undefined, postponed)).toBe(false);
  });
});

describe.each(['deactivated', 'retired'] as const)('once the old key is off (%s)', (stage) => {
  const off = rotationAt(stage, 3); // on Tuesday at 9
  const graceEnds = off.offSince + 7 * DAY;

  it('the owner is asked on the next working morning whether all is well', () => {
    const morning = Date.parse('2026-11-18T09:00:00Z');
    expect(nextAfter(off.offSince, off)).toBe(morning);
    expect(isDue(morning - 1, off.offSince, off)).toBe(false);
    expect(isDue(morning, off.offSince, off)).toBe(true);
  });

  it('the morning is that of their own zone, and after a Friday it is Monday', () => {
    const friday = { ...off, offSince: Date.parse('2026-11-20T20:00:00Z') };
    const next = nextReminderAfter(friday.offSince, friday, POLICY, 'America/New_York');
    expect(next).toBe(Date.parse('2026-11-23T14:00:00Z'));
  });

  it('deleting is told of at the very end of the grace period, and then every two days', () => {
    expect(nextAfter(NOW, off)).toBe(graceEnds);
    expect(isDue(graceEnds - 1, NOW, off)).toBe(false);
    expect(isDue(graceEnds, NOW, off)).toBe(true);
    expect(nextAfter(graceEnds, off)).toBe(graceEnds + 2 * DAY);
  });
});

describe.each(OPEN_STAGES.filter((stage) => stage !== 'postponed'))('at %s, at any moment', (stage) => {
  it('there is a next reminder, it is later, and it is due when it comes', () => {
    const rotation = rotationAt(stage);
    fc.assert(
      fc.property(fc.integer({ min: -40 * DAY, max: 400 * DAY }), (offset) => {
        const now = DEADLINE + offset;
        const next = nextAfter(now, rotation) ?? 0;
        expect(next).toBeGreaterThan(now);
        expect(lastBy(next, rotation)).toBe(next);
        expect(isDue(next, now, rotation)).toBe(true);
        expect(isDue(next - 1, now, rotation)).toBe(false);
      }),
    );
  });
});
