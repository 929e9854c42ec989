// When something about an IAM user next comes due. The tick asks for nothing else, so nothing is ever forgotten.
import type { IamUser } from './iam-user.ts';
import { addressOf } from './owner.ts';
import { escalatesAt, graceEndsAt, IAM_LAG, oldKeyIsOn, type Policy } from './policy.ts';
import { nextReminderAfter, reminderIsDue } from './reminders.ts';
import { isOff, isOpen } from './rotation.ts';
import type { Instant } from './time.ts';
import { isWorkingTime, nextWorkingTime } from './working-hours.ts';

/** The time zone in which the owner is written to. */
export function zoneOf({ owner }: Pick<IamUser, 'owner'>, policy: Policy): string {
  return (owner.kind === 'person' && owner.timeZone) || policy.timeZone;
}

/** Whether the owner is to get a message that notifies: the first one, a reminder, or something that happened. */
export function owesReminder(user: IamUser, policy: Policy, now: Instant): boolean {
  if (!mayBeTold(user, policy)) return false;
  if (user.owed.includes('notify')) return true;
  return (
    isOpen(user.rotation) && reminderIsDue(now, user.notifiedAt, user.rotation, policy, zoneOf(user, policy))
  );
}

/** Whether that message may be sent at this hour. */
export function mayNotifyNow(user: IamUser, policy: Policy, now: Instant): boolean {
  return now >= (user.quietUntil ?? 0) && isWorkingTime(now, zoneOf(user, policy));
}

/** The grace period has ended since the last look: the card does not show yet that the key can be deleted. */
export function graceHasEnded({ rotation, keysSeenAt }: IamUser, policy: Policy, now: Instant): boolean {
  if (!isOpen(rotation) || !isOff(rotation)) return false;
  const ends = graceEndsAt(rotation, policy);
  return keysSeenAt < ends && ends <= now;
}

/** A postponement that is over. */
export function mustWake({ rotation }: IamUser, now: Instant): boolean {
  return rotation?.stage === 'postponed' && now >= rotation.until;
}

/** Nobody has answered for too long: admins are to hear of it, once. */
export function mustEscalate(user: IamUser, policy: Policy, now: Instant): boolean {
  const at = escalation(user, policy);
  return at !== undefined && now >= at;
}

/** The next moment at which this user needs a job, or undefined when only a sweep or a click can bring news. */
export function nextAt(user: IamUser, policy: Policy, now: Instant): Instant | undefined {
  // While a move is under way everything else waits for it.
  if (user.claim) return user.claim.leaseUntil;
  const { rotation } = user;
  const moments = looksAt(user, policy);
  if (user.owed.some((debt) => debt !== 'notify')) moments.push(paysAt(user, now));
  if (rotation?.stage === 'postponed') moments.push(rotation.until);
  const escalates = escalation(user, policy);
  if (escalates !== undefined) moments.push(escalates);
  const told = toldAt(user, policy, now);
  if (told !== undefined) moments.push(told);
  return moments.length > 0 ? Math.min(...moments) : undefined;
}

/** What Slack refused is not sent again at once. */
function paysAt({ failure }: IamUser, now: Instant): Instant {
  return failure?.what === 'message' ? Math.max(now, failure.retryAt ?? 0) : now;
}

/** When AWS is to be looked at again; after it refused, not at once. */
function looksAt({ unconfirmed, rotation, keysSeenAt, failure }: IamUser, policy: Policy): Instant[] {
  if (!isOpen(rotation)) return [];
  const moments = unconfirmed.map(({ firstSeenAt }) => firstSeenAt + IAM_LAG);
  if (isOff(rotation) && keysSeenAt < graceEndsAt(rotation, policy))
    moments.push(graceEndsAt(rotation, policy));
  return moments.map((at) => (failure?.what === 'look' ? Math.max(at, failure.retryAt ?? 0) : at));
}

/** When the owner next hears of it. */
function toldAt(user: IamUser, policy: Policy, now: Instant): Instant | undefined {
  const zone = zoneOf(user, policy);
  if (owesReminder(user, policy, now)) return nextWorkingTime(Math.max(now, user.quietUntil ?? 0), zone);
  if (!mayBeTold(user, policy) || !isOpen(user.rotation)) return undefined;
  const next = nextReminderAfter(now, user.rotation, policy, zone);
  return next && nextWorkingTime(Math.max(next, user.quietUntil ?? 0), zone);
}

/** Who waits for an admin has answered; so has who was given time. */
function waitsForAdmins({ rotation, ownerChange }: IamUser): boolean {
  if (ownerChange !== undefined || rotation?.stage === 'postponed') return true;
  return rotation?.stage === 'due' && (rotation.request ?? rotation.bothNeeded) !== undefined;
}

function escalation(user: IamUser, policy: Policy): Instant | undefined {
  const { rotation } = user;
  if (!mayBeTold(user, policy) || !isOpen(rotation) || waitsForAdmins(user)) return undefined;
  if (rotation.escalatedAt !== undefined || rotation.contactedAt === undefined) return undefined;
  return oldKeyIsOn(rotation, user.keys) ? escalatesAt(rotation, policy) : undefined;
}

function mayBeTold({ owner, exempt, rotation }: IamUser, policy: Policy): boolean {
  if (policy.mode !== 'live' || addressOf(owner) === undefined || rotation === undefined) return false;
  return exempt?.kind !== 'until' || (rotation.stage !== 'due' && rotation.stage !== 'postponed');
}
