// The policy: how old a key may grow, when its owner hears of it, and how long things wait.
import { type AccessKey, findKey, oldestFirst } from './access-key.ts';
import type { OpenRotation } from './rotation.ts';
import { DAY, HOUR, type Instant, MINUTE } from './time.ts';

export interface Policy {
  /** In preview, admins see what would be sent; owners hear nothing, and nothing is changed in AWS. */
  mode: 'preview' | 'live';
  /** Days. CIS AWS Foundations asks for rotation at 90 (v1.4 to v4.0.1: 1.14). */
  maxKeyAgeDays: number;
  /** Days before the deadline on which the owner is reminded; the largest one is when a key counts as nearing. */
  remindDaysBefore: readonly number[];
  /** Days between reminders once the deadline is past. */
  remindEveryDaysOverdue: number;
  /** Days from the true deactivation until the key may be deleted. */
  graceDays: number;
  /** Hours without use after which a key counts as quiet. */
  quietHours: number;
}

/** IAM is eventually consistent: an absence counts only when seen twice this far apart, and never sooner after our own write. */
export const IAM_LAG: number = 15 * MINUTE;

export function deadline(createdAt: Instant, policy: Policy): Instant {
  return createdAt + policy.maxKeyAgeDays * DAY;
}

/** When a key starts to count as nearing its deadline. */
export function warningAt(createdAt: Instant, policy: Policy): Instant {
  return deadline(createdAt, policy) - Math.max(0, ...policy.remindDaysBefore) * DAY;
}

/** The active key to rotate first: the oldest at or past its warning age. */
export function keyToRotate(keys: readonly AccessKey[], policy: Policy, now: Instant): AccessKey | undefined {
  return oldestFirst(keys).find((key) => key.status === 'Active' && warningAt(key.createdAt, policy) <= now);
}

export function deadlineOf(rotation: OpenRotation, policy: Policy): Instant {
  return deadline(rotation.oldKeyCreatedAt, policy);
}

/** When a switched-off key may be deleted. */
export function graceEndsAt(rotation: { offSince: Instant }, policy: Policy): Instant {
  return rotation.offSince + policy.graceDays * DAY;
}

export function quietFor(policy: Policy): number {
  return policy.quietHours * HOUR;
}

/** Overdue is a matter of keys that still work: one that is off harms nobody, whoever turned it off. */
export function isOverdue(
  rotation: OpenRotation,
  keys: readonly AccessKey[],
  policy: Policy,
  now: Instant,
): boolean {
  const key = findKey(keys, rotation.oldKeyId);
  const isOff = key ? key.status !== 'Active' : 'offSince' in rotation;
  return !isOff && now >= deadlineOf(rotation, policy);
}
