// When something about an IAM user next comes due. The tick asks for nothing else, so nothing is ever forgotten.
import type { IamUser } from './iam-user.ts';
import { IAM_LAG, type Policy } from './policy.ts';
import { nextReminderAfter, reminderIsDue } from './reminders.ts';
import { isOpen } from './rotation.ts';
import type { Instant } from './time.ts';

/** Whether the owner is to get a message that notifies: the first one, or a reminder. */
export function owesReminder(user: IamUser, policy: Policy, now: Instant): boolean {
  return (
    policy.mode === 'live' &&
    user.owner.kind === 'person' &&
    isOpen(user.rotation) &&
    reminderIsDue(now, user.notifiedAt, user.rotation, policy)
  );
}

/** The next moment at which this user needs a job, or undefined when only a sweep or a click can bring news. */
export function nextAt(user: IamUser, policy: Policy, now: Instant): Instant | undefined {
  // While a move is under way everything else waits for it.
  if (user.claim) return user.claim.leaseUntil;
  const moments: Instant[] = [];
  if (user.owed.length > 0 || owesReminder(user, policy, now)) moments.push(now);
  if (user.absence) moments.push(user.absence.firstSeenAt + IAM_LAG);
  if (policy.mode === 'live' && user.owner.kind === 'person' && isOpen(user.rotation)) {
    moments.push(nextReminderAfter(now, user.rotation, policy));
  }
  return moments.length > 0 ? Math.min(...moments) : undefined;
}
