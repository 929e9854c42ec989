// Deadlines: the key's age, the first notice, and what was agreed; and what an auditor counts all the same.
import { describe, expect, it } from 'vitest';
import { deadlineOf, isOverdue, newPerDay, ownerMayPostponeTo } from '../../src/domain/policy.ts';
import { DAY } from '../../src/domain/time.ts';
import { NOW, oldKey, POLICY, rotationAt, userAt } from './given.ts';

const due = rotationAt('due');
const AGE_LIMIT = due.oldKeyCreatedAt + 90 * DAY;
const longOverdue = { ...due, oldKeyCreatedAt: NOW - 400 * DAY, contactedAt: NOW };

describe('the deadline', () => {
  it('is the age limit of the key', () => {
    expect(deadlineOf(due, POLICY, NOW)).toBe(AGE_LIMIT);
  });

  it('is never sooner than a week after the first word, however old the key is', () => {
    expect(deadlineOf(longOverdue, POLICY, NOW)).toBe(NOW + 7 * DAY);
  });

  it('is the date that was agreed on, where that is later', () => {
    expect(deadlineOf({ ...due, extendedTo: AGE_LIMIT + 5 * DAY }, POLICY, NOW)).toBe(AGE_LIMIT + 5 * DAY);
    expect(deadlineOf({ ...due, extendedTo: AGE_LIMIT - 5 * DAY }, POLICY, NOW)).toBe(AGE_LIMIT);
  });

  it('is a week from now while nobody was told of it yet, and stays when somebody is', () => {
    const { contactedAt: _, ...untold } = longOverdue;
    expect(deadlineOf(untold, POLICY, NOW + DAY)).toBe(NOW + 8 * DAY);
    expect(deadlineOf({ ...untold, contactedAt: NOW + DAY }, POLICY, NOW + 9 * DAY)).toBe(NOW + 8 * DAY);
  });
});

describe('what an owner may take alone', () => {
  it('counts from the first deadline', () => {
    expect(ownerMayPostponeTo(due, POLICY)).toBe(AGE_LIMIT + 14 * DAY);
    expect(ownerMayPostponeTo(longOverdue, POLICY)).toBe(NOW + 21 * DAY);
  });

  it('cannot be renewed for ever: taking it does not give more of it', () => {
    const taken = { ...due, extendedTo: ownerMayPostponeTo(due, POLICY) };
    expect(ownerMayPostponeTo(taken, POLICY)).toBe(ownerMayPostponeTo(due, POLICY));
  });
});

describe('how many owners hear of a key for the first time in a day', () => {
  const { maxNewPerDay: _, ...auto } = POLICY;

  it('is what the settings say', () => {
    expect(newPerDay({ ...auto, maxNewPerDay: 10 }, 100_000)).toBe(10);
  });

  it('is otherwise more on five days than comes of age on seven, so that no backlog grows', () => {
    for (const keys of [3000, 6000, 1_200_000])
      expect(5 * newPerDay(auto, keys)).toBeGreaterThan((7 * keys) / auto.maxKeyAgeDays);
  });

  it('is fifty at least', () => {
    expect(newPerDay(auto, 0)).toBe(50);
  });
});

describe('an auditor', () => {
  it('counts a key by its age alone, whatever was agreed', () => {
    const agreed = { ...longOverdue, extendedTo: NOW + 30 * DAY };
    expect(isOverdue(agreed, [oldKey({ createdAt: NOW - 400 * DAY })], POLICY, NOW)).toBe(true);
    const postponed = { ...rotationAt('postponed'), oldKeyCreatedAt: NOW - 90 * DAY };
    expect(isOverdue(postponed, userAt('postponed').keys, POLICY, NOW)).toBe(true);
  });
});
