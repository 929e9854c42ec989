// The IAM users without an owner: as a form to assign them, and as a table.
import { ageInDays, findKey } from '../../domain/access-key.ts';
import { type IamUser, nameOf } from '../../domain/iam-user.ts';
import { isFound } from '../../domain/owner-rules.ts';
import { isOpen } from '../../domain/rotation.ts';
import { ifFailed } from '../errors.ts';
import type { CommandJob } from '../jobs.ts';
import type { IamUserFacts, Ports } from '../ports.ts';
import { usersById } from '../shared/live-user.ts';
import type { Ownerless, OwnerlessUser, OwnersRow } from './answers.ts';
import { type Line, orderOf, sendTable } from './send-table.ts';

/** A table longer than this is for later: what is assigned stands in it no more. */
const MOST_ROWS = 1000;

interface Due {
  user: IamUser;
  ageDays: number;
}

/** All that there are, the oldest key first. */
export async function withoutOwner(ports: Ports): Promise<OwnerlessUser[]> {
  return ofNobody(await allDue(ports));
}

export function ofNobody(all: readonly Due[]): OwnerlessUser[] {
  return all.flatMap(({ user: { account, userName, owner }, ageDays }) =>
    owner.kind === 'nobody' ? [{ account, userName, owner, ageDays }] : [],
  );
}

/** `assigned`: the index may not know yet who has an owner since a moment ago. */
export async function ownerless(
  { search, from = 0 }: { search?: string; from?: number },
  ports: Ports,
  assigned: ReadonlySet<string> = new Set(),
): Promise<Ownerless> {
  const all = (await withoutOwner(ports)).filter((user) => !assigned.has(nameOf(user)));
  const users = search === undefined ? all : all.filter((user) => isFound(search, user));
  const isThere = from < users.length;
  return { users, total: all.length, from: isThere ? from : 0, ...(search !== undefined && { search }) };
}

/** `isOfAll`: those that have an owner, too. The caller has made sure that an admin asks. */
export async function answerOwnersTable(job: CommandJob, isOfAll: boolean, ports: Ports): Promise<void> {
  const due = await allDue(ports);
  const wanted = due.filter(({ user }) => isOfAll || user.owner.kind === 'nobody').slice(0, MOST_ROWS);
  const live = new Map<string, IamUserFacts>();
  for (const account of ports.accounts) {
    const asking = usersById(ports.keys(account));
    // They are only a hint: a table without them is worth more than none.
    const users = await ifFailed(asking, (error) => {
      ports.log.warn('owners.tagsNotRead', { account, error });
      return new Map<string, IamUserFacts>();
    });
    for (const [userId, facts] of users) live.set(userId, facts);
  }
  const lines = wanted.map(({ user, ageDays }): Line<OwnersRow> => {
    const { account, userName, owner } = user;
    const { tags } = live.get(user.userId) ?? {};
    const lastUse = isOpen(user.rotation) && findKey(user.keys, user.rotation.oldKeyId)?.lastUse;
    const lastUsed = lastUse && lastUse.seen === 'used' && { lastUsed: lastUse.at };
    const row = { account, userName, owner, ageDays, ...lastUsed, ...(tags && { tags }) };
    return { order: orderOf(user), row };
  });
  await sendTable(job, lines, (rows, from) => ports.messenger.sendOwnersTable(job, rows, from), ports);
  const isTableSent = lines.length > 0 && { isTableSent: true as const };
  await ports.messenger.answerOwners(job, { ...(await ownerless({}, ports)), ...isTableSent });
}

/** Whose rotation is open; the oldest key first. */
export async function allDue(ports: Ports): Promise<Due[]> {
  const found: Due[] = [];
  const now = ports.now();
  for (const account of ports.accounts)
    for await (const user of ports.users.listed(account))
      if (isOpen(user.rotation))
        found.push({ user, ageDays: ageInDays({ createdAt: user.rotation.oldKeyCreatedAt }, now) });
  return found.sort((a, b) => b.ageDays - a.ageDays || (nameOf(a.user) < nameOf(b.user) ? -1 : 1));
}
