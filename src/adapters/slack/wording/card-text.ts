// A card in a sentence or two, for notifications and screen readers: no marks, no code, dates in words.
import { ending } from '../../../domain/access-key.ts';
import { deadlineOf, graceEndsAt } from '../../../domain/policy.ts';
import {
  type ClosedRotation,
  type Deactivated,
  isOpen,
  type OpenRotation,
  type Retired,
  type Rotation,
  replacementOf,
} from '../../../domain/rotation.ts';
import { prose } from '../escape.ts';
import { type CardView, doubtFacts, keysInPlay, liveQuestion } from './card-view.ts';
import { plainDay } from './dates.ts';
import { ageWords, spokenDeadline } from './deadlines.ts';
import { doubtHeading } from './doubts.ts';
import { MOVE_WORDS } from './moves.ts';
import { stepWords } from './steps.ts';

export function cardText(rotation: Rotation, view: CardView): string {
  if (!isOpen(rotation)) return overText(rotation, view);
  const { claim } = view.user;
  const about = `IAM user ${prose(view.user.userName)}`;
  if (claim) return `Working on it for ${about}: ${MOVE_WORDS[claim.move].label}.`;
  const question = liveQuestion(view);
  if (question) {
    const heading = doubtHeading(question.doubts, doubtFacts(rotation, view)).replaceAll('`', '');
    return `${about}: nothing was changed. ${heading}. Check again, or decide.`;
  }
  return `${openText(rotation, view)} ${nextStep(rotation, view)}.`;
}

function nextStep(rotation: OpenRotation, { user }: CardView): string {
  const isFull = rotation.stage === 'due' && keysInPlay(user, rotation).other !== undefined;
  return isFull
    ? 'There are two keys already: one must go before a new one can be created'
    : stepWords(rotation.stage);
}

function openText(rotation: OpenRotation, view: CardView): string {
  const { policy, now } = view;
  const deadline = deadlineOf(rotation, policy);
  const old = `key ending ${ending(rotation.oldKeyId)} ${ofUser(view)}`;
  switch (rotation.stage) {
    case 'due': {
      const age = ageWords(rotation.oldKeyCreatedAt, now);
      return `Access ${old} is ${age}: ${spokenDeadline(deadline, now, 'rotate it by')}.`;
    }
    case 'issued':
      return `New key ending ${ending(rotation.replacement.keyId)} is ready; the old ${old} still works: ${spokenDeadline(deadline, now)}.`;
    case 'confirmed':
      return `Old ${old} can be turned off: ${spokenDeadline(deadline, now)}.`;
    case 'deactivated':
      return `Old ${old} is off. ${offText(rotation, view)}`;
    case 'retired':
      return `Access ${old} is off. ${offText(rotation, view)}`;
  }
}

function offText(rotation: Deactivated | Retired, { policy, now }: CardView): string {
  const from = graceEndsAt(rotation, policy);
  const when = now >= from ? 'now' : `from ${plainDay(from)}`;
  return `Turn it back on if anything broke; it can be deleted ${when}.`;
}

function overText(rotation: ClosedRotation, view: CardView): string {
  const which = replacementOf(rotation) ? 'old key' : 'key';
  const gone = rotation.stage === 'deleted' ? 'is deleted' : 'is gone from AWS';
  return `Done: ${which} ending ${ending(rotation.oldKeyId)} ${ofUser(view)} ${gone}.`;
}

function ofUser({ user }: CardView): string {
  return `of ${prose(user.userName)}`;
}
