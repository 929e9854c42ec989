// Who is who in Slack, and which private channels there are. A look-up that fails throws: nobody becomes an admin, or a full member, by an error.
import type {
  ConversationsInfoResponse,
  UsersConversationsResponse,
  UsersInfoResponse,
  WebClient,
} from '@slack/web-api';
import type { Person } from '../../domain/owner.ts';
import { HOUR, type Instant } from '../../domain/time.ts';
import { OutsideError } from '../../usecases/errors.ts';
import type { Directory, People } from '../../usecases/ports.ts';
import { cached } from '../cached.ts';
import { asking, askingUnless } from './slack-error.ts';

export interface DirectoryOptions {
  client: WebClient;
  /** The one workspace whose members may do anything. */
  teamId: string;
  admins: readonly string[];
  /** A user group whose members are admins too. */
  adminGroup?: string | undefined;
  /** As they were listed last night; without them Slack is asked about each. */
  people?: Pick<People, 'person' | 'personByEmail' | 'readAt'>;
  now: () => Instant;
  cacheMs: number;
}

/** A user as Slack describes it, in users.info and users.lookupByEmail alike. */
type Member = NonNullable<UsersInfoResponse['user']>;

const NOBODY: ReadonlySet<string> = new Set(['user_not_found', 'user_not_visible', 'users_not_found']);

export function slackDirectory(options: DirectoryOptions): Directory {
  const { client, teamId, admins, adminGroup } = options;
  const lastNight = fromLastNight(options);
  const personById = cached(async (id) => (await lastNight(id, 'person')) ?? person(id), options);
  const personByEmail = cached(
    async (email) => (await lastNight(email, 'personByEmail')) ?? lookUpEmail(email),
    options,
  );
  const membersOf = cached((group) => groupMembers(client, group), options);

  async function person(slackId: string): Promise<Person | undefined> {
    const answer = await askingUnless(NOBODY, 'users.info', client.users.info({ user: slackId }));
    return answer && personFrom(answer.user, 'users.info');
  }

  /** In small letters. */
  async function lookUpEmail(email: string): Promise<Person | undefined> {
    const answer = await askingUnless(NOBODY, 'users.lookupByEmail', client.users.lookupByEmail({ email }));
    if (!answer) return undefined;
    const found = personFrom(answer.user, 'users.lookupByEmail');
    return found.email === email ? found : undefined;
  }

  function personFrom(member: Member | undefined, operation: string): Person {
    if (!member?.id) throw new OutsideError('unknown', operation, 'malformed_answer');
    const barred = barredAs(member, teamId);
    const email = member.profile?.email?.toLowerCase();
    return {
      slackId: member.id,
      name: member.profile?.display_name || member.profile?.real_name || member.name || member.id,
      timeZone: member.tz ?? 'Etc/UTC',
      ...(email && { email }),
      ...(barred && { barred }),
    };
  }

  return {
    person,
    async members(cursor) {
      const listing = client.users.list({ team_id: teamId, ...pageFrom(cursor) });
      const answer = await asking('users.list', listing);
      const members = present(answer.members, 'users.list');
      const next = answer.response_metadata?.next_cursor;
      return { people: members.map((member) => personFrom(member, 'users.list')), ...(next && { next }) };
    },
    personById,
    personOfEmail: (email) => lookUpEmail(email.toLowerCase()),
    personByEmail: (email) => personByEmail(email.toLowerCase()),
    async isAdmin(slackId) {
      if (admins.includes(slackId)) return true;
      return adminGroup !== undefined && (await membersOf(adminGroup)).has(slackId);
    },
    ...slackChannels(client),
  };
}

export async function groupMembers(client: WebClient, usergroup: string): Promise<ReadonlySet<string>> {
  const { users } = await asking('usergroups.users.list', client.usergroups.users.list({ usergroup }));
  if (!users) throw new OutsideError('unknown', 'usergroups.users.list', 'malformed_answer');
  return new Set(users);
}

/** Anything Slack leaves out counts against the person. */
function barredAs(member: Member, teamId: string): Person['barred'] {
  if (member.deleted) return 'deactivated';
  if (member.is_bot || member.id === 'USLACKBOT') return 'bot';
  if (member.is_stranger) return 'stranger';
  // On an org-wide installation a person's home may be another workspace of the same organisation.
  const isOurs = member.team_id === teamId || member.enterprise_user?.teams?.includes(teamId);
  if (!isOurs) return 'foreign';
  return member.is_restricted || member.is_ultra_restricted ? 'guest' : undefined;
}

/** A night may be left out, not more. */
const LAST_NIGHT_COUNTS = 36 * HOUR;

/** Whom a list that is not too old has as a full member. Slack is asked about whoever is on none, or was no full member. */
function fromLastNight(options: DirectoryOptions) {
  const { people, now } = options;
  const readAt = cached(async () => people?.readAt(), options);
  return async (key: string, by: 'person' | 'personByEmail'): Promise<Person | undefined> => {
    if (now() - ((await readAt('')) ?? 0) >= LAST_NIGHT_COUNTS) return undefined;
    const found = await people?.[by](key);
    return found?.barred ? undefined : found;
  };
}

type Channel = NonNullable<ConversationsInfoResponse['channel']>;

/** keyrotate is in none of these, or was installed before it asked for the scope to look. */
const NOT_SEEN: ReadonlySet<string> = new Set(['channel_not_found', 'missing_scope']);
/** Shares no channel with keyrotate. */
const NOT_IN_ANY: ReadonlySet<string> = new Set(['user_not_found', 'missing_scope']);

const PER_PAGE = 200;
/** Of the channels that somebody shares with keyrotate: nobody is in so many. */
const MOST_PAGES = 10;

/** Asked anew each time: channels and who is in them change. */
function slackChannels(
  client: WebClient,
): Pick<Directory, 'channel' | 'isMember' | 'privateChannelsOf' | 'privateChannelCalled'> {
  return {
    async channel(channelId) {
      const looking = client.conversations.info({ channel: channelId });
      const answer = await askingUnless(NOT_SEEN, 'conversations.info', looking);
      if (!answer) return undefined;
      return { mayOwn: isPrivateToUs(present(answer.channel, 'conversations.info')) };
    },

    async isMember(channel, slackId) {
      let cursor: string | undefined;
      do {
        const page = client.conversations.members({ channel, ...pageFrom(cursor) });
        const answer = await askingUnless(NOT_SEEN, 'conversations.members', page);
        if (!answer) return false;
        if (present(answer.members, 'conversations.members').includes(slackId)) return true;
        cursor = answer.response_metadata?.next_cursor;
      } while (cursor);
      return false;
    },

    async privateChannelsOf(user) {
      const channels = await sharedWith(user);
      return channels.map(({ id }) => present(id, 'users.conversations'));
    },

    async privateChannelCalled(name, user) {
      return (await sharedWith(user)).find((channel) => channel.name === name)?.id;
    },
  };

  /** The private channels that somebody shares with keyrotate. */
  async function sharedWith(user: string) {
    const wanted = { user, types: 'private_channel', exclude_archived: true };
    const found: NonNullable<UsersConversationsResponse['channels']> = [];
    let cursor: string | undefined;
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      const page = client.users.conversations({ ...wanted, ...pageFrom(cursor) });
      const answer = await askingUnless(NOT_IN_ANY, 'users.conversations', page);
      if (!answer) return [];
      found.push(...present(answer.channels, 'users.conversations'));
      cursor = answer.response_metadata?.next_cursor;
      if (!cursor) return found;
    }
    throw new OutsideError('unknown', 'users.conversations', 'too_many_pages');
  }
}

function pageFrom(cursor: string | undefined): { limit: number; cursor?: string } {
  return { limit: PER_PAGE, ...(cursor && { cursor }) };
}

function present<Field>(field: Field | undefined, operation: string): Field {
  if (field === undefined) throw new OutsideError('unknown', operation, 'malformed_answer');
  return field;
}

/** A channel of one workspace that only its members see. Direct and group conversations are private, too, but no team. */
function isPrivateToUs(channel: Channel): boolean {
  const { is_private, is_archived, is_im, is_mpim } = channel;
  const isShared = channel.is_shared || channel.is_ext_shared || channel.is_org_shared;
  return is_private === true && !isShared && !is_archived && !is_im && !is_mpim;
}
