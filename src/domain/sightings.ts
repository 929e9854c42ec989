// Changes made outside keyrotate: what shows them, when they are believed, and that they are told once.
import { type AccessKey, findKey } from './access-key.ts';
import { follow } from './follow.ts';
import { type IamUser, type Unconfirmed, without } from './iam-user.ts';
import { IAM_LAG, trulyOffSince } from './policy.ts';
import { isOff, isOpen, type OpenRotation, type RotationAt, replacementOf } from './rotation.ts';
import { type Look, mayLag, noted } from './snapshot.ts';
import type { Instant } from './time.ts';
import { type SightingName, sightingsAt } from './transitions.ts';

/**
 * What contradicts the record is believed when it was seen twice, far enough apart; a key that is there is there.
 * Of several true sightings the weightiest leads, and what remains is looked at again from the stage it led to.
 */
export function believe(user: IamUser, look: Look): IamUser {
  const { rotation } = user;
  if (!isOpen(rotation)) return { ...user, unconfirmed: [] };
  const seen = sightingsAt(rotation.stage).filter((name) => SHOWS[name]({ user, rotation, look }));
  const lags = mayLag(user, look);
  const unconfirmed = seen
    .filter((name) => name !== 'otherKeyFound' && (!lags || firstSeenAt(user, name) !== undefined))
    .map((sighting): Unconfirmed => ({ sighting, firstSeenAt: firstSeenAt(user, sighting) ?? look.at }));
  const certain = seen.find((name) => name === 'otherKeyFound' || isCertain(user, name, look));
  const waiting = { ...user, unconfirmed };
  return certain === undefined ? waiting : believe(led(waiting, rotation, certain, look), look);
}

function isCertain(user: IamUser, name: SightingName, look: Look): boolean {
  const since = firstSeenAt(user, name);
  return !mayLag(user, look) && since !== undefined && look.at - since >= IAM_LAG;
}

function firstSeenAt({ unconfirmed }: IamUser, name: SightingName): Instant | undefined {
  return unconfirmed.find(({ sighting }) => sighting === name)?.firstSeenAt;
}

interface Seen {
  user: IamUser;
  rotation: OpenRotation;
  look: Look;
}

/** Whether the look shows what each sighting is about. */
const SHOWS: Record<SightingName, (seen: Seen) => boolean> = {
  userGone: ({ user, look }) => !look.exists || look.userId !== user.userId,
  oldKeyGone: ({ rotation, look }) => !findKey(look.keys, rotation.oldKeyId),
  oldKeyOff: ({ rotation, look }) => isTurnedOff(look.keys, rotation.oldKeyId),
  oldKeyOn: ({ rotation, look }) => findKey(look.keys, rotation.oldKeyId)?.status === 'Active',
  newKeyGone: ({ rotation, look }) => {
    const replacement = replacementOf(rotation);
    return replacement !== undefined && !isAlarmed(rotation) && !findKey(look.keys, replacement.keyId);
  },
  newKeyOff: ({ rotation, look }) => {
    const replacement = replacementOf(rotation);
    return replacement !== undefined && !isAlarmed(rotation) && isTurnedOff(look.keys, replacement.keyId);
  },
  otherKeyFound: ({ user, look }) => foundKey(user, look) !== undefined,
};

function isAlarmed(rotation: OpenRotation): boolean {
  return rotation.stage === 'deactivated' && rotation.newKeyOutSince !== undefined;
}

function isTurnedOff(keys: readonly AccessKey[], id: string): boolean {
  const key = findKey(keys, id);
  return key !== undefined && key.status !== 'Active';
}

function foundKey({ knownKeyIds, stranded }: IamUser, look: Look): AccessKey | undefined {
  return look.keys.find(({ id }) => !knownKeyIds.includes(id) && !stranded.includes(id));
}

/** Follows a sighting to the stage that is true. */
function led(user: IamUser, rotation: OpenRotation, name: SightingName, look: Look): IamUser {
  const since = firstSeenAt(user, name) ?? look.at;
  const found = name === 'otherKeyFound' ? foundKey(user, look)?.id : undefined;
  const next = follow(name, rotation, { since, look });
  const change = {
    what: name,
    from: rotation.stage,
    to: next.stage,
    ...(found !== undefined && { keyId: found }),
  };
  return {
    ...without(user, 'question', 'failure'),
    rotation: { ...next, history: [...rotation.history, noted(look, change)] },
    unconfirmed: user.unconfirmed.filter(({ sighting }) => sighting !== name),
    ...(found !== undefined && { knownKeyIds: [...user.knownKeyIds, found] }),
  };
}

/** A key seen on has not been off since before: its grace period cannot have started earlier than now. */
export function graceFromLastSeenOn(user: IamUser, look: Look): IamUser {
  const { rotation } = user;
  if (!isOpen(rotation) || !isOff(rotation) || mayLag(user, look)) return user;
  const current = keyAlertOver(rotation, look);
  if (findKey(look.keys, rotation.oldKeyId)?.status !== 'Active') {
    return { ...user, rotation: { ...current, offSince: trulyOffSince(current, look.keys) } };
  }
  return { ...user, rotation: { ...current, offSince: look.at } };
}

/** The new key works again: what was said about it is settled. */
function keyAlertOver<R extends RotationAt<'deactivated' | 'retired'>>(rotation: R, { keys }: Look): R {
  const replacement = replacementOf(rotation);
  if (!replacement || findKey(keys, replacement.keyId)?.status !== 'Active') return rotation;
  const calm = { ...rotation };
  if ('newKeyOutSince' in calm) delete calm.newKeyOutSince;
  return calm;
}
