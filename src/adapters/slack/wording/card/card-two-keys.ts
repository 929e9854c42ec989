// What a card says where there is a second key already: what is known of both, and what may be true of them, each with its button.
import { type AccessKey, ending, findKey, oldestFirst } from '../../../../domain/access-key.ts';
import type { Due, Postponed, Rotation } from '../../../../domain/rotation.ts';
import type { MoveName } from '../../../../domain/transitions.ts';
import { code } from '../../escape.ts';
import { ageWords } from '../shared/dates.ts';
import { count, keyName } from '../shared/names.ts';
import { ask } from '../shared/whom-to-ask.ts';
import { type CardView, keysInPlay, liveQuestion, moveFacts, movesFor } from './card-view.ts';
import { dueKeyUse } from './key-use.ts';

/** Something that may be true, and the move that follows from it, if there is one to press. */
export interface Choice {
  words: string;
  move?: MoveName;
}

/** Somebody said so, and both may still be in use. */
export function areNeeded(rotation: Due | Postponed, other: AccessKey): boolean {
  return rotation.stage === 'due' && rotation.bothNeeded !== undefined && other.status === 'Active';
}

export function twoKeys(
  old: AccessKey,
  other: AccessKey,
  rotation: Due | Postponed,
  view: CardView,
): string[] {
  const isParting = areNeeded(rotation, other);
  const more = oldestFirst(view.user.keys).filter(({ id }) => id !== old.id && id !== other.id);
  const rows = [old, other, ...more].map(
    (key) => `• ${keyName(key.id)}: ${ageWords(key.createdAt, view.now)}, ${dueKeyUse(key)}`,
  );
  const ask = isParting || choices(rotation, view).length === 0 ? [] : ['*Which is true?*'];
  return [
    isParting ? BOTH_NEEDED : oneMustGo(more, view),
    [...rows, ...ask].join('\n'),
    ...(isParting ? [partThem(old)] : []),
  ];
}

/** AWS has let more than two through where calls raced. */
function oneMustGo(more: readonly AccessKey[], { user, policy }: CardView): string {
  const [third] = more;
  const limit = `The limit is ${count(policy.maxKeyAgeDays, 'day')}`;
  return third
    ? `${limit}. *There are ${more.length + 2} keys, although AWS allows two*: all but one must go before I can make a new one. Deal with these two first, or name any by its last four characters, as in ${code(`/keyrotate rotate ${user.userName} ${ending(third.id)}`)}.`
    : `${limit}, and AWS allows no third key: one of these two must go first. *Nothing changes until you decide.*`;
}

const BOTH_NEEDED = '*Both keys are needed, so one application needs an IAM user of its own.* Admins know.';

/** Two applications share one IAM user, and nothing can be replaced until one of them has another. */
function partThem({ id }: AccessKey): string {
  return [
    '1. Create a second IAM user with the same permissions, and a key for it.',
    `2. Move the application that uses ${keyName(id)} over to that key.`,
    `3. Then turn off ${keyName(id)} here.`,
  ].join('\n');
}

/** A line for each move that decides between the two. What is being asked about has other buttons now. */
export function choices(rotation: Rotation, view: CardView): Choice[] {
  const { old, other } = keysInPlay(view.user, rotation);
  const isDue = rotation.stage === 'due' || rotation.stage === 'postponed';
  if (!old || !other || !isDue) return [];
  const [oldName, otherName] = [keyName(old.id), keyName(other.id)];
  const lines: Partial<Record<MoveName, string>> = {
    adopt: `${otherName} is meant to replace ${oldName}. _I guide you; nothing changes yet._`,
    retire: `Nobody uses ${oldName} any more. _You can turn it back on until you delete it._`,
    switchKey: `${otherName} is the one to replace first. _I ask about that one then; nothing changes yet._`,
    clearSlot: `Nobody needs ${otherName}: it is off. _Removing it is for good; you are asked once more._`,
    keepBoth: 'Two different applications use them. _One of them needs its own IAM user; I show how._',
  };
  const asked = liveQuestion(view)?.move;
  return movesFor(view).flatMap((move) => {
    const words = lines[move];
    return words === undefined || move === asked ? [] : [{ move, words }];
  });
}

/** Keys that appeared while a createKey broke off. Probably ours, but that is a guess, and nothing is done on a guess. */
export function strandedKeys(rotation: Rotation, view: CardView): Choice[] {
  const { user, now } = view;
  const move = 'discardStranded';
  const removable = movesFor(view).includes(move) ? moveFacts(move, rotation, view).otherKeyId : undefined;
  return user.stranded.map((id) => {
    const key = findKey(user.keys, id);
    const evidence = key ? `: it is ${ageWords(key.createdAt, now)}, ${dueKeyUse(key)}` : '';
    const told = `:warning: *Key* ${keyName(id)} *came into being while I was creating one, and I did not store its secret.* Probably nobody can use it${evidence}. If nobody you know made it, `;
    if (id !== removable)
      return {
        words: `${told}${ask(view)} to delete it in AWS. I do not touch it.`,
      };
    const words = `${told}remove it. _You are asked once more._`;
    return liveQuestion(view)?.move === move ? { words } : { words, move };
  });
}
