// Where everything stands in the table: the keys of its items, and the partitions of its indexes.
import type { IamUserId } from '../../domain/iam-user.ts';
import type { ClosedRotation } from '../../domain/rotation.ts';
import { DAY, type Instant } from '../../domain/time.ts';
import { type Shard, UNNAMED_COUNT } from '../../domain/usage-ledger.ts';

export interface Key {
  pk: string;
  sk: string;
}

export const LATEST_SUMMARY: Key = { pk: 'SUMMARY', sk: 'LATEST' };
export const HEALTH: Key = { pk: 'HEALTH', sk: 'CURRENT' };

/** When all members of the workspace were last read. */
export const PEOPLE_READ: Key = { pk: 'PEOPLE', sk: 'READ' };

/** Partition of index byAccount: the members of the workspace. */
export const PEOPLE = 'people';

export function personKey(slackId: string): Key {
  return { pk: `PERSON#${slackId}`, sk: 'CURRENT' };
}

export function mailKey(email: string): Key {
  return { pk: `MAIL#${email}`, sk: 'CURRENT' };
}

/** The one partition of index byNextAt. */
export const DUE = 'due';

export function ownerKey(ownerId: string): Key {
  return { pk: `OWNER#${ownerId}`, sk: 'CURRENT' };
}

export function refusedLooksOf(account: string): string {
  return `REFUSED#${account}`;
}

export function refusedLookKey({ account, userName }: IamUserId): Key {
  return { pk: refusedLooksOf(account), sk: userName };
}

export function refusedSweepKey(account: string): Key {
  return { pk: `REFUSED-SWEEP#${account}`, sk: 'LATEST' };
}

/** A message in the admin channel about many users. */
export function listKey(ts: string): Key {
  return { pk: 'ADMINS', sk: `LIST#${ts}` };
}

/** Who is to own many users, as an admin was shown it. */
export function planKey(id: string): Key {
  return { pk: 'ADMINS', sk: `PLAN#${id}` };
}

/** How far a table is sent that a job asks for. */
export function tableSentKey(jobId: string): Key {
  return { pk: 'ADMINS', sk: `TABLE#${jobId}` };
}

/** How many owners were written to for the first time on one day. */
export function contactsKey(day: string): Key {
  return { pk: 'CONTACTS', sk: day };
}

export function currentKey(id: IamUserId): Key {
  return { pk: userPartition(id), sk: 'CURRENT' };
}

const CLOSED = 'ROTATION#';

export function closedKey(id: IamUserId, { closedAt, oldKeyId }: ClosedRotation): Key {
  return { pk: userPartition(id), sk: `${CLOSED}${iso(closedAt)}#${oldKeyId}` };
}

/** How the keys begin of all that a user has closed, in order of time. */
export function closedOf(id: IamUserId): { pk: string; from: string } {
  return { pk: userPartition(id), from: CLOSED };
}

export function sweepKey(account: string, sweptAt: Instant): Key {
  return { pk: sweepPartition(account), sk: iso(sweptAt) };
}

export function sweepPartition(account: string): string {
  return `SWEEP#${account}`;
}

/** How the keys of a part of an account's users are used. */
export function ledgerKey(account: string, { shard, of }: Shard): Key {
  return { pk: `USE#${account}`, sk: of === UNNAMED_COUNT ? `SHARD#${shard}` : `SHARD#${shard}/${of}` };
}

/** Partition of index byAccount: the IAM users with an open rotation, whose owner is in doubt, or that have opted out. */
export function openList(account: string): string {
  return `open#${account}`;
}

/** Partition of index byAccount: the rotations closed on one day. */
export function closedList(account: string, day: string): string {
  return `closed#${account}#${day}`;
}

/** The days, UTC, that two moments and all between them fall on. */
export function daysFrom(from: Instant, until: Instant): string[] {
  const first = Math.floor(from / DAY);
  const count = Math.max(0, Math.floor(until / DAY) - first + 1);
  return Array.from({ length: count }, (_, i) => dayOf((first + i) * DAY));
}

export function dayOf(at: Instant): string {
  return iso(at).slice(0, 10);
}

/** Always of one length, so that it sorts and compares as the moments do. */
export function iso(at: Instant): string {
  return new Date(at).toISOString();
}

/** Whom an item is about, as far as its key tells. */
export function idIn(pk: unknown): Partial<IamUserId> {
  const [kind, account, userName] = String(pk).split('#');
  if (account === undefined) return {};
  return kind === 'USER' && userName !== undefined ? { account, userName } : { account };
}

function userPartition({ account, userName }: IamUserId): string {
  return `USER#${account}#${userName}`;
}
