// Keeps what was composed for the next invocation of a warm container, for a while: secrets change under way.

export interface Remembered<T> {
  get(): Promise<T>;
  /** For whoever found what is held to be wrong: made anew, unless that was done half a minute ago or less. */
  newest(): Promise<T>;
  /** The next get makes it anew. */
  forget(): void;
}

/** What was made last, or could not be made anew, serves for so long: nobody who asks for the newest may wear out the store. */
const TRY_ANEW_AFTER_MS = 30_000;

/**
 * A failure is never remembered. While making it anew fails, what was made last still serves: a store of secrets that
 * is down for a minute must not stop a container that holds good ones.
 */
export function remembered<T>(lifetimeMs: number, make: () => Promise<T>, now = Date.now): Remembered<T> {
  let held: { value: Promise<T>; since: number; until: number } | undefined;
  let last: { value: T } | undefined;

  async function makeAnew(previous: typeof last, isHeld: () => boolean): Promise<T> {
    try {
      const value = await make();
      if (isHeld()) last = { value };
      return value;
    } catch (error) {
      if (isHeld()) held = previous && holding(Promise.resolve(previous.value), TRY_ANEW_AFTER_MS);
      if (previous) return previous.value;
      throw error;
    }
  }

  const holding = (value: Promise<T>, ms: number) => ({ value, since: now(), until: now() + ms });

  function get(): Promise<T> {
    if (held && now() < held.until) return held.value;
    const value: Promise<T> = makeAnew(last, () => held?.value === value);
    held = holding(value, lifetimeMs);
    return value;
  }

  return {
    get,
    newest() {
      if (held && now() >= held.since + TRY_ANEW_AFTER_MS) held = undefined;
      return get();
    },
    forget() {
      held = undefined;
      last = undefined;
    },
  };
}
