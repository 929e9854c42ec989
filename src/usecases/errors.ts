// The few ways in which the outside world fails that a use case treats differently.

/**
 * A call to AWS or Slack that failed.
 * - `refused`: it answered no, nothing happened, and asking again will not help.
 * - `busy`: it answered "later" (throttled), nothing happened.
 * - `unknown`: no answer, or the service failed: it may have taken effect.
 */
export class OutsideError extends Error {
  /** In how many seconds it wants to be asked again, where it said so. */
  readonly retryAfter: number | undefined;

  constructor(
    readonly outcome: 'refused' | 'busy' | 'unknown',
    readonly operation: string,
    readonly code: string,
    { retryAfter, ...options }: ErrorOptions & { retryAfter?: number } = {},
  ) {
    super(`${operation}: ${code}`, options);
    this.name = 'OutsideError';
    this.retryAfter = retryAfter;
  }
}

/** Somebody else wrote the item since it was loaded. */
export class ChangedMeanwhile extends Error {
  constructor(name: string) {
    super(`${name} was changed by somebody else meanwhile`);
    this.name = 'ChangedMeanwhile';
  }
}

/** A record that a later version of keyrotate wrote, which alone knows what it means. It waits for that version. */
export class NewerSchema extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NewerSchema';
  }
}

/** The job cannot be done now for a known reason; its message should come back in so many seconds. */
export class TryLater extends Error {
  constructor(
    readonly seconds: number,
    why: string,
    options?: ErrorOptions,
  ) {
    super(why, options);
    this.name = 'TryLater';
  }
}

/** Slack would not tell about people or channels: asking again would not change it. */
export function isAboutPeople({ operation }: OutsideError): boolean {
  return /^(users|usergroups|conversations)\./.test(operation);
}

/** What a call answers, or what `otherwise` makes of its failure. Whatever is unforeseen is thrown on. */
export async function ifFailed<Answer, Other>(
  asking: Promise<Answer>,
  otherwise: (error: OutsideError) => Other | Promise<Other>,
): Promise<Answer | Other> {
  try {
    return await asking;
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error;
    return otherwise(error);
  }
}

/** The same for a plain "no" alone. */
export function ifRefused<Answer, Other>(
  asking: Promise<Answer>,
  otherwise: (error: OutsideError) => Other | Promise<Other>,
): Promise<Answer | Other> {
  return ifFailed(asking, (error) => {
    if (error.outcome !== 'refused') throw error;
    return otherwise(error);
  });
}
