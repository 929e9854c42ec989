// Ways to tell one person something and nobody else, tried in turn: an answer nobody gets is worse than one twice.
import type { WebClient } from '@slack/web-api';
import { OutsideError } from '../../usecases/errors.ts';
import type { Asker } from '../../usecases/jobs.ts';
import type { Content } from './blocks/parts.ts';
import { asking, httpMeaning } from './slack-error.ts';

const OPERATION = 'response_url';
const TIMEOUT_MS = 5000;

const SLACK_RESPONSE_URLS = 'https://hooks.slack.com/';

/** To the person who pressed or typed, at the latest in their direct conversation. */
export function privateAnswers({ chat }: WebClient, responseUrlBase?: string) {
  return ({ kind, place, personId }: Asker, content: Content): Promise<void> => {
    const { channel, responseUrl, isDirect } = place;
    return firstThatWorks([
      // A command may be typed, and its answer's buttons pressed, in a channel that the bot is not in.
      ...(kind !== 'click' && isResponseUrl(responseUrl, responseUrlBase)
        ? [() => respond(responseUrl, content)]
        : []),
      ...(channel === '' || isDirect
        ? []
        : [() => asking('chat.postEphemeral', chat.postEphemeral({ channel, user: personId, ...content }))]),
      () => asking('chat.postMessage', chat.postMessage({ channel: personId, ...content })),
    ]);
  };
}

async function firstThatWorks(ways: readonly (() => Promise<unknown>)[]): Promise<void> {
  let failure = new OutsideError('refused', 'answer', 'nowhere_to_answer');
  for (const way of ways) {
    try {
      await way();
      return;
    } catch (error) {
      if (!(error instanceof OutsideError)) throw error;
      failure = error;
    }
  }
  throw failure;
}

/** An address that a press or a command carries: it works in any channel. A job names the address, so it may only lead where Slack listens. */
export function isResponseUrl(url: string | undefined, base = SLACK_RESPONSE_URLS): url is string {
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
