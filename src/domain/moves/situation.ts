// What a press is judged on: an IAM user with an open rotation, as of one moment.
import { type AccessKey, findKey, oldestFirst } from '../access-key.ts';
import type { IamUser } from '../iam-user.ts';
import { zoneOf } from '../owner.ts';
import type { Policy } from '../policy.ts';
import { isOpen, type OpenRotation, type Rotation, replacementOf } from '../rotation.ts';
import type { Instant } from '../time.ts';

export interface Situation
  extends Pick<IamUser, 'keys' | 'longestSilence' | 'stranded' | 'question' | 'ownerChange'> {
  rotation: OpenRotation;
  policy: Policy;
  /** The owner's time zone. */
  zone: string;
  now: Instant;
}

/** undefined: no rotation is open. */
export function situationOf(user: IamUser, policy: Policy, now: Instant): Situation | undefined {
  const { rotation, keys, longestSilence, stranded, question, ownerChange } = user;
  if (!isOpen(rotation)) return undefined;
  return {
    ...{ rotation, keys, longestSilence, stranded, policy, zone: zoneOf(user, policy), now },
    ...(question && { question }),
    ...(ownerChange && { ownerChange }),
  };
}

export function oldKeyIn({ rotation, keys }: Situation): AccessKey | undefined {
  return findKey(keys, rotation.oldKeyId);
}

export function newKeyIn({ rotation, keys }: Situation): AccessKey | undefined {
  const replacement = replacementOf(rotation);
  return replacement && findKey(keys, replacement.keyId);
}

/**
 * The key that takes up the other slot, and that the rotation has nothing to do with. AWS has let more than two keys
 * through where calls raced: then the oldest of them, until it is gone.
 */
export function otherKeyIn({
  rotation,
  keys,
}: {
  rotation: Rotation;
  keys: readonly AccessKey[];
}): AccessKey | undefined {
  const replacementId = replacementOf(rotation)?.keyId;
  return oldestFirst(keys).find(({ id }) => id !== rotation.oldKeyId && id !== replacementId);
}

export function strandedKeyIn(situation: Situation): AccessKey | undefined {
  const { keys, stranded, rotation } = situation;
  return otherKeyIn({ rotation, keys: keys.filter(({ id }) => stranded.includes(id)) });
}
