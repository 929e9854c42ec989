// What a card says at each stage, paragraph by paragraph, below a header that says what and by when. The first says why, and what is safe.
import type { AccessKey } from '../../../../domain/access-key.ts';
import { deadline, graceEndsAt } from '../../../../domain/policy.ts';
import {
  type ClosedRotation,
  type Deactivated,
  type Due,
  type Postponed,
  type Retired,
  type Rotation,
  replacementOf,
} from '../../../../domain/rotation.ts';
import { ageWords, moment, weekday } from '../shared/dates.ts';
import { lastDone, MOVE_WORDS } from '../shared/moves.ts';
import { count, keyName } from '../shared/names.ts';
import { confirmed, fetchWithoutOldKey, issued } from './card-issued.ts';
import { exemptLines, OLD_KEY_NOT_SHOWN, putOff, requestLines } from './card-lines.ts';
import { isUserGone } from './card-news.ts';
import { twoKeys } from './card-two-keys.ts';
import { type CardView, keysInPlay, movesFor, nothingWorks } from './card-view.ts';
import { newKeyUse } from './key-use.ts';

export function paragraphs(rotation: Rotation, view: CardView): string[] {
  switch (rotation.stage) {
    case 'due':
      return due(rotation, view);
    case 'postponed':
      return postponed(rotation, view);
    case 'issued':
      return issued(rotation, view);
    case 'confirmed':
      return confirmed(rotation, view);
    case 'deactivated':
    case 'retired':
      return off(rotation, view);
    case 'deleted':
    case 'resolved':
      return over(rotation, view);
  }
}

function off(rotation: Deactivated | Retired, view: CardView): string[] {
  const { old, fresh } = keysInPlay(view.user, rotation);
  const lines = [...newKeyLine(rotation, fresh, view), ...nothingReplacesIt(rotation, view)];
  return [
    offLead(rotation, old, fresh, view),
    ...(lines.length > 0 ? [lines.join('\n')] : []),
    ...(rotation.stage === 'deactivated' ? fetchWithoutOldKey(rotation, view) : []),
  ];
}

function offLead(
  rotation: Deactivated | Retired,
  old: AccessKey | undefined,
  fresh: AccessKey | undefined,
  view: CardView,
): string {
  const { policy, now } = view;
  const { offSince, offBy } = rotation;
  if (nothingWorks(rotation, view))
    return `:rotating_light: *The new key ${keyName(rotation.replacement.keyId)} is ${fresh ? 'off, too' : 'gone'}*, and the old one ${old ? `has been off since ${moment(offSince)}` : 'was not there at the last look'}.`;
  if (!old) return OLD_KEY_NOT_SHOWN;
  if (old.status === 'Active') return TURNED_ON_OUTSIDE;
  // The very first time it is said in a line of its own.
  const isTold = lastDone(rotation)?.what === 'oldKeyOff';
  const by = offBy === 'outside' && !isTold ? ' Somebody turned it off in AWS.' : '';
  const from = graceEndsAt(rotation, policy);
  const deleting =
    now >= from
      ? 'Once it is deleted, there is no way back.'
      : `It can be deleted from *${weekday(from)}* on.`;
  return `*Anything broken? Turn it back on; nothing is lost.* It has been off since ${moment(offSince)}.${by} ${deleting}`;
}

function newKeyLine(rotation: Deactivated | Retired, fresh: AccessKey | undefined, view: CardView): string[] {
  const replacement = replacementOf(rotation);
  if (!replacement || nothingWorks(rotation, view)) return [];
  const name = keyName(replacement.keyId);
  if (!fresh)
    return [
      `:warning: AWS does not show the new key ${name}. Turn the old key back on if anything needs one.`,
    ];
  if (fresh.status === 'Active') return [`New key ${name}: ${newKeyUse(fresh)}`];
  return [`:warning: The new key ${name} is off in AWS. Turn the old key back on if anything needs one.`];
}

const TURNED_ON_OUTSIDE = `Press *${MOVE_WORDS.reactivate.label}* if that is meant to last.`;

/** Turned off in AWS, or left alone by a new key that is gone: a new one may be wanted after all. */
function nothingReplacesIt(rotation: Deactivated | Retired, view: CardView): string[] {
  if (rotation.stage !== 'retired' || !movesFor(view).includes('createKey')) return [];
  return [
    `Nothing replaces it. Is a new key needed after all? Press *${MOVE_WORDS.createKey.label}*; ${ONLY_READERS}.`,
  ];
}

const ONLY_READERS = 'only the readers of secrets can fetch a new key while this one is off';

function over(rotation: ClosedRotation, view: CardView): string[] {
  return [`${whoEndedIt(rotation)}${afterwards(rotation, view)}`];
}

function whoEndedIt(rotation: ClosedRotation): string {
  if (rotation.stage === 'deleted') return '';
  return isUserGone(rotation) ? 'Somebody changed it in AWS. ' : 'Somebody deleted it in AWS. ';
}

function afterwards(rotation: ClosedRotation, { user, policy }: CardView): string {
  if (isUserGone(rotation)) return 'There is nothing left to do here.';
  const replacement = replacementOf(rotation);
  if (!replacement) return 'Nothing replaces it.';
  const { fresh } = keysInPlay(user, rotation);
  const name = keyName(replacement.keyId);
  if (!fresh) return `AWS does not show the new key ${name} at the moment.`;
  if (fresh.status !== 'Active') return `The new key ${name} is off in AWS.`;
  return `The new key ${name} is on; replace it by *${weekday(deadline(fresh.createdAt, policy))}*.`;
}

function due(rotation: Due, view: CardView): string[] {
  return [...aboutKeys(rotation, view), ...requestLines(rotation, view), ...exemptLines(view)];
}

function postponed(rotation: Postponed, view: CardView): string[] {
  const [, ...facts] = aboutKeys(rotation, view);
  return [putOff(rotation, view), ...requestLines(rotation, view), ...facts, ...exemptLines(view)];
}

function aboutKeys(rotation: Due | Postponed, view: CardView): string[] {
  const { old, other } = keysInPlay(view.user, rotation);
  if (!old) return [OLD_KEY_NOT_SHOWN];
  if (other) return twoKeys(old, other, rotation, view);
  const age = `It is *${ageWords(rotation.oldKeyCreatedAt, view.now)}*; the limit is ${count(view.policy.maxKeyAgeDays, 'day')}.`;
  return [
    old.status === 'Active'
      ? `${age} I make the new key, you put it where the old one is used. *Nothing breaks until you say so.*`
      : `${age} It is off in AWS: ${ONLY_READERS}.`,
  ];
}
