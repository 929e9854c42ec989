// What a press is judged on: an IAM user with an open rotation, as of one moment.
import { type AccessKey, findKey, oldestFirst } from '../access-key.ts';
import type { IamUser } from '../iam-user.ts';
import { zoneOf } from '../owner.ts';
import type { Policy } from '../policy.ts';
import { isOpen, type OpenRotation, type Rotation, replacementOf } from '../rotation.ts';
import { type Instant, startOfDay } from '../time.ts';

export interface Situation
  extends Pick<
    IamUser,
    'keys' | 'longestSilence' | 'stranded' | 'question' | 'ownerChange' | 'secretOpenedOn'
  > {
  rotation: OpenRotation;
  policy: Policy;
  /** The owner's time zone. */
  zone: string;
  now: Instant;
}

/** undefined: no rotation is open. */
export function situationOf(user: IamUser, policy: Policy, now: Instant): Situation | undefined {
  const { rotation, keys, longestSilence, stranded, question, ownerChange, secretOpenedOn } = user;
  if (!isOpen(rotation)) return undefined;
  return {
    ...{ rotation, keys, longestSilence, stranded, policy, zone: zoneOf(user, policy), now },
    ...(question && { question }),
    ...(ownerChange && { ownerChange }),
    ...(secretOpenedOn !== undefined && { secretOpenedOn }),
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
 * Whether anybody has the new key's secret, as far as AWS shows. Of the secret as a whole it notes the day of the last
 * opening only: what was before this key does not count. A key that was used says more than what is not noted yet.
 */
export function isFetched(situation: Situation): boolean {
  const key = newKeyIn(situation);
  const { secretOpenedOn = 0 } = situation;
  return key !== undefined && (key.lastUse.seen === 'used' || secretOpenedOn >= startOfDay(key.createdAt));
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
