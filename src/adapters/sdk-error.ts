// What an error of an AWS SDK client means to a use case: no, later, or nobody knows.
import { OutsideError } from '../usecases/errors.ts';

/** What the SDK's own errors and Node's network errors carry, as far as it is of use here. */
interface SdkError {
  name: string;
  message: string;
  /** Node's: ECONNRESET and the like. */
  code: string;
  /** Present when a service spoke, and not the network or a parser. */
  $fault: 'client' | 'server';
  $metadata: { httpStatusCode?: number; requestId?: string };
  $retryable: { throttling?: boolean };
}

/**
 * The names that mean "later", without a trailing "Exception". The SDK's own list has LimitExceeded as well, but in
 * IAM and Secrets Manager that is a quota, and waiting does not raise it.
 */
const BUSY = new Set([
  'BandwidthLimitExceeded',
  'ConcurrentModification',
  'EntityTemporarilyUnmodifiable',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceeded',
  'RequestLimitExceeded',
  'RequestThrottled',
  'SlowDown',
  'Throttled',
  'Throttling',
  'TooManyRequests',
  'TransactionInProgress',
]);

/** 4xx by number, yet the service only gave up waiting for the request. */
const TIMEOUT = 'RequestTimeout';

/** Their requests hold a secret, and an error may quote what it objects to. */
const UNQUOTABLE = new Set(['PutSecretValue']);

/** Waits for a call, and throws what goes wrong as an OutsideError. */
export async function calling<Answer>(operation: string, answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    throw outsideError(operation, error);
  }
}

/** The same, but a refusal with one of these codes is an answer too: undefined. */
export async function callingUnless<Answer>(
  codes: readonly string[],
  operation: string,
  answer: Promise<Answer>,
): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (cause) {
    const error = outsideError(operation, cause);
    if (error.outcome === 'refused' && codes.includes(error.code)) return undefined;
    throw error;
  }
}

/** The code is the error's name without "Exception": the SDK adds that to some names and not to others. */
export function outsideError(operation: string, error: unknown): OutsideError {
  // Thrown by what a client takes its credentials from, and told already.
  if (error instanceof OutsideError) return error;
  const known: Partial<SdkError> = error instanceof Error ? error : {};
  const code = codeOf(known);
  // The SDK's error is not kept: it drags request and response along, secrets and all.
  return new OutsideError(outcomeOf(known, code), operation, code, { cause: told(operation, known) });
}

function outcomeOf(
  { $metadata, $retryable }: Partial<SdkError>,
  code: string,
): 'refused' | 'busy' | 'unknown' {
  const status = $metadata?.httpStatusCode;
  if (status === undefined) return 'unknown';
  if (status === 429 || $retryable?.throttling || BUSY.has(code)) return 'busy';
  const saidNo = status >= 400 && status < 500 && status !== 408 && code !== TIMEOUT;
  return saidNo ? 'refused' : 'unknown';
}

function codeOf({ name, code }: Partial<SdkError>): string {
  if (code !== undefined && /^E[A-Z0-9_]+$/.test(code)) return code;
  return name?.replace(/Exception$/, '') || 'Unknown';
}

/** The words of a service. A parser's are left out: they quote an answer, and one answer in IAM is a secret. */
function told(operation: string, { name, message, $fault, $metadata }: Partial<SdkError>) {
  const quotable = $fault !== undefined && !UNQUOTABLE.has(operation);
  return { name, requestId: $metadata?.requestId, ...(quotable && { message }) };
}
