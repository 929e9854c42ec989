// Whether a move may be made now: the table, what the keys are, and the doubts. Buttons and clicks ask the same rules.
import { type AccessKey, findKey } from './access-key.ts';
import { zoneOf } from './agenda.ts';
import {
  type Doubt,
  doubtsAbout,
  doubtsWereShown,
  otherKeyFor,
  otherKeyOf,
  type Situation,
} from './evidence.ts';
import type { IamUser, Input } from './iam-user.ts';
import { graceEndsAt, isNearing, ownerMayPostponeTo, type Policy, trulyOffSince } from './policy.ts';
import type { Refusal } from './refusal.ts';
import { isOff, isOpen, type OpenRotation, type Role, replacementOf } from './rotation.ts';
import { DAY, type Instant, wholeDays } from './time.ts';
import { isMoveAt, type MoveName, movesAt } from './transitions.ts';

/** One press, by somebody who may press at all. */
export interface Press {
  move: MoveName;
  /** "Anyway": it counts only against doubts that were shown on the card. */
  insist: boolean;
  as: Role;
  input?: Input;
}

type Guard = (situation: Situation, press: Pick<Press, 'as' | 'input'>) => Refusal | undefined;

/** What must be true of the keys, and of what was asked, before each move. */
const GUARDS: Record<MoveName, readonly Guard[]> = {
  createKey: [slotIsFree, oldKeyExists],
  adopt: [oldKeyExists, otherKeyExists, otherKeyIsUsable, otherKeyIsNewer],
  retire: [oldKeyExists],
  switchKey: [otherKeyExists, otherKeyIsUsable, otherKeyIsDue],
  clearSlot: [otherKeyExists, otherKeyIsOff],
  discardStranded: [strandedKeyExists],
  keepBoth: [oldKeyWorks, otherKeyExists, otherKeyIsUsable, notKnownYet],
  postpone: [dateIsPossible],
  askForTime: [dateIsPossible],
  approve: [adminAsks, timeWasAskedFor],
  decline: [adminAsks, timeWasAskedFor],
  notMine: [ownerAsks, reasonIsGiven],
  resume: [],
  confirmMigration: [newKeyWorks],
  discardNewKey: [newKeyWasMadeHere, oldKeyWorks],
  undoAdopt: [newKeyWasAdopted],
  reopen: [],
  deactivate: [oldKeyExists, newKeyWorks],
  reactivate: [oldKeyExists],
  delete: [oldKeyIsOff, graceIsOver, replacementWorks],
};

/** What only an admin may do: also one who owns the key acts as admin then. */
export function needsAdmin(user: IamUser, move: MoveName): boolean {
  return isInDoubt(user, move) || GUARDS[move].includes(adminAsks);
}

/** Nobody presses these: another move turns into them, or they are pressed on a message of their own. */
const NOT_ON_THE_CARD: ReadonlySet<MoveName> = new Set(['askForTime', 'approve', 'decline']);

/** A year is as far ahead as anybody plans. */
const LONGEST_POSTPONEMENT = 366 * DAY;

/** While the owner is in doubt an admin decides. Only what ends an outage does not wait: it takes nothing from anybody. */
function isInDoubt({ ownerChange }: IamUser, move: MoveName): boolean {
  return ownerChange !== undefined && move !== 'reactivate';
}

function isHeld(user: IamUser, move: MoveName, as: Role): boolean {
  return as === 'owner' && isInDoubt(user, move);
}

export type Verdict =
  | { verdict: 'allowed' }
  | { verdict: 'ask'; doubts: Doubt[] }
  | { verdict: 'refused'; refusal: Refusal };

export function judge(user: IamUser, press: Press, policy: Policy, now: Instant): Verdict {
  const { rotation, question } = user;
  if (policy.mode === 'preview') return refused({ kind: 'previewOnly' });
  if (!isOpen(rotation)) return refused({ kind: 'nothingOpen' });
  if (isHeld(user, press.move, press.as)) return refused({ kind: 'ownerInDoubt' });
  if (!isMoveAt(rotation.stage, press.move)) {
    return refused({ kind: 'notAtThisStage', stage: rotation.stage, move: press.move });
  }
  const situation = situationOf(user, rotation, policy, now);
  const refusal = firstRefusal(press.move, situation, press);
  if (refusal) return refused(refusal);
  const doubts = doubtsAbout(press.move, situation);
  const answered = press.insist && question?.move === press.move && doubtsWereShown(doubts, question.doubts);
  return doubts.length === 0 || answered ? { verdict: 'allowed' } : { verdict: 'ask', doubts };
}

/**
 * Judges a move that broke off, before it is taken up again. When AWS already shows what it was to do, it only remains
 * to write that down; otherwise everything may have changed since the press, and the press is judged anew.
 */
export function judgeAgain(user: IamUser, policy: Policy, now: Instant): Verdict {
  const { rotation, claim, question } = user;
  if (!claim) return refused({ kind: 'nothingOpen' });
  const { move, actor, input } = claim;
  if (isOpen(rotation) && DONE_ALREADY[move]?.(situationOf(user, rotation, policy, now), claim.keyId))
    return { verdict: 'allowed' };
  // The key that was meant has gone, and another has taken its slot: nobody pressed about that one.
  if (claim.keyId !== undefined && keyMeant(user, move, policy, now)?.id !== claim.keyId)
    return refused({ kind: 'otherKeyMissing' });
  const as = actor.kind === 'person' ? actor.as : 'admin';
  return judge(user, { move, insist: question?.move === move, as, ...(input && { input }) }, policy, now);
}

/** What AWS shows once a move has taken effect. createKey is not here: its traces need more than a look. */
const DONE_ALREADY: Partial<Record<MoveName, (situation: Situation, keyId?: string) => boolean>> = {
  retire: oldKeyTurnedOff,
  deactivate: oldKeyTurnedOff,
  reactivate: (situation) => oldKeyWorks(situation) === undefined,
  delete: (situation) => oldKeyExists(situation) !== undefined,
  discardNewKey: (situation) => newKeyWorks(situation)?.kind === 'newKeyMissing',
  clearSlot: otherKeyRemoved,
  discardStranded: otherKeyRemoved,
};

/** The moves a card may offer: those of the stage that the keys, as last seen, do not rule out. */
export function movesOffered(user: IamUser, policy: Policy, now: Instant, as: Role = 'owner'): MoveName[] {
  const { rotation } = user;
  if (!isOpen(rotation)) return [];
  const situation = situationOf(user, rotation, policy, now);
  return movesAt(rotation.stage).filter(
    (move) =>
      !NOT_ON_THE_CARD.has(move) &&
      !isHeld(user, move, as) &&
      firstRefusal(move, situation, { as, input: LATE }) === undefined,
  );
}

/** Stands for what will be filled in: a button is offered when something could be. */
const LATE: Input = {};

/** More time than an owner may take alone becomes a request to the admins. */
export function moveMeant(user: IamUser, press: Press, policy: Policy): MoveName {
  const { rotation } = user;
  const until = press.input?.until;
  const isAsking =
    press.move === 'postpone' &&
    press.as === 'owner' &&
    isOpen(rotation) &&
    until !== undefined &&
    // By calendar day: a date names no hour.
    wholeDays(0, until) > wholeDays(0, ownerMayPostponeTo(rotation, policy));
  return isAsking ? 'askForTime' : press.move;
}

/** Which key a move is about, where that is neither the old one nor its replacement. */
export function keyMeant(user: IamUser, move: MoveName, policy: Policy, now: Instant): AccessKey | undefined {
  const { rotation } = user;
  return isOpen(rotation) ? otherKeyFor(move, situationOf(user, rotation, policy, now)) : undefined;
}

export function situationOf(user: IamUser, rotation: OpenRotation, policy: Policy, now: Instant): Situation {
  const { keys, longestSilence, stranded } = user;
  return { rotation, keys, longestSilence, stranded, policy, zone: zoneOf(user, policy), now };
}

function firstRefusal(
  move: MoveName,
  situation: Situation,
  press: Pick<Press, 'as' | 'input'>,
): Refusal | undefined {
  for (const guard of GUARDS[move]) {
    const refusal = guard(situation, press);
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

function otherKeyExists({ rotation, keys }: Situation): Refusal | undefined {
  return otherKeyOf(rotation, keys) ? undefined : { kind: 'otherKeyMissing' };
}

/** On, and not one whose secret nobody is known to have. */
function otherKeyIsUsable({ rotation, keys, stranded }: Situation): Refusal | undefined {
  const other = otherKeyOf(rotation, keys);
  if (!other) return undefined;
  if (stranded.includes(other.id)) return { kind: 'otherKeyStranded', keyId: other.id };
  return other.status === 'Active' ? undefined : { kind: 'otherKeyOff', keyId: other.id };
}

function otherKeyIsOff({ rotation, keys }: Situation): Refusal | undefined {
  const other = otherKeyOf(rotation, keys);
  return other?.status === 'Active' ? { kind: 'otherKeyOn', keyId: other.id } : undefined;
}

function otherKeyIsNewer({ rotation, keys }: Situation): Refusal | undefined {
  const other = otherKeyOf(rotation, keys);
  return other && other.createdAt <= rotation.oldKeyCreatedAt
    ? { kind: 'otherKeyOlder', keyId: other.id }
    : undefined;
}

function otherKeyIsDue({ rotation, keys, policy, now }: Situation): Refusal | undefined {
  const other = otherKeyOf(rotation, keys);
  return other && !isNearing(other, policy, now) ? { kind: 'otherKeyNotDue', keyId: other.id } : undefined;
}

function otherKeyRemoved({ keys }: Situation, keyId: string | undefined): boolean {
  return keyId !== undefined && findKey(keys, keyId) === undefined;
}

function strandedKeyExists(situation: Situation): Refusal | undefined {
  return otherKeyFor('discardStranded', situation) ? undefined : { kind: 'nothingStranded' };
}

/** A date before the deadline is fine, too: until then nobody is reminded. */
function dateIsPossible({ now }: Situation, { input }: Pick<Press, 'input'>): Refusal | undefined {
  if (input === LATE) return undefined;
  if (input?.until === undefined || !input.text) return { kind: 'inputMissing', move: 'postpone' };
  const atMost = now + LONGEST_POSTPONEMENT;
  return input.until > now && input.until <= atMost
    ? undefined
    : { kind: 'dateNotPossible', after: now, atMost };
}

function reasonIsGiven(_: Situation, { input }: Pick<Press, 'input'>): Refusal | undefined {
  return input === LATE || input?.text ? undefined : { kind: 'inputMissing', move: 'notMine' };
}

function adminAsks(_: Situation, { as }: Pick<Press, 'as'>): Refusal | undefined {
  return as === 'admin' ? undefined : { kind: 'adminsOnly' };
}

function ownerAsks(_: Situation, { as }: Pick<Press, 'as'>): Refusal | undefined {
  return as === 'owner' ? undefined : { kind: 'ownerOnly' };
}

function notKnownYet({ rotation }: Situation): Refusal | undefined {
  return rotation.stage === 'due' && rotation.bothNeeded ? { kind: 'bothNeededKnown' } : undefined;
}

function timeWasAskedFor({ rotation }: Situation): Refusal | undefined {
  return rotation.stage === 'due' && rotation.request ? undefined : { kind: 'notRequested' };
}

function newKeyWasMadeHere({ rotation }: Situation): Refusal | undefined {
  const replacement = replacementOf(rotation);
  return replacement?.kind === 'adopted' ? { kind: 'notMadeHere', keyId: replacement.keyId } : undefined;
}

function newKeyWasAdopted({ rotation }: Situation): Refusal | undefined {
  const replacement = replacementOf(rotation);
  return replacement?.kind === 'created' ? { kind: 'madeHere', keyId: replacement.keyId } : undefined;
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

function graceIsOver({ rotation, keys, policy, now }: Situation): Refusal | undefined {
  if (!isOff(rotation)) return { kind: 'oldKeyOn' };
  const until = graceEndsAt({ offSince: trulyOffSince(rotation, keys) }, policy);
  return now >= until ? undefined : { kind: 'graceNotOver', until };
}
