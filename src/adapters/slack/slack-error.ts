// What an error of Slack's WebClient means to a use case: no, later, or nobody knows.
import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import { OutsideError } from '../../usecases/errors.ts';

export async function asking<Answer>(operation: string, answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    throw slackError(operation, error);
  }
}

/** The same, but a refusal with one of these codes is an answer too: undefined. */
export async function askingUnless<Answer>(
  codes: ReadonlySet<string>,
  operation: string,
  answer: Promise<Answer>,
): Promise<Answer | undefined> {
  try {
    return await asking(operation, answer);
  } catch (error) {
    if (error instanceof OutsideError && error.outcome === 'refused' && codes.has(error.code))
      return undefined;
    throw error;
  }
}

/** The client's error is not kept as the cause: it drags the request along, token and all. */
export function slackError(operation: string, error: unknown): OutsideError {
  if (error instanceof OutsideError) return error;
  const { outcome, code, retryAfter } = meaning(error);
  return new OutsideError(outcome, operation, /^[\w.-]{1,80}$/.test(code) ? code : 'unknown_error', {
    ...(retryAfter !== undefined && { retryAfter }),
  });
}

type Meaning = Pick<OutsideError, 'outcome' | 'code'> & { retryAfter?: number };

/** Slack no longer takes the bot's token. It may have been replaced, so this is no plain "no". */
const STALE_TOKEN = ['invalid_auth', 'token_expired', 'token_revoked', 'account_inactive'];

export function isStaleToken(error: unknown): error is OutsideError {
  return error instanceof OutsideError && STALE_TOKEN.includes(error.code);
}

/** Slack's own words for "try again" are among these. */
const BUSY: ReadonlySet<string> = new Set(['ratelimited', 'rate_limited', ...STALE_TOKEN]);

/** Refusals by form, after which something may have happened all the same. */
const MAY_HAVE_HAPPENED = new Set([
  'fatal_error',
  'internal_error',
  'request_timeout',
  'service_unavailable',
  'team_added_to_org',
]);

function meaning(error: unknown): Meaning {
  if (error instanceof WebAPIPlatformError) return platformMeaning(error.data.error);
  if (error instanceof WebAPIRateLimitedError)
    return { outcome: 'busy', code: 'ratelimited', retryAfter: error.retryAfter };
  if (error instanceof WebAPIHTTPError) return httpMeaning(error.statusCode);
  const original = error instanceof WebAPIRequestError ? error.original : error;
  return { outcome: 'unknown', code: networkCode(original) };
}

function platformMeaning(code: string): Meaning {
  if (BUSY.has(code)) return { outcome: 'busy', code };
  return { outcome: MAY_HAVE_HAPPENED.has(code) ? 'unknown' : 'refused', code };
}

export function httpMeaning(status: number): Meaning {
  const code = `http_${status}`;
  if (status === 429) return { outcome: 'busy', code };
  return { outcome: status >= 400 && status < 500 && status !== 408 ? 'refused' : 'unknown', code };
}

/** `ECONNRESET` and the like; what an error says in words may quote the request. */
function networkCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown_error';
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  const found = [code, cause?.code].find((one) => typeof one === 'string');
  return typeof found === 'string' ? found : error.name;
}
