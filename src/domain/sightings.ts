// Changes made outside keyrotate: what shows them, when they are believed, and that they are told once.
import { type AccessKey, findKey } from './access-key.ts';
import { follow } from './follow.ts';
import { type IamUser, type Unconfirmed, without } from './iam-user.ts';
import { IAM_LAG, trulyOffSince } from './policy.ts';
import { isOff, isOpen, type OpenRotation, type RotationAt, replacementOf } from './rotation.ts';
import { entryByKeyrotate, mayLag, type Snapshot } from './snapshot.ts';
import type { Instant } from './time.ts';
import { type SightingName, sightingsAt } from './transitions.ts';

/**
 * A sighting is believed when two snapshots, far enough apart, show it; a key that IAM lists is believed at once.
 * Of several the weightiest is followed, and the others are judged again from the stage that it leads to.
 */
export function believe(user: IamUser, snapshot: Snapshot): IamUser {
  const { rotation } = user;
  if (!isOpen(rotation)) return { ...user, unconfirmed: [] };
  const seen = sightingsAt(rotation.stage).filter((name) => SHOWS[name]({ user, rotation, snapshot }));
  const lags = mayLag(user, snapshot);
  const unconfirmed = seen
    .filter((name) => name !== 'otherKeyFound' && (!lags || firstSeenAt(user, name) !== undefined))
    .map((sighting): Unconfirmed => ({ sighting, firstSeenAt: firstSeenAt(user, sighting) ?? snapshot.at }));
  const certain = seen.find((name) => name === 'otherKeyFound' || isCertain(user, name, snapshot));
  const waiting = { ...user, unconfirmed };
  return certain === undefined ? waiting : believe(led(waiting, rotation, certain, snapshot), snapshot);
}

function isCertain(user: IamUser, name: SightingName, snapshot: Snapshot): boolean {
  const since = firstSeenAt(user, name);
  return !mayLag(user, snapshot) && since !== undefined && snapshot.at - since >= IAM_LAG;
}

function firstSeenAt({ unconfirmed }: IamUser, name: SightingName): Instant | undefined {
  return unconfirmed.find(({ sighting }) => sighting === name)?.firstSeenAt;
}

interface Seen {
  user: IamUser;
  rotation: OpenRotation;
  snapshot: Snapshot;
}

/** Whether the snapshot shows what each sighting is about. */
const SHOWS: Record<SightingName, (seen: Seen) => boolean> = {
  userGone: ({ user, snapshot }) => !snapshot.exists || snapshot.userId !== user.userId,
  oldKeyGone: ({ rotation, snapshot }) => !findKey(snapshot.keys, rotation.oldKeyId),
  oldKeyOff: ({ rotation, snapshot }) => isTurnedOff(snapshot.keys, rotation.oldKeyId),
  oldKeyOn: ({ rotation, snapshot }) => findKey(snapshot.keys, rotation.oldKeyId)?.status === 'Active',
  newKeyGone: ({ rotation, snapshot }) => {
    const replacement = replacementOf(rotation);
    return replacement !== undefined && !isAlarmed(rotation) && !findKey(snapshot.keys, replacement.keyId);
  },
  newKeyOff: ({ rotation, snapshot }) => {
    const replacement = replacementOf(rotation);
    return replacement !== undefined && !isAlarmed(rotation) && isTurnedOff(snapshot.keys, replacement.keyId);
  },
  otherKeyFound: ({ user, snapshot }) => foundKey(user, snapshot) !== undefined,
};

function isAlarmed(rotation: OpenRotation): boolean {
  return rotation.stage === 'deactivated' && rotation.newKeyOutSince !== undefined;
}

function isTurnedOff(keys: readonly AccessKey[], id: string): boolean {
  const key = findKey(keys, id);
  return key !== undefined && key.status !== 'Active';
}

function foundKey({ knownKeyIds, stranded }: IamUser, snapshot: Snapshot): AccessKey | undefined {
  return snapshot.keys.find(({ id }) => !knownKeyIds.includes(id) && !stranded.includes(id));
}

/** Follows a sighting to the stage that is true. */
function led(user: IamUser, rotation: OpenRotation, name: SightingName, snapshot: Snapshot): IamUser {
  const since = firstSeenAt(user, name) ?? snapshot.at;
  const found = name === 'otherKeyFound' ? foundKey(user, snapshot)?.id : undefined;
  const next = follow(name, rotation, { since, snapshot });
  const change = {
    what: name,
    from: rotation.stage,
    to: next.stage,
    ...(found !== undefined && { keyId: found }),
  };
  return {
    ...without(user, 'question', 'failure'),
    rotation: { ...next, history: [...rotation.history, entryByKeyrotate(snapshot, change)] },
    unconfirmed: user.unconfirmed.filter(({ sighting }) => sighting !== name),
    ...(found !== undefined && { knownKeyIds: [...user.knownKeyIds, found] }),
  };
}

/** While a snapshot shows the old key on, its grace period begins anew. */
export function graceFromLastSeenOn(user: IamUser, snapshot: Snapshot): IamUser {
  const { rotation } = user;
  if (!isOpen(rotation) || !isOff(rotation) || mayLag(user, snapshot)) return user;
  const current = keyAlertOver(rotation, snapshot);
  if (findKey(snapshot.keys, rotation.oldKeyId)?.status !== 'Active') {
    return { ...user, rotation: { ...current, offSince: trulyOffSince(current, snapshot.keys) } };
  }
  return { ...user, rotation: { ...current, offSince: snapshot.at } };
}

/** The new key works again, so the alarm about it is over. */
function keyAlertOver<R extends RotationAt<'deactivated' | 'retired'>>(rotation: R, { keys }: Snapshot): R {
  const replacement = replacementOf(rotation);
  if (!replacement || findKey(keys, replacement.keyId)?.status !== 'Active') return rotation;
  const calm = { ...rotation };
  if ('newKeyOutSince' in calm) delete calm.newKeyOutSince;
  return calm;
}
