// Opens the next rotation of an IAM user: because a key fell due, or because somebody asked for it.
import { type AccessKey, type AccessKeyId, oldestFirst } from './access-key.ts';
import { type IamUser, without } from './iam-user.ts';
import { keyToRotate, type Policy } from './policy.ts';
import type { Refusal } from './refusal.ts';
import {
  type Actor,
  isOpen,
  isUnfiled,
  type OpenRotation,
  replacementOf,
  withoutRequest,
} from './rotation.ts';
import { entryByKeyrotate, type Snapshot } from './snapshot.ts';

type Opening = Pick<Snapshot, 'at' | 'jobId' | 'keys'> & { by: Actor };

/**
 * Because somebody asks, whatever the key's age: the key with that id, or that ending of it; without one whichever is
 * being rotated, or the oldest that is on. The caller has made sure that a closed rotation is filed.
 */
export function openNow(user: IamUser, asked: Opening, keyId?: AccessKeyId): IamUser | Refusal {
  const { rotation, keys, userName } = user;
  if (keyId === undefined) {
    const key = oldestFirst(keys).find(({ status }) => status === 'Active');
    if (isOpen(rotation)) return user;
    return key ? opened(user, key, asked) : { kind: 'noKeyOn', userName };
  }
  const [key, another] = keys.filter(({ id }) => id.endsWith(keyId));
  if (!key || another)
    return { kind: 'noSuchKey', userName, ending: keyId, keyIds: oldestFirst(keys).map(({ id }) => id) };
  if (isOpen(rotation)) return rotation.oldKeyId === key.id ? user : switched(user, rotation, key, asked);
  return key.status === 'Active' ? opened(user, key, asked) : { kind: 'keyOff', keyId: key.id };
}

/** Begins with the key asked for instead of another about which nothing was done yet. */
function switched(
  user: IamUser,
  rotation: OpenRotation,
  key: AccessKey,
  { at, jobId, keys, by }: Opening,
): IamUser | Refusal {
  const { stage, oldKeyId } = rotation;
  if (user.claim) return { kind: 'settling', move: user.claim.move, until: user.claim.leaseUntil };
  if (replacementOf(rotation)?.keyId === key.id)
    return { kind: 'keyIsReplacement', keyId: key.id, oldKeyId, stage };
  if (key.status !== 'Active') return { kind: 'keyOff', keyId: key.id };
  if (user.stranded.includes(key.id)) return { kind: 'otherKeyStranded', keyId: key.id };
  if (stage !== 'due') return { kind: 'otherKeyFirst', oldKeyId, stage };
  // The date agreed on and the sightings not yet confirmed were about the other key.
  const { extendedTo: _, ...rest } = withoutRequest(rotation);
  const entry = {
    ...entryByKeyrotate({ at, jobId, keys }, { what: 'switchKey', from: stage, to: stage, keyId: key.id }),
    by,
  };
  return {
    ...without(user, 'question', 'failure'),
    unconfirmed: [],
    rotation: {
      ...rest,
      ...{ stage, oldKeyId: key.id, oldKeyCreatedAt: key.createdAt, history: [...rotation.history, entry] },
    },
  };
}

export function openWhenDue(user: IamUser, snapshot: Snapshot, policy: Policy): IamUser {
  // A closed rotation that is not yet filed stays until it is: the record holds only one.
  if (isUnfiled(user.rotation) || snapshot.exempt?.kind === 'until') return user;
  // A user recreated under the name waits until the record is its own.
  if (snapshot.userId !== user.userId) return user;
  const key = keyToRotate(snapshot.keys, policy, snapshot.at);
  return key ? opened(user, key, { ...snapshot, by: { kind: 'keyrotate' } }) : user;
}

function opened(user: IamUser, key: AccessKey, { at, jobId, keys, by }: Opening): IamUser {
  return {
    ...without(user, 'question', 'failure', 'quietUntil'),
    // Cards of the last rotation go on saying how it ended, so they are forgotten. What admins were told is corrected.
    messages: user.messages.filter(({ reader }) => reader.as === 'admins'),
    toldEntries: 0,
    unconfirmed: [],
    rotation: {
      stage: 'due',
      oldKeyId: key.id,
      oldKeyCreatedAt: key.createdAt,
      openedAt: at,
      history: [{ ...entryByKeyrotate({ at, jobId, keys }, { what: 'open', to: 'due' }), by }],
    },
  };
}
