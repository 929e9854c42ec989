// What a fresh look at IAM means for what is recorded: keys that fell due, and changes made outside keyrotate.
import { type AccessKey, findKey } from './access-key.ts';
import { graceHasEnded } from './agenda.ts';
import { doubtsAbout, withUse } from './evidence.ts';
import type { Exemption } from './exemption.ts';
import { announcing, type IamUser, type IamUserId, owing, type Unconfirmed, without } from './iam-user.ts';
import { situationOf } from './legality.ts';
import { type Owner, sameOwner } from './owner.ts';
import { IAM_LAG, keyToRotate, type Policy } from './policy.ts';
import {
  type Actor,
  begun,
  type HistoryEntry,
  isAt,
  isClosed,
  isOff,
  isOpen,
  type OpenRotation,
  type Rotation,
  type RotationAt,
  replacementOf,
} from './rotation.ts';
import type { Instant } from './time.ts';
import {
  type OpenStage,
  type SightingName,
  type SightingsAt,
  sightingsAt,
  type Truth,
} from './transitions.ts';

/** What IAM and the owner look-up say now. A user that is gone has no keys and keeps its last known id. */
export interface Look {
  at: Instant;
  jobId: string;
  /** False: IAM has no user of this name. */
  exists: boolean;
  userId: string;
  arn: string;
  owner: Owner;
  exempt?: Exemption;
  keys: AccessKey[];
  secretOpenedOn?: Instant;
}

/** Brings the record in line with the look. Pure, and safe to repeat: the same look twice changes nothing more. */
export function reconcile(id: IamUserId, recorded: IamUser | undefined, look: Look, policy: Policy): IamUser {
  const before = recorded ?? firstSeen(id, look);
  const seen = withOwner(withFacts(before, look), look);
  const confirmed = isOpen(seen.rotation) ? believe(seen, look) : seen;
  const opened = isOpen(confirmed.rotation) ? confirmed : openWhenDue(confirmed, look, policy);
  const current = withoutSettledQuestion(graceFromLastSeenOn(opened, look), look, policy);
  const accounted = { ...current, knownKeyIds: [...new Set([...current.knownKeyIds, ...idsOf(look.keys)])] };
  const isShown = [current.card, current.adminCard, current.notice].some((message) => message !== undefined);
  const isStale = looksDifferent(before, current) || graceHasEnded(before, policy, look.at);
  return isShown && isStale ? owing(accounted, 'redraw') : accounted;
}

/** Opens a rotation of the oldest key that is on, whatever its age, because somebody asked for it. */
export function openNow(user: IamUser, look: Pick<Look, 'at' | 'jobId' | 'keys'>, by: Actor): IamUser {
  const key = keyToRotateNow(user.keys);
  // The record holds one rotation: one that is closed stays until it is filed.
  return isOpen(user.rotation) || user.owed.includes('file') || !key
    ? user
    : opened(user, key, { ...look, by });
}

export function keyToRotateNow(keys: readonly AccessKey[]): AccessKey | undefined {
  return [...keys].filter(({ status }) => status === 'Active').sort((a, b) => a.createdAt - b.createdAt)[0];
}

function firstSeen({ account, userName }: IamUserId, look: Look): IamUser {
  return {
    account,
    userName,
    userId: look.userId,
    arn: look.arn,
    version: 0,
    owner: look.owner,
    keys: look.keys,
    keysSeenAt: look.at,
    knownKeyIds: idsOf(look.keys),
    usedOn: {},
    owed: [],
    news: [],
    unconfirmed: [],
    stranded: [],
  };
}

function withFacts(user: IamUser, look: Look): IamUser {
  const { at, exempt, keys, secretOpenedOn } = look;
  return {
    ...without(user, 'exempt'),
    // A user may be moved to another path; somebody recreated under the name is not the user of this rotation.
    arn: look.userId === user.userId ? look.arn : user.arn,
    stranded: user.stranded.filter((id) => findKey(keys, id) || mayLag(user, look)),
    keys,
    keysSeenAt: at,
    usedOn: withUse(user.usedOn, keys),
    ...(exempt && { exempt }),
    ...(secretOpenedOn !== undefined && { secretOpenedOn }),
  };
}

/**
 * Tags are input from whoever may tag users. Once the owner has been written to, another owner is only announced, and
 * an admin decides; an owner who left is nobody's to protect.
 */
function withOwner(user: IamUser, look: Look): IamUser {
  const { owner: now, at } = look;
  // Somebody made anew under the name has tags of their own; they are nothing to the rotation that is open.
  if (isOpen(user.rotation) && look.userId !== user.userId) return user;
  if (sameOwner(user.owner, now)) return without({ ...user, owner: now }, 'ownerChange');
  const wasTold = isOpen(user.rotation) && user.rotation.contactedAt !== undefined;
  const isDecided = now.kind === 'channel' || (now.kind === 'person' && now.from === 'link');
  const hasLeft = now.kind === 'nobody' && now.why !== 'none' && now.why !== 'ambiguous';
  if (!wasTold || user.owner.kind === 'nobody' || isDecided || hasLeft) return handedOver(user, now);
  if (user.ownerChange && sameOwner(user.ownerChange.to, now)) return user;
  return owing(
    announcing({ ...user, ownerChange: { to: now, at } }, { kind: 'ownerChanged' }),
    'redraw',
    'notify',
  );
}

/** Whoever owns the user now needs a card of their own; what somebody else holds is removed with it. */
export function handedOver(user: IamUser, owner: Owner): IamUser {
  const handed = { ...without(user, 'ownerChange', 'quietUntil', 'notifiedAt'), owner };
  if (!isOpen(user.rotation)) return handed;
  // They are told for the first time, and get the notice that everybody gets.
  handed.rotation = { ...user.rotation };
  delete handed.rotation.contactedAt;
  if (owner.kind !== 'nobody') {
    const { card } = user;
    return owing({ ...without(handed, 'card'), ...(card && { formerCard: card }) }, 'redraw', 'notify');
  }
  return owner.why === 'left' ? owing(announcing(handed, { kind: 'ownerLeft' }), 'redraw') : handed;
}

/** Too soon after our own change for an absence, or a status that contradicts it, to mean anything. */
function mayLag({ changedAt }: IamUser, look: Look): boolean {
  return changedAt !== undefined && look.at - changedAt < IAM_LAG;
}

/**
 * What contradicts the record is believed when it was seen twice, far enough apart; a key that is there is there.
 * Of several true sightings the weightiest leads, and what remains is looked at again from the stage it led to.
 */
function believe(user: IamUser, look: Look): IamUser {
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

/** Follows a sighting to the stage that is true; the owner is told, once. */
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
  const current: IamUser = {
    ...without(user, 'question', 'failure'),
    rotation: { ...next, history: [...rotation.history, noted(look, change)] },
    unconfirmed: user.unconfirmed.filter(({ sighting }) => sighting !== name),
    ...(found !== undefined && { knownKeyIds: [...user.knownKeyIds, found] }),
  };
  return isClosed(next) ? owing(current, 'file', 'notify', 'redraw') : owing(current, 'notify', 'redraw');
}

interface Seeing {
  since: Instant;
  look: Look;
}

type Followed<To extends Rotation> = (rotation: OpenRotation, seeing: Seeing) => To;

/** The stage after each sighting, row by row: the compiler holds it to the table. */
const FOLLOWED: {
  [S in OpenStage]: { [N in SightingsAt<S>]: Followed<RotationAt<Truth<S, N>>> };
} = {
  due: {
    userGone: resolve,
    oldKeyGone: resolve,
    oldKeyOff: offWithout,
    otherKeyFound: from('due', unchanged),
  },
  postponed: {
    userGone: resolve,
    oldKeyGone: resolve,
    oldKeyOff: offWithout,
    otherKeyFound: from('postponed', unchanged),
  },
  issued: {
    userGone: resolve,
    oldKeyGone: resolve,
    newKeyGone: backToDue,
    newKeyOff: backToDue,
    oldKeyOff: from('issued', offWith),
  },
  confirmed: {
    userGone: resolve,
    oldKeyGone: resolve,
    newKeyGone: backToDue,
    newKeyOff: backToDue,
    oldKeyOff: from('confirmed', offWith),
  },
  deactivated: {
    userGone: resolve,
    oldKeyGone: resolve,
    oldKeyOn: from('deactivated', backToIssued),
    newKeyGone: from('deactivated', nothingWorks),
    newKeyOff: from('deactivated', nothingWorks),
  },
  retired: {
    userGone: resolve,
    oldKeyGone: resolve,
    oldKeyOn: backToDue,
    otherKeyFound: from('retired', unchanged),
  },
};

function follow(name: SightingName, rotation: OpenRotation, seeing: Seeing): Rotation {
  const row: Partial<Record<SightingName, Followed<Rotation>>> = FOLLOWED[rotation.stage];
  const step = row[name];
  if (!step) throw new Error(`nothing follows from ${name} at ${rotation.stage}`);
  return step(rotation, seeing);
}

function from<S extends OpenStage, To extends Rotation>(
  stage: S,
  step: (rotation: RotationAt<S>, seeing: Seeing) => To,
): Followed<To> {
  return (rotation, seeing) => {
    if (!isAt(rotation, stage)) throw new Error(`expected ${stage}, found ${rotation.stage}`);
    return step(rotation, seeing);
  };
}

function unchanged<R extends OpenRotation>(rotation: R): R {
  return rotation;
}

function resolve(rotation: OpenRotation, { look }: Seeing): RotationAt<'resolved'> {
  const replacement = replacementOf(rotation);
  return {
    ...begun(rotation),
    stage: 'resolved',
    ...(replacement && { replacement }),
    closedAt: look.at,
  };
}

function backToDue(rotation: OpenRotation): RotationAt<'due'> {
  return { ...begun(rotation), stage: 'due' };
}

/** Its grace period counts from the first look that showed it off. */
function offWithout(rotation: OpenRotation, { since }: Seeing): RotationAt<'retired'> {
  return { ...begun(rotation), stage: 'retired', offSince: since, offBy: 'outside' };
}

function offWith(rotation: RotationAt<'issued' | 'confirmed'>, { since }: Seeing): RotationAt<'deactivated'> {
  const { replacement } = rotation;
  return { ...begun(rotation), stage: 'deactivated', replacement, offSince: since, offBy: 'outside' };
}

function backToIssued(off: RotationAt<'deactivated'>): RotationAt<'issued'> {
  return { ...begun(off), stage: 'issued', replacement: off.replacement };
}

/** The old key may be the last one there is: it stays off, is not to be deleted, and turning it back on comes first. */
function nothingWorks(off: RotationAt<'deactivated'>, { since }: Seeing): RotationAt<'deactivated'> {
  return { ...off, newKeyOutSince: since };
}

/** A key seen on has not been off since before: its grace period cannot have started earlier than now. */
function graceFromLastSeenOn(user: IamUser, look: Look): IamUser {
  const { rotation } = user;
  if (!isOpen(rotation) || !isOff(rotation) || mayLag(user, look)) return user;
  const current = keyAlertOver(rotation, look);
  if (findKey(look.keys, rotation.oldKeyId)?.status !== 'Active') return { ...user, rotation: current };
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

/** A question whose doubts have all gone by themselves is no question any more. */
function withoutSettledQuestion(user: IamUser, { at }: Look, policy: Policy): IamUser {
  const { question, rotation } = user;
  if (!question || !isOpen(rotation)) return user;
  const doubts = doubtsAbout(question.move, situationOf(user, rotation, policy, at));
  return doubts.length === 0 ? without(user, 'question') : user;
}

function openWhenDue(user: IamUser, look: Look, policy: Policy): IamUser {
  // A closed rotation that is not yet filed stays until it is: the record holds only one.
  if (user.owed.includes('file') || look.exempt?.kind === 'until') return user;
  const key = keyToRotate(look.keys, policy, look.at);
  return key
    ? opened({ ...user, userId: look.userId, arn: look.arn }, key, { ...look, by: { kind: 'keyrotate' } })
    : user;
}

function opened(
  user: IamUser,
  key: AccessKey,
  { at, jobId, keys, by }: Pick<Look, 'at' | 'jobId' | 'keys'> & { by: Actor },
): IamUser {
  const fresh = without(
    user,
    'card',
    'adminCard',
    'notice',
    'question',
    'failure',
    'notifiedAt',
    'quietUntil',
  );
  return {
    ...fresh,
    owed: user.owed.filter((debt) => debt !== 'notify'),
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

/** What keyrotate saw for itself, and on what evidence. */
export function noted(
  { at, jobId, keys }: Pick<Look, 'at' | 'jobId' | 'keys'>,
  change: Pick<HistoryEntry, 'what' | 'from' | 'to' | 'keyId' | 'note' | 'until'>,
): HistoryEntry {
  return {
    at,
    jobId,
    ...change,
    outcome: 'done',
    by: { kind: 'keyrotate' },
    evidence: keys,
    awsRequestIds: [],
  };
}

function idsOf(keys: readonly AccessKey[]): string[] {
  return keys.map(({ id }) => id);
}

function looksDifferent(before: IamUser, after: IamUser): boolean {
  const shown = ({ keys, owner, ownerChange, question, stranded, exempt, secretOpenedOn }: IamUser) =>
    JSON.stringify([keys, owner, ownerChange, question, stranded, exempt, secretOpenedOn]);
  return shown(before) !== shown(after);
}
