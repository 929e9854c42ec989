// Which IAM users somebody owns, or a channel they are in, whether or not anything is due: asked live of all accounts.
import { type IamUser, type IamUserId, nameOf } from '../../domain/iam-user.ts';
import { addressOf, mentions, ownerCandidates, type Person } from '../../domain/owner.ts';
import { isOpen } from '../../domain/rotation.ts';
import { SECOND } from '../../domain/time.ts';
import { ifFailed } from '../errors.ts';
import type { IamUserFacts, Ports } from '../ports.ts';
import { findOwner } from '../shared/find-owner.ts';
import type { OwnedUser } from './answers.ts';
import { channelUsers } from './channel-users.ts';

export interface Owned {
  /** Their own come first. */
  users: OwnedUser[];
  /** Those of them that are on record, by the index. */
  recorded: IamUser[];
  /** Of these, those that have an open rotation. */
  open: IamUser[];
  /** Accounts that could not be asked, or not in time. */
  unanswered: string[];
  /** Their channels could not be looked up. */
  channelsUnanswered: boolean;
}

/** With AWS at its slowest, and Slack to be told. Whoever waits is answered with what there is by then. */
export const ONE_TAKES_MS: number = 40 * SECOND;

/** What the table knows of: those that were ever due, or that an admin gave them. */
export async function onRecord(
  slackId: string,
  ports: Ports,
): Promise<Pick<Owned, 'channelsUnanswered'> & { users: IamUser[] }> {
  const ofChannels = await channelUsers(slackId, ports);
  const channelsUnanswered = ofChannels === 'unanswered';
  const users = [...(await ports.users.ownedBy(slackId)), ...(channelsUnanswered ? [] : ofChannels)];
  return { users: users.filter(({ account }) => ports.accounts.includes(account)), channelsUnanswered };
}

export function asOwned({ account, userName, owner }: IamUser): OwnedUser {
  return { account, userName, ...(owner.kind === 'channel' && { channelId: owner.channelId }) };
}

export async function ownedUsers(person: Person, ports: Ports): Promise<Owned> {
  const { users: recorded, channelsUnanswered } = await onRecord(person.slackId, ports);
  const ofTheirOwn = recorded.filter(({ owner }) => owner.kind === 'person');
  const known = new Set(ofTheirOwn.map(nameOf));
  const users: OwnedUser[] = [];
  const unanswered: string[] = [];
  for (const account of ports.accounts) {
    const named = await ifFailed(namedIn(account, person, known, ports), (error) => {
      ports.log.warn('list.accountUnanswered', { account, error });
      return { users: [], isWhole: false };
    });
    users.push(...named.users);
    if (!named.isWhole) unanswered.push(account);
  }
  const listed = new Set(users.map(nameOf));
  users.push(...recorded.filter((user) => !listed.has(nameOf(user))).map(asOwned));
  return {
    users,
    recorded,
    open: recorded.filter(({ rotation }) => isOpen(rotation)),
    unanswered,
    channelsUnanswered,
  };
}

type Named = IamUserId & Pick<IamUserFacts, 'tags'>;

/** Those of an account whose tags, or whose name, name them. Whoever is `known` to be theirs is not looked up again. */
async function namedIn(
  account: string,
  person: Person,
  known: ReadonlySet<string>,
  ports: Ports,
): Promise<{ users: IamUserId[]; isWhole: boolean }> {
  const users: IamUserId[] = [];
  const named: Named[] = [];
  if (ports.timeLeft() < ONE_TAKES_MS) return { users, isWhole: false };
  for await (const { userName, tags } of ports.keys(account).all()) {
    if (ports.timeLeft() < ONE_TAKES_MS) return { users, isWhole: false };
    if (mentions(ownerCandidates({ userName, tags }, ports.ownerTags), person))
      named.push({ account, userName, tags });
  }
  for (const user of named) {
    if (ports.timeLeft() < ONE_TAKES_MS) return { users, isWhole: false };
    if (known.has(nameOf(user)) || (await isTheirs(user, person, ports)))
      users.push({ account, userName: user.userName });
  }
  return { users, isWhole: true };
}

/** What the tags say, unless the record knows better. */
async function isTheirs(user: Named, person: Person, ports: Ports): Promise<boolean> {
  if (addressOf(await findOwner(user, undefined, ports)) !== person.slackId) return false;
  const record = await ports.users.load(user);
  return !record || addressOf(record.owner) === person.slackId || !knowsBetter(record, person);
}

/** An admin's link, a change that an admin has not decided, or their own word: what else is on record may be old. */
function knowsBetter({ link, rotation, disowned }: IamUser, { slackId }: Person): boolean {
  return link !== undefined || isOpen(rotation) || disowned?.slackId === slackId;
}
