// Who is on one list of the summary by now. The caller has made sure that an admin asks.
import type { IamUser } from '../../domain/iam-user.ts';
import type { SummaryListName } from '../jobs.ts';
import { summaryListsOf } from '../night/summary-lists.ts';
import type { Ports } from '../ports.ts';

type ListPorts = Pick<Ports, 'accounts' | 'users' | 'policy' | 'now'>;

/** The oldest key first. `isMeant`: which of those on it, and who else. */
export async function usersOnList(
  list: SummaryListName,
  ports: ListPorts,
  isMeant = (_: IamUser, isOnList: boolean) => isOnList,
): Promise<IamUser[]> {
  const now = ports.now();
  const listed: IamUser[] = [];
  for (const account of ports.accounts)
    for await (const user of ports.users.listed(account))
      if (isMeant(user, summaryListsOf(user, ports.policy(account), now).includes(list))) listed.push(user);
  const since = ({ rotation }: IamUser) => rotation?.oldKeyCreatedAt ?? now;
  return listed.sort((a, b) => since(a) - since(b));
}
