// What Slack does with the app's HTTP answer: the reply to a slash command, or the next step of a modal.
import { type Slack, SlackError } from './method.ts';
import { showResponse } from './response-urls.ts';
import { isObject } from './rules.ts';
import { replaceView } from './views.ts';
import type { Message, ShownView } from './workspace.ts';

export interface HttpAnswer {
  statusCode?: number;
  body?: string;
}

/**
 * Shows the answer to a slash command to the person; undefined when it is empty.
 * https://docs.slack.dev/interactivity/implementing-slash-commands#responding_immediate_response
 */
export function showCommandAnswer(
  slack: Slack,
  to: { user: string; channel: string },
  { statusCode = 200, body = '' }: HttpAnswer,
): Message | undefined {
  // The name that people then read in Slackbot's apology.
  if (statusCode !== 200) throw new SlackError('dispatch_failed', { statusCode });
  if (body === '') return undefined;
  return showResponse(slack, to, parsed(body) ?? { text: body });
}

/**
 * Takes a submitted modal off the screen, or puts another in its place, unless the answer complains: then what it says,
 * by block id. Of the other answers only `clear` is known here. https://docs.slack.dev/surfaces/modals#displaying_errors
 */
export function showModalAnswer(
  slack: Slack,
  shown: ShownView,
  { statusCode = 200, body = '' }: HttpAnswer,
): Record<string, string> {
  if (statusCode !== 200) throw new SlackError('dispatch_failed', { statusCode });
  const { response_action: action, errors, view } = parsed(body) ?? {};
  if (action === 'errors' && isObject(errors))
    return Object.fromEntries(Object.entries(errors).map(([block, words]) => [block, String(words)]));
  if (action === 'update') {
    replaceView(slack, shown, view);
    return {};
  }
  if (action !== undefined && action !== 'clear')
    throw new Error(`the sandbox has no response_action ${action}`);
  slack.workspace.modals.delete(shown.id);
  return {};
}

function parsed(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
