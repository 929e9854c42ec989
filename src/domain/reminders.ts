// When an owner hears of a rotation again. Moments are compared with "at least", so a missed day skips nothing.
import { deadlineOf, graceEndsAt, type Policy } from './policy.ts';
import type { OpenRotation } from './rotation.ts';
import { DAY, type Instant } from './time.ts';

/** The moment a rotation's reminders count from, and how many days before it they start. */
function cadence(rotation: OpenRotation, policy: Policy): { anchor: Instant; daysBefore: readonly number[] } {
  if ('offSince' in rotation) return { anchor: graceEndsAt(rotation, policy), daysBefore: [0] };
  return { anchor: deadlineOf(rotation, policy), daysBefore: [...policy.remindDaysBefore, 0] };
}

/** The latest reminder that has come due by now; undefined before the first. */
export function lastReminderBy(now: Instant, rotation: OpenRotation, policy: Policy): Instant | undefined {
  const { anchor, daysBefore } = cadence(rotation, policy);
  if (now >= anchor) {
    const every = policy.remindEveryDaysOverdue * DAY;
    return anchor + Math.floor((now - anchor) / every) * every;
  }
  const passed = daysBefore.map((days) => anchor - days * DAY).filter((at) => at <= now);
  return passed.length > 0 ? Math.max(...passed) : undefined;
}

/** The first reminder still to come. */
export function nextReminderAfter(now: Instant, rotation: OpenRotation, policy: Policy): Instant {
  const { anchor, daysBefore } = cadence(rotation, policy);
  if (now >= anchor) {
    const every = policy.remindEveryDaysOverdue * DAY;
    return anchor + (Math.floor((now - anchor) / every) + 1) * every;
  }
  return Math.min(anchor, ...daysBefore.map((days) => anchor - days * DAY).filter((at) => at > now));
}

/** Whether a reminder has come due since the owner last got a message. */
export function reminderIsDue(
  now: Instant,
  notifiedAt: Instant | undefined,
  rotation: OpenRotation,
  policy: Policy,
): boolean {
  if (notifiedAt === undefined) return true;
  const last = lastReminderBy(now, rotation, policy);
  return last !== undefined && last > notifiedAt;
}
