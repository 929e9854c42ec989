// How long a key has left, in words.
import type { Instant } from '../../../domain/time.ts';
import { daysPast, plainDay, weekday } from './dates.ts';
import { count } from './names.ts';

/** For a card or a row: `rotate by *Friday, November 27th*`. */
export function deadlineWords(deadline: Instant, now: Instant): string {
  const past = daysPast(deadline, now);
  if (past === 0) return '*due today*';
  if (past < 0) return `rotate by *${weekday(deadline)}*`;
  return `*${count(past, 'day')} overdue* (was due by ${weekday(deadline)})`;
}

/** For a notification: `rotate it by 27 November`. */
export function spokenDeadline(deadline: Instant, now: Instant): string {
  const past = daysPast(deadline, now);
  if (past === 0) return 'due today';
  return past < 0 ? `rotate it by ${plainDay(deadline)}` : `${count(past, 'day')} overdue`;
}
