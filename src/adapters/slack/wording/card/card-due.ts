// What a card says while the old key waits to be replaced: due, or put off.
import type { AccessKey } from '../../../../domain/access-key.ts';
import type { Due, Postponed } from '../../../../domain/rotation.ts';
import type { MoveName } from '../../../../domain/transitions.ts';
import { ageWords } from '../shared/dates.ts';
import { moveLabel } from '../shared/moves.ts';
import { aboutUser, keyName, lowerFirst, maskedKey, sentence } from '../shared/names.ts';
import { aboutUserByWhen, exemptLines, OLD_KEY_NOT_SHOWN, putOff, requestLines } from './card-lines.ts';
import { type CardView, keysInPlay, liveQuestion, moveFacts, movesFor } from './card-view.ts';
import { dueKeyUse } from './key-use.ts';

export function due(rotation: Due, view: CardView): string[] {
  return [
    ...keysParagraphs(rotation, aboutUserByWhen(rotation, view), view),
    ...requestLines(rotation, view),
    ...exemptLines(view),
  ];
}

export function postponed(rotation: Postponed, view: CardView): string[] {
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
  const facts = [
    '*There are two keys, and AWS allows no third.* One must go before a new one can be created.',
    row(old),
    row(other),
  ].join('\n');
  // What to do about a stranded key is said in a paragraph of its own.
  if (view.user.stranded.includes(other.id)) return [facts];
  const areNeeded =
    rotation.stage === 'due' && rotation.bothNeeded !== undefined && other.status === 'Active';
  const advice = areNeeded ? partThem(old, rotation, view) : adviceFor(old, other, rotation, view);
  return advice === '' ? [facts] : [facts, advice];
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
