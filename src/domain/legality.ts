// Whether a move may be made now: the table, what the keys are, and the doubts. Buttons and clicks ask the same rules.
import { type AccessKey, findKey } from './access-key.ts';
import { type Doubt, doubtsAbout, doubtsWereShown } from './evidence.ts';
import type { IamUser } from './iam-user.ts';
import { graceEndsAt, type Policy } from './policy.ts';
import type { Refusal } from './refusal.ts';
import { isOpen, type OpenRotation, replacementOf } from './rotation.ts';
import type { Instant } from './time.ts';
import { isMoveAt, type MoveName, movesAt } from './transitions.ts';

interface Situation {
  rotation: OpenRotation;
  keys: readonly AccessKey[];
  policy: Policy;
  now: Instant;
}

type Guard = (situation: Situation) => Refusal | undefined;

/** What must be true of the keys before each move. */
const GUARDS: Record<MoveName, readonly Guard[]> = {
  createKey: [oldKeyExists, slotIsFree],
  retire: [oldKeyExists],
  confirmMigration: [newKeyWorks],
  discardNewKey: [oldKeyWorks],
  reopen: [],
  deactivate: [oldKeyExists, newKeyWorks],
  reactivate: [oldKeyExists],
  delete: [graceIsOver, oldKeyIsOff, replacementWorks],
};

export type Verdict =
  | { verdict: 'allowed' }
  | { verdict: 'ask'; doubts: Doubt[] }
  | { verdict: 'refused'; refusal: Refusal };

/** Judges one press. `insist` is "anyway": it counts only against doubts that were shown on the card. */
export function judge(
  user: IamUser,
  press: { move: MoveName; insist: boolean },
  policy: Policy,
  now: Instant,
): Verdict {
  const { rotation, keys, question } = user;
  if (policy.mode === 'preview') return refused({ kind: 'previewOnly' });
  if (!isOpen(rotation)) return refused({ kind: 'nothingOpen' });
  if (!isMoveAt(rotation.stage, press.move)) {
    return refused({ kind: 'notAtThisStage', stage: rotation.stage, move: press.move });
  }
  const situation = { rotation, keys, policy, now };
  const refusal = firstRefusal(press.move, situation);
  if (refusal) return refused(refusal);
  const doubts = doubtsAbout(press.move, situation);
  const answered = press.insist && question?.move === press.move && doubtsWereShown(doubts, question.doubts);
  return doubts.length === 0 || answered ? { verdict: 'allowed' } : { verdict: 'ask', doubts };
}

/**
 * Judges a move that broke off, before it is taken up again. When AWS already shows what it was to do, it only remains
 * to write that down; otherwise everything may have changed since the press, and the press is judged anew.
 */
export function judgeAgain(user: IamUser, move: MoveName, policy: Policy, now: Instant): Verdict {
  const { rotation, keys, question } = user;
  if (isOpen(rotation) && DONE_ALREADY[move]?.({ rotation, keys, policy, now }))
    return { verdict: 'allowed' };
  return judge(user, { move, insist: question?.move === move }, policy, now);
}

/** What AWS shows once a move has taken effect. createKey is not here: its traces need more than a look. */
const DONE_ALREADY: Partial<Record<MoveName, (situation: Situation) => boolean>> = {
  retire: oldKeyTurnedOff,
  deactivate: oldKeyTurnedOff,
  reactivate: (situation) => oldKeyWorks(situation) === undefined,
  delete: (situation) => oldKeyExists(situation) !== undefined,
  discardNewKey: (situation) => newKeyWorks(situation)?.kind === 'newKeyMissing',
};

/** The moves a card may offer: those of the stage that the keys, as last seen, do not rule out. */
export function movesOffered(user: IamUser, policy: Policy, now: Instant): MoveName[] {
  const { rotation, keys } = user;
  if (!isOpen(rotation)) return [];
  const situation = { rotation, keys, policy, now };
  return movesAt(rotation.stage).filter((move) => firstRefusal(move, situation) === undefined);
}

function firstRefusal(move: MoveName, situation: Situation): Refusal | undefined {
  for (const guard of GUARDS[move]) {
    const refusal = guard(situation);
    if (refusal) return refusal;
  }
  return undefined;
}

function refused(refusal: Refusal): Verdict {
  return { verdict: 'refused', refusal };
}

function oldKeyExists({ rotation, keys }: Situation): Refusal | undefined {
  return findKey(keys, rotation.oldKeyId) ? undefined : { kind: 'oldKeyMissing' };
}

function oldKeyWorks({ rotation, keys }: Situation): Refusal | undefined {
  const key = findKey(keys, rotation.oldKeyId);
  if (!key) return { kind: 'oldKeyMissing' };
  return key.status === 'Active' ? undefined : { kind: 'oldKeyOff' };
}

function oldKeyTurnedOff(situation: Situation): boolean {
  return oldKeyWorks(situation)?.kind === 'oldKeyOff';
}

function oldKeyIsOff({ rotation, keys }: Situation): Refusal | undefined {
  // A key that is already gone needs no guard: deleting it is the success that was asked for.
  return findKey(keys, rotation.oldKeyId)?.status === 'Active' ? { kind: 'oldKeyOn' } : undefined;
}

function slotIsFree({ rotation, keys }: Situation): Refusal | undefined {
  // AWS allows two keys a user, inactive ones included.
  const other = keys.find((key) => key.id !== rotation.oldKeyId);
  return other && keys.length >= 2 ? { kind: 'slotTaken', otherKeyId: other.id } : undefined;
}

function newKeyWorks({ rotation, keys }: Situation): Refusal | undefined {
  const replacement = replacementOf(rotation);
  const key = replacement && findKey(keys, replacement.keyId);
  if (!key) return { kind: 'newKeyMissing' };
  return key.status === 'Active' ? undefined : { kind: 'newKeyOff' };
}

/** Without a working replacement the old key may be the last one; a retired key was never to have one. */
function replacementWorks(situation: Situation): Refusal | undefined {
  return replacementOf(situation.rotation) ? newKeyWorks(situation) : undefined;
}

function graceIsOver({ rotation, policy, now }: Situation): Refusal | undefined {
  if (!('offSince' in rotation)) return { kind: 'oldKeyOn' };
  const until = graceEndsAt(rotation, policy);
  return now >= until ? undefined : { kind: 'graceNotOver', until };
}
