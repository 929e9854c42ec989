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

/** More than this does not fit into a message, and takes too long to ask. */
export const MOST_SHOWN = 20;

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

/**
 * As many as can be shown of those that only tags name are held against the record; of the others it is not known what an
 * admin decided. `isEnough`: names to choose from are wanted, and no more than that.
 */
export async function ownedUsers(person: Person, ports: Ports, isEnough = false): Promise<Owned> {
  const { users: recorded, channelsUnanswered } = await onRecord(person.slackId, ports);
  const known = new Set(recorded.filter(({ owner }) => owner.kind === 'person').map(nameOf));
  const named: IamUserId[] = [];
  const unanswered: string[] = [];
  for (const account of ports.accounts) {
    const isWhole = await ifFailed(addNamed(named, account, person, { known, isEnough }, ports), (error) => {
      ports.log.warn('list.accountUnanswered', { account, error });
      return false;
    });
    if (!isWhole) unanswered.push(account);
    if (isEnough && named.length > MOST_SHOWN) break;
  }
  const users = isEnough && named.length > MOST_SHOWN ? named : await theirs(named, person, known, ports);
  const listed = new Set(users.map(nameOf));
  return {
    users: [...users, ...recorded.filter((user) => !listed.has(nameOf(user))).map(asOwned)],
    recorded,
    open: recorded.filter(({ rotation }) => isOpen(rotation)),
    unanswered,
    channelsUnanswered,
  };
}

/** Those of an account whose tags, or whose name, name them. Returns whether all of it was read in time. */
async function addNamed(
  found: IamUserId[],
  account: string,
  person: Person,
  { known, isEnough }: { known: ReadonlySet<string>; isEnough: boolean },
  ports: Ports,
): Promise<boolean> {
  if (ports.timeLeft() < ONE_TAKES_MS) return false;
  for await (const user of ports.keys(account).all()) {
    if (ports.timeLeft() < ONE_TAKES_MS) return false;
    const id = { account, userName: user.userName };
    if (
      known.has(nameOf(id))
        ? mentions(ownerCandidates(user, ports.ownerTags), person)
        : await names(user, person, ports)
    )
      found.push(id);
    if (isEnough && found.length > MOST_SHOWN) return true;
  }
  return true;
}

/** Slack is asked only where somebody else is named as well, or before. */
async function names(user: IamUserFacts, person: Person, ports: Ports): Promise<boolean> {
  const candidates = ownerCandidates(user, ports.ownerTags);
  if (!mentions(candidates, person)) return false;
  const [[first, second] = []] = candidates;
  if (first && !second && !person.barred && mentions([[first]], person)) return true;
  return addressOf(await findOwner(user, undefined, ports)) === person.slackId;
}

/** The first of them as the record has them, and all others. */
async function theirs(
  named: readonly IamUserId[],
  person: Person,
  known: ReadonlySet<string>,
  ports: Ports,
): Promise<IamUserId[]> {
  const users: IamUserId[] = [];
  let asked = 0;
  for (const id of named) {
    const isKnown = known.has(nameOf(id)) || asked === MOST_SHOWN;
    if (!isKnown) asked += 1;
    const record = isKnown ? undefined : await ports.users.load(id);
    const isTheirs = !record || addressOf(record.owner) === person.slackId || !knowsBetter(record, person);
    if (isTheirs) users.push(id);
  }
  return users;
}

/** An admin's link, a change that an admin has not decided, or their own word: what else is on record may be old. */
function knowsBetter({ link, rotation, disowned }: IamUser, { slackId }: Person): boolean {
  return link !== undefined || isOpen(rotation) || disowned?.slackId === slackId;
}
