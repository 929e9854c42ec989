// What made somebody's Slack ring: the bot's messages in direct conversations.
import type { Message, Workspace } from '../servers/slack/workspace.ts';

export interface Notification {
  /** When it was posted, in epoch milliseconds. */
  at: number;
  /** The person's id. */
  to: string;
  /** As it was posted, whatever became of it. */
  text: string;
}

/** Oldest first. Messages that were deleted since count; edits and ephemeral messages notify nobody. */
export function notifications({ slack }: { slack: { workspace: Workspace } }): Notification[] {
  const { channels, bot } = slack.workspace;
  const posted = [...channels.values()].flatMap(({ im: to, messages }) =>
    to === undefined ? [] : messages.filter(notifies(bot.userId)).map((message) => ({ to, message })),
  );
  return posted
    .sort((one, other) => (one.message.ts < other.message.ts ? -1 : 1))
    .map(({ to, message }) => ({ at: postedAt(message), to, text: message.postedText ?? message.text }));
}

function notifies(bot: string): (message: Message) => boolean {
  return ({ user, ephemeralTo }) => user === bot && ephemeralTo === undefined;
}

/** In milliseconds. https://docs.slack.dev/messaging/retrieving-messages: whole seconds, then what tells messages apart. */
export function postedAt({ ts }: Pick<Message, 'ts'>): number {
  return Number(ts.split('.')[0]) * 1000;
}
