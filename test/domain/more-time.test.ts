// More time, and "not mine": what owners may say, and what only admins may decide.
import { describe, expect, it } from 'vitest';
import { judge, moveMeant, movesOffered } from '../../src/domain/legality.ts';
import type { Situation } from '../../src/domain/moves/situation.ts';
import { ownerMayPostponeTo } from '../../src/domain/policy.ts';
import type { Role } from '../../src/domain/rotation.ts';
import { DAY, HOUR } from '../../src/domain/time.ts';
import { localDay } from '../../src/domain/working-hours.ts';
import { LATER, MORE_TIME, NOW, POLICY, press, rotationAt, situated, userAt } from './given.ts';

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
      expect(judge(situated(user), press('postpone', false, 'owner', input))).toMatchObject({
        refusal: { kind: 'inputMissing' },
      });
    }
  });

  it('needs a date to come, before the deadline or after it, and within a year', () => {
    const bounds = { kind: 'dateNotPossible', after: NOW, atMost: NOW + 366 * DAY };
    const refused = { refusal: bounds };
    expect(judge(situated(user), asked(NOW))).toMatchObject(refused);
    expect(judge(situated(user), asked(NOW + 1)).verdict).toBe('allowed');
    expect(judge(situated(user), asked(NOW + 366 * DAY, 'admin')).verdict).toBe('allowed');
    expect(judge(situated(user), asked(NOW + 366 * DAY + 1, 'admin'))).toMatchObject(refused);
  });

  it('for longer than an owner may take alone becomes a request, and an admin just takes it', () => {
    const limit = ownerMayPostponeTo(rotationAt('due'), POLICY);
    expect(moveMeant(situated(user), asked(limit))).toBe('postpone');
    const nextDay = limit + DAY;
    expect(moveMeant(situated(user), asked(nextDay))).toBe('askForTime');
    expect(moveMeant(situated(user), asked(nextDay, 'admin'))).toBe('postpone');
    expect(moveMeant(situated(user), press('retire', false, 'owner', { until: nextDay }))).toBe('retire');
  });

  it('is counted in days where the owner lives, as Slack draws the deadline for them', () => {
    for (const zone of ['Pacific/Auckland', 'Europe/Madrid', 'Pacific/Honolulu'])
      for (let hour = 0; hour < 24; hour += 1) {
        const due = rotationAt('due');
        const rotation = { ...due, oldKeyCreatedAt: due.oldKeyCreatedAt + hour * HOUR };
        const situation = { ...(situated(user) as Situation), rotation, zone };
        // The form takes a date, and is read as ten in the morning, UTC.
        const chosen = (later: number) =>
          Date.parse(`${localDay(ownerMayPostponeTo(rotation, POLICY) + later, zone)}T10:00:00Z`);
        expect(moveMeant(situation, asked(chosen(0))), `${zone} ${hour}`).toBe('postpone');
        expect(moveMeant(situation, asked(chosen(DAY))), `${zone} ${hour}`).toBe('askForTime');
      }
  });
});

describe.each(['due', 'postponed', 'issued', 'confirmed'] as const)(
  'at %s, where the old key is on',
  (stage) => {
    const user = userAt(stage);
    const asked = (until: number) => press('postpone', false, 'owner', { ...LATER, until });

    it('more time and "not mine" are offered, each under the same rules', () => {
      expect(movesOffered(situated(user))).toEqual(expect.arrayContaining(['postpone', 'notMine']));
      const limit = ownerMayPostponeTo(rotationAt(stage), POLICY);
      expect(moveMeant(situated(user), asked(limit))).toBe('postpone');
      expect(moveMeant(situated(user), asked(limit + DAY))).toBe('askForTime');
      expect(judge(situated(user), asked(limit)).verdict).toBe('allowed');
      expect(judge(situated(user), press('notMine', false, 'owner', { text: 'Ben has it' })).verdict).toBe(
        'allowed',
      );
    });

    it('what was agreed on already needs no admin again', () => {
      const extendedTo = NOW + 90 * DAY;
      const agreed = situated({ ...user, rotation: { ...rotationAt(stage), extendedTo } });
      expect(moveMeant(agreed, asked(extendedTo))).toBe('postpone');
      expect(moveMeant(agreed, asked(extendedTo + DAY))).toBe('askForTime');
    });

    it.each(['approve', 'decline'] as const)('admins %s what was asked for, on its own message', (move) => {
      const requested = situated({ ...user, rotation: { ...rotationAt(stage), request: MORE_TIME } });
      expect(judge(requested, press(move, false, 'admin')).verdict).toBe('allowed');
      expect(judge(requested, press(move))).toMatchObject({ refusal: { kind: 'adminsOnly' } });
      expect(movesOffered(requested, 'admin')).not.toContain(move);
      const nothing = { refusal: { kind: 'notRequested' } };
      expect(judge(situated(user), press(move, false, 'admin'))).toMatchObject(nothing);
    });
  },
);

describe.each(['deactivated', 'retired'] as const)('at %s, where the old key is off', (stage) => {
  it('nobody needs more time, and nothing is left to decide', () => {
    for (const move of ['postpone', 'approve', 'notMine'] as const)
      expect(judge(situated(userAt(stage)), press(move, false, 'admin', LATER))).toMatchObject({
        refusal: { kind: 'notAtThisStage' },
      });
  });
});

describe('"not mine"', () => {
  it('is said by the owner, with a reason', () => {
    const user = userAt('due');
    expect(
      judge(situated(user), press('notMine', false, 'owner', { text: 'I moved to another team' })).verdict,
    ).toBe('allowed');
    expect(judge(situated(user), press('notMine'))).toMatchObject({ refusal: { kind: 'inputMissing' } });
  });

  it('is not for admins to say, nor offered to them', () => {
    const user = userAt('due');
    expect(judge(situated(user), press('notMine', false, 'admin', { text: 'theirs' }))).toMatchObject({
      refusal: { kind: 'ownerOnly' },
    });
    expect(movesOffered(situated(user), 'admin')).not.toContain('notMine');
  });
});
