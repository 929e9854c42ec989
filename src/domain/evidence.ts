// What AWS's word about a key's use is worth, and the doubts it leaves before something is turned off.
import { type AccessKey, findKey, type LastUse } from './access-key.ts';
import { type Policy, quietFor } from './policy.ts';
import { type OpenRotation, replacementOf } from './rotation.ts';
import type { Instant } from './time.ts';
import type { MoveName } from './transitions.ts';

/** A reason to ask again before doing what was asked. */
export type Doubt =
  | { kind: 'oldKeyInUse'; at: Instant; service: string; region?: string }
  | { kind: 'oldKeyUseUnknown' }
  | { kind: 'newKeyNeverUsed' }
  | { kind: 'newKeyUseUnknown' }
  | { kind: 'newKeyInUse'; at: Instant; service: string; region?: string };

type Situation = { rotation: OpenRotation; keys: readonly AccessKey[]; policy: Policy; now: Instant };

/** Which doubts a move must overcome. Moves not named here are plainly reversible, or have rules of their own. */
const DOUBTS: Partial<Record<MoveName, (situation: Situation) => Doubt[]>> = {
  retire: oldKeyNotQuiet,
  deactivate: (situation) => [...oldKeyNotQuiet(situation), ...newKeyNotProven(situation)],
  discardNewKey: newKeyMayBeInUse,
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
    shown.some((other) => other.kind === doubt.kind && serviceOf(other) === serviceOf(doubt)),
  );
}

/**
 * Any use counts as use here, even by sts or secretsmanager: AWS tells only the latest service, and that one may
 * hide another a minute earlier.
 */
function oldKeyNotQuiet({ rotation, keys, policy, now }: Situation): Doubt[] {
  const use = lastUseOf(keys, rotation.oldKeyId);
  if (use.seen === 'unknown') return [{ kind: 'oldKeyUseUnknown' }];
  if (use.seen === 'never' || use.at <= now - quietFor(policy)) return [];
  return [{ kind: 'oldKeyInUse', ...usage(use) }];
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

function lastUseOf(keys: readonly AccessKey[], id: string): LastUse {
  return findKey(keys, id)?.lastUse ?? { seen: 'unknown' };
}

function usage(use: Extract<LastUse, { seen: 'used' }>): { at: Instant; service: string; region?: string } {
  const { at, service, region } = use;
  return region === undefined ? { at, service } : { at, service, region };
}

function serviceOf(doubt: Doubt): string | undefined {
  return 'service' in doubt ? doubt.service : undefined;
}
