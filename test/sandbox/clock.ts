// The one clock of the sandbox: servers, handlers and signed requests all read it, and only tests move it, or let it run.

/** Epoch milliseconds. Those of `sandboxClock` stand still until somebody moves them. */
export interface Clock {
  now(): number;
  /** Moves time forward. Throws a RangeError for a negative step: time in the sandbox never runs back. */
  advance(ms: number): void;
}

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const WEEK = 7 * DAY;

export function sandboxClock(start: Date): Clock {
  let now = start.getTime();
  return {
    now: () => now,
    advance(ms) {
      if (ms < 0) throw new RangeError(`time cannot go back (${ms} ms)`);
      now += ms;
    },
  };
}

/** A clock that goes on by itself, and can be moved forward besides: for what is timed. */
export function runningClock(start: Date): Clock {
  let ahead = start.getTime() - performance.now();
  return {
    now: () => Math.floor(performance.now() + ahead),
    advance(ms) {
      if (ms < 0) throw new RangeError(`time cannot go back (${ms} ms)`);
      ahead += ms;
    },
  };
}
