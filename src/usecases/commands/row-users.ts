// Which IAM users a button of the admin channel is about, and how each stands by now: the message may be old.
import type { IamUser, IamUserId } from '../../domain/iam-user.ts';
import { matters } from '../../domain/matters.ts';
import { isOfPerson, type MatterKind } from '../../domain/message.ts';
import { isSince } from '../../domain/overtaken.ts';
import { ownerMark } from '../../domain/owner.ts';
import type { CommandJob, Row } from '../jobs.ts';
import type { Ports } from '../ports.ts';
import type { PassedOver } from './answers.ts';

export interface RowUser {
  id: IamUserId;
  /** undefined: it is not on record any more. */
  user: IamUser | undefined;
}

/** Those that were in the row when it was told, and those that have come into it since. */
export async function usersInRow(
  { place: { ts } }: CommandJob,
  { of, matter, mark, isAll }: Row,
  ports: Ports,
): Promise<RowUser[]> {
  if (isAll) return allOf(mark, matter, ports);
  const list = ts !== undefined && isOfPerson(matter) ? await ports.records.list(ts) : undefined;
  const ids = (list?.users ?? [{ ...of, mark }]).filter(({ account }) => ports.accounts.includes(account));
  const loaded = await Promise.all(ids.map(async (id) => ({ id, user: await ports.users.load(id) })));
  return loaded.filter(({ id, user }) => id.mark === mark || (user && ownerMark(user.owner) === mark));
}

async function allOf(mark: string, matter: MatterKind, ports: Ports): Promise<RowUser[]> {
  const all: RowUser[] = [];
  for (const account of ports.accounts)
    for await (const user of ports.users.listed(account))
      if (ownerMark(user.owner) === mark && isOpenFor(user, matter, ports))
        all.push({ id: { account, userName: user.userName }, user });
  return all;
}

function isOpenFor(user: IamUser, matter: MatterKind, ports: Ports): boolean {
  return matters(user, ports.policy(user.account), ports.now()).some(({ kind }) => kind === matter);
}

/** undefined: it is as the button says. */
export function whyNot(
  user: IamUser | undefined,
  { matter, mark }: Row,
  { askedAt }: CommandJob,
  ports: Ports,
): PassedOver['why'] | undefined {
  if (!user) return 'gone';
  if (ownerMark(user.owner) !== mark) return 'another';
  // What the button was about was an earlier rotation, or that of another IAM user of this name.
  if (isSince(user.rotation?.openedAt, askedAt)) return 'settled';
  return isOpenFor(user, matter, ports) ? undefined : 'settled';
}

export function passedOver({ account, userName }: IamUserId, why: PassedOver['why']): PassedOver {
  return { account, userName, why };
}
