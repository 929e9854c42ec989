// act · save: carries out the move that a claim names, whether it was just claimed or found standing after a crash.
import { type AccessKey, findKey } from '../../domain/access-key.ts';
import { withConsequences } from '../../domain/consequences.ts';
import { undecided } from '../../domain/decision.ts';
import { type Claim, type IamUser, nameOf, without } from '../../domain/iam-user.ts';
import { changesKeys } from '../../domain/moves/rows.ts';
import type { Refusal } from '../../domain/refusal.ts';
import {
  type HistoryEntry,
  isClosed,
  isOpen,
  type OpenRotation,
  type Rotation,
} from '../../domain/rotation.ts';
import { ChangedMeanwhile, ifRefused } from '../errors.ts';
import { noteWith } from '../messages/note-with.ts';
import type { Ports } from '../ports.ts';
import { findOut } from '../shared/live-user.ts';
import { logFailure, type Outcome, refused } from './effect.ts';
import { act } from './effects.ts';

/** Longer than the worker may run, so that a live lease means a live holder. */
export const LEASE_MS = 120_000;

/** @param claim who wants what, and about which key where that is neither the old one nor its replacement. */
export function claimed(
  user: IamUser,
  claim: Pick<Claim, 'move' | 'actor' | 'jobId' | 'at' | 'keyId' | 'input' | 'decidedAt'>,
): IamUser {
  return {
    ...user,
    claim: {
      ...claim,
      leaseUntil: claim.at + LEASE_MS,
      knownKeyIds: user.keys.map(({ id }) => id),
      evidence: user.keys,
    },
  };
}

/** How often it is tried to write down what AWS did, while others write at the same time. */
const CONCLUDE_TRIES = 6;

/**
 * Effects may be repeated, so a failure that leaves the outcome open keeps the claim: the message comes back, or the
 * tick does, and the same move is taken up again.
 */
export async function carryOut(user: IamUser, resuming: boolean, ports: Ports): Promise<IamUser> {
  const { claim, rotation } = user;
  if (!claim || !isOpen(rotation)) return user;
  const { now, timeLeft, log } = ports;
  const aws = { keys: ports.keys(user.account), vault: ports.vault(user.account) };
  const policy = ports.policy(user.account);
  const acted = act(claim.move, rotation, { user, claim, resuming, ...aws, policy, now, timeLeft, log });
  // A plain "no" from AWS ends the move; anything else leaves it claimed, its lease over, to be taken up again.
  const ended = ifRefused(acted, (error) => {
    logFailure(error, { user, claim, log });
    return refused({ kind: 'awsRefused', code: error.code });
  });
  const outcome = await ended.catch(async (error) => {
    await ports.users.save({ ...user, claim: { ...claim, leaseUntil: now() } });
    throw error;
  });
  return conclude(user, outcome, ports);
}

/** save: writes down how a claimed move ended, and frees the claim unless that is still open. */
export async function conclude(user: IamUser, outcome: Outcome<Rotation>, ports: Ports): Promise<IamUser> {
  const { claim, rotation } = user;
  if (!claim || !isOpen(rotation)) return user;
  if (outcome.kind === 'refused') await findOut(outcome.refusal, { ...user, id: claim.jobId }, ports);
  const { account, userName, keys, keysSeenAt, longestSilence } = user;
  const ended = (current: IamUser) => {
    if (!isStillClaimed(current, claim) || !isOpen(current.rotation)) return undefined;
    const seen = { ...current, keys, keysSeenAt, longestSilence };
    return applied(seen, claim, current.rotation, outcome, ports.now());
  };
  const saved = await noteWith(user, ports, ended, CONCLUDE_TRIES);
  if (!saved) throw new ChangedMeanwhile(nameOf(user));
  ports.log.info('move.concluded', {
    ...{ account, userName, jobId: claim.jobId, move: claim.move },
    outcome: outcome.kind,
    ...(outcome.kind === 'refused' && { refusal: outcome.refusal.kind }),
    stage: saved.rotation?.stage ?? rotation.stage,
  });
  return saved;
}

/** While the claim is still ours, nobody else acted in AWS, whoever wrote to the record meanwhile. */
function isStillClaimed({ claim }: IamUser, { jobId, leaseUntil }: Claim): boolean {
  return claim?.jobId === jobId && claim.leaseUntil === leaseUntil;
}

function applied(
  user: IamUser,
  claim: Claim,
  rotation: OpenRotation,
  outcome: Outcome<Rotation>,
  now: number,
): IamUser {
  if (outcome.kind === 'notKnownYet') return waiting(user, claim, outcome.until);
  const history = [...rotation.history, historyEntry(user, claim, rotation, outcome, now)];
  const free = freed(user, claim, now);
  if (outcome.kind === 'done') {
    const { keys } = outcome;
    const next = { ...outcome.rotation };
    // The owner may be told while a move is under way: what the record says now counts.
    delete next.contactedAt;
    if (rotation.contactedAt !== undefined) next.contactedAt = rotation.contactedAt;
    const knownKeyIds = [...new Set([...free.knownKeyIds, ...keys.map(({ id }) => id)])];
    const moved = { ...free, keys, knownKeyIds, rotation: { ...next, history } };
    const done = withConsequences(moved, claim, now);
    return isClosed(next) ? { ...done, unconfirmed: [] } : done;
  }
  const left = claim.decidedAt !== undefined ? undecided(rotation, now) : rotation;
  const unchanged = { ...free, rotation: { ...left, history } };
  if (outcome.kind === 'asked') {
    if (outcome.doubts.length === 0) return unchanged;
    const question = { move: claim.move, doubts: outcome.doubts, askedAt: now };
    return { ...unchanged, question };
  }
  const { refusal } = outcome;
  const stranded = refusal.kind === 'newKeyStranded' ? [...user.stranded, refusal.keyId] : user.stranded;
  const failure = { since: user.failure?.since ?? now, what: claim.move, code: codeOf(refusal) };
  const { keys = user.keys } = outcome;
  return answering({ ...unchanged, keys, stranded, failure }, claim, refusal);
}

/** IAM lags after a change in AWS, whichever attempt made it; a move that only changes the record causes no lag. */
function freed(user: IamUser, { move }: Claim, now: number): IamUser {
  const free = without(user, 'claim', 'question', 'failure', 'answer');
  return changesKeys(move) ? { ...free, changedAt: now } : free;
}

/** The person is told once that it takes longer, not each time it takes longer still. */
function waiting(user: IamUser, claim: Claim, until: number): IamUser {
  const standing: IamUser = { ...user, claim: { ...claim, leaseUntil: until, waits: true } };
  return claim.waits || claim.decidedAt !== undefined
    ? standing
    : answering(standing, claim, { kind: 'settling', move: claim.move, until });
}

function answering(user: IamUser, { actor }: Claim, refusal: Refusal): IamUser {
  return { ...user, answer: { to: actor.slackId, refusal } };
}

function historyEntry(
  user: IamUser,
  claim: Claim,
  rotation: OpenRotation,
  outcome: Exclude<Outcome<Rotation>, { kind: 'notKnownYet' }>,
  at: number,
): HistoryEntry {
  const refusal = outcome.kind === 'refused' ? outcome.refusal : undefined;
  return {
    at,
    jobId: claim.jobId,
    what: claim.move,
    outcome: outcome.kind === 'done' ? 'done' : 'failed',
    by: claim.actor,
    from: rotation.stage,
    to: outcome.kind === 'done' ? outcome.rotation.stage : rotation.stage,
    evidence: evidenceFor(user, claim),
    ...(claim.keyId !== undefined && { keyId: claim.keyId }),
    ...(refusal?.kind === 'newKeyStranded' && { keyId: refusal.keyId }),
    ...(claim.decidedAt !== undefined && { decidedAt: claim.decidedAt }),
    ...(claim.input?.text && { note: claim.input.text }),
    ...(claim.input?.until !== undefined && { until: claim.input.until }),
    awsRequestIds: 'requestIds' in outcome ? outcome.requestIds : [],
    ...(refusal && { reason: codeOf(refusal) }),
    ...(outcome.kind === 'asked' && { reason: 'asked' }),
  };
}

/** A move that is taken up again reads the keys anew. Those that are gone by then stand in the claim. */
function evidenceFor({ keys }: IamUser, { evidence = [] }: Claim): AccessKey[] {
  return [...keys, ...evidence.filter(({ id }) => !findKey(keys, id))];
}

function codeOf(refusal: Refusal): string {
  return 'code' in refusal ? refusal.code : refusal.kind;
}
