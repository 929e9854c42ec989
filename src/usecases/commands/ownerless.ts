// The IAM users without an owner: as a form to assign them, and as a table.
import { ageInDays, findKey } from '../../domain/access-key.ts';
import { type IamUser, nameOf } from '../../domain/iam-user.ts';
import { isFound } from '../../domain/owner-rules.ts';
import { isOpen } from '../../domain/rotation.ts';
import { SECOND } from '../../domain/time.ts';
import { ifFailed, TryLater } from '../errors.ts';
import type { CommandJob } from '../jobs.ts';
import type { IamUserFacts, Ports } from '../ports.ts';
import { findOwner } from '../shared/find-owner.ts';
import { usersById } from '../shared/live-user.ts';
import { loadIfReadable } from '../shared/load-if-readable.ts';
import type { Ownerless, OwnerlessUser, OwnersRow } from './answers.ts';
import { type Line, orderOf, sendTable } from './send-table.ts';

/** A table longer than this is for later: what is assigned stands in it no more. */
const MOST_ROWS = 1000;

export interface Due {
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

/** `isOfAll`: every IAM user, whoever owns it and whether or not anything is open. The caller has made sure that an admin asks. */
export async function answerOwnersTable(job: CommandJob, isOfAll: boolean, ports: Ports): Promise<void> {
  const due = await allDue(ports);
  const { found, unanswered } = await everyUser(ports);
  const tagsOf = new Map(found.map(({ userId, tags }) => [userId, tags]));
  const wanted = isOfAll ? due : due.filter(({ user }) => user.owner.kind === 'nobody').slice(0, MOST_ROWS);
  const lines = wanted.map(({ user, ageDays }): Line<OwnersRow> => {
    const { account, userName, owner } = user;
    const tags = tagsOf.get(user.userId);
    const lastUse = isOpen(user.rotation) && findKey(user.keys, user.rotation.oldKeyId)?.lastUse;
    const lastUsed = lastUse && lastUse.seen === 'used' && { lastUsed: lastUse.at };
    const row = { account, userName, owner, ageDays, ...lastUsed, ...(tags && { tags }) };
    return { order: orderOf(user), row };
  });
  if (isOfAll)
    lines.push(...(await notDue(found, due, ports)).map((row) => ({ order: `~ ${nameOf(row)}`, row })));
  await sendTable(job, lines, (rows, from) => ports.messenger.sendOwnersTable(job, rows, from), ports);
  const owners: Ownerless = await ownerless({}, ports);
  if (lines.length > 0) owners.isTableSent = true;
  // Of those without an owner only their tags are missing then.
  if (isOfAll && unanswered.length > 0) owners.unanswered = unanswered;
  await ports.messenger.answerOwners(job, owners);
}

type Found = IamUserFacts & { account: string };

/** As IAM knows them. An account that does not answer is left out, and named. */
export async function everyUser(ports: Ports): Promise<{ found: Found[]; unanswered: string[] }> {
  const found: Found[] = [];
  const unanswered: string[] = [];
  for (const account of ports.accounts) {
    const users = await ifFailed(usersById(ports.keys(account)), (error) => {
      ports.log.warn('owners.tagsNotRead', { account, error });
      unanswered.push(account);
      return new Map<string, IamUserFacts>();
    });
    for (const facts of users.values()) found.push({ ...facts, account });
  }
  return { found, unanswered };
}

/** So many are looked up beside each other. */
const TOGETHER = 20;
/** To look those up, and for the table to begin to be sent. */
const THEY_TAKE_MS = 20 * SECOND;

/** Those about whom nothing is open, with the owner that they would have. */
export async function notDue(
  found: readonly Found[],
  due: readonly Due[],
  ports: Ports,
): Promise<OwnersRow[]> {
  const isDue = new Set(due.map(({ user }) => user.userId));
  const others = found.filter(({ userId }) => !isDue.has(userId));
  const rows: OwnersRow[] = [];
  for (let from = 0; from < others.length; from += TOGETHER) {
    // Who was looked up is known for a while.
    if (ports.timeLeft() < THEY_TAKE_MS) throw new TryLater(1, 'more owners are to be looked up');
    rows.push(
      ...(await Promise.all(others.slice(from, from + TOGETHER).map((one) => withOwner(one, ports)))),
    );
  }
  return rows;
}

async function withOwner({ account, userName, userId, tags }: Found, ports: Ports): Promise<OwnersRow> {
  const known = await loadIfReadable({ account, userName }, ports);
  const isSame = known?.userId === userId;
  return {
    account,
    userName,
    tags,
    owner: await findOwner({ userName, tags }, isSame ? known : undefined, ports),
  };
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
