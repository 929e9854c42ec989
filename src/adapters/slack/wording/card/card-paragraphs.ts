// What a card says at each stage, paragraph by paragraph: what, by when, what will break, how to undo; nothing else.
import { deadline } from '../../../../domain/policy.ts';
import { type ClosedRotation, type Rotation, replacementOf } from '../../../../domain/rotation.ts';
import { weekday } from '../shared/dates.ts';
import { aboutUser, keyName, sentence } from '../shared/names.ts';
import { due, postponed } from './card-due.ts';
import { confirmed, issued } from './card-issued.ts';
import { isUserGone } from './card-news.ts';
import { off } from './card-off.ts';
import { type CardView, keysInPlay } from './card-view.ts';

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
