// How long a key has left, in words.
import { ageInDays } from '../../../../domain/access-key.ts';
import type { Instant } from '../../../../domain/time.ts';
import { daysPast, plainDay, weekday } from './dates.ts';
import { count } from './names.ts';

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

/** For a notification: `due by 27 November`, or what is said instead of `due by`. */
export function spokenDeadline(deadline: Instant, now: Instant, by = 'due by'): string {
  const past = daysPast(deadline, now);
  if (past === 0) return 'due today';
  return past < 0 ? `${by} ${plainDay(deadline)}` : `${count(past, 'day')} overdue`;
}
