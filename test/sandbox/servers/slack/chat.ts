// The chat.* methods: posting, changing and deleting messages.
import { type Content, messagePayload, readContent } from './content.ts';
import { findMessage, openDm } from './conversations.ts';
import { type Input, knownChannel, type Method, required, type Slack, SlackError } from './method.ts';
import { type Channel, type Message, nextTs, type Workspace } from './workspace.ts';

// https://docs.slack.dev/reference/methods/chat.postMessage
const postMessage: Method = {
  scope: 'chat:write',
  run(input, slack) {
    if (input.thread_ts) throw new Error('the sandbox has no threads');
    const channel = destination(slack.workspace, required(input, 'channel'));
    const message = addMessage(slack, channel, readContent(input, slack.workspace));
    return { channel: channel.id, ts: message.ts, message: messagePayload(message, slack.workspace) };
  },
};

// https://docs.slack.dev/reference/methods/chat.postEphemeral
const postEphemeral: Method = {
  scope: 'chat:write',
  run(input, slack) {
    const channel = destination(slack.workspace, required(input, 'channel'));
    const ephemeralTo = required(input, 'user');
    if (!channel.members.includes(ephemeralTo)) throw new SlackError('user_not_in_channel');
    const message = addMessage(slack, channel, readContent(input, slack.workspace), { ephemeralTo });
    return { message_ts: message.ts };
  },
};

// https://docs.slack.dev/reference/methods/chat.update
const update: Method = {
  scope: 'chat:write',
  run(input, slack) {
    const message = ownMessage(input, slack.workspace, 'cant_update_message');
    changeMessage(slack, message, readContent(input, slack.workspace));
    const { channel, ts, text: words } = message;
    return { channel, ts, text: words, message: messagePayload(message, slack.workspace) };
  },
};

// https://docs.slack.dev/reference/methods/chat.delete
const remove: Method = {
  scope: 'chat:write',
  run(input, { workspace }) {
    const message = ownMessage(input, workspace, 'cant_delete_message');
    message.deleted = true;
    return { channel: message.channel, ts: message.ts };
  },
};

export const chatMethods: Record<string, Method> = {
  'chat.postMessage': postMessage,
  'chat.postEphemeral': postEphemeral,
  'chat.update': update,
  'chat.delete': remove,
};

/** Where a message may go. A user id opens the direct conversation. */
function destination(workspace: Workspace, id: string): Channel {
  const channel = workspace.members.has(id) ? openDm(workspace, id) : knownChannel(workspace, id);
  // Not documented: what we know is that a deactivated person cannot be written to.
  if (channel.im && workspace.members.get(channel.im)?.deleted) throw new SlackError('channel_not_found');
  if (channel.is_archived) throw new SlackError('is_archived');
  // With the scope chat:write.public it could: the app does without.
  if (!channel.members.includes(workspace.bot.userId)) throw new SlackError('not_in_channel');
  return channel;
}

/** Ephemeral messages are not found: they cannot be changed through the API. */
function ownMessage(input: Input, workspace: Workspace, refusal: string): Message {
  const channel = knownChannel(workspace, required(input, 'channel'));
  const message = findMessage(workspace, channel.id, required(input, 'ts'));
  if (!message || message.deleted || message.ephemeralTo) throw new SlackError('message_not_found');
  if (message.user !== workspace.bot.userId) throw new SlackError(refusal);
  return message;
}

type Extra = Pick<Message, 'ephemeralTo'>;

export function addMessage(slack: Slack, channel: Channel, content: Content, extra: Extra = {}): Message {
  const { workspace, clock } = slack;
  const message: Message = {
    ...{ ts: nextTs(workspace, clock), channel: channel.id, user: workspace.bot.userId },
    ...{ text: content.text, blocks: content.blocks ?? [], ...extra },
  };
  channel.messages.push(message);
  return message;
}

/** Blocks that a call does not mention stay. https://docs.slack.dev/reference/methods/chat.update */
export function changeMessage({ workspace, clock }: Slack, message: Message, content: Content): void {
  message.postedText ??= message.text;
  message.text = content.text;
  message.blocks = content.blocks ?? message.blocks;
  message.edited = { user: workspace.bot.userId, ts: nextTs(workspace, clock) };
}
