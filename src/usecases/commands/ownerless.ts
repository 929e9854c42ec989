// The IAM users without an owner: as a form to assign them, and as a table.
import { ageInDays, findKey } from '../../domain/access-key.ts';
import type { IamUser } from '../../domain/iam-user.ts';
import { nameOf } from '../../domain/iam-user.ts';
import { isFound } from '../../domain/owner-rules.ts';
import { isOpen } from '../../domain/rotation.ts';
import { ifFailed } from '../errors.ts';
import type { CommandJob } from '../jobs.ts';
import type { IamUserFacts, Ports } from '../ports.ts';
import { usersById } from '../shared/live-user.ts';
import type { Ownerless, OwnerlessRow, OwnerlessUser } from './answers.ts';

/** A table longer than this is for later: what is assigned stands in it no more. */
const MOST_ROWS = 1000;

type OfNobody = IamUser & { owner: OwnerlessUser['owner'] };

/** All that there are, the oldest key first. */
export async function withoutOwner(ports: Ports): Promise<OwnerlessUser[]> {
  return (await thoseOfNobody(ports)).map(({ user, ageDays }) => asListed(user, ageDays));
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

/** The caller has made sure that an admin asks. */
export async function answerOwnersTable(job: CommandJob, ports: Ports): Promise<void> {
  const all = (await thoseOfNobody(ports)).slice(0, MOST_ROWS);
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
  const rows = all.map(({ user, ageDays }): OwnerlessRow => {
    const { tags } = live.get(user.userId) ?? {};
    const lastUse = isOpen(user.rotation) && findKey(user.keys, user.rotation.oldKeyId)?.lastUse;
    const lastUsed = lastUse && lastUse.seen === 'used' && { lastUsed: lastUse.at };
    return { ...asListed(user, ageDays), ...lastUsed, ...(tags && { tags }) };
  });
  await ports.messenger.sendOwnersTable(job, rows);
  await ports.messenger.answerOwners(job, { ...(await ownerless({}, ports)), isTableSent: true });
}

async function thoseOfNobody(ports: Ports): Promise<{ user: OfNobody; ageDays: number }[]> {
  const found: { user: OfNobody; ageDays: number }[] = [];
  const now = ports.now();
  for (const account of ports.accounts)
    for await (const { owner, ...user } of ports.users.listed(account)) {
      if (owner.kind !== 'nobody' || !isOpen(user.rotation)) continue;
      const ageDays = ageInDays({ createdAt: user.rotation.oldKeyCreatedAt }, now);
      found.push({ user: { ...user, owner }, ageDays });
    }
  return found.sort((a, b) => b.ageDays - a.ageDays || (nameOf(a.user) < nameOf(b.user) ? -1 : 1));
}

function asListed({ account, userName, owner }: OfNobody, ageDays: number): OwnerlessUser {
  return { account, userName, owner, ageDays };
}
