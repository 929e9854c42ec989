// Keeps what was composed for the next invocation of a warm container, for a while: secrets change under way.

export interface Remembered<T> {
  get(): Promise<T>;
  /** The next get makes it anew. */
  forget(): void;
}

/** A failure is never remembered. */
export function remembered<T>(lifetimeMs: number, make: () => Promise<T>, now = Date.now): Remembered<T> {
  let held: { value: Promise<T>; until: number } | undefined;
  return {
    get() {
      if (held && now() < held.until) return held.value;
      const value = make();
      held = { value, until: now() + lifetimeMs };
      value.catch(() => {
        if (held?.value === value) held = undefined;
      });
      return value;
    },
    forget() {
      held = undefined;
    },
  };
}
