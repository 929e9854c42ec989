// What the nightly reports tell of an account's users, so that a key is watched long before its first snapshot.
import type { Instant } from './time.ts';
import { type ReportedKey, type UsageHistory, withReportedKeys } from './usage-history.ts';

/** One report's word about some users of an account: those that have keys. */
export interface UsageReport {
  /** When AWS made it. */
  at: Instant;
  /** False: it had rows that could not be read, so a user that is missing may still be there. */
  isWhole: boolean;
  users: ReportedUser[];
}

export interface ReportedUser {
  userName: string;
  /** Absent from what an earlier version wrote. */
  madeAt?: Instant;
  keys: ReportedKey[];
}

/** What is remembered of some users of an account. */
export interface Ledger {
  /** 0 before the first report. */
  reportedAt: Instant;
  users: LedgerUser[];
}

export interface LedgerUser extends ReportedUser {
  longestSilence: number;
  /** Only for one that was missing from the last report: when it was not. */
  seenAt?: Instant;
}

/** One of the parts that an account's users are spread over: each must fit into one message and one item. */
export interface Shard {
  shard: number;
  /** How many there are. */
  of: number;
}

/**
 * How many parts there are, the newest number first. Earlier numbers stay here: until the next report, what was learnt
 * is found in the parts of the earlier number.
 */
export const SHARD_COUNTS = [5] as const;
export const SHARDS = SHARD_COUNTS[0];

/** What an earlier version wrote does not name the number: it was this. */
export const UNNAMED_COUNT = 5;

/** 5,000 users, IAM's quota, make 1,000 each; a hash spreads them unevenly. */
export const SHARD_HOLDS = 1150;

/** FNV-1a: always the same for a name. */
export function shardOf(userName: string, of: number = SHARDS): Shard {
  let hash = 0x811c9dc5;
  for (const character of userName) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  return { shard: (hash >>> 0) % of, of };
}

/** What was known, and a later report. A report that came before, or comes again, changes nothing. */
export function withReport<L extends Ledger>(ledger: L, { at, isWhole, users }: UsageReport): L {
  if (at <= ledger.reportedAt) return ledger;
  const known = new Map(ledger.users.map((user) => [user.userName, user]));
  const seen = users.map((user) => {
    const before = known.get(user.userName);
    const history = before && maybeSame(before, user) ? historyOf(before, ledger) : NOTHING;
    return { ...user, ...withReportedKeys(history, user.keys) };
  });
  const names = new Set(users.map(({ userName }) => userName));
  const missing = isWhole ? [] : asOfLastSeen(ledger).filter(({ userName }) => !names.has(userName));
  return { ...ledger, reportedAt: at, users: [...seen, ...missing].slice(0, SHARD_HOLDS) };
}

/** A name may be given to a user made anew. */
function maybeSame({ madeAt: before }: ReportedUser, { madeAt: now }: ReportedUser): boolean {
  return before === undefined || now === undefined || before === now;
}

const NOTHING: UsageHistory = { seenAt: 0, keys: [], longestSilence: 0 };

/** The part that has yet to be written, from parts of another number. */
export function movedTo({ shard, of }: Shard, ledgers: readonly Ledger[]): Ledger {
  const users = ledgers.flatMap(asOfLastSeen).filter(({ userName }) => shardOf(userName, of).shard === shard);
  return { reportedAt: Math.max(0, ...ledgers.map(({ reportedAt }) => reportedAt)), users };
}

export function historyIn(ledger: Ledger, name: string): UsageHistory | undefined {
  const user = ledger.users.find(({ userName }) => userName === name);
  return user && historyOf(user, ledger);
}

function asOfLastSeen({ users, reportedAt }: Ledger): LedgerUser[] {
  return users.map((user) => ({ seenAt: reportedAt, ...user }));
}

function historyOf({ keys, longestSilence, seenAt }: LedgerUser, { reportedAt }: Ledger): UsageHistory {
  return { keys, longestSilence, seenAt: seenAt ?? reportedAt };
}
