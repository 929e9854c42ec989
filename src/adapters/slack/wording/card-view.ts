// Everything a card is drawn from, and the facts its parts are worded with.
import { type AccessKey, findKey } from '../../../domain/access-key.ts';
import type { IamUser, Question } from '../../../domain/iam-user.ts';
import { movesOffered } from '../../../domain/legality.ts';
import type { Policy } from '../../../domain/policy.ts';
import { type Rotation, replacementOf } from '../../../domain/rotation.ts';
import type { Instant } from '../../../domain/time.ts';
import type { DoubtFacts } from './doubts.ts';
import type { MoveFacts } from './moves.ts';

export interface CardView {
  user: IamUser;
  accountName?: string | undefined;
  policy: Policy;
  now: Instant;
  /** The secret's name in Secrets Manager, and the region it lies in. */
  vaultPath: string;
  region: string;
  /** Where people can ask. */
  helpChannel?: string | undefined;
}

export interface KeysInPlay {
  /** undefined: AWS did not show it at the last look. */
  old: AccessKey | undefined;
  fresh: AccessKey | undefined;
  /** Neither of the two: a key that takes up the second slot. */
  other: AccessKey | undefined;
}

export function keysInPlay({ keys }: IamUser, rotation: Rotation): KeysInPlay {
  const newKeyId = replacementOf(rotation)?.keyId;
  return {
    old: findKey(keys, rotation.oldKeyId),
    fresh: newKeyId === undefined ? undefined : findKey(keys, newKeyId),
    other: keys.find(({ id }) => id !== rotation.oldKeyId && id !== newKeyId),
  };
}

export function moveFacts(rotation: Rotation, { policy }: CardView): MoveFacts {
  return {
    oldKeyId: rotation.oldKeyId,
    newKeyId: replacementOf(rotation)?.keyId,
    graceDays: policy.graceDays,
  };
}

export function doubtFacts(rotation: Rotation, { user }: CardView): DoubtFacts {
  return {
    oldKeyId: rotation.oldKeyId,
    newKeyId: replacementOf(rotation)?.keyId,
    newKeySince: keysInPlay(user, rotation).fresh?.createdAt,
  };
}

/** A question counts as long as the move it is about may still be made. */
export function liveQuestion({ user, policy, now }: CardView): Question | undefined {
  const { question } = user;
  return question && movesOffered(user, policy, now).includes(question.move) ? question : undefined;
}
