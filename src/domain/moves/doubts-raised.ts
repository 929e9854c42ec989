// The doubts about a move that its guards allow. "Anyway" overrules those that the card has shown.
import type { AccessKey, LastUse } from '../access-key.ts';
import type { Doubt } from '../evidence.ts';
import { quietFor } from '../policy.ts';
import { replacementOf } from '../rotation.ts';
import type { Instant } from '../time.ts';
import { quietAsked, silenceThatCounts } from '../usage-history.ts';
import { weekendIsNear } from '../working-hours.ts';
import { isFetched, newKeyIn, oldKeyIn, otherKeyIn, type Situation, strandedKeyIn } from './situation.ts';

export type DoubtRule = (situation: Situation) => Doubt[];

/**
 * Any use counts as use here, even by sts or secretsmanager: AWS tells only the latest service, and that one may
 * hide another a minute earlier.
 */
export function oldKeyNotQuiet(situation: Situation): Doubt[] {
  const { longestSilence, policy, now } = situation;
  const use = lastUseOf(oldKeyIn(situation));
  if (use.seen === 'unknown') return [{ kind: 'oldKeyUseUnknown' }];
  const quietAt = oldKeyQuietAt(situation) ?? now;
  if (use.seen === 'never' || quietAt <= now) return [];
  const silence =
    quietAsked(longestSilence, policy) > quietFor(policy)
      ? { silence: silenceThatCounts(longestSilence) }
      : {};
  return [{ kind: 'oldKeyInUse', ...usage(use), quietAt, ...silence }];
}

/** When the old key has been quiet for long enough, or will have been; undefined: it was never used, or nobody knows. */
export function oldKeyQuietAt(situation: Situation): Instant | undefined {
  const use = lastUseOf(oldKeyIn(situation));
  return use.seen === 'used' ? use.at + quietAsked(situation.longestSilence, situation.policy) : undefined;
}

/** A new key nobody has used may be a secret nobody has fetched, and the old key may be the only way to it. */
export function newKeyNotProven(situation: Situation): Doubt[] {
  if (!replacementOf(situation.rotation)) return [];
  const use = lastUseOf(newKeyIn(situation));
  if (use.seen === 'unknown') return [{ kind: 'newKeyUseUnknown' }];
  return use.seen === 'never' ? [{ kind: 'newKeyNeverUsed' }] : [];
}

/** There may be readers who have fetched it, and AWS may be late: whoever says so again is believed. */
export function newKeyNotFetched(situation: Situation): Doubt[] {
  const replacement = replacementOf(situation.rotation);
  const isUnused = lastUseOf(newKeyIn(situation)).seen === 'never';
  return replacement?.kind === 'created' && isUnused && !isFetched(situation)
    ? [{ kind: 'newKeyNeverUsed' }]
    : [];
}

export function newKeyMayBeInUse(situation: Situation): Doubt[] {
  if (!replacementOf(situation.rotation)) return [];
  const use = lastUseOf(newKeyIn(situation));
  if (use.seen === 'unknown') return [{ kind: 'newKeyUseUnknown' }];
  return use.seen === 'used' ? [{ kind: 'newKeyInUse', ...usage(use) }] : [];
}

export function nobodyAtHand({ now, zone }: Situation): Doubt[] {
  return weekendIsNear(now, zone) ? [{ kind: 'weekendAhead' }] : [];
}

/** Raised always: a deletion cannot be undone, so the person is asked twice whatever the evidence. */
export function otherKeyIsNamed(situation: Situation): Doubt[] {
  const key = otherKeyIn(situation);
  return key ? [{ kind: 'removesForGood', keyId: key.id }] : [];
}

/** Raised always, too. This key may be on. */
export function strandedKeyIsNamed(situation: Situation): Doubt[] {
  const key = strandedKeyIn(situation);
  if (!key) return [];
  const isUsed = key.lastUse.seen !== 'never';
  return [{ kind: 'removesForGood', keyId: key.id, ...(isUsed && { inUse: true }) }];
}

function lastUseOf(key: AccessKey | undefined): LastUse {
  return key?.lastUse ?? { seen: 'unknown' };
}

function usage(use: Extract<LastUse, { seen: 'used' }>): { at: Instant; service: string; region?: string } {
  const { at, service, region } = use;
  return region === undefined ? { at, service } : { at, service, region };
}
