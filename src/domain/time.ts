// Moments and lengths of time, as the rules count them.

/** A moment: epoch milliseconds, UTC. */
export type Instant = number;

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Whole days from one moment to another; the day under way does not count. */
export function wholeDays(from: Instant, to: Instant): number {
  return Math.floor((to - from) / DAY);
}

/** Midnight, UTC: what is known to the day only is compared with it. */
export function startOfDay(at: Instant): Instant {
  return Math.floor(at / DAY) * DAY;
}
