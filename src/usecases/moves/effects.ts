// The effect of each move on AWS and on the rotation. An effect takes the stage before and returns the stage after, so
// the compiler holds every row of the table; each is safe to repeat after a crash.
import { findKey } from '../../domain/access-key.ts';
import { turnsOffAt } from '../../domain/decision.ts';
import { situationOf } from '../../domain/moves/situation.ts';
import { addressOf } from '../../domain/owner.ts';
import { IAM_LAG } from '../../domain/policy.ts';
import type { Refusal } from '../../domain/refusal.ts';
import {
  begun,
  type Confirmed,
  type Deactivated,
  type Decision,
  type Deleted,
  type Due,
  type Issued,
  type MoreTime,
  type OpenRotation,
  type Postponed,
  type Replacement,
  type Retired,
  type Rotation,
  type RotationAt,
  type TimeGiven,
  withoutRequest,
} from '../../domain/rotation.ts';
import type { MoveName, MovesAt, OpenStage, StageAfter } from '../../domain/transitions.ts';
import type { AwsRequestId } from '../ports.ts';
import { readKeys } from '../shared/live-user.ts';
import { type Acting, type Effect, ifAwsFails, type Outcome, refused } from './effect.ts';
import { issueKey } from './issue-key.ts';

type AnyEffect = (rotation: never, acting: Acting) => Promise<Outcome<Rotation>>;

const ASKING = { askForTime, decline, notMine: unchanged };
const WAITING = { postpone: putOff, approve: putOff, ...ASKING };
const TAKING_TIME = { postpone: takeTime, approve: takeTime, ...ASKING };

const EFFECTS: { [S in OpenStage]: { [M in MovesAt<S>]: Effect<S, RotationAt<StageAfter<S, M>>> } } = {
  due: {
    createKey: issueKey,
    adopt,
    retire,
    switchKey,
    clearSlot: removeOtherKey,
    discardStranded: removeOtherKey,
    keepBoth,
    ...WAITING,
  },
  postponed: {
    createKey: issueKey,
    adopt,
    retire,
    discardStranded: removeOtherKey,
    resume: backToDue,
    ...WAITING,
  },
  issued: { confirmMigration, discardNewKey, undoAdopt: backToDue, ...TAKING_TIME },
  confirmed: {
    deactivate,
    turnOffWhenQuiet,
    keepOn,
    reopen: backToIssued,
    ...TAKING_TIME,
  },
  deactivated: { delete: deleteOldKey, reactivate },
  retired: {
    delete: deleteOldKey,
    reactivate: turnBackOn,
    createKey: issueLate,
    discardStranded: removeOtherKey,
  },
};

/** Carries out one move. The caller has made sure that the table allows it and that it is claimed. */
export async function act(
  move: MoveName,
  rotation: OpenRotation,
  acting: Acting,
): Promise<Outcome<Rotation>> {
  const row: Partial<Record<MoveName, AnyEffect>> = EFFECTS[rotation.stage];
  const effect = row[move];
  if (!effect) throw new Error(`no effect for ${move} at ${rotation.stage}`);
  // The row is that of the rotation's own stage, which the compiler cannot see.
  return effect(rotation as never, acting);
}

/** Nothing changes in AWS: the other key was there already. */
async function adopt(rotation: OpenRotation, acting: Acting): Promise<Outcome<Issued>> {
  const keyId = keyInQuestion(acting);
  const { user, vault } = acting;
  // A key that keyrotate made earlier, and that was turned off meanwhile, has its secret in the vault still.
  const stored = await ifAwsFails(vault.storedKeys(user), acting, () => undefined);
  const vaultVersion = stored?.get(keyId);
  const replacement: Replacement =
    vaultVersion === undefined ? { kind: 'adopted', keyId } : { kind: 'created', keyId, vaultVersion };
  return onlyRecorded({ ...begun(rotation), stage: 'issued', replacement }, acting);
}

/** The other key is rotated first. This one follows when that rotation ends. */
async function switchKey(due: Due, acting: Acting): Promise<Outcome<Due>> {
  const key = findKey(acting.user.keys, keyInQuestion(acting));
  if (!key) throw new Error('the key to switch to is not among those seen');
  // The date agreed on was about the other key.
  const { extendedTo: _, ...rest } = withoutRequest(due);
  return onlyRecorded({ ...rest, stage: 'due', oldKeyId: key.id, oldKeyCreatedAt: key.createdAt }, acting);
}

async function keepBoth(due: Due, acting: Acting): Promise<Outcome<Due>> {
  return onlyRecorded({ ...due, bothNeeded: { at: acting.now(), by: acting.claim.actor } }, acting);
}

type OldKeyOn = Due | Postponed | Issued | Confirmed;

/** Nothing was begun, so the rotation waits at a stage of its own. */
async function putOff(rotation: Due | Postponed, acting: Acting): Promise<Outcome<Postponed>> {
  const time = timeGiven(rotation, acting);
  return onlyRecorded({ ...agreed(begun(rotation), time), ...time, stage: 'postponed' }, acting);
}

/** A new key exists, so the stage stays and only the time is recorded. */
async function takeTime<R extends Issued | Confirmed>(rotation: R, acting: Acting): Promise<Outcome<R>> {
  const time = timeGiven(rotation, acting);
  return onlyRecorded({ ...undecidedNow(agreed(rotation, time)), moreTime: time }, acting);
}

async function askForTime<R extends OldKeyOn>(rotation: R, acting: Acting): Promise<Outcome<R>> {
  return onlyRecorded({ ...undecidedNow(rotation), request: timeAsked(acting) }, acting);
}

async function decline<R extends OldKeyOn>(rotation: R, acting: Acting): Promise<Outcome<R>> {
  const rest = undecidedNow(rotation);
  delete rest.request;
  return onlyRecorded(rest, acting);
}

async function unchanged<R extends OldKeyOn>(rotation: R, acting: Acting): Promise<Outcome<R>> {
  return onlyRecorded(undecidedNow(rotation), acting);
}

/** Whoever decides goes on: nothing is left to ask an admin for, and no time to take. */
async function turnOffWhenQuiet(confirmed: Confirmed, acting: Acting): Promise<Outcome<Confirmed>> {
  const { replacement, confirmedAt, oldKeyId } = confirmed;
  const { user, claim, policy } = acting;
  const { jobId, actor: by, at } = claim;
  const situation = situationOf(user, policy, at);
  if (!situation) throw new Error('no rotation is open');
  const ownedBy = addressOf(user.owner);
  const decided: Decision = {
    ...{ jobId, by, at, from: turnsOffAt(situation, at), oldKeyId, newKeyId: replacement.keyId },
    ...(ownedBy !== undefined && { ownedBy }),
  };
  const stage = 'confirmed' as const;
  return onlyRecorded({ ...withoutRequest(confirmed), stage, replacement, confirmedAt, decided }, acting);
}

async function keepOn(confirmed: Confirmed, acting: Acting): Promise<Outcome<Confirmed>> {
  return onlyRecorded(undecidedNow(confirmed), acting);
}

function undecidedNow<R extends OldKeyOn>(rotation: R): R {
  const rest = { ...rotation };
  if ('decided' in rest) delete rest.decided;
  return rest;
}

async function backToDue(rotation: OpenRotation, acting: Acting): Promise<Outcome<Due>> {
  return onlyRecorded(dueAgain(rotation), acting);
}

async function backToIssued(confirmed: Confirmed, acting: Acting): Promise<Outcome<Issued>> {
  return onlyRecorded(issuedAgain(confirmed), acting);
}

function dueAgain(rotation: OpenRotation): Due {
  return { ...begun(rotation), stage: 'due' };
}

function issuedAgain(rotation: Confirmed | Deactivated): Issued {
  return { ...begun(rotation), stage: 'issued', replacement: rotation.replacement };
}

async function confirmMigration(issued: Issued, acting: Acting): Promise<Outcome<Confirmed>> {
  const { replacement } = issued;
  const confirmedAt = acting.now();
  return onlyRecorded({ ...begun(issued), stage: 'confirmed', replacement, confirmedAt }, acting);
}

/** Off already, and now a key to put in its place. */
async function issueLate(retired: Retired, acting: Acting): Promise<Outcome<Deactivated>> {
  const outcome = await issueKey(retired, acting);
  if (outcome.kind !== 'done') return outcome;
  const { offSince, offBy } = retired;
  const { replacement } = outcome.rotation;
  return { ...outcome, rotation: { ...begun(retired), stage: 'deactivated', replacement, offSince, offBy } };
}

async function discardNewKey(issued: Issued, acting: Acting): Promise<Outcome<Due>> {
  return removed(issued.replacement.keyId, dueAgain(issued), acting);
}

/** Not the old key: one that was off and in the way, or one whose secret nobody has. */
async function removeOtherKey<R extends Due | Postponed | Retired>(
  rotation: R,
  acting: Acting,
): Promise<Outcome<R>> {
  const keyId = keyInQuestion(acting);
  const isInTheWay = acting.claim.move === 'clearSlot';
  const kept = isInTheWay && (await reasonToKeep(keyId, { kind: 'otherKeyOn', keyId }, acting));
  if (kept) return refused(kept);
  return removed(keyId, rotation, acting);
}

async function deactivate(confirmed: Confirmed, acting: Acting): Promise<Outcome<Deactivated>> {
  const { replacement } = confirmed;
  return turned('Inactive', confirmed, acting, () => ({
    ...switchedOff(confirmed, acting),
    stage: 'deactivated',
    replacement,
  }));
}

async function retire(rotation: OpenRotation, acting: Acting): Promise<Outcome<Retired>> {
  return turned('Inactive', rotation, acting, () => ({ ...switchedOff(rotation, acting), stage: 'retired' }));
}

function switchedOff(rotation: OpenRotation, { now }: Acting) {
  return { ...withoutRequest(rotation), offSince: now(), offBy: 'keyrotate' as const };
}

async function reactivate(off: Deactivated, acting: Acting): Promise<Outcome<Issued>> {
  return turned('Active', off, acting, () => issuedAgain(off));
}

async function turnBackOn(off: Retired, acting: Acting): Promise<Outcome<Due>> {
  return turned('Active', off, acting, () => dueAgain(off));
}

async function deleteOldKey(off: Deactivated | Retired, acting: Acting): Promise<Outcome<Deleted>> {
  const kept = await reasonToKeep(off.oldKeyId, { kind: 'oldKeyOn' }, acting);
  if (kept) return refused(kept);
  const requestIds = await removeKey(off.oldKeyId, acting);
  if (!requestIds) return refused({ kind: 'userGone' });
  // Confirms by listing. When IAM cannot be asked now, its answer to the deletion itself still stands.
  const { user, keys } = acting;
  const left = (await ifAwsFails(readKeys(user.userName, keys), acting, () => user.keys)) ?? [];
  const replacement = 'replacement' in off ? { replacement: off.replacement } : {};
  return {
    kind: 'done',
    rotation: { ...begun(off), ...replacement, stage: 'deleted', closedAt: acting.now() },
    keys: left.filter((key) => key.id !== off.oldKeyId),
    requestIds,
  };
}

/** DeleteAccessKey removes an active key without a word, so its status is read once more, right before. */
async function reasonToKeep(
  keyId: string,
  whenOn: Refusal,
  { user, keys }: Acting,
): Promise<Refusal | undefined> {
  const listed = await keys.list(user.userName);
  if (!listed) return { kind: 'userGone' };
  return findKey(listed, keyId)?.status === 'Active' ? whenOn : undefined;
}

/** Removes a key that is not the old one, and goes on to `rotation`. */
async function removed<To extends Rotation>(
  keyId: string,
  rotation: To,
  acting: Acting,
): Promise<Outcome<To>> {
  const { user, now } = acting;
  const requestIds = await removeKey(keyId, acting);
  if (!requestIds) return refused({ kind: 'userGone' });
  const certainAt = (user.changedAt ?? 0) + IAM_LAG;
  // "No such key" so soon after our own change may be IAM's lag, and then the key lives.
  if (requestIds.length === 0 && now() < certainAt) return { kind: 'notKnownYet', until: certainAt };
  const keys = user.keys.filter((key) => key.id !== keyId);
  return { kind: 'done', rotation, keys, requestIds };
}

/** Turns the old key on or off, and goes on to `next`. */
async function turned<To extends Rotation>(
  status: 'Active' | 'Inactive',
  { oldKeyId }: OpenRotation,
  { user, keys }: Acting,
  next: () => To,
): Promise<Outcome<To>> {
  const requestId = await keys.setStatus(user.userName, oldKeyId, status);
  const changed = user.keys.map((key) => (key.id === oldKeyId ? { ...key, status } : key));
  return { kind: 'done', rotation: next(), keys: changed, requestIds: [requestId] };
}

/** "No such key" is also said of a user that is gone, whose keys may live under another name: undefined then. */
async function removeKey(id: string, { user, keys }: Acting): Promise<AwsRequestId[] | undefined> {
  const requestId = await keys.remove(user.userName, id);
  if (requestId !== undefined) return [requestId];
  return (await keys.list(user.userName)) && [];
}

/** Done without a call to AWS. */
function onlyRecorded<To extends Rotation>(rotation: To, { user }: Acting): Outcome<To> {
  return { kind: 'done', rotation, keys: user.keys, requestIds: [] };
}

function keyInQuestion({ claim: { keyId, move } }: Acting): string {
  if (keyId === undefined) throw new Error(`${move} names no key`);
  return keyId;
}

function timeAsked({ claim, now }: Acting): MoreTime {
  const { until, text } = claim.input ?? {};
  if (until === undefined || text === undefined) throw new Error(`${claim.move} names no date or no reason`);
  return { until, why: text, by: claim.actor, at: now() };
}

/** What is asked for now, or what was asked for and is approved. */
function timeGiven({ request }: OldKeyOn, acting: Acting): TimeGiven {
  const { move, actor } = acting.claim;
  if (move !== 'approve') return timeAsked(acting);
  if (!request) throw new Error('nothing was asked for');
  return { ...request, approvedBy: actor };
}

/** The agreed deadline never moves back: who asks for a quiet week does not lose a later date. */
function agreed<R extends Pick<OldKeyOn, 'extendedTo' | 'request'>>(rotation: R, { until }: TimeGiven): R {
  const next: R = { ...rotation, extendedTo: Math.max(until, rotation.extendedTo ?? 0) };
  delete next.request;
  return next;
}
