// act · save: carries out the move that a claim names, whether it was just claimed or found standing after a crash.
import { type Claim, type IamUser, owing, without } from '../domain/iam-user.ts';
import type { Refusal } from '../domain/refusal.ts';
import { type HistoryEntry, isClosed, isOpen, type OpenRotation, type Rotation } from '../domain/rotation.ts';
import type { Outcome } from './effect.ts';
import { OutsideError } from './errors.ts';
import { act } from './moves.ts';
import type { Ports } from './ports.ts';

/** Longer than the worker may run, so that a live lease means a live holder. */
export const LEASE_MS = 120_000;

export interface CarriedOut {
  user: IamUser;
  /** Why the move was not done; undefined when it was. */
  refusal?: Refusal;
}

/**
 * Effects may be repeated, so a failure that leaves the outcome open keeps the claim: the message comes back, or the
 * tick does, and the same move is taken up again.
 */
export async function carryOut(user: IamUser, resuming: boolean, ports: Ports): Promise<CarriedOut> {
  const { claim, rotation } = user;
  if (!claim || !isOpen(rotation)) return { user };
  const acting = {
    user,
    claim,
    resuming,
    keys: ports.keys(user.account),
    vault: ports.vault(user.account),
    now: ports.now,
  };
  let outcome: Outcome<Rotation>;
  try {
    outcome = await act(claim.move, rotation, acting);
  } catch (error) {
    outcome = await afterFailure(user, claim, error, ports);
  }
  const next = applied(user, claim, rotation, outcome, ports.now());
  ports.log.info('move.carriedOut', {
    account: user.account,
    userName: user.userName,
    jobId: claim.jobId,
    move: claim.move,
    ...(outcome.kind === 'refused' ? { refusal: outcome.refusal.kind } : {}),
    stage: next.rotation?.stage ?? rotation.stage,
  });
  return { user: await ports.users.save(next), ...refusalOf(outcome, claim) };
}

/** A plain "no" from AWS ends the move; anything else leaves it claimed, its lease over, to be taken up again. */
async function afterFailure(
  user: IamUser,
  claim: Claim,
  error: unknown,
  ports: Ports,
): Promise<Outcome<Rotation>> {
  if (error instanceof OutsideError && error.outcome === 'refused') {
    ports.log.warn('move.refusedOutside', {
      account: user.account,
      userName: user.userName,
      move: claim.move,
      error,
    });
    return { kind: 'refused', refusal: { kind: 'awsRefused', code: error.code }, requestIds: [] };
  }
  await ports.users.save({ ...user, claim: { ...claim, leaseUntil: ports.now() } });
  throw error;
}

function applied(
  user: IamUser,
  claim: Claim,
  rotation: OpenRotation,
  outcome: Outcome<Rotation>,
  now: number,
): IamUser {
  if (outcome.kind === 'unsettled') {
    return owing({ ...user, claim: { ...claim, leaseUntil: outcome.until } }, 'redraw');
  }
  const entry = historyEntry(user, claim, rotation, outcome, now);
  const free: IamUser = { ...without(user, 'claim', 'question', 'failure'), changedAt: now };
  if (outcome.kind === 'done') {
    const done = {
      ...free,
      keys: outcome.keys,
      rotation: { ...outcome.rotation, history: [...rotation.history, entry] },
    };
    return isClosed(done.rotation) ? owing(done, 'file', 'redraw') : owing(done, 'redraw');
  }
  const { refusal } = outcome;
  const stranded = refusal.kind === 'newKeyStranded' ? [...user.stranded, refusal.keyId] : user.stranded;
  const failure = { since: user.failure?.since ?? now, what: claim.move, code: codeOf(refusal) };
  const failed = { ...rotation, history: [...rotation.history, entry] };
  return owing({ ...free, rotation: failed, stranded, failure }, 'redraw');
}

function historyEntry(
  user: IamUser,
  claim: Claim,
  rotation: OpenRotation,
  outcome: Exclude<Outcome<Rotation>, { kind: 'unsettled' }>,
  at: number,
): HistoryEntry {
  return {
    at,
    jobId: claim.jobId,
    what: claim.move,
    outcome: outcome.kind === 'done' ? 'done' : 'failed',
    by: claim.actor,
    from: rotation.stage,
    to: outcome.kind === 'done' ? outcome.rotation.stage : rotation.stage,
    evidence: user.keys,
    awsRequestIds: outcome.requestIds,
    ...(outcome.kind === 'refused' && { reason: codeOf(outcome.refusal) }),
  };
}

function refusalOf(outcome: Outcome<Rotation>, claim: Claim): { refusal?: Refusal } {
  if (outcome.kind === 'refused') return { refusal: outcome.refusal };
  if (outcome.kind === 'done') return {};
  return { refusal: { kind: 'settling', move: claim.move, until: outcome.until } };
}

function codeOf(refusal: Refusal): string {
  return 'code' in refusal ? refusal.code : refusal.kind;
}
