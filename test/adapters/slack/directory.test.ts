// Who is who, asked of the local Slack: exact, and closed whenever there is a doubt.
import { beforeEach, describe, expect, it } from 'vitest';
import { type DirectoryOptions, slackDirectory } from '../../../src/adapters/slack/directory.ts';
import type { Person } from '../../../src/domain/owner.ts';
import type { Directory } from '../../../src/usecases/ports.ts';
import { MINUTE } from '../../sandbox/clock.ts';
import { openDm } from '../../sandbox/servers/slack/conversations.ts';
import {
  addChannel,
  addMember,
  addUsergroup,
  type Channel,
  type Member,
} from '../../sandbox/servers/slack/workspace.ts';
import { type SlackWorld, slackWorld } from './slack-world.ts';

let world: SlackWorld;
let directory: Directory;

const directoryWith = (options: Partial<DirectoryOptions> = {}) =>
  slackDirectory({
    client: world.client,
    teamId: world.workspace.team.id,
    admins: [],
    now: world.clock.now,
    cacheMs: 5 * MINUTE,
    ...options,
  });

beforeEach(async () => {
  world = await slackWorld();
  directory = directoryWith();
});

describe('all members of the workspace', () => {
  it('come page by page, those who have left among them', async () => {
    for (let i = 0; i < 250; i += 1) addMember(world.workspace, { name: `member-${i}` });
    const left = addMember(world.workspace, { name: 'left', deleted: true });
    const first = await directory.members();
    const second = await directory.members(first.next);
    expect(first.people).toHaveLength(200);
    expect(second.next).toBeUndefined();
    const everybody = [...first.people, ...second.people];
    expect(everybody.map(({ slackId }) => slackId)).toEqual([...world.workspace.members.keys()]);
    expect(everybody.find(({ slackId }) => slackId === left.id)).toMatchObject({ barred: 'deactivated' });
  });
});

describe('a person of last night’s list', () => {
  const listed: Person = { slackId: 'U0LISTED', name: 'listed', timeZone: 'UTC', email: 'ana@example.com' };
  const lastNight = (readAt: number | undefined) =>
    directoryWith({
      people: {
        person: async (id) => (id === listed.slackId ? listed : undefined),
        personByEmail: async (email) => (email === listed.email ? listed : undefined),
        readAt: async () => readAt,
      },
    });

  it('is known without asking Slack, but for whoever acts', async () => {
    const night = lastNight(world.clock.now() - 8 * 60 * MINUTE);
    expect(await night.personById('U0LISTED')).toEqual(listed);
    expect(await night.personByEmail('Ana@example.com')).toEqual(listed);
    expect(await night.person('U0LISTED')).toBeUndefined();
  });

  it('is asked for by name where the list does not have them', async () => {
    const night = lastNight(world.clock.now());
    expect(await night.personById(world.ana.id)).toMatchObject({ name: 'ana' });
  });

  it('is asked for by name where the list has them as no full member: a “no” of last night is not believed', async () => {
    const back: Person = { ...listed, slackId: world.ana.id, barred: 'deactivated' };
    const night = directoryWith({
      people: {
        person: async () => back,
        personByEmail: async () => back,
        readAt: async () => world.clock.now(),
      },
    });
    expect(await night.personById(world.ana.id)).not.toHaveProperty('barred');
    expect(await night.personByEmail('ana@example.com')).not.toHaveProperty('barred');
  });

  it('is passed over for whoever acts on whose a mail address is', async () => {
    const night = lastNight(world.clock.now());
    expect(await night.personOfEmail('Ana@example.com')).toMatchObject({ slackId: world.ana.id });
  });

  it('is asked for by name once the list is older than a night and a half, or was never read', async () => {
    for (const readAt of [world.clock.now() - 36 * 60 * MINUTE, undefined]) {
      const night = lastNight(readAt);
      expect(await night.personById('U0LISTED')).toBeUndefined();
      expect(await night.personByEmail('ana@example.com')).toMatchObject({ slackId: world.ana.id });
    }
  });
});

describe('a person', () => {
  it('is described with a name, a time zone and an address in small letters', async () => {
    expect(await directory.person(world.ana.id)).toEqual({
      slackId: world.ana.id,
      name: 'ana',
      timeZone: 'Europe/Berlin',
      email: 'ana@example.com',
    });
  });

  it('has no address where Slack shows none', async () => {
    world.workspace.bot.scopes = ['users:read'];
    expect(await directory.person(world.ana.id)).not.toHaveProperty('email');
  });

  it('is nobody when Slack knows nobody', async () => {
    expect(await directory.person('U404')).toBeUndefined();
  });

  it.each<[string, Partial<Member>]>([
    ['deactivated', { deleted: true }],
    ['bot', { is_bot: true }],
    ['bot', { id: 'USLACKBOT', name: 'slackbot' }],
    ['guest', { is_restricted: true }],
    ['guest', { is_ultra_restricted: true }],
    ['stranger', { is_stranger: true, team_id: 'T0000ELSE' }],
    ['foreign', { team_id: 'T0000ELSE' }],
  ])('is barred as %s', async (barred, changes) => {
    const { id } = addMember(world.workspace, { name: 'x', ...changes });
    expect(await directory.person(id)).toMatchObject({ barred });
  });

  it('may come from another workspace of the same organisation', async () => {
    const member = addMember(world.workspace, { name: 'x', team_id: 'E0000HOME' });
    Object.assign(member, { enterprise_user: { teams: ['T0000ELSE', world.workspace.team.id] } });
    expect(await directory.person(member.id)).not.toHaveProperty('barred');
  });

  it('is asked anew each time, because people leave', async () => {
    await directory.person(world.ana.id);
    world.ana.deleted = true;
    expect(await directory.person(world.ana.id)).toMatchObject({ barred: 'deactivated' });
  });

  it('may be remembered for a while where that is enough', async () => {
    await directory.personById(world.ana.id);
    await directory.personById(world.ana.id);
    expect(world.calls('users.info')).toHaveLength(1);
    world.clock.advance(5 * MINUTE);
    await directory.personById(world.ana.id);
    expect(world.calls('users.info')).toHaveLength(2);
  });

  it('cannot be told when Slack does not answer', async () => {
    world.spoil('users.info', { kind: 'lose' });
    await expect(directory.person(world.ana.id)).rejects.toMatchObject({ outcome: 'unknown' });
  });
});

describe('a mail address', () => {
  it('finds its person whatever the case', async () => {
    expect(await directory.personByEmail('ANA@example.COM')).toMatchObject({ slackId: world.ana.id });
  });

  it('finds nobody when it is nobody’s', async () => {
    expect(await directory.personByEmail('an@example.com')).toBeUndefined();
  });

  it('finds nobody when Slack answers with somebody of another address', async () => {
    const { client } = world;
    const { user } = await client.users.info({ user: world.ana.id });
    client.users.lookupByEmail = async () => ({ ok: true, ...(user && { user }) });
    expect(await directory.personByEmail('joanna@example.com')).toBeUndefined();
    expect(await directory.personByEmail('ana@example.com')).toMatchObject({ slackId: world.ana.id });
  });

  it('finds nobody when Slack hides the address', async () => {
    world.client.users.lookupByEmail = async () => ({ ok: true, user: { id: world.ana.id, profile: {} } });
    expect(await directory.personByEmail('ana@example.com')).toBeUndefined();
  });

  it('is looked up once for a while', async () => {
    await directory.personByEmail('ana@example.com');
    await directory.personByEmail('Ana@example.com');
    expect(world.calls('users.lookupByEmail')).toHaveLength(1);
  });
});

describe('an admin', () => {
  it('is named in the configuration, exactly', async () => {
    const { id } = world.ana;
    expect(await directoryWith({ admins: [id] }).isAdmin(id)).toBe(true);
    expect(await directoryWith({ admins: [id] }).isAdmin(id.slice(0, -1))).toBe(false);
    expect(await directory.isAdmin(id)).toBe(false);
  });

  it('is a member of the one user group, as of a few minutes ago', async () => {
    const group = addUsergroup(world.workspace, { handle: 'aws-admins', users: [world.ana.id] });
    const grouped = directoryWith({ adminGroup: group.id });
    expect(await grouped.isAdmin(world.ana.id)).toBe(true);
    expect(await grouped.isAdmin(world.bo.id)).toBe(false);
    expect(world.calls('usergroups.users.list')).toHaveLength(1);
    group.users = [];
    world.clock.advance(5 * MINUTE);
    expect(await grouped.isAdmin(world.ana.id)).toBe(false);
  });

  it('is nobody for certain when the group cannot be read', async () => {
    await expect(directoryWith({ adminGroup: 'S404' }).isAdmin(world.ana.id)).rejects.toMatchObject({
      code: 'no_such_subteam',
    });
    const group = addUsergroup(world.workspace, { handle: 'aws-admins', users: [world.ana.id] });
    const grouped = directoryWith({ adminGroup: group.id });
    world.spoil('usergroups.users.list', { kind: 'lose' });
    await expect(grouped.isAdmin(world.ana.id)).rejects.toMatchObject({ outcome: 'unknown' });
    expect(await grouped.isAdmin(world.ana.id)).toBe(true);
  });
});

/** A private channel in which Ana and keyrotate are. */
const team = (name: string, changes: Partial<Channel> = {}) => {
  const members = [world.workspace.bot.userId, world.ana.id];
  return addChannel(world.workspace, { name, is_private: true, members, ...changes }).id;
};

describe('a channel', () => {
  it('may own when it is private to this workspace', async () => {
    expect(await directory.channel(team('team'))).toEqual({ mayOwn: true });
  });

  it.each<[string, Partial<Channel>]>([
    ['shared with another organisation', { is_ext_shared: true }],
    ['shared within the organisation', { is_org_shared: true }],
    ['archived', { is_archived: true }],
  ])('may not own when it is %s', async (_, changes) => {
    expect(await directory.channel(team('team', changes))).toEqual({ mayOwn: false });
  });

  it('may not own when it is open to all, or a conversation of two', async () => {
    expect(await directory.channel(world.channel)).toEqual({ mayOwn: false });
    expect(await directory.channel(openDm(world.workspace, world.ana.id).id)).toEqual({ mayOwn: false });
  });

  it('may not own, whatever Slack says, when it is a conversation of a few or shared in any way', async () => {
    for (const changes of [{ is_mpim: true }, { is_im: true }, { is_shared: true }, { is_private: false }]) {
      world.client.conversations.info = async () => ({ ok: true, channel: { is_private: true, ...changes } });
      expect(await directory.channel('C1')).toEqual({ mayOwn: false });
    }
  });

  it('is unknown where the bot is not in it, or may not look', async () => {
    expect(await directory.channel('C404')).toBeUndefined();
    expect(await directory.channel(team('team', { members: [world.ana.id] }))).toBeUndefined();
    world.workspace.bot.scopes = ['groups:read'];
    expect(await directory.channel(world.channel)).toBeUndefined();
  });

  it('is asked anew each time, and cannot be told when Slack does not answer', async () => {
    const id = team('team');
    await directory.channel(id);
    world.spoil('conversations.info', { kind: 'lose' });
    await expect(directory.channel(id)).rejects.toMatchObject({ outcome: 'unknown' });
    expect(world.calls('conversations.info')).toHaveLength(2);
  });
});

describe('a member of a channel', () => {
  const people = (number: number) => Array.from({ length: number }, (_, i) => `U${i}`);

  it('is found on whatever page', async () => {
    const id = team('team', { members: [world.workspace.bot.userId, ...people(450), world.ana.id] });
    expect(await directory.isMember(id, world.ana.id)).toBe(true);
    expect(world.calls('conversations.members')).toMatchObject([{ limit: '200' }, {}, { limit: '200' }]);
    expect(await directory.isMember(id, world.bo.id)).toBe(false);
    expect(await directory.isMember(id, 'U449')).toBe(true);
  });

  it('is nobody where the bot is not', async () => {
    const id = team('team', { members: [world.ana.id] });
    expect(await directory.isMember(id, world.ana.id)).toBe(false);
    expect(await directory.isMember('C404', world.ana.id)).toBe(false);
  });

  it('cannot be told when Slack does not answer', async () => {
    world.spoil('conversations.members', { kind: 'lose' });
    await expect(directory.isMember(world.channel, world.ana.id)).rejects.toMatchObject({
      outcome: 'unknown',
    });
  });
});

describe('the private channels of somebody', () => {
  it('are those that keyrotate is in, too, and that are still in use', async () => {
    const ids = [team('payments'), team('data')];
    team('old', { is_archived: true });
    team('open', { is_private: false });
    team('theirs', { members: [world.ana.id] });
    team('others', { members: [world.workspace.bot.userId, world.bo.id] });
    openDm(world.workspace, world.ana.id);
    expect(await directory.privateChannelsOf(world.ana.id)).toEqual(ids);
    expect(world.calls('users.conversations')).toMatchObject([{ user: world.ana.id, limit: '200' }]);
  });

  it('are found by name, and only those', async () => {
    const id = team('payments');
    team('theirs', { members: [world.ana.id] });
    expect(await directory.privateChannelCalled('payments', world.ana.id)).toBe(id);
    expect(await directory.privateChannelCalled('theirs', world.ana.id)).toBeUndefined();
    expect(await directory.privateChannelCalled('payments', world.bo.id)).toBeUndefined();
  });

  it('are found on whatever page', async () => {
    const ids = Array.from({ length: 450 }, (_, i) => team(`team-${i}`));
    expect(await directory.privateChannelsOf(world.ana.id)).toEqual(ids);
    expect(world.calls('users.conversations')).toHaveLength(3);
  });

  it('are none for whoever is in none, or unknown, and none where the bot may not look', async () => {
    team('payments');
    expect(await directory.privateChannelsOf(world.bo.id)).toEqual([]);
    expect(await directory.privateChannelsOf('U404')).toEqual([]);
    world.workspace.bot.scopes = ['users:read'];
    expect(await directory.privateChannelsOf(world.ana.id)).toEqual([]);
  });

  it('cannot be told when Slack does not answer, answers with something else, or without end', async () => {
    world.spoil('users.conversations', { kind: 'lose' });
    await expect(directory.privateChannelsOf(world.ana.id)).rejects.toMatchObject({ outcome: 'unknown' });
    world.client.users.conversations = async () => ({ ok: true });
    await expect(directory.privateChannelsOf(world.ana.id)).rejects.toMatchObject({
      code: 'malformed_answer',
    });
    let pages = 0;
    world.client.users.conversations = async () => {
      pages += 1;
      return { ok: true, channels: [], response_metadata: { next_cursor: 'more' } };
    };
    await expect(directory.privateChannelsOf(world.ana.id)).rejects.toMatchObject({ code: 'too_many_pages' });
    expect(pages).toBe(10);
  });

  it('are asked anew each time, because people come and go', async () => {
    const id = team('payments');
    await directory.privateChannelsOf(world.ana.id);
    const channel = world.workspace.channels.get(id);
    if (channel) channel.members = [world.workspace.bot.userId];
    expect(await directory.privateChannelsOf(world.ana.id)).toEqual([]);
  });
});
