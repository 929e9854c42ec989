// When a schedule was last due. EventBridge Scheduler's cron expressions, read by a library that knows zones and calendars.
import { Cron } from 'croner';
import { DAY, type Instant } from '../domain/time.ts';

/** AWS's own order of fields, and the largest value of each: `0/15` is a range up to it. */
const LARGEST = [59, 23, 31, 12, 7, 2199];

/**
 * A cron expression of EventBridge Scheduler's, such as `cron(0 3 * * ? *)`. Of the two kinds of day one is given, and the
 * other is a question mark ("Schedule types" in its user guide).
 */
export function isSchedule(text: string): boolean {
  const fields = fieldsOf(text);
  const [minute, hour, day, month, weekday = '', year] = fields;
  if (fields.length !== 6 || (day === '?') === (weekday === '?')) return false;
  // The library takes these, and AWS does not.
  if ([minute, hour, month, year].includes('?') || /[089]/.test(weekday)) return false;
  try {
    read(text, 'UTC');
    return true;
  } catch {
    return false;
  }
}

/** undefined: never, as far back as anybody could miss it. Throws for what is no schedule. */
export function lastDue(schedule: string, timeZone: string, now: Instant): Instant | undefined {
  // The library looks for what came before; what is due this very moment counts, too.
  return read(schedule, timeZone)
    .previousRuns(1, new Date(now + 1))[0]
    ?.getTime();
}

/** Whether it comes at all in the year to come: AWS takes the thirtieth of February, and what lies in the past. */
export function comesSoon(schedule: string, now: Instant): boolean {
  const next = read(schedule, 'UTC').nextRun(new Date(now))?.getTime();
  return next !== undefined && next - now <= 366 * DAY;
}

function read(schedule: string, timezone: string): Cron {
  const fields = fieldsOf(schedule).map((field, i) =>
    field === '?' ? '*' : field.replace(/^(\d+)\//, `$1-${LARGEST[i]}/`),
  );
  // Sunday is 1 there. Seconds come first in the library's longest form.
  const options = { timezone, mode: '7-part', alternativeWeekdays: true, paused: true } as const;
  return new Cron(['0', ...fields].join(' '), options);
}

function fieldsOf(schedule: string): string[] {
  return /^cron\((.*)\)$/.exec(schedule)?.[1]?.split(' ') ?? [];
}
