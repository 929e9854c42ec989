// What a card says at each stage, paragraph by paragraph: what, by when, what will break, how to undo; nothing else.
import { type AccessKey, ending, oldestFirst } from '../../../../domain/access-key.ts';
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
import type { MoveName } from '../../../../domain/transitions.ts';
import { code } from '../../escape.ts';
import { ageWords, moment, weekday } from '../shared/dates.ts';
import { lastDone, MOVE_WORDS, moveLabel } from '../shared/moves.ts';
import { aboutUser, keyName, lowerFirst, maskedKey, sentence } from '../shared/names.ts';
import { confirmed, fetchWithoutOldKey, issued } from './card-issued.ts';
import { aboutUserByWhen, exemptLines, OLD_KEY_NOT_SHOWN, putOff, requestLines } from './card-lines.ts';
import { isUserGone } from './card-news.ts';
import { type CardView, keysInPlay, liveQuestion, moveFacts, movesFor, nothingWorks } from './card-view.ts';
import { dueKeyUse, newKeyUse } from './key-use.ts';

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
  const { oldKeyId, offSince, offBy } = rotation;
  const { old, fresh } = keysInPlay(view.user, rotation);
  const which = rotation.stage === 'retired' ? 'Key' : 'Old key';
  // The very first time it is said in a line of its own.
  const isTold = lastDone(rotation)?.what === 'oldKeyOff';
  const by = offBy === 'outside' && !isTold ? ' Somebody turned it off in AWS.' : '';
  const head = `*${which}* ${keyName(oldKeyId)} *is off since ${moment(offSince)}.*${by} Anything broken? Turn it back on; nothing is lost.`;
  const lines = [
    ...(old?.status === 'Active' ? [TURNED_ON_OUTSIDE] : []),
    ...(old ? [] : [OLD_KEY_NOT_SHOWN]),
    ...newKeyLine(rotation, fresh),
    ...nothingReplacesIt(rotation, view),
    ...deletableWords(rotation, view),
  ];
  return [
    ...alarm(rotation, fresh),
    `${head}\n${aboutUser(view)}`,
    ...(lines.length > 0 ? [lines.join('\n')] : []),
    ...(rotation.stage === 'deactivated' ? fetchWithoutOldKey(rotation, view) : []),
  ];
}

function alarm(rotation: Deactivated | Retired, fresh: AccessKey | undefined): string[] {
  if (!nothingWorks(rotation)) return [];
  const name = keyName(rotation.replacement.keyId);
  return [
    `:rotating_light: *The new key* ${name} *is ${fresh ? 'off, too' : 'gone'}: nothing works for this IAM user.* Turn the old key back on first.`,
  ];
}

function newKeyLine(rotation: Deactivated | Retired, fresh: AccessKey | undefined): string[] {
  const replacement = replacementOf(rotation);
  if (!replacement || nothingWorks(rotation)) return [];
  const name = keyName(replacement.keyId);
  if (!fresh)
    return [
      `:warning: AWS does not show the new key ${name}. Turn the old key back on if anything needs one.`,
    ];
  if (fresh.status === 'Active') return [`New key ${name}: ${newKeyUse(fresh)}`];
  return [`:warning: The new key ${name} is off in AWS. Turn the old key back on if anything needs one.`];
}

const TURNED_ON_OUTSIDE = `:warning: Somebody turned it on again in AWS. Press *${MOVE_WORDS.reactivate.label}* if that is meant to last.`;

/** Turned off in AWS, or left alone by a new key that is gone: a new one may be wanted after all. */
function nothingReplacesIt(rotation: Deactivated | Retired, view: CardView): string[] {
  if (rotation.stage !== 'retired' || !movesFor(view).includes('createKey')) return [];
  return [`Nothing replaces it. Is a new key needed after all? Press *${MOVE_WORDS.createKey.label}*.`];
}

function deletableWords(rotation: Deactivated | Retired, { policy, now }: CardView): string[] {
  // Then it may be the only key there is.
  if (nothingWorks(rotation)) return [];
  const from = graceEndsAt(rotation, policy);
  return now >= from
    ? ['It can be deleted now. After that there is no way back.']
    : [`It can be deleted from *${weekday(from)}* on.`];
}

function over(rotation: ClosedRotation, view: CardView): string[] {
  return [`*Done.* ${whatIsGone(rotation)} ${afterwards(rotation, view)}\n${aboutUser(view)}`];
}

function whatIsGone(rotation: ClosedRotation): string {
  const key = `the ${replacementOf(rotation) ? 'old ' : ''}key ${keyName(rotation.oldKeyId)}`;
  if (rotation.stage === 'deleted') return `${sentence(key)} is deleted.`;
  return isUserGone(rotation)
    ? 'The IAM user is gone, or has another name now: somebody changed it in AWS.'
    : `Somebody deleted ${key} in AWS.`;
}

function afterwards(rotation: ClosedRotation, { user, policy }: CardView): string {
  if (isUserGone(rotation)) return 'There is nothing left to do here.';
  const replacement = replacementOf(rotation);
  if (!replacement) return 'Nothing replaces it.';
  const { fresh } = keysInPlay(user, rotation);
  const name = keyName(replacement.keyId);
  if (!fresh) return `AWS does not show the new key ${name} at the moment.`;
  if (fresh.status !== 'Active') return `The new key ${name} is off in AWS.`;
  return `The new key ${name} is on; rotate it by ${weekday(deadline(fresh.createdAt, policy))}.`;
}

function due(rotation: Due, view: CardView): string[] {
  return [
    ...keysParagraphs(rotation, aboutUserByWhen(rotation, view), view),
    ...requestLines(rotation, view),
    ...exemptLines(view),
  ];
}

function postponed(rotation: Postponed, view: CardView): string[] {
  const [head = '', ...rest] = keysParagraphs(rotation, aboutUser(view), view);
  return [head, putOff(rotation, view), ...requestLines(rotation, view), ...rest, ...exemptLines(view)];
}

function keysParagraphs(rotation: Due | Postponed, about: string, view: CardView): string[] {
  const { old, other } = keysInPlay(view.user, rotation);
  const age = ageWords(rotation.oldKeyCreatedAt, view.now);
  const head = [`*Access key* ${maskedKey(rotation.oldKeyId)} *is ${age}*`, about];
  if (!old) return [[...head, OLD_KEY_NOT_SHOWN].join('\n')];
  if (other) return [head.join('\n'), ...twoKeys(old, other, rotation, view)];
  return [[...head, sentence(dueKeyUse(old))].join('\n')];
}

function twoKeys(old: AccessKey, other: AccessKey, rotation: Due | Postponed, view: CardView): string[] {
  const row = (key: AccessKey) =>
    `• ${keyName(key.id)}: ${ageWords(key.createdAt, view.now)}, ${dueKeyUse(key)}`;
  const more = oldestFirst(view.user.keys).filter(({ id }) => id !== old.id && id !== other.id);
  const facts = [tooMany(more, view.user.userName), ...[old, other, ...more].map(row)].join('\n');
  // What to do about a stranded key is said in a paragraph of its own.
  if (view.user.stranded.includes(other.id)) return [facts];
  const areNeeded =
    rotation.stage === 'due' && rotation.bothNeeded !== undefined && other.status === 'Active';
  const advice = areNeeded ? partThem(old, rotation, view) : adviceFor(old, other, rotation, view);
  return advice === '' ? [facts] : [facts, advice];
}

/** AWS has let more than two through where calls raced. */
function tooMany(more: readonly AccessKey[], userName: string): string {
  const [third] = more;
  return third
    ? `*There are ${more.length + 2} keys, although AWS allows two.* All but one must go before a new one can be created: deal with these two first, or name any by its last four characters, as in ${code(`/keyrotate rotate ${userName} ${ending(third.id)}`)}.`
    : '*There are two keys, and AWS allows no third.* One must go before a new one can be created.';
}

/** A line for each button that decides between the two. */
function adviceFor(old: AccessKey, other: AccessKey, rotation: Due | Postponed, view: CardView): string {
  const [oldName, otherName] = [keyName(old.id), keyName(other.id)];
  const press = (move: MoveName) => pressWords(move, rotation, view);
  const lines: Partial<Record<MoveName, string>> = {
    adopt: `Does ${otherName} stand in for ${oldName} already, or could it? ${press('adopt')}: nothing changes in AWS yet.`,
    retire: `Does nobody need ${oldName}? ${press('retire')}.`,
    switchKey: `Would you rather begin with ${otherName}? ${press('switchKey')}.`,
    clearSlot: `Does nobody need ${otherName}? ${press('clearSlot')}; you are asked once more.`,
    keepBoth: `Does one application use each? ${press('keepBoth')}: I tell you how to go on, and admins know.`,
  };
  // What is being asked about has other buttons now.
  const asked = liveQuestion(view)?.move;
  return movesFor(view)
    .flatMap((move) => (move === asked ? [] : (lines[move] ?? [])))
    .map((line) => `• ${line}`)
    .join('\n');
}

/** Two applications share one IAM user, and nothing can be replaced until one of them has another. */
function partThem(old: AccessKey, rotation: Due | Postponed, view: CardView): string {
  const oldName = keyName(old.id);
  return [
    '*Both keys are needed, so one application needs an IAM user of its own.* Admins know.',
    '1. Create a second IAM user with the same permissions, and a key for it.',
    `2. Move the application that uses ${oldName} over to that key.`,
    `3. Then nobody needs ${oldName} any more: ${lowerFirst(pressWords('retire', rotation, view))}.`,
  ].join('\n');
}

function pressWords(move: MoveName, rotation: Due | Postponed, view: CardView): string {
  return `Press *${moveLabel(move, moveFacts(move, rotation, view))}*`;
}
