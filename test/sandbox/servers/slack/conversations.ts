// Conversations and what is in them, as the bot and as a person finds them.
import { addChannel, type Channel, type Message, nextId, type Workspace } from './workspace.ts';

/** The direct conversation with a person, opened if there was none. */
export function openDm(workspace: Workspace, user: string): Channel {
  const open = dmOf(workspace, user);
  if (open) return open;
  const id = nextId(workspace, 'D');
  const members = [user, workspace.bot.userId];
  return addChannel(workspace, { id, name: '', is_private: true, im: user, members });
}

export function dmOf(workspace: Workspace, user: string): Channel | undefined {
  return [...workspace.channels.values()].find(({ im }) => im === user);
}

/** What a person sees in a channel: nothing deleted, nothing meant for somebody else. */
export function visibleMessages(workspace: Workspace, channelId: string, user: string): Message[] {
  const messages = workspace.channels.get(channelId)?.messages ?? [];
  return messages.filter(({ deleted, ephemeralTo }) => !deleted && (ephemeralTo ?? user) === user);
}

/** What a person sees in the direct conversation with the bot. */
export function inbox(workspace: Workspace, user: string): Message[] {
  const dm = dmOf(workspace, user);
  return dm ? visibleMessages(workspace, dm.id, user) : [];
}

export function findMessage(workspace: Workspace, channel: string, ts: string): Message | undefined {
  return workspace.channels.get(channel)?.messages.findLast((message) => message.ts === ts);
}
