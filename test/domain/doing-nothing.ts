// Time passes, and nobody does anything: what the tick makes of an IAM user, and what its owner and the admins hear.
import { awakened, mayNotifyNow, mustWake, nextAt, owesReminder } from '../../src/domain/agenda.ts';
import { decisionIn, outcomeOf, undecided } from '../../src/domain/decision.ts';
import { type IamUser, without } from '../../src/domain/iam-user.ts';
import { mattersToTell } from '../../src/domain/matters.ts';
import type { MatterKind } from '../../src/domain/message.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { reconcile } from '../../src/domain/reconcile.ts';
import { type HistoryEntry, isOpen, type Rotation, withoutRequest } from '../../src/domain/rotation.ts';
import { entryByKeyrotate, type Snapshot } from '../../src/domain/snapshot.ts';
import { type Instant, MINUTE } from '../../src/domain/time.ts';
import { heard } from '../../src/usecases/messages/note-reminder.ts';
import { adminsTold, drawn } from './given.ts';

/** What admins heard in the end, and how the user stood then. */
export interface Heard {
  at: Instant;
  matters: MatterKind[];
  user: IamUser;
}

/** A look that shows what is on record, and whoever the tags name. */
export function sameLook({ userId, arn, owner, ownerChange, keys, exempt }: IamUser, at: Instant): Snapshot {
  return {
    ...{ at, jobId: 'look', exists: true, userId, arn, owner: ownerChange?.to ?? owner, keys },
    ...(exempt && { exempt }),
  };
}

/** All that the agenda asks for until then, or until the rotation is over, and nothing else. `hear`: called with what admins are told on the way. */
export function nothingDone(
  user: IamUser,
  policy: Policy,
  { from, until }: { from: Instant; until: Instant },
  hear: (heard: Heard) => void = () => {},
): IamUser {
  let current = user;
  let at = from;
  for (;;) {
    const next = nextAt(current, policy, at);
    if (next === undefined || next > until || !isOpen(current.rotation)) return current;
    at = Math.max(next, at + MINUTE);
    current = ticked(current, policy, at, hear);
  }
}

/** Looked at, awakened, told: as a tick leaves it. */
export function ticked(
  user: IamUser,
  policy: Policy,
  at: Instant,
  hear: (heard: Heard) => void = () => {},
): IamUser {
  const seen = without(reconcile(user, user, sameLook(user, at), policy), 'answer');
  const awake = mustWake(seen, at) ? awakened(seen, 'tick', at) : seen;
  const settled = withDecisionSettled(awake, policy, at);
  const matters = mattersToTell(settled, policy, at).map(({ kind }) => kind);
  if (matters.length > 0) hear({ at, matters, user: settled });
  const told = drawn(adminsTold(settled, at, policy), at, policy);
  const isTold = owesReminder(told, policy, at) && mayNotifyNow(told, policy, at);
  return isTold ? heard(told, at) : told;
}

/** As keyrotate carries it out, or asks anew. */
export function withDecisionSettled(user: IamUser, policy: Policy, at: Instant): IamUser {
  const decided = decisionIn(user);
  const { rotation } = user;
  if (!decided || rotation?.stage !== 'confirmed') return user;
  const outcome = outcomeOf(decided, user, policy, at);
  if (outcome.kind === 'wait') return user;
  const { by, at: decidedAt } = decided;
  const change = { what: 'deactivate', from: 'confirmed' } as const;
  const entry = {
    ...entryByKeyrotate({ at, jobId: 'look/decided', keys: user.keys }, { ...change, to: 'confirmed' }),
  };
  if (outcome.kind === 'ask') {
    const failed: HistoryEntry = { ...entry, by, decidedAt, outcome: 'failed', reason: 'asked' };
    const { doubts } = outcome;
    const next = { ...undecided(rotation, at), history: [...rotation.history, failed] } as Rotation;
    return {
      ...user,
      rotation: next,
      ...(doubts.length > 0 && { question: { move: 'deactivate', doubts, askedAt: at } }),
    };
  }
  const done: HistoryEntry = { ...entry, by, decidedAt, to: 'deactivated' };
  return {
    ...without(user, 'question'),
    keys: user.keys.map((key) => (key.id === rotation.oldKeyId ? { ...key, status: 'Inactive' } : key)),
    rotation: {
      ...withoutRequest(rotation),
      ...{ stage: 'deactivated', replacement: rotation.replacement, offSince: at, offBy: 'keyrotate' },
      history: [...rotation.history, done],
    },
  };
}
