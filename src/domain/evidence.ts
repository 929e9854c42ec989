// What AWS's word about a key's use is worth, and the doubts that it leaves.
import { type AccessKey, type AccessKeyId, findKey } from './access-key.ts';
import { type Policy, quietFor } from './policy.ts';
import { DAY, HOUR, type Instant } from './time.ts';

/** A reason to ask again before doing what was asked. */
export type Doubt =
  | OldKeyInUse
  | { kind: 'oldKeyUseUnknown' }
  | { kind: 'newKeyNeverUsed' }
  | { kind: 'newKeyUseUnknown' }
  | { kind: 'newKeyInUse'; at: Instant; service: string; region?: string }
  /** Nobody is at hand until Monday to mend what breaks. */
  | { kind: 'weekendAhead' }
  /** Another key than the old one is removed from AWS: it is named, and asked about twice. */
  | { kind: 'removesForGood'; keyId: AccessKeyId; inUse?: true };

interface OldKeyInUse {
  kind: 'oldKeyInUse';
  at: Instant;
  service: string;
  region?: string;
  /** When it will have been quiet for long enough, if nothing uses it again. */
  quietAt?: Instant;
  /** How long it was quiet before and then used again, where that asks for more quiet than the policy does. */
  silence?: number;
}

/** What the sweeps saw of one key's use over time: AWS tells only the last one. */
export interface KeyUse {
  /** The days, `2026-11-20` in UTC, on which it was seen in use, oldest first. */
  days: string[];
  /** The longest time, in ms, for which it was seen unused and was used again afterwards. */
  longestSilence: number;
}

export type UsedOn = Record<AccessKeyId, KeyUse>;

/**
 * Whether what is doubtful now was already shown and answered with "anyway". A use later than the one shown is a new
 * doubt when it is another service, or when the key had seemed quiet for a day: "six days ago" was answered, not "just
 * now". Of a key that is busy the next use is nothing new, or it would turn into a question without end.
 */
export function doubtsWereShown(
  now: readonly Doubt[],
  { doubts, askedAt }: { doubts: readonly Doubt[]; askedAt: Instant },
): boolean {
  const hasGrown = (doubt: Doubt, shown: Doubt) =>
    'at' in doubt && 'at' in shown && doubt.at > shown.at && askedAt - shown.at > DAY;
  return now.every((doubt) =>
    doubts.some(
      (shown) =>
        shown.kind === doubt.kind && subjectOf(shown) === subjectOf(doubt) && !hasGrown(doubt, shown),
    ),
  );
}

/** At most so many days of use are kept for a key: enough to tell a monthly job. */
const DAYS_KEPT = 60;

/**
 * Adds what a look showed to what was known before it; keys that are gone are forgotten. Only silence that somebody
 * watched counts: between two looks a key may have been used every day.
 */
export function withUse(
  before: { usedOn: UsedOn; keys: readonly AccessKey[]; keysSeenAt: Instant },
  keys: readonly AccessKey[],
): UsedOn {
  return Object.fromEntries(
    keys.flatMap(({ id, lastUse }): [AccessKeyId, KeyUse][] => {
      const known = before.usedOn[id];
      if (lastUse.seen !== 'used') return known ? [[id, known]] : [];
      const { days = [], longestSilence = 0 } = known ?? {};
      const silence = silenceBefore(lastUse.at, id, before);
      const all = [...new Set([...days, dayOf(lastUse.at)])].sort().slice(-DAYS_KEPT);
      return [[id, { days: all, longestSilence: Math.max(longestSilence, silence) }]];
    }),
  );
}

/** How long the key had been seen unused when it was used again: from the use before to the last look. */
function silenceBefore(
  use: Instant,
  id: AccessKeyId,
  { keys, keysSeenAt }: { keys: readonly AccessKey[]; keysSeenAt: Instant },
): number {
  const last = findKey(keys, id)?.lastUse;
  return last?.seen === 'used' ? silenceEnded({ use: last.at, seenAt: keysSeenAt }, use) : 0;
}

/** How long a key had been seen unused, from the use before to the last look, when it was used again; 0 when it was not. */
export function silenceEnded(before: { use: Instant; seenAt: Instant }, use: Instant): number {
  return before.use < use ? Math.max(0, Math.min(before.seenAt, use) - before.use) : 0;
}

function dayOf(at: Instant): string {
  return new Date(at).toISOString().slice(0, 10);
}

/**
 * How long a key must have been quiet: the policy's hours, or twice the longest silence that a use ended, whichever
 * is longer. A weekly job is not mistaken for silence.
 */
export function quietAsked(id: AccessKeyId, usedOn: UsedOn, policy: Policy): number {
  return Math.max(quietFor(policy), 2 * silenceOf(id, usedOn));
}

/** Every daily job is silent for a day, and for some hours more when it starts late: that says nothing. */
const DAILY = 36 * HOUR;

function silenceOf(id: AccessKeyId, usedOn: UsedOn): number {
  const { longestSilence = 0 } = usedOn[id] ?? {};
  return longestSilence > DAILY ? longestSilence : 0;
}

/** What makes two doubts of a kind one and the same. */
function subjectOf(doubt: Doubt): string | undefined {
  if ('service' in doubt) return doubt.service;
  return 'keyId' in doubt ? `${doubt.keyId} ${doubt.inUse ?? false}` : undefined;
}
