// The policy: how old a key may grow, when its owner hears of it, and how long things wait.
import { type AccessKey, findKey, oldestFirst } from './access-key.ts';
import { isOff, type OpenRotation } from './rotation.ts';
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
  /** Days between reminders of a rotation that was asked for, or begun, and not ended, whatever its deadline. */
  remindEveryDaysUnderWay: number;
  /** Days from the true deactivation until the key may be deleted. */
  graceDays: number;
  /** Hours without use after which a key counts as quiet. */
  quietHours: number;
  /** Days that an owner may take beyond the deadline without asking an admin. */
  postponeDays: number;
  /** Days of silence until admins are told of it. They are told again after as many, then at growing distance. */
  escalateDays: number;
  /** Days that an owner has at least, from the first word about a rotation to its deadline. */
  firstNoticeDays: number;
  /** How many rotations may be brought to their owners for the first time in a day; undefined: as many as `newPerDay` says. */
  maxNewPerDay?: number;
  /** IANA time zone for owners who have none: channels. */
  timeZone: string;
}

/** IAM is eventually consistent: a change counts only when seen twice this far apart, and never sooner after our own write. */
export const IAM_LAG: number = 15 * MINUTE;

export function deadline(createdAt: Instant, policy: Policy): Instant {
  return createdAt + policy.maxKeyAgeDays * DAY;
}

const LEAST_NEW_PER_DAY = 50;

/**
 * Without a setting, twice as many rotations a day as keys come of age in one, so that no backlog grows over weekends and one
 * that is there goes down.
 */
export function newPerDay({ maxNewPerDay, maxKeyAgeDays }: Policy, activeKeys: number): number {
  return maxNewPerDay ?? Math.max(LEAST_NEW_PER_DAY, Math.ceil((2 * activeKeys) / maxKeyAgeDays));
}

/** When a key starts to count as nearing its deadline. */
export function warningAt(createdAt: Instant, policy: Policy): Instant {
  return deadline(createdAt, policy) - Math.max(0, ...policy.remindDaysBefore) * DAY;
}

export function isNearing(key: AccessKey, policy: Policy, now: Instant): boolean {
  return key.status === 'Active' && warningAt(key.createdAt, policy) <= now;
}

/** The active key to rotate first: the oldest at or past its warning age. */
export function keyToRotate(keys: readonly AccessKey[], policy: Policy, now: Instant): AccessKey | undefined {
  return oldestFirst(keys).find((key) => isNearing(key, policy, now));
}

/**
 * The one date that everybody is told. The key's age decides it, but an owner gets at least the first notice, and
 * whatever was agreed. While the owner has not been told, the notice begins now.
 */
export function deadlineOf(rotation: OpenRotation, policy: Policy, now: Instant): Instant {
  return Math.max(deadlineAlone({ contactedAt: now, ...rotation }, policy), rotation.extendedTo ?? 0);
}

/** The deadline before anybody was given more time. */
function deadlineAlone(
  { oldKeyCreatedAt, contactedAt }: Pick<OpenRotation, 'oldKeyCreatedAt' | 'contactedAt'>,
  policy: Policy,
): Instant {
  const noticed = contactedAt === undefined ? 0 : contactedAt + policy.firstNoticeDays * DAY;
  return Math.max(deadline(oldKeyCreatedAt, policy), noticed);
}

/**
 * Until when an owner may postpone without asking. It counts from the first deadline, so that it cannot be renewed for
 * ever; what was agreed on is theirs in any case.
 */
export function ownerMayPostponeTo(rotation: OpenRotation, policy: Policy): Instant {
  return Math.max(deadlineAlone(rotation, policy) + policy.postponeDays * DAY, rotation.extendedTo ?? 0);
}

/** A key that was used after it went off must have been on again: its grace period starts anew. */
export function trulyOffSince(
  rotation: { oldKeyId: string; offSince: Instant },
  keys: readonly AccessKey[],
): Instant {
  const use = findKey(keys, rotation.oldKeyId)?.lastUse;
  // AWS notes a use up to a quarter of an hour late.
  return use?.seen === 'used' && use.at > rotation.offSince + IAM_LAG ? use.at : rotation.offSince;
}

/** When a switched-off key may be deleted. */
export function graceEndsAt(rotation: { offSince: Instant }, policy: Policy): Instant {
  return rotation.offSince + policy.graceDays * DAY;
}

export function quietFor(policy: Policy): number {
  return policy.quietHours * HOUR;
}

/** Whether the old key still works, as far as is known. */
export function oldKeyIsOn(rotation: OpenRotation, keys: readonly AccessKey[]): boolean {
  const key = findKey(keys, rotation.oldKeyId);
  return key ? key.status === 'Active' : !isOff(rotation);
}

/** By the age of the keys alone, whatever was agreed: what an auditor counts. */
export function isOverdue(
  rotation: OpenRotation,
  keys: readonly AccessKey[],
  policy: Policy,
  now: Instant,
): boolean {
  const tooOld = (createdAt: Instant) => now >= deadline(createdAt, policy);
  if (oldKeyIsOn(rotation, keys) && tooOld(rotation.oldKeyCreatedAt)) return true;
  return keys.some(
    ({ id, status, createdAt }) => id !== rotation.oldKeyId && status === 'Active' && tooOld(createdAt),
  );
}
