// What must be true of the keys before a move. A guard returns the reason to refuse, or undefined.
import { graceEndsAt, isNearing, trulyOffSince } from '../policy.ts';
import type { Refusal } from '../refusal.ts';
import { isOff, replacementOf, requestIn } from '../rotation.ts';
import { newKeyIn, oldKeyIn, otherKeyIn, type Situation, strandedKeyIn } from './situation.ts';

export type Guard = (situation: Situation) => Refusal | undefined;

export function oldKeyExists(situation: Situation): Refusal | undefined {
  return oldKeyIn(situation) ? undefined : { kind: 'oldKeyMissing' };
}

export function oldKeyWorks(situation: Situation): Refusal | undefined {
  const key = oldKeyIn(situation);
  if (!key) return { kind: 'oldKeyMissing' };
  return key.status === 'Active' ? undefined : { kind: 'oldKeyOff' };
}

export function oldKeyIsOff(situation: Situation): Refusal | undefined {
  // A key that is gone already may be deleted: nothing is left to do.
  return oldKeyIn(situation)?.status === 'Active' ? { kind: 'oldKeyOn' } : undefined;
}

export function graceIsOver({ rotation, keys, policy, now }: Situation): Refusal | undefined {
  if (!isOff(rotation)) return { kind: 'oldKeyOn' };
  const until = graceEndsAt({ offSince: trulyOffSince(rotation, keys) }, policy);
  return now >= until ? undefined : { kind: 'graceNotOver', until };
}

export function newKeyWorks(situation: Situation): Refusal | undefined {
  const key = newKeyIn(situation);
  if (!key) return { kind: 'newKeyMissing' };
  return key.status === 'Active' ? undefined : { kind: 'newKeyOff' };
}

/** Without a working replacement the old key may be the last one. A retired key needs none. */
export function replacementWorks(situation: Situation): Refusal | undefined {
  return replacementOf(situation.rotation) ? newKeyWorks(situation) : undefined;
}

export function newKeyWasMadeHere({ rotation }: Situation): Refusal | undefined {
  const replacement = replacementOf(rotation);
  return replacement?.kind === 'adopted' ? { kind: 'notMadeHere', keyId: replacement.keyId } : undefined;
}

export function newKeyWasAdopted({ rotation }: Situation): Refusal | undefined {
  const replacement = replacementOf(rotation);
  return replacement?.kind === 'created' ? { kind: 'madeHere', keyId: replacement.keyId } : undefined;
}

export function slotIsFree({ rotation, keys }: Situation): Refusal | undefined {
  // AWS allows two keys a user, inactive ones included.
  const other = keys.find((key) => key.id !== rotation.oldKeyId);
  return other && keys.length >= 2 ? { kind: 'slotTaken', otherKeyId: other.id } : undefined;
}

export function otherKeyExists(situation: Situation): Refusal | undefined {
  return otherKeyIn(situation) ? undefined : { kind: 'otherKeyMissing' };
}

export function otherKeyIsUsable(situation: Situation): Refusal | undefined {
  const other = otherKeyIn(situation);
  if (!other) return undefined;
  if (situation.stranded.includes(other.id)) return { kind: 'otherKeyStranded', keyId: other.id };
  return other.status === 'Active' ? undefined : { kind: 'otherKeyOff', keyId: other.id };
}

export function otherKeyIsOff(situation: Situation): Refusal | undefined {
  const other = otherKeyIn(situation);
  return other?.status === 'Active' ? { kind: 'otherKeyOn', keyId: other.id } : undefined;
}

export function otherKeyIsNewer(situation: Situation): Refusal | undefined {
  const other = otherKeyIn(situation);
  return other && other.createdAt <= situation.rotation.oldKeyCreatedAt
    ? { kind: 'otherKeyOlder', keyId: other.id }
    : undefined;
}

export function otherKeyIsDue(situation: Situation): Refusal | undefined {
  const other = otherKeyIn(situation);
  const { policy, now } = situation;
  return other && !isNearing(other, policy, now) ? { kind: 'otherKeyNotDue', keyId: other.id } : undefined;
}

export function strandedKeyExists(situation: Situation): Refusal | undefined {
  return strandedKeyIn(situation) ? undefined : { kind: 'nothingStranded' };
}

export function notKnownYet({ rotation }: Situation): Refusal | undefined {
  return rotation.stage === 'due' && rotation.bothNeeded ? { kind: 'bothNeededKnown' } : undefined;
}

export function notDecidedYet({ rotation }: Situation): Refusal | undefined {
  return rotation.stage === 'confirmed' && rotation.decided ? { kind: 'alreadyDecided' } : undefined;
}

export function itWasDecided({ rotation }: Situation): Refusal | undefined {
  return rotation.stage === 'confirmed' && rotation.decided ? undefined : { kind: 'nothingDecided' };
}

export function timeWasAskedFor({ rotation }: Situation): Refusal | undefined {
  return requestIn(rotation) ? undefined : { kind: 'notRequested' };
}
