// Dates, times, and how long a key has left, in the reader's own zone where Slack draws them, in UTC where it cannot. By when
// or from when is `Friday, November 27th`, what happened `Nov 20 at 14:05`, or `Nov 20`: spelled as Slack does, also where it
// draws none.
import { ageInDays } from '../../../../domain/access-key.ts';
import { deadlineOf, graceEndsAt, type Policy } from '../../../../domain/policy.ts';
import { isOff, type OpenRotation } from '../../../../domain/rotation.ts';
import { DAY, type Instant } from '../../../../domain/time.ts';
import { count } from './names.ts';

// Made once: making a format takes far longer than using it, and a card holds a dozen dates.
const DATE = inUtc({ day: 'numeric', month: 'short', year: 'numeric' });
const WEEKDAY = inUtc({ weekday: 'long', day: 'numeric', month: 'long' });
const SHORT_DATE = inUtc({ day: 'numeric', month: 'short' });
const DAY_OF_MONTH = inUtc({ day: 'numeric', month: 'long' });
const TIME = inUtc({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** `Friday, November 27th`: for what must be done by then. */
export function weekday(at: Instant): string {
  return token(at, '{date_long}', `${plainWeekday(at)}, ${new Date(at).getUTCFullYear()}`);
}

/** `Nov 27`. */
export function day(at: Instant): string {
  return token(at, '{date_short}', utc(at, DATE));
}

/** `Nov 27 at 14:05`. */
export function moment(at: Instant): string {
  return token(at, '{date_short} at {time}', plainMoment(at));
}

/** `2 hours ago`, counted by Slack whenever it is read: a card may be read days after it was drawn. */
export function ago(at: Instant): string {
  return token(at, '{ago}', plainMoment(at));
}

/** `November 27`, for the headings of what is told week by week. */
export function plainDay(at: Instant): string {
  return utc(at, DAY_OF_MONTH);
}

/** `Friday, November 27th`, where Slack draws no dates. */
export function plainWeekday(at: Instant): string {
  return `${utc(at, WEEKDAY)}${ordinal(new Date(at).getUTCDate())}`;
}

/** `Nov 20`, for what happened, where Slack draws no dates. */
export function plainShort(at: Instant): string {
  return utc(at, SHORT_DATE);
}

function ordinal(of: number): string {
  if (of > 10 && of < 14) return 'th';
  return ['th', 'st', 'nd', 'rd'][of % 10] ?? 'th';
}

/** Calendar days (UTC) past a deadline: 0 on the day itself, negative before. */
export function daysPast(deadline: Instant, now: Instant): number {
  return Math.floor(now / DAY) - Math.floor(deadline / DAY);
}

/** `83 days old`. */
export function ageWords(createdAt: Instant, now: Instant): string {
  const days = ageInDays({ createdAt }, now);
  return days < 1 ? 'less than a day old' : `${count(days, 'day')} old`;
}

/** For a card or a row: `rotate by *Friday, November 27th*`. */
export function deadlineWords(deadline: Instant, now: Instant): string {
  const past = daysPast(deadline, now);
  if (past === 0) return '*due today*';
  if (past < 0) return `rotate by *${weekday(deadline)}*`;
  return `*${count(past, 'day')} overdue* (was due by ${weekday(deadline)})`;
}

/** At the end of what is asked for, where Slack draws no dates: ` by Friday, November 27th`. */
export function byWhen(deadline: Instant, now: Instant): string {
  const past = daysPast(deadline, now);
  if (past === 0) return ' today';
  return past < 0 ? ` by ${plainWeekday(deadline)}` : ` now (${count(past, 'day')} overdue)`;
}

/** For a notification: `due by Friday, November 27th`. */
export function spokenDeadline(deadline: Instant, now: Instant): string {
  const past = daysPast(deadline, now);
  if (past === 0) return 'due today';
  return past < 0 ? `due by ${plainWeekday(deadline)}` : `${count(past, 'day')} overdue`;
}

/** What may be done with a key that is off. */
export function offWords(deletableFrom: Instant, now: Instant): string {
  return now >= deletableFrom
    ? '*off*, can be deleted now'
    : `*off*, can be deleted from *${weekday(deletableFrom)}* on`;
}

/** By when somebody is to act, or may. */
export function dueWords(rotation: OpenRotation, { policy, now }: { policy: Policy; now: Instant }): string {
  return isOff(rotation)
    ? offWords(graceEndsAt(rotation, policy), now)
    : deadlineWords(deadlineOf(rotation, policy, now), now);
}

// https://docs.slack.dev/messaging/formatting-message-text#date-formatting
function token(at: Instant, pattern: string, fallback: string): string {
  return `<!date^${Math.floor(at / 1000)}^${pattern}|${fallback}>`;
}

/** `Nov 20, 2026 at 12:05 UTC`, where Slack draws no dates. */
export function plainMoment(at: Instant): string {
  return `${utc(at, DATE)} at ${utc(at, TIME)} UTC`;
}

function utc(at: Instant, format: Intl.DateTimeFormat): string {
  return format.format(at);
}

/** In the order of Slack's own dates, which stand beside these: the month first. */
function inUtc(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', ...options });
}
