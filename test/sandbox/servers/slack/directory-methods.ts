// Who and where: the users.*, usergroups.* and conversations.* methods.

import { openDm } from './conversations.ts';
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
import type { Channel, Member, Usergroup, Workspace } from './workspace.ts';

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

// https://docs.slack.dev/reference/methods/users.list
const usersList: Method = {
  scope: 'users:read',
  run(input, slack) {
    const { items, next } = page(input, [...slack.workspace.members.values()]);
    const members = items.map((member) => userPayload(member, slack));
    return { members, response_metadata: { next_cursor: next } };
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

function usergroupPayload(group: Usergroup, { team }: Workspace, input: Input): Record<string, unknown> {
  const { id, handle, name, users } = group;
  return {
    ...{ id, team_id: team.id, is_usergroup: true, handle, name, user_count: users.length },
    date_delete: group.disabled ? 1 : 0,
    ...(isYes(input, 'include_users') && { users }),
  };
}

// https://docs.slack.dev/reference/methods/usergroups.list
const usergroupsList: Method = {
  scope: 'usergroups:read',
  run(input, { workspace }) {
    const groups = [...workspace.usergroups.values()];
    const shown = groups.filter(({ disabled }) => !disabled || isYes(input, 'include_disabled'));
    return { usergroups: shown.map((group) => usergroupPayload(group, workspace, input)) };
  },
};

// https://docs.slack.dev/reference/methods/usergroups.users.list
const usergroupsUsersList: Method = {
  scope: 'usergroups:read',
  run(input, { workspace }) {
    const group = workspace.usergroups.get(required(input, 'usergroup'));
    if (!group || (group.disabled && !isYes(input, 'include_disabled')))
      throw new SlackError('no_such_subteam');
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
  requireScope(workspace, SCOPES[kindOf(channel)]);
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
    const channel = readableChannel(input, workspace);
    const payload = channelPayload(channel, workspace);
    return {
      channel: isYes(input, 'include_num_members')
        ? { ...payload, num_members: channel.members.length }
        : payload,
    };
  },
};

// https://docs.slack.dev/reference/methods/conversations.members: 100 a page unless asked
const conversationsMembers: Method = {
  run(input, { workspace }) {
    const { items, next } = page(input, readableChannel(input, workspace).members, 100);
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
    for (const kind of kinds) requireScope(workspace, SCOPES[kind]);
    if (Number(text(input, 'limit') ?? 100) > 999) throw new SlackError('invalid_limit');
    const user = text(input, 'user');
    const members = [workspace.bot.userId, ...(user === undefined ? [] : [knownMember(workspace, user).id])];
    const shared = [...workspace.channels.values()].filter(
      (channel) =>
        kinds.has(kindOf(channel)) &&
        !(channel.is_archived && isYes(input, 'exclude_archived')) &&
        members.every((member) => channel.members.includes(member)),
    );
    const { items, next } = page(input, shared, 100);
    const channels = items.map((channel) => {
      const { is_member: _, ...limited } = channelPayload(channel, workspace);
      return limited;
    });
    return { channels, response_metadata: { next_cursor: next } };
  },
};

// https://docs.slack.dev/reference/methods/conversations.open: group conversations are left out
const conversationsOpen: Method = {
  scope: 'im:write',
  run(input, { workspace }) {
    const user = text(input, 'users');
    if (!user) throw new SlackError('users_list_not_supplied');
    const member = knownMember(workspace, user);
    if (member.deleted) throw new SlackError('user_disabled');
    if (member.is_bot) throw new SlackError('cannot_dm_bot');
    return { channel: { id: openDm(workspace, member.id).id } };
  },
};

export const directoryMethods: Record<string, Method> = {
  'users.conversations': usersConversations,
  'users.info': usersInfo,
  'users.list': usersList,
  'users.lookupByEmail': lookupByEmail,
  'usergroups.list': usergroupsList,
  'usergroups.users.list': usergroupsUsersList,
  'conversations.info': conversationsInfo,
  'conversations.members': conversationsMembers,
  'conversations.open': conversationsOpen,
};
