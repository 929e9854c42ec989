// Who is who in Slack. A look-up that fails throws: nobody becomes an admin, or a full member, by an error.
import type { UsersInfoResponse, WebClient } from '@slack/web-api';
import type { Person } from '../../domain/owner.ts';
import type { Instant } from '../../domain/time.ts';
import { OutsideError } from '../../usecases/errors.ts';
import type { Directory } from '../../usecases/ports.ts';
import { slackChannels } from './channels.ts';
import { asking, askingUnless } from './slack-error.ts';

export interface DirectoryOptions {
  client: WebClient;
  /** The one workspace whose members may do anything. */
  teamId: string;
  admins: readonly string[];
  /** A user group whose members are admins too. */
  adminGroup?: string | undefined;
  now: () => Instant;
  cacheMs: number;
}

/** A user as Slack describes it, in users.info and users.lookupByEmail alike. */
type Member = NonNullable<UsersInfoResponse['user']>;

const NOBODY: ReadonlySet<string> = new Set(['user_not_found', 'user_not_visible', 'users_not_found']);

export function slackDirectory(options: DirectoryOptions): Directory {
  const { client, teamId, admins, adminGroup } = options;
  const personById = cached(person, options);
  const personByEmail = cached(lookUpEmail, options);
  const groupMembers = cached(lookUpGroup, options);

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

  async function lookUpGroup(usergroup: string): Promise<ReadonlySet<string>> {
    const { users } = await asking('usergroups.users.list', client.usergroups.users.list({ usergroup }));
    if (!users) throw new OutsideError('unknown', 'usergroups.users.list', 'malformed_answer');
    return new Set(users);
  }

  return {
    person,
    personById,
    personByEmail: (email) => personByEmail(email.toLowerCase()),
    async isAdmin(slackId) {
      if (admins.includes(slackId)) return true;
      return adminGroup !== undefined && (await groupMembers(adminGroup)).has(slackId);
    },
    ...slackChannels(client),
  };
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

/** A full cache starts anew, so that a long walk does not fill the memory. */
const MOST_REMEMBERED = 5000;

/** Remembers what a look-up answered, for a while. A look-up that failed is asked again. */
function cached<Answer>(
  lookUp: (key: string) => Promise<Answer>,
  { now, cacheMs }: Pick<DirectoryOptions, 'now' | 'cacheMs'>,
): (key: string) => Promise<Answer> {
  const known = new Map<string, { answer: Answer; until: Instant }>();
  return async (key) => {
    const entry = known.get(key);
    if (entry && now() < entry.until) return entry.answer;
    const answer = await lookUp(key);
    if (known.size >= MOST_REMEMBERED) known.clear();
    known.set(key, { answer, until: now() + cacheMs });
    return answer;
  };
}
