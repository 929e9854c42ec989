// The share of keys within the age limit, week by week.
import { describe, expect, it } from 'vitest';
import { DAY } from '../../../src/domain/time.ts';
import { weekly } from '../../../src/usecases/home/trend.ts';
import type { SweepFigures } from '../../../src/usecases/jobs.ts';
import { NOW } from '../../domain/given.ts';

const sweep = (daysAgo: number, withinAge: number, changes: Partial<SweepFigures> = {}): SweepFigures => ({
  ...{ account: '111122223333', sweptAt: NOW - daysAgo * DAY, users: 10, activeKeys: 10, withinAge },
  ...{ unreadable: [], unreadableCount: 0, ...changes },
});

const shares = (...figures: SweepFigures[]) => weekly(figures, NOW).map(({ share }) => share);

describe('the trend', () => {
  it('has a point for each week that was swept, from its latest sweep, the oldest first', () => {
    expect(weekly([sweep(1, 9), sweep(2, 8), sweep(8, 6), sweep(22, 5)], NOW)).toEqual([
      { at: NOW - 21 * DAY, share: 0.5 },
      { at: NOW - 7 * DAY, share: 0.6 },
      { at: NOW, share: 0.9 },
    ]);
  });

  it('counts the keys of all accounts together, not their shares', () => {
    const other = { account: '444455556666', activeKeys: 90 };
    expect(shares(sweep(1, 10), sweep(1, 0, other))).toEqual([0.1]);
  });

  it('is none where there is no key, and no point is older than twelve weeks', () => {
    expect(shares(sweep(1, 0, { activeKeys: 0 }))).toEqual([]);
    expect(
      weekly(
        Array.from({ length: 200 }, (_, day) => sweep(day, 5)),
        NOW,
      ),
    ).toHaveLength(12);
  });
});
