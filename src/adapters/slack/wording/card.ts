// What a card says at each stage, paragraph by paragraph: what, by when, what will break, how to undo; nothing else.
import { type AccessKey, ending } from '../../../domain/access-key.ts';
import { deadline, graceEndsAt } from '../../../domain/policy.ts';
import {
  type ClosedRotation,
  type Confirmed,
  type Deactivated,
  type Due,
  type Issued,
  type Retired,
  type Rotation,
  replacementOf,
} from '../../../domain/rotation.ts';
import { code } from '../escape.ts';
import { aboutUser, aboutUserByWhen, evidenceLines, OLD_KEY_NOT_SHOWN } from './card-lines.ts';
import { type CardView, keysInPlay } from './card-view.ts';
import { moment, weekday } from './dates.ts';
import { ageWords } from './deadlines.ts';
import { consoleLink, fetchCommand } from './instructions.ts';
import { dueKeyUse, newKeyUse } from './key-use.ts';
import { MOVE_WORDS } from './moves.ts';
import { keyName, maskedKey } from './names.ts';

export function paragraphs(rotation: Rotation, view: CardView): string[] {
  switch (rotation.stage) {
    case 'due':
      return due(rotation, view);
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

function due(rotation: Due, view: CardView): string[] {
  const { old, other } = keysInPlay(view.user, rotation);
  const age = ageWords(rotation.oldKeyCreatedAt, view.now);
  const head = [`*Access key* ${maskedKey(rotation.oldKeyId)} *is ${age}*`, aboutUserByWhen(rotation, view)];
  if (!old) return [[...head, OLD_KEY_NOT_SHOWN].join('\n')];
  if (other) return [head.join('\n'), ...twoKeys(old, other, view)];
  return [[...head, sentence(dueKeyUse(old))].join('\n')];
}

function twoKeys(old: AccessKey, other: AccessKey, { user, now }: CardView): string[] {
  const row = (key: AccessKey) => `• ${keyName(key.id)}: ${ageWords(key.createdAt, now)}, ${dueKeyUse(key)}`;
  const facts = [
    '*There are two keys, and AWS allows no third.* One must go before a new one can be created.',
    row(old),
    row(other),
  ];
  // What to do about a stranded key is said in a paragraph of its own.
  if (user.stranded.includes(other.id)) return [facts.join('\n')];
  const [oldName, otherName] = [keyName(old.id), keyName(other.id)];
  const advice = [
    `• Does ${otherName} already stand in for ${oldName}? Then press *${MOVE_WORDS.retire.label}* to turn off ${oldName}.`,
    `• Does nobody need ${otherName}? Have it deleted in AWS; within a day I offer you a new key.`,
    '• Are both needed? Then give one of the two applications an IAM user of its own.',
  ];
  return [facts.join('\n'), advice.join('\n')];
}

function issued(rotation: Issued, view: CardView): string[] {
  const { keyId, vaultVersion } = rotation.replacement;
  const place = { path: view.vaultPath, region: view.region, version: vaultVersion };
  const end = code(ending(keyId));
  return [
    `*New key* ${keyName(keyId)} *is ready; the old key* ${keyName(rotation.oldKeyId)} *${stillWorks(rotation, view)}.*\n${aboutUserByWhen(rotation, view)}`,
    `1. Fetch it with the old key's profile, or ${consoleLink(place)}:\n${fetchCommand(place)}`,
    [
      '2. Put it wherever the old key is used.',
      `3. Check there: the access key in \`aws configure list\` must end in ${end}. (\`aws sts get-caller-identity\` prints the same for both keys and proves nothing.)`,
    ].join('\n'),
    evidenceLines(rotation, view),
  ];
}

function stillWorks(rotation: Issued, { user }: CardView): string {
  const { old } = keysInPlay(user, rotation);
  if (!old) return 'was not there at the last look';
  return old.status === 'Active' ? 'still works' : 'is off in AWS';
}

function confirmed(rotation: Confirmed, view: CardView): string[] {
  const { oldKeyId, replacement } = rotation;
  return [
    `*Turn off the old key* ${keyName(oldKeyId)}? You said that the new key ${keyName(replacement.keyId)} has replaced it everywhere.\n${aboutUserByWhen(rotation, view)}`,
    evidenceLines(rotation, view),
  ];
}

function off(rotation: Deactivated | Retired, view: CardView): string[] {
  const { oldKeyId, offSince, offBy } = rotation;
  const { old, fresh } = keysInPlay(view.user, rotation);
  const which = rotation.stage === 'retired' ? 'Key' : 'Old key';
  const by = offBy === 'outside' ? ' Somebody turned it off in AWS.' : '';
  const head = `*${which}* ${keyName(oldKeyId)} *is off since ${moment(offSince)}.*${by} Anything broken? Turn it back on; nothing is lost.`;
  return [
    `${head}\n${aboutUser(view)}`,
    [
      ...(old?.status === 'Active' ? [TURNED_ON_OUTSIDE] : []),
      ...(old ? [] : [OLD_KEY_NOT_SHOWN]),
      ...newKeyLine(rotation, fresh),
      deletableWords(rotation, view),
    ].join('\n'),
  ];
}

function newKeyLine(rotation: Deactivated | Retired, fresh: AccessKey | undefined): string[] {
  const replacement = replacementOf(rotation);
  if (!replacement) return [];
  const name = keyName(replacement.keyId);
  if (!fresh)
    return [
      `:warning: AWS does not show the new key ${name}. Turn the old key back on if anything needs one.`,
    ];
  if (fresh.status === 'Active') return [`New key ${name}: ${newKeyUse(fresh)}`];
  return [`:warning: The new key ${name} is off in AWS. Turn the old key back on if anything needs one.`];
}

const TURNED_ON_OUTSIDE = `:warning: Somebody turned it on again in AWS. Press *${MOVE_WORDS.reactivate.label}* if that is meant to last.`;

function deletableWords(rotation: Deactivated | Retired, { policy, now }: CardView): string {
  const from = graceEndsAt(rotation, policy);
  return now >= from
    ? 'It can be deleted now. After that there is no way back.'
    : `It can be deleted from *${weekday(from)}* on.`;
}

function over(rotation: ClosedRotation, view: CardView): string[] {
  const key = `the ${replacementOf(rotation) ? 'old ' : ''}key ${keyName(rotation.oldKeyId)}`;
  const gone =
    rotation.stage === 'deleted' ? `${sentence(key)} is deleted.` : `Somebody deleted ${key} in AWS.`;
  return [`*Done.* ${gone} ${afterwards(rotation, view)}\n${aboutUser(view)}`];
}

function afterwards(rotation: ClosedRotation, { user, policy }: CardView): string {
  const replacement = replacementOf(rotation);
  if (!replacement) return 'Nothing replaces it.';
  const { fresh } = keysInPlay(user, rotation);
  const name = keyName(replacement.keyId);
  if (!fresh) return `AWS does not show the new key ${name} at the moment.`;
  if (fresh.status !== 'Active') return `The new key ${name} is off in AWS.`;
  return `The new key ${name} is on; rotate it by ${weekday(deadline(fresh.createdAt, policy))}.`;
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
