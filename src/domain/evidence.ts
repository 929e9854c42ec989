// The doubts that AWS's record of a key's use leaves.
import type { AccessKeyId } from './access-key.ts';
import { DAY, type Instant } from './time.ts';

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
  /** How long a key of its user was quiet and then used again, where that asks for more quiet than the policy does. */
  silence?: number;
}

/**
 * Whether what is doubtful now was already shown and answered with "anyway". A use later than the one shown is a new
 * doubt when it is another service, or when the key had seemed quiet for a day: "six days ago" was answered, not "just
 * now". The next use of a busy key is no new doubt, or the person would be asked for ever.
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

/** What makes two doubts of a kind one and the same. */
function subjectOf(doubt: Doubt): string | undefined {
  if ('service' in doubt) return doubt.service;
  return 'keyId' in doubt ? `${doubt.keyId} ${doubt.inUse ?? false}` : undefined;
}
