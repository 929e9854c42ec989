// More time, and "not mine": what owners may say, and what only admins may decide.
import { describe, expect, it } from 'vitest';
import { judge, moveMeant, movesOffered } from '../../src/domain/legality.ts';
import { ownerMayPostponeTo } from '../../src/domain/policy.ts';
import type { Role } from '../../src/domain/rotation.ts';
import { DAY } from '../../src/domain/time.ts';
import { LATER, MORE_TIME, NOW, POLICY, press, rotationAt, userAt } from './given.ts';

const REQUESTED = { rotation: { ...rotationAt('due'), request: MORE_TIME } };

describe('postponing', () => {
  const user = userAt('due');
  const asked = (until: number, as: Role = 'owner') => press('postpone', false, as, { ...LATER, until });

  it('needs a date and a reason', () => {
    for (const input of [
      undefined,
      { until: NOW + 10 * DAY },
      { text: 'later' },
      { until: NOW + 10 * DAY, text: '' },
    ]) {
      expect(judge(user, press('postpone', false, 'owner', input), POLICY, NOW)).toMatchObject({
        refusal: { kind: 'inputMissing' },
      });
    }
  });

  it('needs a date to come, before the deadline or after it, and within a year', () => {
    const bounds = { kind: 'dateNotPossible', after: NOW, atMost: NOW + 366 * DAY };
    const refused = { refusal: bounds };
    expect(judge(user, asked(NOW), POLICY, NOW)).toMatchObject(refused);
    expect(judge(user, asked(NOW + 1), POLICY, NOW).verdict).toBe('allowed');
    expect(judge(user, asked(NOW + 366 * DAY, 'admin'), POLICY, NOW).verdict).toBe('allowed');
    expect(judge(user, asked(NOW + 366 * DAY + 1, 'admin'), POLICY, NOW)).toMatchObject(refused);
  });

  it('for longer than an owner may take alone becomes a request, and an admin just takes it', () => {
    const limit = ownerMayPostponeTo(rotationAt('due'), POLICY);
    expect(moveMeant(user, asked(limit), POLICY)).toBe('postpone');
    const nextDay = limit + DAY;
    expect(moveMeant(user, asked(nextDay), POLICY)).toBe('askForTime');
    expect(moveMeant(user, asked(nextDay, 'admin'), POLICY)).toBe('postpone');
    expect(moveMeant(user, press('retire', false, 'owner', { until: nextDay }), POLICY)).toBe('retire');
  });
});

describe('a request for more time', () => {
  it.each(['approve', 'decline'] as const)(
    'lets admins %s it, on its own message and not on the card',
    (move) => {
      const user = userAt('due', REQUESTED);
      expect(judge(user, press(move, false, 'admin'), POLICY, NOW).verdict).toBe('allowed');
      expect(judge(user, press(move), POLICY, NOW)).toMatchObject({ refusal: { kind: 'adminsOnly' } });
      expect(movesOffered(user, POLICY, NOW, 'admin')).not.toContain(move);
    },
  );

  it.each(['approve', 'decline'] as const)(
    'is there when an admin presses %s, or there is nothing to decide',
    (move) => {
      expect(judge(userAt('due'), press(move, false, 'admin'), POLICY, NOW)).toMatchObject({
        refusal: { kind: 'notRequested' },
      });
    },
  );
});

describe('"not mine"', () => {
  it('is said by the owner, with a reason', () => {
    const user = userAt('due');
    expect(
      judge(user, press('notMine', false, 'owner', { text: 'I moved to another team' }), POLICY, NOW).verdict,
    ).toBe('allowed');
    expect(judge(user, press('notMine'), POLICY, NOW)).toMatchObject({ refusal: { kind: 'inputMissing' } });
  });

  it('is not for admins to say, nor offered to them', () => {
    const user = userAt('due');
    expect(judge(user, press('notMine', false, 'admin', { text: 'theirs' }), POLICY, NOW)).toMatchObject({
      refusal: { kind: 'ownerOnly' },
    });
    expect(movesOffered(user, POLICY, NOW, 'admin')).not.toContain('notMine');
  });
});
