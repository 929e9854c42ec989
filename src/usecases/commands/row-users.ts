// Which IAM users a button of the admin channel is about, and how each stands by now: the message may be old.
import type { IamUser, IamUserId } from '../../domain/iam-user.ts';
import { matters } from '../../domain/matters.ts';
import { isOfPerson } from '../../domain/message.ts';
import { isSince } from '../../domain/overtaken.ts';
import { ownerMark } from '../../domain/owner.ts';
import type { CommandJob, Row, SummaryListName } from '../jobs.ts';
import type { Ports } from '../ports.ts';
import type { PassedOver } from './answers.ts';
import { wasDecidedBy } from './assign-owner.ts';
import { usersOnList } from './summary-list.ts';

export interface RowUser {
  id: IamUserId;
  /** undefined: it is not on record any more. */
  user: IamUser | undefined;
}

/** Those that were in the row when it was told, and those that have come into it since. */
export async function usersInRow(job: CommandJob, row: Row, ports: Ports): Promise<RowUser[]> {
  const { of, matter, mark, list } = row;
  const { ts } = job.place;
  if (list) return inRowOf(list, job, mark, ports);
  const told = ts !== undefined && isOfPerson(matter) ? await ports.records.list(ts) : undefined;
  const ids = (told?.users ?? [{ ...of, mark }]).filter(({ account }) => ports.accounts.includes(account));
  const loaded = await Promise.all(ids.map(async (id) => ({ id, user: await ports.users.load(id) })));
  return loaded.filter(({ id, user }) => id.mark === mark || (user && ownerMark(user.owner) === mark));
}

/** With what this job has done already, where its answer was lost. */
async function inRowOf(
  list: SummaryListName,
  job: CommandJob,
  mark: string,
  ports: Ports,
): Promise<RowUser[]> {
  const isMeant = (user: IamUser, isOnList: boolean) =>
    wasDecidedBy(job, user) || (isOnList && ownerMark(user.owner) === mark);
  const users = await usersOnList(list, ports, isMeant);
  return users.map((user) => ({ id: { account: user.account, userName: user.userName }, user }));
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
  const open = matters(user, ports.policy(user.account), ports.now());
  return open.some(({ kind }) => kind === matter) ? undefined : 'settled';
}

export function passedOver({ account, userName }: IamUserId, why: PassedOver['why']): PassedOver {
  return { account, userName, why };
}
