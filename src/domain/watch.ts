// What the nightly reports tell of each key's use, so that a key is watched long before anybody looks at it.
import type { AccessKey, AccessKeyId } from './access-key.ts';
import { type KeyUse, silenceEnded, type UsedOn } from './evidence.ts';
import { type Instant, SECOND } from './time.ts';

/** A key as a report shows it: it names no key ids, and what stands in which slot is promised nowhere. */
export interface ReportedKey {
  /** Created or last changed. */
  lastRotated: Instant;
  lastUsed?: Instant;
}

export interface WatchedKey extends ReportedKey {
  /** As in `KeyUse`. */
  longestSilence: number;
}

export interface WatchedUser {
  userName: string;
  keys: WatchedKey[];
  /** Only for one that was missing from the last report: when it was not. */
  seenAt?: Instant;
}

/** One report's word about some users of an account: those that have keys. */
export interface UseReport {
  /** When AWS made it. */
  at: Instant;
  /** False: it had rows that could not be read, so a user that is missing may still be there. */
  isWhole: boolean;
  users: { userName: string; keys: ReportedKey[] }[];
}

/** What is remembered of some users of an account. */
export interface Ledger {
  /** 0 before the first report. */
  reportedAt: Instant;
  users: WatchedUser[];
}

/** What is remembered of one user. */
export interface Watched {
  seenAt: Instant;
  keys: WatchedKey[];
}

/** An account's users are spread over so many ledgers: each must fit into one message and one item. */
export const SHARDS = 5;

/** 5,000 users, IAM's quota, make 1,000 each; a hash spreads them unevenly. */
export const SHARD_HOLDS = 1200;

/** FNV-1a: always the same for a name. */
export function shardOf(userName: string): number {
  let hash = 0x811c9dc5;
  for (const character of userName) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  return (hash >>> 0) % SHARDS;
}

/** What was known, and a later report. A report that came before, or comes again, changes nothing. */
export function withReport<L extends Ledger>(ledger: L, { at, isWhole, users }: UseReport): L {
  if (at <= ledger.reportedAt) return ledger;
  const known = new Map(ledger.users.map((user) => [user.userName, watchedOf(user, ledger)]));
  const seen = users.map(({ userName, keys }) => ({ userName, keys: watched(keys, known.get(userName)) }));
  const names = new Set(users.map(({ userName }) => userName));
  const missing = isWhole
    ? []
    : ledger.users
        .filter(({ userName }) => !names.has(userName))
        .map((user) => ({ seenAt: ledger.reportedAt, ...user }));
  return { ...ledger, reportedAt: at, users: [...seen, ...missing].slice(0, SHARD_HOLDS) };
}

export function watchedIn(ledger: Ledger, name: string): Watched | undefined {
  const user = ledger.users.find(({ userName }) => userName === name);
  return user && watchedOf(user, ledger);
}

function watchedOf({ keys, seenAt }: WatchedUser, { reportedAt }: Ledger): Watched {
  return { keys, seenAt: seenAt ?? reportedAt };
}

/** Adds to what looks showed of a user's keys what was watched of them before. */
export function withWatched(usedOn: UsedOn, keys: readonly AccessKey[], before: Watched): UsedOn {
  const reported = keys.map((key) => ({ key, ...asReported(key) }));
  const learnt = reported.flatMap((one): [AccessKeyId, KeyUse][] => {
    const { id } = one.key;
    const entries = entriesOf(one, reported, before.keys, mayHaveBeen);
    const silence = longestOf(entries, before.seenAt, usedAt(one.key));
    const { days = [], longestSilence = 0 } = usedOn[id] ?? {};
    return silence > longestSilence ? [[id, { days, longestSilence: silence }]] : [];
  });
  return { ...usedOn, ...Object.fromEntries(learnt) };
}

function watched(keys: readonly ReportedKey[], before: Watched = { seenAt: 0, keys: [] }): WatchedKey[] {
  return keys.map((key) => {
    const entries = entriesOf(key, keys, before.keys, mayHaveBecome);
    // A report may leave out for once what it told before.
    const uses = [key, ...entries].flatMap(({ lastUsed }) => lastUsed ?? []);
    return {
      lastRotated: key.lastRotated,
      ...(uses.length > 0 && { lastUsed: Math.max(...uses) }),
      longestSilence: longestOf(entries, before.seenAt, key.lastUsed),
    };
  });
}

function longestOf(entries: readonly WatchedKey[], seenAt: Instant, use: Instant | undefined): number {
  const silences = entries.flatMap(({ lastUsed, longestSilence }) => [
    longestSilence,
    ...(lastUsed === undefined || use === undefined ? [] : [silenceEnded({ use: lastUsed, seenAt }, use)]),
  ]);
  return Math.max(0, ...silences);
}

type Alike = (a: ReportedKey, b: ReportedKey) => boolean;

const changedTogether: Alike = (a, b) => a.lastRotated === b.lastRotated;
const sameInAll: Alike = (a, b) => changedTogether(a, b) && a.lastUsed === b.lastUsed;

/**
 * What may be known of a key: the entry that its dates point at, else every one that they do not rule out and that is
 * no other key's. In doubt that is too much and never too little: with another key's silence it is only asked about
 * for longer.
 */
function entriesOf<Key extends ReportedKey>(
  key: Key,
  all: readonly Key[],
  entries: readonly WatchedKey[],
  mayBelong: (entry: WatchedKey, key: Key) => boolean,
): WatchedKey[] {
  let free = [...entries];
  let unsettled = [...all];
  for (const alike of [sameInAll, changedTogether]) {
    const own = (one: ReportedKey) => free.filter((entry) => alike(entry, one));
    const claims = (one: ReportedKey) => unsettled.filter((each) => alike(each, one)).length;
    // Two keys may have been made in the same second: where they are more than their entries, nothing is settled.
    const isSettled = (one: ReportedKey) => own(one).length > 0 && own(one).length >= claims(one);
    if (isSettled(key)) return own(key);
    const left = free.filter((entry) => own(entry).length !== claims(entry));
    unsettled = unsettled.filter((one) => !isSettled(one));
    free = left;
  }
  return free.filter((entry) => mayBelong(entry, key));
}

/** Turning a key off or on moves its date. A new key in its place has no use, or a later one. */
function mayHaveBecome(entry: WatchedKey, { lastRotated, lastUsed }: ReportedKey): boolean {
  return entry.lastRotated < lastRotated && (entry.lastUsed ?? 0) <= (lastUsed ?? 0);
}

/** A key cannot have been changed before it was made, nor have been used later than AWS says now. */
function mayHaveBeen(entry: WatchedKey, { key, lastRotated }: ReportedKey & { key: AccessKey }): boolean {
  const isUsed = key.lastUse.seen !== 'never';
  const use = usedAt(key) ?? Number.POSITIVE_INFINITY;
  return (
    lastRotated <= entry.lastRotated && (entry.lastUsed === undefined || (isUsed && entry.lastUsed <= use))
  );
}

/** Reports count in seconds. */
function asReported(key: AccessKey): ReportedKey {
  const use = usedAt(key);
  return {
    lastRotated: wholeSeconds(key.createdAt),
    ...(use !== undefined && { lastUsed: wholeSeconds(use) }),
  };
}

function wholeSeconds(at: Instant): Instant {
  return Math.floor(at / SECOND) * SECOND;
}

function usedAt({ lastUse }: AccessKey): Instant | undefined {
  return lastUse.seen === 'used' ? lastUse.at : undefined;
}
