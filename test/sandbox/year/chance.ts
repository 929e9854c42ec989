// Chance that comes out the same every time: a year must be repeatable.

export interface Chance {
  /** True in so many of a hundred cases. */
  percent(share: number): boolean;
  /** From 0 up to, but without, `below`. */
  below(below: number): number;
  /** One of several. */
  one<T>(of: readonly T[]): T | undefined;
}

/** mulberry32, by Tommy Ettinger: small, and good enough for habits. */
export function chance(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return { percent: (share) => next() * 100 < share, below, one: (of) => of[below(of.length)] };
}
