// Who and where: the users.*, usergroups.* and conversations.* methods.

import { offsetOf } from './date-tokens.ts';
import {
  type Input,
  isYes,
  knownChannel,
  knownMember,
  type Method,
  page,
  required,
  requireScope,
  type Slack,
  SlackError,
  text,
} from './method.ts';
import type { Channel, Member, Workspace } from './workspace.ts';

/** The address shows only with users:read.email. https://docs.slack.dev/reference/scopes/users.read.email */
function userPayload(member: Member, { workspace, clock }: Slack): Record<string, unknown> {
  const { email, real_name, name, ...rest } = member;
  const profile = {
    real_name,
    display_name: name,
    ...(workspace.bot.scopes.includes('users:read.email') && { email }),
  };
  return { ...rest, name, real_name, profile, tz_offset: offsetOf(member.tz, clock.now()) };
}

// https://docs.slack.dev/reference/methods/users.info
const usersInfo: Method = {
  scope: 'users:read',
  run: (input, slack) => ({
    user: userPayload(knownMember(slack.workspace, required(input, 'user')), slack),
  }),
};

// https://docs.slack.dev/reference/methods/users.list: deactivated people are among them; a large team needs a limit
const usersList: Method = {
  scope: 'users:read',
  run(input, slack) {
    if (text(input, 'limit') === undefined) throw new SlackError('limit_required');
    const { items, next } = page(input, [...slack.workspace.members.values()]);
    return {
      members: items.map((member) => userPayload(member, slack)),
      response_metadata: { next_cursor: next },
    };
  },
};

// https://docs.slack.dev/reference/methods/users.lookupByEmail: deactivated people are not found
const lookupByEmail: Method = {
  scope: 'users:read.email',
  run(input, slack) {
    const wanted = required(input, 'email').toLowerCase();
    const found = [...slack.workspace.members.values()].find(
      ({ email, deleted }) => !deleted && email.toLowerCase() === wanted,
    );
    if (!found) throw new SlackError('users_not_found');
    return { user: userPayload(found, slack) };
  },
};

// https://docs.slack.dev/reference/methods/bots.info
const botsInfo: Method = {
  scope: 'users:read',
  run(input, { workspace: { bot, appId } }) {
    if (required(input, 'bot') !== bot.botId) throw new SlackError('bot_not_found');
    return { bot: { id: bot.botId, deleted: false, name: bot.name, user_id: bot.userId, app_id: appId } };
  },
};

// https://docs.slack.dev/reference/methods/usergroups.users.list
const usergroupsUsersList: Method = {
  scope: 'usergroups:read',
  run(input, { workspace }) {
    const group = workspace.usergroups.get(required(input, 'usergroup'));
    if (!group) throw new SlackError('no_such_subteam');
    return { users: group.users };
  },
};

/** The kinds of conversation, and the scope to read each. https://docs.slack.dev/reference/methods/conversations.info */
const SCOPES = {
  public_channel: 'channels:read',
  private_channel: 'groups:read',
  mpim: 'mpim:read',
  im: 'im:read',
} as const;

type Kind = keyof typeof SCOPES;

/** Group conversations are left out. */
function kindOf(channel: Channel): Kind {
  if (channel.im) return 'im';
  return channel.is_private ? 'private_channel' : 'public_channel';
}

function readableChannel(input: Input, workspace: Workspace): Channel {
  const channel = knownChannel(workspace, required(input, 'channel'));
  requireScope(workspace.bot, SCOPES[kindOf(channel)]);
  return channel;
}

// https://docs.slack.dev/reference/objects/conversation-object: is_group is for private channels from before 2021
function channelPayload(channel: Channel, { bot, team }: Workspace): Record<string, unknown> {
  const { id, name, is_private, is_ext_shared, is_org_shared, is_archived, members, im } = channel;
  if (im) return { id, is_im: true, user: im, is_archived, context_team_id: team.id };
  return {
    ...{ id, name, is_channel: true, is_group: false, is_im: false, is_mpim: false },
    ...{ is_private, is_archived, is_shared: is_ext_shared || is_org_shared, is_ext_shared, is_org_shared },
    ...{ is_member: members.includes(bot.userId), context_team_id: team.id },
  };
}

const conversationsInfo: Method = {
  run(input, { workspace }) {
    return { channel: channelPayload(readableChannel(input, workspace), workspace) };
  },
};

// https://docs.slack.dev/reference/methods/conversations.members
const conversationsMembers: Method = {
  run(input, { workspace }) {
    const { items, next } = page(input, readableChannel(input, workspace).members);
    return { members: items, response_metadata: { next_cursor: next } };
  },
};

function kindsIn(types: string): Set<Kind> {
  const kinds = types.split(',').map((type) => type.trim());
  if (!kinds.every((kind): kind is Kind => Object.hasOwn(SCOPES, kind)))
    throw new SlackError('invalid_types');
  return new Set(kinds);
}

// https://docs.slack.dev/reference/methods/users.conversations: where the bot is, and with `user` where both are
const usersConversations: Method = {
  run(input, { workspace }) {
    const kinds = kindsIn(text(input, 'types') ?? 'public_channel');
    for (const kind of kinds) requireScope(workspace.bot, SCOPES[kind]);
    if (Number(text(input, 'limit') ?? 100) > 999) throw new SlackError('invalid_limit');
    const user = text(input, 'user');
    const members = [workspace.bot.userId, ...(user === undefined ? [] : [knownMember(workspace, user).id])];
    const shared = [...workspace.channels.values()].filter(
      (channel) =>
        kinds.has(kindOf(channel)) &&
        !(channel.is_archived && isYes(input, 'exclude_archived')) &&
        members.every((member) => channel.members.includes(member)),
    );
    const { items, next } = page(input, shared);
    const channels = items.map((channel) => {
      const { is_member: _, ...limited } = channelPayload(channel, workspace);
      return limited;
    });
    return { channels, response_metadata: { next_cursor: next } };
  },
};

export const directoryMethods: Record<string, Method> = {
  'users.conversations': usersConversations,
  'users.info': usersInfo,
  'users.list': usersList,
  'users.lookupByEmail': lookupByEmail,
  'bots.info': botsInfo,
  'usergroups.users.list': usergroupsUsersList,
  'conversations.info': conversationsInfo,
  'conversations.members': conversationsMembers,
};
