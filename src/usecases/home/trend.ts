// How the share of keys within the age limit went, week by week, from the figures of the sweeps.
import { DAY, type Instant } from '../../domain/time.ts';
import type { SweepFigures } from '../jobs.ts';

const WEEK = 7 * DAY;
const WEEKS = 12;

/** How far back the sweeps are wanted. */
export const TREND_SPAN: number = WEEKS * WEEK;

/** `share`: 0 to 1. */
export interface TrendPoint {
  at: Instant;
  share: number;
}

/** At the end of each week, the oldest first: each account by its latest sweep of that week. Weeks without any are left out. */
export function weekly(figures: readonly SweepFigures[], now: Instant): TrendPoint[] {
  const ends = Array.from({ length: WEEKS }, (_, nth) => now - (WEEKS - 1 - nth) * WEEK);
  return ends.flatMap((at) => {
    const latest = new Map<string, SweepFigures>();
    for (const one of figures)
      if (
        one.sweptAt > at - WEEK &&
        one.sweptAt <= at &&
        one.sweptAt >= (latest.get(one.account)?.sweptAt ?? 0)
      )
        latest.set(one.account, one);
    const active = sum([...latest.values()].map(({ activeKeys }) => activeKeys));
    const within = sum([...latest.values()].map(({ withinAge }) => withinAge));
    return active === 0 ? [] : [{ at, share: within / active }];
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
