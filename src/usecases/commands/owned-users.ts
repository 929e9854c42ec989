// Which IAM users somebody owns, or a channel they are in, whether or not anything is due: asked live of all accounts.
import type { IamUser, IamUserId } from '../../domain/iam-user.ts';
import { addressOf, mentions, ownerCandidates, type Person } from '../../domain/owner.ts';
import { isOpen } from '../../domain/rotation.ts';
import { ifFailed } from '../errors.ts';
import type { IamUserFacts, Ports } from '../ports.ts';
import { findOwner } from '../shared/find-owner.ts';
import type { OwnedUser } from './answers.ts';
import { channelUsers } from './channel-users.ts';

export interface Owned {
  /** Their own come first. */
  users: OwnedUser[];
  /** Those of them that have an open rotation, by the index. */
  open: IamUser[];
  /** Accounts that could not be asked. */
  unanswered: string[];
  /** Their channels could not be looked up. */
  channelsUnanswered: boolean;
}

export async function ownedUsers(person: Person, ports: Ports): Promise<Owned> {
  const users: OwnedUser[] = [];
  const unanswered: string[] = [];
  for (const account of ports.accounts) {
    const named = await ifFailed(mentionedIn(account, person, ports), (error) => {
      ports.log.warn('list.accountUnanswered', { account, error });
      return 'unanswered' as const;
    });
    if (named === 'unanswered') unanswered.push(account);
    else users.push(...(await thoseOwned(named, person, ports)));
  }
  const ofChannels = await channelUsers(person.slackId, ports);
  const channelsUnanswered = ofChannels === 'unanswered';
  const onRecord = [
    ...(await ports.users.ownedBy(person.slackId)),
    ...(channelsUnanswered ? [] : ofChannels),
  ];
  for (const { account, userName, owner } of onRecord) {
    const isListed = users.some((one) => one.account === account && one.userName === userName);
    if (isListed || !ports.accounts.includes(account)) continue;
    users.push({ account, userName, ...(owner.kind === 'channel' && { channelId: owner.channelId }) });
  }
  const open = onRecord.filter(
    ({ account, rotation }) => ports.accounts.includes(account) && isOpen(rotation),
  );
  return { users, open, unanswered, channelsUnanswered };
}

type Named = IamUserId & Pick<IamUserFacts, 'tags'>;

async function mentionedIn(account: string, person: Person, ports: Ports): Promise<Named[]> {
  const named: Named[] = [];
  for await (const { userName, tags } of ports.keys(account).all())
    if (mentions(ownerCandidates({ userName, tags }, ports.ownerTags), person))
      named.push({ account, userName, tags });
  return named;
}

async function thoseOwned(named: readonly Named[], person: Person, ports: Ports): Promise<IamUserId[]> {
  const owned: IamUserId[] = [];
  for (const user of named)
    if (await isTheirs(user, person, ports)) owned.push({ account: user.account, userName: user.userName });
  return owned;
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
