// What AWS's word about a key's use is worth, and the doubts it leaves before something is turned off or removed.
import { type AccessKey, type AccessKeyId, findKey, type LastUse } from './access-key.ts';
import { type Policy, quietFor } from './policy.ts';
import { type OpenRotation, replacementOf } from './rotation.ts';
import type { Instant } from './time.ts';
import type { MoveName } from './transitions.ts';
import { quietAsked, silenceThatCounts } from './usage-history.ts';
import { weekendIsNear } from './working-hours.ts';

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

export interface Situation {
  rotation: OpenRotation;
  keys: readonly AccessKey[];
  /** As in `IamUser`. */
  longestSilence: number;
  /** Keys made by a createKey that broke off before the secret was stored. */
  stranded: readonly AccessKeyId[];
  policy: Policy;
  /** The owner's time zone. */
  zone: string;
  now: Instant;
}

/** Which doubts a move must overcome. Moves not named here are plainly reversible, or have rules of their own. */
const DOUBTS: Partial<Record<MoveName, (situation: Situation) => Doubt[]>> = {
  retire: (situation) => [...oldKeyNotQuiet(situation), ...nobodyAtHand(situation)],
  deactivate: (situation) => [
    ...oldKeyNotQuiet(situation),
    ...newKeyNotProven(situation),
    ...nobodyAtHand(situation),
  ],
  // With the old key goes what may be the only way to a secret that nobody has fetched.
  delete: newKeyNotProven,
  discardNewKey: newKeyMayBeInUse,
  clearSlot: removesOtherKey('clearSlot'),
  discardStranded: removesOtherKey('discardStranded'),
};

export function doubtsAbout(move: MoveName, situation: Situation): Doubt[] {
  return DOUBTS[move]?.(situation) ?? [];
}

/**
 * Whether what is doubtful now was already shown and answered with "anyway". A use later than the one shown is a
 * new doubt only when it is another service: a busy key does not turn into a question without end.
 */
export function doubtsWereShown(now: readonly Doubt[], shown: readonly Doubt[]): boolean {
  return now.every((doubt) =>
    shown.some((other) => other.kind === doubt.kind && subjectOf(other) === subjectOf(doubt)),
  );
}

/** Which key a move is about where that is neither the old one nor its replacement. */
export function otherKeyFor(move: MoveName, situation: Situation): AccessKey | undefined {
  const { rotation, keys, stranded } = situation;
  const isMeant = ({ id }: AccessKey) => move !== 'discardStranded' || stranded.includes(id);
  return MOVES_OF_OTHER_KEYS.has(move) ? otherKeyOf(rotation, keys.filter(isMeant)) : undefined;
}

const MOVES_OF_OTHER_KEYS: ReadonlySet<MoveName> = new Set([
  'adopt',
  'switchKey',
  'clearSlot',
  'discardStranded',
  'keepBoth',
]);

/** The key that takes up the other slot, and that the rotation has nothing to do with. */
export function otherKeyOf(rotation: OpenRotation, keys: readonly AccessKey[]): AccessKey | undefined {
  const replacementId = replacementOf(rotation)?.keyId;
  return keys.find(({ id }) => id !== rotation.oldKeyId && id !== replacementId);
}

/**
 * Any use counts as use here, even by sts or secretsmanager: AWS tells only the latest service, and that one may
 * hide another a minute earlier.
 */
function oldKeyNotQuiet({ rotation, keys, longestSilence, policy, now }: Situation): Doubt[] {
  const use = lastUseOf(keys, rotation.oldKeyId);
  if (use.seen === 'unknown') return [{ kind: 'oldKeyUseUnknown' }];
  if (use.seen === 'never') return [];
  const quiet = quietAsked(longestSilence, policy);
  const quietAt = use.at + quiet;
  if (quietAt <= now) return [];
  const silence = quiet > quietFor(policy) ? { silence: silenceThatCounts(longestSilence) } : {};
  return [{ kind: 'oldKeyInUse', ...usage(use), quietAt, ...silence }];
}

/** A new key nobody has used may be a secret nobody has fetched, and the old key may be the only way to it. */
function newKeyNotProven({ rotation, keys }: Situation): Doubt[] {
  const replacement = replacementOf(rotation);
  if (!replacement) return [];
  const use = lastUseOf(keys, replacement.keyId);
  if (use.seen === 'unknown') return [{ kind: 'newKeyUseUnknown' }];
  return use.seen === 'never' ? [{ kind: 'newKeyNeverUsed' }] : [];
}

function newKeyMayBeInUse({ rotation, keys }: Situation): Doubt[] {
  const replacement = replacementOf(rotation);
  if (!replacement) return [];
  const use = lastUseOf(keys, replacement.keyId);
  if (use.seen === 'unknown') return [{ kind: 'newKeyUseUnknown' }];
  return use.seen === 'used' ? [{ kind: 'newKeyInUse', ...usage(use) }] : [];
}

function nobodyAtHand({ now, zone }: Situation): Doubt[] {
  return weekendIsNear(now, zone) ? [{ kind: 'weekendAhead' }] : [];
}

/** Always: it cannot be undone, so it is asked twice whatever the evidence. */
function removesOtherKey(move: 'clearSlot' | 'discardStranded') {
  return (situation: Situation): Doubt[] => {
    const key = otherKeyFor(move, situation);
    if (!key) return [];
    const isUsed = key.lastUse.seen !== 'never' && move === 'discardStranded';
    return [{ kind: 'removesForGood', keyId: key.id, ...(isUsed && { inUse: true }) }];
  };
}

function lastUseOf(keys: readonly AccessKey[], id: string): LastUse {
  return findKey(keys, id)?.lastUse ?? { seen: 'unknown' };
}

function usage(use: Extract<LastUse, { seen: 'used' }>): { at: Instant; service: string; region?: string } {
  const { at, service, region } = use;
  return region === undefined ? { at, service } : { at, service, region };
}

/** What makes two doubts of a kind one and the same. */
function subjectOf(doubt: Doubt): string | undefined {
  if ('service' in doubt) return doubt.service;
  return 'keyId' in doubt ? `${doubt.keyId} ${doubt.inUse ?? false}` : undefined;
}
