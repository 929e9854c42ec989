// When people may be written to: weekdays from 9 to 17, where they live.
import { HOUR, type Instant, MINUTE } from './time.ts';

const STARTS = 9;
const ENDS = 17;
const WEEKEND: readonly string[] = ['Sat', 'Sun'];
/** Every zone's offset from UTC is a multiple of this, so working hours start and end on one. */
const QUARTER = 15 * MINUTE;

interface LocalTime {
  /** `2026-11-20`. */
  day: string;
  /** `Mon` to `Sun`. */
  weekday: string;
  /** 0 to 23. */
  hour: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();
const quarters = new Map<string, LocalTime>();
/** Some months of one zone's working hours. */
const MOST_QUARTERS = 10_000;

/** The clock on the wall. A zone that is not known counts as UTC. Each quarter of an hour is looked up once. */
function localTime(at: Instant, zone: string): LocalTime {
  const quarter = `${zone} ${Math.floor(at / QUARTER)}`;
  const known = quarters.get(quarter);
  if (known) return known;
  if (quarters.size >= MOST_QUARTERS) quarters.clear();
  const time = lookedUp(at, zone);
  quarters.set(quarter, time);
  return time;
}

function lookedUp(at: Instant, zone: string): LocalTime {
  const parts = Object.fromEntries(
    formatFor(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  return {
    day: `${parts.year}-${parts.month}-${parts.day}`,
    weekday: parts.weekday ?? '',
    hour: Number(parts.hour),
  };
}

function formatFor(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const format = isZone(zone) ? formatIn(zone) : formatIn('UTC');
  formats.set(zone, format);
  return format;
}

function formatIn(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    hourCycle: 'h23',
  });
}

/** Whether `zone` is an IANA time zone such as Europe/Madrid. */
export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** The date on the wall, `2026-11-20`. */
export function localDay(at: Instant, zone: string): string {
  return localTime(at, zone).day;
}

export function isWorkingTime(at: Instant, zone: string): boolean {
  const { weekday, hour } = localTime(at, zone);
  return !WEEKEND.includes(weekday) && hour >= STARTS && hour < ENDS;
}

/** `at` itself when it is working time, else the next moment that is. */
export function nextWorkingTime(at: Instant, zone: string): Instant {
  if (isWorkingTime(at, zone)) return at;
  let next = Math.floor(at / HOUR) * HOUR + HOUR;
  while (!isWorkingTime(next, zone)) next += HOUR;
  // In a zone that is off by quarters of an hour the day began within the hour before.
  while (next - QUARTER > at && isWorkingTime(next - QUARTER, zone)) next -= QUARTER;
  return next;
}

/** The first working moment of a later day. */
export function nextWorkingMorning(at: Instant, zone: string): Instant {
  let next = nextWorkingTime(at, zone);
  while (localDay(next, zone) === localDay(at, zone)) next = nextWorkingTime(next + HOUR, zone);
  return next;
}

/** When something may be turned off by itself: people are at hand to mend what breaks, and will be for the days to come. */
export function isSafeTime(at: Instant, zone: string): boolean {
  return isWorkingTime(at, zone) && !weekendIsNear(at, zone);
}

/** `at` itself when it is, else the next moment that is. */
export function nextSafeTime(at: Instant, zone: string): Instant {
  let next = nextWorkingTime(at, zone);
  while (weekendIsNear(next, zone)) next = nextWorkingMorning(next, zone);
  return next;
}

/** From Friday noon nobody is at hand to mend what breaks, until Monday. */
export function weekendIsNear(at: Instant, zone: string): boolean {
  const { weekday, hour } = localTime(at, zone);
  return WEEKEND.includes(weekday) || (weekday === 'Fri' && hour >= 12);
}
