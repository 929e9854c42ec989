// What a fresh look at IAM means for what is recorded: keys that fell due, and changes made outside keyrotate.
import { type AccessKey, findKey } from './access-key.ts';
import { doubtsAbout } from './evidence.ts';
import { type IamUser, type IamUserId, owing, without } from './iam-user.ts';
import type { Owner } from './owner.ts';
import { IAM_LAG, keyToRotate, type Policy } from './policy.ts';
import { begun, type HistoryEntry, isOpen, type OpenRotation, replacementOf } from './rotation.ts';
import type { Instant } from './time.ts';
import { SIGHTINGS } from './transitions.ts';

/** What IAM and the owner look-up say now. A user that is gone has no keys and keeps its last known id. */
export interface Look {
  at: Instant;
  jobId: string;
  userId: string;
  arn: string;
  owner: Owner;
  keys: AccessKey[];
}

/** Brings the record in line with the look. Pure, and safe to repeat: the same look twice changes nothing more. */
export function reconcile(id: IamUserId, recorded: IamUser | undefined, look: Look, policy: Policy): IamUser {
  const before = recorded ?? firstSeen(id, look);
  // A user may be moved to another path; somebody recreated under the name is not the user of this rotation.
  const arn = look.userId === before.userId ? look.arn : before.arn;
  const stranded = before.stranded.filter((id) => findKey(look.keys, id) || mayLag(before, look));
  const seen: IamUser = { ...before, stranded, arn, owner: look.owner, keys: look.keys, keysSeenAt: look.at };
  const checked = isOpen(seen.rotation) ? checkOldKey(seen, seen.rotation, look) : seen;
  const opened = isOpen(checked.rotation) ? checked : openWhenDue(checked, look, policy);
  const current = withoutSettledQuestion(graceFromLastSeenOn(opened, look), look, policy);
  if (current.card && (ownerChanged(before, current) || turnedOnAgain(before, current)))
    return owing(current, 'notify');
  return current.card && looksDifferent(before, current) ? owing(current, 'redraw') : current;
}

/** Whoever owns the user now needs the card; the one that somebody else holds is removed with it. */
function ownerChanged({ owner: before }: IamUser, { owner, rotation }: IamUser): boolean {
  if (!isOpen(rotation) || owner.kind !== 'person') return false;
  return before.kind !== 'person' || owner.slackId !== before.slackId;
}

/** Somebody turned an off key on again past keyrotate: its owner hears of it once, at once. */
function turnedOnAgain({ keys: before }: IamUser, { keys, rotation }: IamUser): boolean {
  if (!isOpen(rotation) || !('offSince' in rotation)) return false;
  const isOn = (all: readonly AccessKey[]) => findKey(all, rotation.oldKeyId)?.status === 'Active';
  return isOn(keys) && !isOn(before);
}

/** A key seen on has not been off since before: its grace period cannot have started earlier than now. */
function graceFromLastSeenOn(user: IamUser, look: Look): IamUser {
  const { rotation } = user;
  if (!isOpen(rotation) || !('offSince' in rotation) || mayLag(user, look)) return user;
  if (findKey(look.keys, rotation.oldKeyId)?.status !== 'Active') return user;
  return { ...user, rotation: { ...rotation, offSince: look.at } };
}

/** A question whose doubts have all gone by themselves is no question any more. */
function withoutSettledQuestion(user: IamUser, { at, keys }: Look, policy: Policy): IamUser {
  const { question, rotation } = user;
  if (!question || !isOpen(rotation)) return user;
  const doubts = doubtsAbout(question.move, { rotation, keys, policy, now: at });
  return doubts.length === 0 ? without(user, 'question') : user;
}

function firstSeen(id: IamUserId, look: Look): IamUser {
  return {
    account: id.account,
    userName: id.userName,
    userId: look.userId,
    arn: look.arn,
    version: 0,
    owner: look.owner,
    keys: look.keys,
    keysSeenAt: look.at,
    owed: [],
    stranded: [],
  };
}

function checkOldKey(user: IamUser, rotation: OpenRotation, look: Look): IamUser {
  if (findKey(look.keys, rotation.oldKeyId)) return without(user, 'absence');
  const { absence } = user;
  if (mayLag(user, look)) return user;
  if (absence?.keyId !== rotation.oldKeyId) {
    return { ...user, absence: { keyId: rotation.oldKeyId, firstSeenAt: look.at } };
  }
  return look.at - absence.firstSeenAt < IAM_LAG ? user : resolve(user, rotation, look);
}

/** Too soon after our own change for an absence to mean anything. */
function mayLag({ changedAt }: IamUser, look: Look): boolean {
  return changedAt !== undefined && look.at - changedAt < IAM_LAG;
}

function resolve(user: IamUser, rotation: OpenRotation, look: Look): IamUser {
  const to = SIGHTINGS[rotation.stage].oldKeyGone;
  const entry = noted(look, { what: 'oldKeyGone', from: rotation.stage, to });
  const replacement = replacementOf(rotation);
  const resolved: IamUser = {
    ...without(user, 'absence', 'question', 'failure'),
    rotation: {
      ...begun(rotation),
      stage: to,
      ...(replacement && { replacement }),
      closedAt: look.at,
      history: [...rotation.history, entry],
    },
  };
  return owing(resolved, 'file', 'redraw');
}

function openWhenDue(user: IamUser, look: Look, policy: Policy): IamUser {
  // A closed rotation that is not yet filed stays until it is: the record holds only one.
  if (user.owed.includes('file')) return user;
  const key = keyToRotate(look.keys, policy, look.at);
  if (!key) return user;
  const { notifiedAt: _, ...fresh } = without(user, 'card', 'question', 'absence', 'failure');
  return {
    ...fresh,
    userId: look.userId,
    arn: look.arn,
    rotation: {
      stage: 'due',
      oldKeyId: key.id,
      oldKeyCreatedAt: key.createdAt,
      openedAt: look.at,
      history: [noted(look, { what: 'open', to: 'due' })],
    },
  };
}

/** What keyrotate saw for itself, and on what evidence. */
function noted({ at, jobId, keys }: Look, change: Pick<HistoryEntry, 'what' | 'from' | 'to'>): HistoryEntry {
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

function looksDifferent(before: IamUser, after: IamUser): boolean {
  const shown = ({ keys, owner, question, stranded }: IamUser) =>
    JSON.stringify([keys, owner, question, stranded]);
  return shown(before) !== shown(after);
}
