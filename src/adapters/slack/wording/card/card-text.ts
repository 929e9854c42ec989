// A card in a sentence or two, for notifications and screen readers: no marks, no code, dates in words.
import { ending } from '../../../../domain/access-key.ts';
import { deadlineOf, graceEndsAt } from '../../../../domain/policy.ts';
import {
  type ClosedRotation,
  type Deactivated,
  isOpen,
  type OpenRotation,
  type Retired,
  type Rotation,
  replacementOf,
  requestIn,
} from '../../../../domain/rotation.ts';
import { prose } from '../../escape.ts';
import { ageWords, plainDay, spokenDeadline } from '../shared/dates.ts';
import { claimLabel, noLongerYours } from './card-lines.ts';
import { isUserGone, spokenNews } from './card-news.ts';
import {
  type CardView,
  goesOffAt,
  isNobodysNow,
  keysInPlay,
  liveQuestion,
  nothingWorks,
} from './card-view.ts';
import { doubtFacts, doubtHeading, otherAnswer } from './doubts.ts';
import { stepWords } from './steps.ts';
import { ALL_TICKED, isAllTicked } from './tick-lines.ts';

export function cardText(rotation: Rotation, view: CardView): string {
  const { claim, ownerChange } = view.user;
  const about = `IAM user ${prose(view.user.userName)}`;
  if (!isOpen(rotation) && ownerChange)
    return `The tags of ${about} now name another owner: an admin decides who owns it.`;
  if (!isOpen(rotation)) return overText(rotation, view);
  if (isNobodysNow(view)) return `${about}: ${noLongerYours(view)}`;
  if (claim) return `Working on it for ${about}: ${claimLabel(claim, rotation, view)}.`;
  const question = liveQuestion(view);
  if (question) {
    const heading = doubtHeading(question.doubts, doubtFacts(rotation, view)).replaceAll('`', '');
    return `${about}: nothing was changed. ${heading}. ${otherAnswer(question)}, or decide.`;
  }
  const news = spokenNews(rotation, view);
  return [
    ...(news === undefined ? [] : [news]),
    openText(rotation, view),
    `${nextStep(rotation, view)}.`,
  ].join(' ');
}

function nextStep(rotation: OpenRotation, view: CardView): string {
  const { user, as } = view;
  if (user.ownerChange && as !== 'admin') return 'An admin decides first who owns it';
  const request = requestIn(rotation);
  if (request) return `An admin decides about time until ${plainDay(request.until)}`;
  if (rotation.stage === 'postponed') return 'It can go on sooner';
  if (nothingWorks(rotation)) return 'Turn the old key back on first';
  if (rotation.stage === 'issued' && isAllTicked(view)) return ALL_TICKED;
  if (goesOffAt(view) !== undefined) return 'There is nothing to do until then';
  if (rotation.stage !== 'due') return stepWords(rotation.stage);
  if (keysInPlay(user, rotation).other === undefined) return stepWords('due');
  return rotation.bothNeeded
    ? 'Both keys are needed: one application needs an IAM user of its own'
    : 'There are two keys already: one must go before a new one can be created';
}

function openText(rotation: OpenRotation, view: CardView): string {
  const { policy, now } = view;
  const deadline = deadlineOf(rotation, policy, now);
  const old = `key ending ${ending(rotation.oldKeyId)} ${ofUser(view)}`;
  switch (rotation.stage) {
    case 'due': {
      const age = ageWords(rotation.oldKeyCreatedAt, now);
      return `Access ${old} is ${age}: ${spokenDeadline(deadline, now, 'rotate it by')}.`;
    }
    case 'postponed':
      return `Access ${old} is put off until ${plainDay(rotation.until)}.`;
    case 'issued': {
      const { keyId, kind } = rotation.replacement;
      const when = spokenDeadline(deadline, now);
      return kind === 'created'
        ? `New key ending ${ending(keyId)} is ready; the old ${old} still works: ${when}.`
        : `Key ending ${ending(keyId)} replaces the ${old}: ${when}.`;
    }
    case 'confirmed':
      return confirmedText(old, view) ?? `Old ${old} can be turned off: ${spokenDeadline(deadline, now)}.`;
    case 'deactivated':
      return `Old ${old} is off. ${offText(rotation, view)}`;
    case 'retired':
      return `Access ${old} is off. ${offText(rotation, view)}`;
  }
}

function confirmedText(old: string, view: CardView): string | undefined {
  const at = goesOffAt(view);
  return at === undefined
    ? undefined
    : `Old ${old} goes off on ${plainDay(at)}, if nothing uses it until then.`;
}

function offText(rotation: Deactivated | Retired, { user, policy, now }: CardView): string {
  if (nothingWorks(rotation))
    return `The new key is ${keysInPlay(user, rotation).fresh ? 'off, too' : 'gone'}: nothing works.`;
  const from = graceEndsAt(rotation, policy);
  const when = now >= from ? 'now' : `from ${plainDay(from)}`;
  return `Turn it back on if anything broke; it can be deleted ${when}.`;
}

function overText(rotation: ClosedRotation, view: CardView): string {
  if (rotation.stage === 'resolved' && isUserGone(rotation))
    return `Done: IAM user ${prose(view.user.userName)} is gone, or has another name now.`;
  const which = replacementOf(rotation) ? 'old key' : 'key';
  const gone = rotation.stage === 'deleted' ? 'is deleted' : 'is gone from AWS';
  return `Done: ${which} ending ${ending(rotation.oldKeyId)} ${ofUser(view)} ${gone}.`;
}

function ofUser({ user }: CardView): string {
  return `of ${prose(user.userName)}`;
}
