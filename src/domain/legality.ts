// Whether a move may be made now: the table, what the keys are, and the doubts. Buttons and clicks ask the same rules.
import { type AccessKey, findKey } from './access-key.ts';
import { type Doubt, doubtsWereShown } from './evidence.ts';
import type { Claim, IamUser, Input } from './iam-user.ts';
import { type KeyRole, MOVE_ROWS } from './moves/rows.ts';
import { newKeyIn, oldKeyIn, otherKeyIn, type Situation, strandedKeyIn } from './moves/situation.ts';
import { ownerMayPostponeTo } from './policy.ts';
import type { Refusal } from './refusal.ts';
import { type Role, replacementOf } from './rotation.ts';
import { DAY, type Instant } from './time.ts';
import { isMoveAt, type MoveName, movesAt } from './transitions.ts';
import { localDay } from './working-hours.ts';

/** One press, by somebody who may press at all. */
export interface Press {
  move: MoveName;
  /** "Anyway": it counts only against doubts that were shown on the card. */
  insist: boolean;
  as: Role;
  input?: Input;
}

export type Verdict =
  | { verdict: 'allowed' }
  | { verdict: 'ask'; doubts: Doubt[] }
  | { verdict: 'refused'; refusal: Refusal };

export function judge(situation: Situation | undefined, press: Press): Verdict {
  if (!situation) return refused({ kind: 'nothingOpen' });
  const { rotation, question, policy } = situation;
  if (policy.mode === 'preview') return refused({ kind: 'previewOnly', move: press.move });
  if (isHeld(situation, press)) return refused({ kind: 'ownerInDoubt' });
  if (!isMoveAt(rotation.stage, press.move)) {
    return refused({ kind: 'notAtThisStage', stage: rotation.stage, move: press.move });
  }
  const refusal = roleFault(press) ?? inputFault(press, situation.now) ?? keysFault(press.move, situation);
  if (refusal) return refused(refusal);
  const doubts = doubtsAbout(press.move, situation);
  const answered = press.insist && question?.move === press.move && doubtsWereShown(doubts, question);
  return doubts.length === 0 || answered ? { verdict: 'allowed' } : { verdict: 'ask', doubts };
}

/**
 * Judges a move that broke off, before it is taken up again. When AWS already shows what it was to do, it only remains
 * to write that down; otherwise everything may have changed since the press, and the press is judged anew.
 */
export function judgeAgain(situation: Situation | undefined, claim: Claim): Verdict {
  const { move, actor, input, keyId } = claim;
  if (situation && isDone(situation, claim)) return { verdict: 'allowed' };
  // The key that was meant is gone and another has its slot: nobody asked to change that one.
  if (keyId !== undefined && keyMeant(situation, move)?.id !== keyId)
    return refused({ kind: 'otherKeyMissing' });
  if (claim.decidedAt !== undefined) return judgeDecided(situation, claim);
  const insist = situation?.question?.move === move;
  return judge(situation, { move, insist, as: actor.as, ...(input && { input }) });
}

/** What keyrotate carries out for somebody counts as long as that stands, and insists on nothing. */
function judgeDecided(situation: Situation | undefined, { move, actor, decidedAt }: Claim): Verdict {
  const { rotation } = situation ?? {};
  const stands = rotation?.stage === 'confirmed' && rotation.decided?.at === decidedAt;
  return stands
    ? judge(situation, { move, insist: false, as: actor.as })
    : refused({ kind: 'nothingDecided' });
}

/** The moves a card may offer: those of the stage that the keys, as last seen, do not rule out. */
export function movesOffered(situation: Situation | undefined, as: Role = 'owner'): MoveName[] {
  if (!situation) return [];
  return movesAt(situation.rotation.stage).filter(
    (move) =>
      isOnTheCard(move) &&
      !isHeld(situation, { move, as }) &&
      !roleFault({ move, as }) &&
      !keysFault(move, situation),
  );
}

function isOnTheCard(move: MoveName): boolean {
  const { offered } = MOVE_ROWS[move];
  return offered === 'onTheCard' || offered === 'inTheMenu';
}

/** What only an admin may do: also one who owns the key acts as admin then. */
export function needsAdmin(user: Pick<IamUser, 'ownerChange'>, move: MoveName): boolean {
  return isHeld(user, { move, as: 'owner' }) || MOVE_ROWS[move].by === 'admin';
}

/** While the owner is in doubt an admin decides. Turning a key back on does not wait: it harms nobody. */
function isHeld({ ownerChange }: Pick<IamUser, 'ownerChange'>, { move, as }: Pick<Press, 'move' | 'as'>) {
  return as === 'owner' && ownerChange !== undefined && MOVE_ROWS[move].inAws !== 'turnsOn';
}

/** More time than an owner may take alone becomes a request to the admins. */
export function moveMeant(situation: Situation | undefined, { move, as, input }: Press): MoveName {
  const until = input?.until;
  if (!situation || move !== 'postpone' || as !== 'owner' || until === undefined) return move;
  const mayTake = ownerMayPostponeTo(situation.rotation, situation.policy);
  // By calendar day where the owner lives: a date names no hour, and Slack draws the deadline in their zone.
  const { zone } = situation;
  return localDay(until, zone) > localDay(mayTake, zone) ? 'askForTime' : 'postpone';
}

/** Which key a move is about, where that is neither the old one nor its replacement. */
export function keyMeant(situation: Situation | undefined, move: MoveName): AccessKey | undefined {
  const { about } = MOVE_ROWS[move];
  const isAnother = about === 'other' || about === 'stranded';
  return situation && isAnother ? KEY_IN[about](situation) : undefined;
}

const KEY_IN: Record<KeyRole, (situation: Situation) => AccessKey | undefined> = {
  old: oldKeyIn,
  new: newKeyIn,
  other: otherKeyIn,
  stranded: strandedKeyIn,
};

export function doubtsAbout(move: MoveName, situation: Situation): Doubt[] {
  return MOVE_ROWS[move].doubts.flatMap((raised) => raised(situation));
}

/**
 * Whether AWS shows that a move has taken effect. A move that changes only the record shows nothing there, and a new
 * key does not show who made it.
 */
function isDone({ rotation, keys }: Situation, { move, keyId }: Claim): boolean {
  const { about, inAws } = MOVE_ROWS[move];
  const own = { old: rotation.oldKeyId, new: replacementOf(rotation)?.keyId, noKey: undefined };
  const id = about === 'other' || about === 'stranded' ? keyId : own[about];
  if (id === undefined) return false;
  const status = findKey(keys, id)?.status;
  switch (inAws) {
    case 'turnsOff':
      return status !== undefined && status !== 'Active';
    case 'turnsOn':
      return status === 'Active';
    case 'deletes':
      return status === undefined;
    case 'nothing':
    case 'createsKey':
      return false;
  }
}

function roleFault({ move, as }: Pick<Press, 'move' | 'as'>): Refusal | undefined {
  const { by } = MOVE_ROWS[move];
  if (by === 'either' || by === as) return undefined;
  return by === 'admin' ? { kind: 'adminsOnly' } : { kind: 'ownerOnly' };
}

/** Nobody plans further ahead than a year. */
export const LONGEST_POSTPONEMENT: number = 366 * DAY;

function inputFault({ move, input }: Press, now: Instant): Refusal | undefined {
  const { asksFor } = MOVE_ROWS[move];
  if (asksFor === 'nothing' || asksFor === 'textIfAny') return undefined;
  if (!input?.text) return { kind: 'inputMissing', move };
  if (asksFor === 'text') return undefined;
  if (input.until === undefined) return { kind: 'inputMissing', move };
  const atMost = now + LONGEST_POSTPONEMENT;
  // A date before the deadline is fine, too: until then nobody is reminded.
  const isPossible = input.until > now && input.until <= atMost;
  return isPossible ? undefined : { kind: 'dateNotPossible', after: now, atMost };
}

function keysFault(move: MoveName, situation: Situation): Refusal | undefined {
  for (const guard of MOVE_ROWS[move].guards) {
    const refusal = guard(situation);
    if (refusal) return refusal;
  }
  return undefined;
}

function refused(refusal: Refusal): Verdict {
  return { verdict: 'refused', refusal };
}
