// Answers through the address that a press or a command carries: it works in any channel, and only that person sees it.
import { OutsideError } from '../../usecases/errors.ts';
import type { Content } from './blocks/parts.ts';
import { httpMeaning } from './slack-error.ts';

const OPERATION = 'response_url';
const TIMEOUT_MS = 5000;

export const SLACK_RESPONSE_URLS = 'https://hooks.slack.com/';

/** A job names the address, so it may only lead where Slack listens. */
export function isResponseUrl(url: string | undefined, base: string): url is string {
  if (url === undefined || !URL.canParse(url)) return false;
  return new URL(url).href.startsWith(new URL(base).href);
}

export async function respond(url: string, { text, blocks }: Content, timeoutMs = TIMEOUT_MS): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ response_type: 'ephemeral', replace_original: false, text, blocks }),
    signal: AbortSignal.timeout(timeoutMs),
    redirect: 'error',
  }).catch((error: Error) => {
    throw new OutsideError('unknown', OPERATION, error.name);
  });
  await response.body?.cancel();
  if (response.ok) return;
  const { outcome, code } = httpMeaning(response.status);
  throw new OutsideError(outcome, OPERATION, code);
}
