// Keeps what was composed for the next invocation of a warm container, for a while: secrets change under way.

export interface Remembered<T> {
  get(): Promise<T>;
  /** The next get makes it anew. */
  forget(): void;
}

/** After a failure what was made last serves for so long: whoever asks next must not wait for the same failure. */
const TRY_ANEW_AFTER_MS = 30_000;

/**
 * A failure is never remembered. While making it anew fails, what was made last still serves: a store of secrets that
 * is down for a minute must not stop a container that holds good ones.
 */
export function remembered<T>(lifetimeMs: number, make: () => Promise<T>, now = Date.now): Remembered<T> {
  let held: { value: Promise<T>; until: number } | undefined;
  let last: { value: T } | undefined;

  async function makeAnew(previous: typeof last, isHeld: () => boolean): Promise<T> {
    try {
      const value = await make();
      if (isHeld()) last = { value };
      return value;
    } catch (error) {
      if (isHeld())
        held = previous && { value: Promise.resolve(previous.value), until: now() + TRY_ANEW_AFTER_MS };
      if (previous) return previous.value;
      throw error;
    }
  }

  return {
    get() {
      if (held && now() < held.until) return held.value;
      const value: Promise<T> = makeAnew(last, () => held?.value === value);
      held = { value, until: now() + lifetimeMs };
      return value;
    },
    forget() {
      held = undefined;
      last = undefined;
    },
  };
}
