// When an owner hears of a rotation again. Moments are compared with "at least", so a missed day skips nothing.
import { lapsesAt } from './decision.ts';
import { deadlineOf, graceEndsAt, type Policy } from './policy.ts';
import { askedForAs, isOff, type OpenRotation } from './rotation.ts';
import { DAY, type Instant } from './time.ts';
import { nextWorkingMorning } from './working-hours.ts';

/** Reminders at moments of their own, and then again and again. */
interface Series {
  once: readonly Instant[];
  /** From a moment on, it included, every so many days. */
  repeats: readonly { from: Instant; everyDays: number }[];
}

/** Every open stage has reminders, so that no rotation is left half done. */
function seriesFor(rotation: OpenRotation, policy: Policy, zone: string, now: Instant): Series {
  if (rotation.stage === 'postponed') return { once: [], repeats: [] };
  if (isOff(rotation)) {
    return {
      // The morning after, while people remember what was turned off. What was decided before is told when it is done.
      once: wasDecided(rotation) ? [] : [nextWorkingMorning(rotation.offSince, zone)],
      repeats: [{ from: graceEndsAt(rotation, policy), everyDays: policy.remindEveryDaysOverdue }],
    };
  }
  const deadline = deadlineOf(rotation, policy, now);
  const overdue = { from: deadline, everyDays: policy.remindEveryDaysOverdue };
  const once = policy.remindDaysBefore.map((days) => deadline - days * DAY);
  if (rotation.stage === 'due' && askedForAs(rotation) === undefined) return { once, repeats: [overdue] };
  const everyDays = policy.remindEveryDaysUnderWay;
  // Who has decided waits for keyrotate, which asks anew by then.
  const decided = rotation.stage === 'confirmed' ? rotation.decided : undefined;
  if (decided) return { once: [], repeats: [{ from: lapsesAt(decided, policy), everyDays }] };
  const { moreTime, turnSince } = rotation.stage === 'due' ? {} : rotation;
  const moments = turnSince === undefined ? once : [...once, turnSince];
  if (!moreTime)
    return { once: moments, repeats: [overdue, { from: begunAt(rotation) + everyDays * DAY, everyDays }] };
  // No reminder before the time given ends, one when it ends, then the usual ones. The deadline comes no sooner.
  const { until } = moreTime;
  return { once: moments.filter((at) => at >= until), repeats: [overdue, { from: until, everyDays }] };
}

function wasDecided({ history }: OpenRotation): boolean {
  return (
    history.findLast(({ outcome, from, to }) => outcome === 'done' && from !== to)?.decidedAt !== undefined
  );
}

/** When the stage that it stands at began. */
function begunAt({ stage, openedAt, history }: OpenRotation): Instant {
  return (
    history.findLast(({ outcome, to, from }) => outcome === 'done' && to === stage && from !== stage)?.at ??
    openedAt
  );
}

/** The latest reminder that has come due by now; undefined before the first. */
export function lastReminderBy(
  now: Instant,
  rotation: OpenRotation,
  policy: Policy,
  zone: string,
): Instant | undefined {
  const { once, repeats } = seriesFor(rotation, policy, zone, now);
  const passed = [...once, ...repeats.map((repeat) => latest(repeat, now))].filter((at) => at <= now);
  return passed.length > 0 ? Math.max(...passed) : undefined;
}

/** The first reminder still to come; undefined where something else must happen first. */
export function nextReminderAfter(
  now: Instant,
  rotation: OpenRotation,
  policy: Policy,
  zone: string,
): Instant | undefined {
  const { once, repeats } = seriesFor(rotation, policy, zone, now);
  const coming = [...once, ...repeats.map((repeat) => latest(repeat, now) + repeat.everyDays * DAY)];
  const upcoming = [...coming, ...repeats.map(({ from }) => from)].filter((at) => at > now);
  return upcoming.length > 0 ? Math.min(...upcoming) : undefined;
}

/** Whether a reminder has come due since the owner last got a message. */
export function reminderIsDue(
  now: Instant,
  notifiedAt: Instant | undefined,
  rotation: OpenRotation,
  policy: Policy,
  zone: string,
): boolean {
  // Whoever owns it now may never have heard of it.
  if (rotation.contactedAt === undefined) return true;
  if (rotation.stage === 'postponed') return false;
  if (notifiedAt === undefined) return true;
  const last = lastReminderBy(now, rotation, policy, zone);
  return last !== undefined && last > notifiedAt;
}

/** The last of a repeating series by now; its first one when that is still to come. */
function latest({ from, everyDays }: Series['repeats'][number], now: Instant): Instant {
  const every = everyDays * DAY;
  return from + Math.max(0, Math.floor((now - from) / every)) * every;
}
