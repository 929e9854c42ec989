// Ways to tell one person something and nobody else, tried in turn: an answer nobody gets is worse than one twice.
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { OutsideError } from '../../usecases/errors.ts';
import type { Asker } from '../../usecases/jobs.ts';
import type { Content } from './blocks/parts.ts';
import { inForm } from './blocks/waiting-form.ts';
import { asking, askingUnless, httpMeaning } from './slack-error.ts';

const OPERATION = 'response_url';
const TIMEOUT_MS = 5000;

const SLACK_RESPONSE_URLS = 'https://hooks.slack.com/';

/** To the person who pressed or typed, at the latest in their direct conversation. */
export function privateAnswers({ chat, views }: WebClient, responseUrlBase?: string) {
  /** `form`: what is shown instead where a form is open. */
  return ({ kind, place, personId }: Asker, content: Content, form?: ModalView): Promise<void> => {
    const { channel, responseUrl, isDirect, view } = place;
    return firstThatWorks([
      ...(view ? [() => fill(views, view, form ?? inForm(content.blocks))] : []),
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

/** One that was opened a moment ago may not be there yet; one that was closed never is. */
const FILL_AGAIN_AFTER_MS = [0, 333, 999];

async function fill(
  views: WebClient['views'],
  { external_id, view_id }: NonNullable<Asker['place']['view']>,
  view: ModalView,
): Promise<void> {
  const isFilled = (which: { external_id: string } | { view_id: string }) =>
    askingUnless(NOT_THERE, 'views.update', views.update({ ...which, view }));
  for (const pause of external_id === undefined ? [] : FILL_AGAIN_AFTER_MS) {
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    if (external_id !== undefined && (await isFilled({ external_id }))) return;
  }
  if (view_id !== undefined && (await isFilled({ view_id }))) return;
  throw new OutsideError('refused', 'views.update', 'not_found');
}

const NOT_THERE: ReadonlySet<string> = new Set(['not_found']);

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
