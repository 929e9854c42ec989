// Everything the local Slack remembers, as plain data that tests may read and change.
import type { HomeView, KnownBlock, ModalView } from '@slack/types';
import type { Clock } from '../../clock.ts';

export interface Member {
  id: string;
  name: string;
  real_name: string;
  email: string;
  tz: string;
  deleted: boolean;
  is_bot: boolean;
  is_restricted: boolean;
  is_ultra_restricted: boolean;
  is_stranger: boolean;
  team_id: string;
}

export interface Channel {
  id: string;
  name: string;
  is_private: boolean;
  /** Shared with another organisation, or with other workspaces of the same one. */
  is_ext_shared: boolean;
  is_org_shared: boolean;
  is_archived: boolean;
  members: string[];
  /** Set for a direct conversation between this person and the bot. */
  im?: string;
  /** Oldest first; deleted and ephemeral ones stay for inspection. */
  messages: Message[];
}

export interface Message {
  ts: string;
  channel: string;
  user: string;
  text: string;
  blocks: KnownBlock[];
  edited?: { user: string; ts: string };
  /** What it said when it was posted, where an edit changed that. */
  postedText?: string;
  deleted?: boolean;
  /** The only person who sees it. */
  ephemeralTo?: string;
  /** The message under which it was written. */
  thread?: string;
}

export interface Usergroup {
  id: string;
  handle: string;
  users: string[];
}

export type Modal = Omit<ModalView, 'blocks'> & { blocks: KnownBlock[] };

export type Home = Omit<HomeView, 'blocks'> & { blocks: KnownBlock[] };

/** A modal that somebody has before them, or their Home. */
export interface ShownView<V = Modal> {
  id: string;
  hash: string;
  user: string;
  view: V;
}

export interface ResponseUrl {
  id: string;
  user: string;
  channel: string;
  /** The message that was clicked; a slash command has none. */
  message?: string;
  createdAt: number;
  uses: number;
}

export interface Trigger {
  id: string;
  user: string;
  createdAt: number;
  used: boolean;
}

export interface Bot {
  userId: string;
  botId: string;
  name: string;
  token: string;
  scopes: string[];
  /** Whether the app has a Home at all, and whether charts have come to its workspace. */
  hasHomeTab: boolean;
  takesCharts: boolean;
}

export interface Workspace {
  team: { id: string; domain: string; name: string };
  appId: string;
  bot: Bot;
  /** The app-level token, which opens connections for Socket Mode and nothing else. */
  appToken: { token: string; scopes: string[] };
  /** Where those are opened, and the tickets that were given out; undefined where Socket Mode is off. */
  socketMode?: { url: string; tickets: Set<string> };
  members: Map<string, Member>;
  channels: Map<string, Channel>;
  usergroups: Map<string, Usergroup>;
  /** Open modals by view id. */
  modals: Map<string, ShownView>;
  /** By whose it is. */
  homes: Map<string, ShownView<Home>>;
  responseUrls: Map<string, ResponseUrl>;
  triggers: Map<string, Trigger>;
  /** How many ids were given out, and the last timestamp: ids and timestamps never repeat. */
  counter: number;
  lastTs: string;
}

const SCOPES = [
  ...['chat:write', 'im:write', 'users:read', 'users:read.email', 'usergroups:read', 'commands'],
  ...['channels:read', 'groups:read', 'im:history', 'im:read'],
];

export function createWorkspace(changes: { bot?: Partial<Bot> } = {}) {
  const workspace: Workspace = {
    team: { id: 'T000000001', domain: 'example', name: 'Example' },
    appId: 'A000000001',
    bot: {
      ...{ userId: 'U00000BOT1', botId: 'B000000001', name: 'keyrotate', token: 'xoxb-sandbox' },
      ...{ scopes: [...SCOPES], hasHomeTab: true, takesCharts: true, ...changes.bot },
    },
    appToken: { token: 'xapp-1-A000000001-1-sandbox', scopes: ['connections:write'] },
    members: new Map(),
    channels: new Map(),
    usergroups: new Map(),
    modals: new Map(),
    homes: new Map(),
    responseUrls: new Map(),
    triggers: new Map(),
    counter: 0,
    lastTs: '',
  };
  const { userId, name } = workspace.bot;
  addMember(workspace, { id: userId, name, real_name: name, email: '', is_bot: true });
  return workspace;
}

/** `name` is enough; the rest follows from it. */
export function addMember(workspace: Workspace, given: Partial<Member> & { name: string }): Member {
  const member: Member = {
    id: given.id ?? nextId(workspace, 'U'),
    real_name: given.name,
    email: `${given.name}@example.com`,
    tz: 'Etc/UTC',
    deleted: false,
    is_bot: false,
    is_restricted: false,
    is_ultra_restricted: false,
    is_stranger: false,
    team_id: workspace.team.id,
    ...given,
  };
  workspace.members.set(member.id, member);
  return member;
}

/** The bot is in the channel unless `members` says otherwise. */
export function addChannel(workspace: Workspace, given: Partial<Channel> & { name: string }): Channel {
  const channel: Channel = {
    id: given.id ?? nextId(workspace, 'C'),
    is_private: false,
    is_ext_shared: false,
    is_org_shared: false,
    is_archived: false,
    members: [workspace.bot.userId],
    messages: [],
    ...given,
  };
  workspace.channels.set(channel.id, channel);
  return channel;
}

export function addUsergroup(workspace: Workspace, given: { handle: string; users: string[]; id?: string }) {
  const group: Usergroup = { id: given.id ?? nextId(workspace, 'S'), ...given };
  workspace.usergroups.set(group.id, group);
  return group;
}

export function nextId(workspace: Workspace, prefix: string): string {
  workspace.counter += 1;
  return prefix + workspace.counter.toString(36).toUpperCase().padStart(9, '0');
}

/** A message timestamp is also the message's id within its channel. https://docs.slack.dev/messaging/retrieving-messages */
export function nextTs(workspace: Workspace, clock: Clock): string {
  const second = String(Math.floor(clock.now() / 1000));
  const [lastSecond, lastFraction] = workspace.lastTs.split('.');
  const fraction = second === lastSecond ? Number(lastFraction) + 1 : 100;
  workspace.lastTs = `${second}.${String(fraction).padStart(6, '0')}`;
  return workspace.lastTs;
}
