// A card in a sentence or two, for notifications and screen readers: no marks, no code, dates in words.
import { ageInDays, ending } from '../../../domain/access-key.ts';
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
import { type CardView, doubtFacts } from './card-view.ts';
import { plainDay } from './dates.ts';
import { spokenDeadline } from './deadlines.ts';
import { doubtHeading } from './doubts.ts';
import { MOVE_WORDS } from './moves.ts';
import { count } from './names.ts';
import { stepWords } from './steps.ts';

export function cardText(rotation: Rotation, view: CardView): string {
  if (!isOpen(rotation)) return overText(rotation, view);
  const { claim, question } = view.user;
  if (claim) return `Working on it: ${MOVE_WORDS[claim.move].label}, ${ofUser(view)}.`;
  if (question) {
    const heading = doubtHeading(question.doubts, doubtFacts(rotation, view)).replaceAll('`', '');
    return `${heading}, ${ofUser(view)}: nothing was changed. Check again, or decide.`;
  }
  return `${openText(rotation, view)} ${stepWords(rotation.stage)}.`;
}

function openText(rotation: OpenRotation, view: CardView): string {
  const { policy, now } = view;
  const byWhen = spokenDeadline(deadlineOf(rotation, policy), now);
  const old = `key ending ${ending(rotation.oldKeyId)} ${ofUser(view)}`;
  switch (rotation.stage) {
    case 'due': {
      const age = count(ageInDays({ createdAt: rotation.oldKeyCreatedAt }, now), 'day');
      return `Access ${old} is ${age} old: ${byWhen}.`;
    }
    case 'issued':
      return `New key ending ${ending(rotation.replacement.keyId)} is ready; the old ${old} still works: ${byWhen}.`;
    case 'confirmed':
      return `Old ${old} can be turned off: ${byWhen}.`;
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
