// How the keys of an IAM user have been used, as far as that was watched, and how much quiet it asks for.
import { type AccessKey, findKey } from './access-key.ts';
import { type Policy, quietFor } from './policy.ts';
import { isOpen, type Rotation, replacementOf } from './rotation.ts';
import { HOUR, type Instant, SECOND } from './time.ts';

/** A key as a report shows it: it names no key ids, and what stands in which slot is promised nowhere. */
export interface ReportedKey {
  /** When it was created, or last turned off or on. */
  lastRotated: Instant;
  lastUsed?: Instant;
}

/** What the nightly reports taught of one user. */
export interface UsageHistory {
  /** When the last report that shows the user was made. */
  seenAt: Instant;
  /** As that report shows them. */
  keys: ReportedKey[];
  /** As in `IamUser`. */
  longestSilence: number;
}

export function withReportedKeys(
  before: UsageHistory,
  keys: readonly ReportedKey[],
): Omit<UsageHistory, 'seenAt'> {
  return {
    keys: keys.map((key) => withKnownUse(key, before.keys)),
    longestSilence: longestSilenceAt(before, keys),
  };
}

/** What the reports taught, up to a snapshot of the same user. */
export function longestSilenceSince(history: UsageHistory, keys: readonly AccessKey[]): number {
  return longestSilenceAt(history, keys.map(asReported));
}

/**
 * What snapshots teach: they know each key by its id. A replacement that is tried out, and put to work some days later,
 * is no rare job.
 */
export function longestSilenceSeen(
  before: { longestSilence: number; keys: readonly AccessKey[]; keysSeenAt: Instant; rotation?: Rotation },
  now: readonly AccessKey[],
): number {
  const { rotation, keys, keysSeenAt } = before;
  const replacementId = isOpen(rotation) ? replacementOf(rotation)?.keyId : undefined;
  const ended = now
    .filter(({ id }) => id !== replacementId)
    .map((key) => silenceEnded(usedAt(findKey(keys, key.id)), keysSeenAt, usedAt(key)));
  return Math.max(before.longestSilence, ...ended);
}

/** How long a key must have been quiet before it is turned off: a weekly job is not mistaken for silence. */
export function quietAsked(longestSilence: number, policy: Policy): number {
  return Math.max(quietFor(policy), 2 * silenceThatCounts(longestSilence));
}

/** A daily job that starts late is silent for a day and some hours: a silence of up to this long says nothing. */
const DAILY = 36 * HOUR;

export function silenceThatCounts(longestSilence: number): number {
  return longestSilence > DAILY ? longestSilence : 0;
}

/**
 * A new use belongs to the key that bears the same date. Turning a key off or on moves its date: where the dates tell
 * nothing, a use may belong to every key whose use is no longer shown, and the longest silence counts.
 */
function longestSilenceAt(
  { keys, seenAt, longestSilence }: UsageHistory,
  now: readonly ReportedKey[],
): number {
  const before = withoutUsesOf(now, keys);
  const after = withoutUsesOf(keys, now);
  const ended = after.flatMap((key) => {
    const own = before.filter(changedWith(key));
    // Two keys may have been made in the same second.
    const isCertain = own.length >= after.filter(changedWith(key)).length;
    return (isCertain ? own : before).map((last) => silenceEnded(last.lastUsed, seenAt, key.lastUsed));
  });
  return Math.max(longestSilence, ...ended);
}

function changedWith(key: ReportedKey): (other: ReportedKey) => boolean {
  return ({ lastRotated }) => lastRotated === key.lastRotated;
}

/** Those whose last use the others do not show: each of theirs is the use of one key. */
function withoutUsesOf(others: readonly ReportedKey[], keys: readonly ReportedKey[]): ReportedKey[] {
  const uses = others.flatMap(({ lastUsed }) => lastUsed ?? []);
  return keys.filter(({ lastUsed }) => {
    const shown = lastUsed === undefined ? -1 : uses.indexOf(lastUsed);
    if (shown >= 0) uses.splice(shown, 1);
    return shown < 0;
  });
}

/** A report may leave out for once what it told before. */
function withKnownUse(key: ReportedKey, before: readonly ReportedKey[]): ReportedKey {
  const own = before.filter(changedWith(key));
  const uses = own.flatMap(({ lastUsed }) => lastUsed ?? []);
  // Of two keys made in the same second one may never have been used.
  const isKnown = uses.length > 0 && uses.length === own.length;
  return isKnown ? { lastUsed: Math.min(...uses), ...key } : key;
}

/**
 * How long a key had been seen unused when it was used again. Only silence that was watched counts: between two
 * snapshots, or two reports, a key may have been used every day.
 */
function silenceEnded(before: Instant | undefined, seenAt: Instant, use: Instant | undefined): number {
  if (before === undefined || use === undefined || use <= before) return 0;
  return Math.max(0, Math.min(seenAt, use) - before);
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

function usedAt(key: AccessKey | undefined): Instant | undefined {
  return key?.lastUse.seen === 'used' ? key.lastUse.at : undefined;
}
