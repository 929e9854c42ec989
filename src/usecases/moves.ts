// The effect of each move on AWS. An effect takes the stage before and returns the stage after, so the compiler
// holds every row of the table; each is safe to repeat after a crash.
import { type AccessKey, findKey } from '../domain/access-key.ts';
import { IAM_LAG } from '../domain/policy.ts';
import {
  begun,
  type Confirmed,
  type Deactivated,
  type Deleted,
  type Due,
  type Issued,
  type OpenRotation,
  type Retired,
  type Rotation,
  type RotationAt,
} from '../domain/rotation.ts';
import type { MoveName, MovesAt, OpenStage, Target } from '../domain/transitions.ts';
import type { Acting, Effect, Outcome } from './effect.ts';
import { OutsideError } from './errors.ts';
import { issueKey } from './issue-key.ts';
import { lookAtKeys } from './look.ts';
import type { AwsRequestId } from './ports.ts';

type Step<To extends Rotation> = (rotation: OpenRotation, acting: Acting) => Promise<Outcome<To>>;

const EFFECTS: { [S in OpenStage]: { [M in MovesAt<S>]: Step<RotationAt<Target<S, M>>> } } = {
  due: { createKey: from('due', issueKey), retire: from('due', retire) },
  issued: {
    confirmMigration: from('issued', confirmMigration),
    discardNewKey: from('issued', discardNewKey),
  },
  confirmed: { deactivate: from('confirmed', deactivate), reopen: from('confirmed', reopen) },
  deactivated: { delete: from('deactivated', deleteOldKey), reactivate: from('deactivated', backToIssued) },
  retired: { delete: from('retired', deleteOldKey), reactivate: from('retired', backToDue) },
};

/** Carries out one move. The caller has made sure that the table allows it and that it is claimed. */
export function act(move: MoveName, rotation: OpenRotation, acting: Acting): Promise<Outcome<Rotation>> {
  const row: Partial<Record<MoveName, Step<Rotation>>> = EFFECTS[rotation.stage];
  const step = row[move];
  if (!step) throw new Error(`no effect for ${move} at ${rotation.stage}`);
  return step(rotation, acting);
}

function from<S extends OpenStage, To extends Rotation>(stage: S, effect: Effect<S, To>): Step<To> {
  return (rotation, acting) => {
    if (!isAt(rotation, stage)) throw new Error(`expected ${stage}, found ${rotation.stage}`);
    return effect(rotation, acting);
  };
}

function isAt<S extends OpenStage>(rotation: Rotation, stage: S): rotation is RotationAt<S> {
  return rotation.stage === stage;
}

async function confirmMigration(issued: Issued, { user, now }: Acting): Promise<Outcome<Confirmed>> {
  const rotation: Confirmed = { ...issued, stage: 'confirmed', confirmedAt: now() };
  return { kind: 'done', rotation, keys: user.keys, requestIds: [] };
}

async function reopen(confirmed: Confirmed, { user }: Acting): Promise<Outcome<Issued>> {
  const rotation: Issued = { ...begun(confirmed), stage: 'issued', replacement: confirmed.replacement };
  return { kind: 'done', rotation, keys: user.keys, requestIds: [] };
}

async function discardNewKey(issued: Issued, acting: Acting): Promise<Outcome<Due>> {
  const requestIds = await removeKey(issued.replacement.keyId, acting);
  const settledAt = (acting.user.changedAt ?? 0) + IAM_LAG;
  // "No such key" so soon after our own change may be IAM's lag, and then the key lives.
  if (requestIds.length === 0 && acting.now() < settledAt) return { kind: 'unsettled', until: settledAt };
  const keys = acting.user.keys.filter((key) => key.id !== issued.replacement.keyId);
  return { kind: 'done', rotation: { ...begun(issued), stage: 'due' }, keys, requestIds };
}

async function deactivate(confirmed: Confirmed, acting: Acting): Promise<Outcome<Deactivated>> {
  const { keys, requestIds } = await turn('Inactive', confirmed, acting);
  const { replacement } = confirmed;
  const off = { offSince: acting.now(), offBy: 'keyrotate' } as const;
  return {
    kind: 'done',
    rotation: { ...begun(confirmed), stage: 'deactivated', replacement, ...off },
    keys,
    requestIds,
  };
}

async function retire(due: Due, acting: Acting): Promise<Outcome<Retired>> {
  const { keys, requestIds } = await turn('Inactive', due, acting);
  const off = { offSince: acting.now(), offBy: 'keyrotate' } as const;
  return { kind: 'done', rotation: { ...begun(due), stage: 'retired', ...off }, keys, requestIds };
}

async function backToIssued(off: Deactivated, acting: Acting): Promise<Outcome<Issued>> {
  const { keys, requestIds } = await turn('Active', off, acting);
  const rotation: Issued = { ...begun(off), stage: 'issued', replacement: off.replacement };
  return { kind: 'done', rotation, keys, requestIds };
}

async function backToDue(off: Retired, acting: Acting): Promise<Outcome<Due>> {
  const { keys, requestIds } = await turn('Active', off, acting);
  return { kind: 'done', rotation: { ...begun(off), stage: 'due' }, keys, requestIds };
}

async function deleteOldKey(off: Deactivated | Retired, acting: Acting): Promise<Outcome<Deleted>> {
  const { user, keys } = acting;
  // DeleteAccessKey removes an active key without a word, so its status is read once more, right before.
  const listed = await keys.list(user.userName);
  if (listed && findKey(listed, off.oldKeyId)?.status === 'Active') {
    return { kind: 'refused', refusal: { kind: 'oldKeyOn' }, requestIds: [] };
  }
  const requestIds = await removeKey(off.oldKeyId, acting);
  const left = await keysAfterDeleting(acting);
  const replacement = 'replacement' in off ? { replacement: off.replacement } : {};
  return {
    kind: 'done',
    rotation: { ...begun(off), ...replacement, stage: 'deleted', closedAt: acting.now() },
    keys: left.filter((key) => key.id !== off.oldKeyId),
    requestIds,
  };
}

/** Confirms by listing. When IAM cannot be asked now, its answer to the deletion itself still stands. */
async function keysAfterDeleting({ user, keys }: Acting): Promise<AccessKey[]> {
  try {
    return (await lookAtKeys(user.userName, keys)) ?? [];
  } catch (error) {
    if (error instanceof OutsideError) return user.keys;
    throw error;
  }
}

async function turn(
  status: 'Active' | 'Inactive',
  { oldKeyId }: OpenRotation,
  { user, keys }: Acting,
): Promise<{ keys: AccessKey[]; requestIds: AwsRequestId[] }> {
  const requestId = await keys.setStatus(user.userName, oldKeyId, status);
  const changed = user.keys.map((key) => (key.id === oldKeyId ? { ...key, status } : key));
  return { keys: changed, requestIds: [requestId] };
}

async function removeKey(id: string, { user, keys }: Acting): Promise<AwsRequestId[]> {
  const requestId = await keys.remove(user.userName, id);
  return requestId === undefined ? [] : [requestId];
}
