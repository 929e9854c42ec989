// Opens the next rotation of an IAM user: because a key fell due, or because somebody asked for it.
import { type AccessKey, oldestFirst } from './access-key.ts';
import { type IamUser, without } from './iam-user.ts';
import { type Look, noted } from './look.ts';
import { keyToRotate, type Policy } from './policy.ts';
import { type Actor, isOpen, isUnfiled } from './rotation.ts';

/** Opens a rotation of the oldest key that is on, whatever its age, because somebody asked for it. */
export function openNow(user: IamUser, look: Pick<Look, 'at' | 'jobId' | 'keys'>, by: Actor): IamUser {
  const key = oldestFirst(user.keys).find(({ status }) => status === 'Active');
  // The record holds one rotation: one that is closed stays until it is filed.
  return isOpen(user.rotation) || isUnfiled(user.rotation) || !key
    ? user
    : opened(user, key, { ...look, by });
}

export function openWhenDue(user: IamUser, look: Look, policy: Policy): IamUser {
  // A closed rotation that is not yet filed stays until it is: the record holds only one.
  if (isUnfiled(user.rotation) || look.exempt?.kind === 'until') return user;
  // Somebody made anew under the name waits until the record is theirs.
  if (look.userId !== user.userId) return user;
  const key = keyToRotate(look.keys, policy, look.at);
  return key ? opened(user, key, { ...look, by: { kind: 'keyrotate' } }) : user;
}

function opened(
  user: IamUser,
  key: AccessKey,
  { at, jobId, keys, by }: Pick<Look, 'at' | 'jobId' | 'keys'> & { by: Actor },
): IamUser {
  return {
    ...without(user, 'question', 'failure', 'notifiedAt', 'quietUntil'),
    messages: [],
    toldEntries: 0,
    unconfirmed: [],
    rotation: {
      stage: 'due',
      oldKeyId: key.id,
      oldKeyCreatedAt: key.createdAt,
      openedAt: at,
      history: [{ ...noted({ at, jobId, keys }, { what: 'open', to: 'due' }), by }],
    },
  };
}
