// The cadence of reminders: "at least", never "exactly".
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextAt } from '../../src/domain/agenda.ts';
import { lastReminderBy, nextReminderAfter, reminderIsDue } from '../../src/domain/reminders.ts';
import { DAY, HOUR } from '../../src/domain/time.ts';
import { NOW, POLICY, rotationAt, userAt } from './given.ts';

const due = rotationAt('due'); // 83 days old: 7 days left
const DEADLINE = due.oldKeyCreatedAt + 90 * DAY;

describe('reminders', () => {
  it.each([14, 7, 3, 1, 0])('come %i days before the deadline', (days) => {
    const at = DEADLINE - days * DAY;
    expect(lastReminderBy(at, due, POLICY)).toBe(at);
    expect(reminderIsDue(at, at - HOUR, due, POLICY)).toBe(true);
    expect(reminderIsDue(at + HOUR, at + 1, due, POLICY)).toBe(false);
  });

  it('come every two days once the deadline is past', () => {
    expect(nextReminderAfter(DEADLINE, due, POLICY)).toBe(DEADLINE + 2 * DAY);
    expect(reminderIsDue(DEADLINE + DAY, DEADLINE, due, POLICY)).toBe(false);
    expect(reminderIsDue(DEADLINE + 2 * DAY, DEADLINE, due, POLICY)).toBe(true);
  });

  it('skip nothing when days were missed: one comes for all that passed (danger 21)', () => {
    expect(reminderIsDue(DEADLINE - 2.5 * DAY, DEADLINE - 10 * DAY, due, POLICY)).toBe(true);
    expect(reminderIsDue(DEADLINE + 31 * DAY, DEADLINE - 10 * DAY, due, POLICY)).toBe(true);
  });

  it('come at once for an owner who was never told', () => {
    expect(reminderIsDue(NOW, undefined, due, POLICY)).toBe(true);
  });

  it.each(['issued', 'confirmed'] as const)('go on while the old key still works (%s)', (stage) => {
    expect(reminderIsDue(DEADLINE, DEADLINE - HOUR, rotationAt(stage), POLICY)).toBe(true);
  });

  it.each(['deactivated', 'retired'] as const)('tell that deleting has become possible (%s)', (stage) => {
    const off = rotationAt(stage, 3);
    const graceEnds = off.offSince + 7 * DAY;
    expect(nextReminderAfter(NOW, off, POLICY)).toBe(graceEnds);
    expect(reminderIsDue(graceEnds - 1, off.offSince, off, POLICY)).toBe(false);
    expect(reminderIsDue(graceEnds, off.offSince, off, POLICY)).toBe(true);
  });

  it('never leave a moment without a next one, and the next is always later', () => {
    fc.assert(
      fc.property(fc.integer({ min: -40 * DAY, max: 400 * DAY }), (offset) => {
        const now = DEADLINE + offset;
        const next = nextReminderAfter(now, due, POLICY);
        expect(next).toBeGreaterThan(now);
        expect(lastReminderBy(next, due, POLICY)).toBe(next);
        expect(reminderIsDue(next, now, due, POLICY)).toBe(true);
      }),
    );
  });
});

describe('the agenda', () => {
  it('never forgets a claim', () => {
    const claim = {
      jobId: 'j',
      move: 'createKey',
      actor: { kind: 'keyrotate' },
      at: NOW,
      leaseUntil: NOW + 120_000,
      knownKeyIds: [],
    } as const;
    expect(nextAt(userAt('due', { claim: { ...claim, knownKeyIds: [] } }), POLICY, NOW)).toBe(NOW + 120_000);
  });

  it('asks for what is owed at once', () => {
    expect(nextAt(userAt('due', { owed: ['redraw'] }), POLICY, NOW)).toBe(NOW);
  });

  it('waits for the next reminder when all is told', () => {
    expect(nextAt(userAt('due', { notifiedAt: NOW }), POLICY, NOW)).toBe(DEADLINE - 3 * DAY);
  });

  it('has nothing to do for a user nobody owns, for a closed rotation, and in preview', () => {
    const nobody = { kind: 'nobody', why: 'none', named: [] } as const;
    expect(nextAt(userAt('due', { owner: { ...nobody, named: [] } }), POLICY, NOW)).toBeUndefined();
    expect(nextAt(userAt('deleted'), POLICY, NOW)).toBeUndefined();
    expect(nextAt(userAt('due'), { ...POLICY, mode: 'preview' }, NOW)).toBeUndefined();
  });
});
