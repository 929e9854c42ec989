// A card in a sentence: its header, which says what is asked and by when, and what notifications add to that. No marks, no code, dates in words.
import { deadlineOf, graceEndsAt } from '../../../../domain/policy.ts';
import {
  type ClosedRotation,
  type Deactivated,
  type Due,
  isOff,
  isOpen,
  type OpenRotation,
  type Retired,
  type Rotation,
  replacementOf,
  requestIn,
} from '../../../../domain/rotation.ts';
import { prose } from '../../escape.ts';
import { ageWords, byWhen, plainShort, plainWeekday } from '../shared/dates.ts';
import { MOVE_WORDS } from '../shared/moves.ts';
import { plainKey } from '../shared/names.ts';
import { stillWorks } from './card-issued.ts';
import { claimLabel, noLongerYours, SOON } from './card-lines.ts';
import { isUserGone, spokenNews } from './card-news.ts';
import { areNeeded } from './card-two-keys.ts';
import {
  type CardView,
  goesOffAt,
  isNobodysNow,
  keysInPlay,
  liveQuestion,
  movesFor,
  nothingWorks,
} from './card-view.ts';
import { betterAnswer, doubtFacts, otherAnswer, questionHeadline } from './doubts.ts';
import { isAllTicked } from './tick-lines.ts';

/** At most 150 characters where `userName`, made safe for where it is shown, has at most 64. */
export function headline(rotation: Rotation, view: CardView, userName: string): string {
  const { user, as } = view;
  if (nothingWorks(rotation, view))
    return `Nothing works for ${userName}${movesFor(view).includes('reactivate') ? ': turn the old key back on' : ''}`;
  if (!isOpen(rotation)) return overHeadline(rotation, userName);
  if (user.ownerChange && as !== 'admin') return `An admin decides who owns ${userName}`;
  if (isNobodysNow(view)) return `No longer yours: the access key of ${userName}`;
  if (user.claim) return `Working on it for ${userName}: ${claimLabel(user.claim, rotation, view)}`;
  const question = liveQuestion(view);
  return question
    ? questionHeadline(question, doubtFacts(rotation, view), userName)
    : openHeadline(rotation, view, userName);
}

export function cardText(rotation: Rotation, view: CardView): string {
  const sentences = [
    isOpen(rotation) && isAsking(view) ? spokenNews(rotation, view) : undefined,
    `${headline(rotation, view, prose(view.user.userName))}.`,
    besides(rotation, view),
  ];
  return sentences.filter((words) => words !== undefined).join(' ');
}

/** For its next step, and not about a step that was asked for. */
function isAsking(view: CardView): boolean {
  return !isNobodysNow(view) && !view.user.claim && !liveQuestion(view);
}

function openHeadline(rotation: OpenRotation, view: CardView, userName: string): string {
  const by = byWhen(deadlineOf(rotation, view.policy, view.now), view.now);
  switch (rotation.stage) {
    case 'due':
      return dueHeadline(rotation, view, userName, by);
    case 'postponed':
      return `Put off until ${plainWeekday(rotation.until)}: the access key of ${userName}`;
    case 'issued': {
      if (isAllTicked(view)) return `Go on with ${userName}${by}: the new key is in use, the old one quiet`;
      const { keyId, kind } = rotation.replacement;
      return kind === 'created'
        ? `New key ${plainKey(keyId)} of ${userName} is ready: use it${by}`
        : `Use ${plainKey(keyId)} instead of ${plainKey(rotation.oldKeyId)} for ${userName}${by}`;
    }
    case 'confirmed':
      return confirmedHeadline(view, userName) ?? `Turn off the old key of ${userName}${by}`;
    case 'deactivated':
    case 'retired':
      return offHeadline(rotation, view, userName);
  }
}

function dueHeadline(rotation: Due, view: CardView, userName: string, by: string): string {
  const { old, other } = keysInPlay(view.user, rotation);
  if (!old) return `AWS did not show the access key of ${userName}`;
  if (!other) return `Replace the access key of ${userName}${by}`;
  if (view.user.stranded.includes(other.id))
    return `I could not store the secret of ${plainKey(other.id)}: remove it from ${userName}${by}`;
  if (areNeeded(rotation, other)) return `Give one application of ${userName} its own IAM user${by}`;
  const { length } = view.user.keys;
  return `Decide on the ${length === 2 ? 'two' : length} keys of ${userName}${by}`;
}

function confirmedHeadline(view: CardView, userName: string): string | undefined {
  const at = goesOffAt(view);
  if (at === undefined) return undefined;
  return `The old key of ${userName} goes off ${at <= view.now ? SOON : `on ${plainWeekday(at)}`}`;
}

function offHeadline(rotation: Deactivated | Retired, view: CardView, userName: string): string {
  const key = `the ${rotation.stage === 'retired' ? '' : 'old '}key of ${userName}`;
  if (keysInPlay(view.user, rotation).old?.status === 'Active') return `Somebody turned ${key} on again`;
  const since = `ff since ${plainShort(rotation.offSince)}`;
  return movesFor(view).includes('delete') ? `Delete ${key}, o${since}` : `O${since}: ${key}`;
}

function overHeadline(rotation: ClosedRotation, userName: string): string {
  if (isUserGone(rotation)) return `Done: IAM user ${userName} is gone, or has another name now`;
  const key = `the ${replacementOf(rotation) ? 'old ' : ''}key of ${userName}`;
  return `Done: ${key} is ${rotation.stage === 'deleted' ? 'deleted' : 'gone from AWS'}`;
}

/** What is safe, or what else is to be known; undefined where the header says it all. */
function besides(rotation: Rotation, view: CardView): string | undefined {
  const { user, as } = view;
  if (user.ownerChange && as !== 'admin') return 'Its tags now name another owner: an admin decides.';
  if (!isOpen(rotation) || user.claim) return undefined;
  if (isNobodysNow(view)) return noLongerYours(view);
  const question = liveQuestion(view);
  if (question) {
    const better = betterAnswer(question, movesFor(view));
    return `${better ? MOVE_WORDS[better].label : otherAnswer(question)}, or decide.`;
  }
  const request = requestIn(rotation);
  if (request) return `An admin decides about time until ${plainWeekday(request.until)}.`;
  return isOff(rotation) ? besidesOff(rotation, view) : besidesOn(rotation, view);
}

function besidesOn(rotation: Exclude<OpenRotation, Deactivated | Retired>, view: CardView): string {
  switch (rotation.stage) {
    case 'due':
      return besidesDue(rotation, view);
    case 'postponed':
      return 'It can go on sooner.';
    case 'issued':
      return isAllTicked(view)
        ? `Press ${MOVE_WORDS.confirmMigration.label}, if that is so.`
        : `${plainKey(rotation.oldKeyId)} ${stillWorks(rotation, view)}.`;
    case 'confirmed':
      return goesOffAt(view) === undefined
        ? 'It can be turned back on until it is deleted.'
        : 'There is nothing to do. If something uses it before, it stays on.';
  }
}

function besidesDue(rotation: Due, { user, now }: CardView): string {
  const { old, other } = keysInPlay(user, rotation);
  if (!other) {
    const isSafe = old?.status === 'Active' ? ' Nothing breaks until you say so.' : '';
    return `It is ${ageWords(rotation.oldKeyCreatedAt, now)}.${isSafe}`;
  }
  if (user.stranded.includes(other.id))
    return `AWS allows two keys at most, so it goes before I make another. ${plainKey(rotation.oldKeyId)} is as it was.`;
  return areNeeded(rotation, other)
    ? 'Both its keys are needed, and AWS allows no third.'
    : 'AWS allows two at most, so one must go first. Nothing changes until you decide.';
}

function besidesOff(rotation: Deactivated | Retired, view: CardView): string | undefined {
  const { user, policy, now } = view;
  const { old, fresh } = keysInPlay(user, rotation);
  if (nothingWorks(rotation, view)) return `The new key is ${fresh ? 'off, too' : 'gone'}.`;
  if (old?.status === 'Active') return undefined;
  const from = graceEndsAt(rotation, policy);
  const when = now >= from ? 'now' : `from ${plainWeekday(from)} on`;
  return `Turn it back on if anything broke; it can be deleted ${when}.`;
}
