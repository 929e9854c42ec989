// Response URLs: the short-lived address that every click and slash command carries.
import type { WireReply, WireRequest } from '../wire.ts';
import { addMessage, changeMessage } from './chat.ts';
import { readContent } from './content.ts';
import { findMessage } from './conversations.ts';
import { type Input, isYes, type Slack, SlackError, text } from './method.ts';
import { type Message, nextId, type ResponseUrl, type Workspace } from './workspace.ts';

export const RESPONSE_PATH = '/response/';

// https://docs.slack.dev/interactivity/handling-user-interaction#message_responses: five times within 30 minutes
const USES = 5;
const LIFE_MS = 30 * 60 * 1000;

export function isResponseUrl(request: WireRequest): boolean {
  return request.path.startsWith(RESPONSE_PATH);
}

/** A fresh address; `message` is the clicked one. */
export function createResponseUrl(
  slack: Slack,
  given: Pick<ResponseUrl, 'user' | 'channel' | 'message'>,
): string {
  const id = nextId(slack.workspace, 'R');
  slack.workspace.responseUrls.set(id, { ...given, id, createdAt: slack.clock.now(), uses: 0 });
  return RESPONSE_PATH + id;
}

export function responseTo(workspace: Workspace, path: string): ResponseUrl | undefined {
  return workspace.responseUrls.get(path.slice(RESPONSE_PATH.length));
}

/** Takes a posted response. It proves itself by its address: no token is asked for. */
export function respond(slack: Slack, path: string, input: Input): WireReply {
  try {
    const url = usable(slack, responseTo(slack.workspace, path));
    apply(slack, url, input);
    url.uses += 1;
    return { status: 200, body: 'ok' };
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    const status = error.code.endsWith('_url') ? 404 : 400;
    return { status, body: JSON.stringify({ ok: false, error: error.code, ...error.details }) };
  }
}

function usable({ clock }: Slack, url: ResponseUrl | undefined): ResponseUrl {
  if (!url) throw new SlackError('invalid_url');
  if (clock.now() - url.createdAt > LIFE_MS) throw new SlackError('expired_url');
  if (url.uses >= USES) throw new SlackError('used_url');
  return url;
}

function apply(slack: Slack, url: ResponseUrl, input: Input): void {
  if (isYes(input, 'delete_original')) throw new Error('the sandbox deletes nothing through a response URL');
  const original = url.message ? findMessage(slack.workspace, url.channel, url.message) : undefined;
  if (original && replaces(input)) {
    changeMessage(slack, original, readContent(input, slack.workspace));
    return;
  }
  showResponse(slack, url, input);
}

/** A new message for the person alone. */
export function showResponse(slack: Slack, to: { user: string; channel: string }, input: Input): Message {
  const channel = slack.workspace.channels.get(to.channel);
  if (!channel) throw new SlackError('channel_not_found');
  if (text(input, 'response_type') === 'in_channel')
    throw new Error('the sandbox shows an answer to nobody but the person');
  return addMessage(slack, channel, readContent(input, slack.workspace), { ephemeralTo: to.user });
}

/**
 * Slack's pages disagree on what silence means after a click; the one on interactive messages says it replaces
 * the message. That reading does harm when it is unexpected, so it is the one taken here: say `false` to be safe.
 */
function replaces(input: Input): boolean {
  return text(input, 'replace_original') === undefined
    ? text(input, 'response_type') === undefined
    : isYes(input, 'replace_original');
}
