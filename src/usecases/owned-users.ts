// Which IAM users somebody owns, whether or not anything is due: all accounts are walked over, live.
import type { IamUser, IamUserId } from '../domain/iam-user.ts';
import { addressOf, candidatesName, ownerCandidates, type Person } from '../domain/owner.ts';
import { isOpen } from '../domain/rotation.ts';
import { OutsideError } from './errors.ts';
import type { Ports } from './ports.ts';

export interface Owned {
  users: IamUserId[];
  /** Accounts that could not be asked. */
  unanswered: string[];
}

export async function ownedUsers(person: Person, ports: Ports): Promise<Owned> {
  const users: IamUserId[] = [];
  const unanswered: string[] = [];
  for (const account of ports.accounts) {
    try {
      users.push(...(await namedIn(account, person, ports)));
    } catch (error) {
      if (!(error instanceof OutsideError)) throw error;
      ports.log.warn('list.accountUnanswered', { account, error });
      unanswered.push(account);
    }
  }
  for (const user of await ports.users.ownedBy(person.slackId)) {
    const isListed = users.some((one) => one.account === user.account && one.userName === user.userName);
    if (!isListed && ports.accounts.includes(user.account)) users.push(user);
  }
  return { users: users.map(({ account, userName }) => ({ account, userName })), unanswered };
}

/** What the tags say, unless the record knows better. */
async function namedIn(account: string, person: Person, ports: Ports): Promise<IamUserId[]> {
  const named: IamUserId[] = [];
  for await (const { userName, tags } of ports.keys(account).all()) {
    if (!candidatesName(ownerCandidates({ userName, tags }, ports.ownerTags), person)) continue;
    const record = await ports.users.load({ account, userName });
    const isTheirs = record && addressOf(record.owner) === person.slackId;
    if (!record || isTheirs || !knowsBetter(record, person)) named.push({ account, userName });
  }
  return named;
}

/** An admin's link, a change that an admin has not decided, or their own word: what else is on record may be old. */
function knowsBetter({ link, rotation, disowned }: IamUser, { slackId }: Person): boolean {
  return link !== undefined || isOpen(rotation) || disowned?.slackId === slackId;
}
