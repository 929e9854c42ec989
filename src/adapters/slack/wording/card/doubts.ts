// What a card says first when a move was asked for and something speaks against it.
import { type AccessKey, type AccessKeyId, findKey } from '../../../../domain/access-key.ts';
import { turnsOffAt } from '../../../../domain/decision.ts';
import type { Doubt } from '../../../../domain/evidence.ts';
import type { Question } from '../../../../domain/iam-user.ts';
import { isFormMove } from '../../../../domain/moves/rows.ts';
import { situationOf } from '../../../../domain/moves/situation.ts';
import { type OpenRotation, type Rotation, replacementOf } from '../../../../domain/rotation.ts';
import { DAY, type Instant } from '../../../../domain/time.ts';
import type { MoveName } from '../../../../domain/transitions.ts';
import { ageWords, moment } from '../shared/dates.ts';
import { IN_PLACE, MOVE_WORDS } from '../shared/moves.ts';
import { count, keyName, plainKey } from '../shared/names.ts';
import { type CardView, keysInPlay, movesFor } from './card-view.ts';
import { dueKeyUse, perhapsFetching, useWords } from './key-use.ts';

const CHECK_AGAIN = 'Check again';

/**
 * The same move again, without insisting: it looks anew, or, where there is nothing to look at, takes the question back.
 * What opens a form is said once more.
 */
export function otherAnswer({ move, doubts }: Question): string {
  if (isFormMove(move)) return MOVE_WORDS[move].label;
  return doubts.every(({ kind }) => kind === 'removesForGood') ? 'Keep it' : CHECK_AGAIN;
}

/** Another move that does what was asked for, once it breaks nothing. */
export function betterAnswer(
  { move, doubts }: Pick<Question, 'move' | 'doubts'>,
  moves: readonly MoveName[],
): MoveName | undefined {
  const isBusy = move === 'deactivate' && doubts.some(({ kind }) => kind === 'oldKeyInUse');
  return isBusy ? moves.find((one) => one === 'turnOffWhenQuiet') : undefined;
}

export function questionParagraph(question: Question, rotation: OpenRotation, view: CardView): string {
  const facts = doubtFacts(rotation, view);
  const doubts = question.doubts.map((doubt) => doubtWords(doubt, facts));
  return [
    ...(doubts.length > 1 ? doubts.map((words) => `• ${words}`) : doubts),
    adviceFor(question, facts, view),
  ].join('\n');
}

function adviceFor(
  { move, doubts }: Pick<Question, 'move' | 'doubts'>,
  facts: DoubtFacts,
  view: CardView,
): string {
  const kinds = new Set(doubts.map(({ kind }) => kind));
  if (kinds.has('removesForGood')) return 'Remove it only if you know that nobody needs it.';
  if (move === 'discardNewKey') return 'Find out first, or keep it.';
  if (move === 'confirmMigration')
    return `Nobody has fetched its secret either, as far as AWS shows, and AWS may be late. If it is in use all the same, press *${IN_PLACE}*; otherwise put it in place first.`;
  const use = doubts.find((doubt) => doubt.kind === 'oldKeyInUse');
  if (use) return adviceInUse(use, { move, doubts }, facts, view);
  if (kinds.has('newKeyNeverUsed')) {
    return `Try the new key out: \`aws sts get-caller-identity\` with it is enough. Some minutes later press *${CHECK_AGAIN}*.`;
  }
  const isUnknown = kinds.has('oldKeyUseUnknown') || kinds.has('newKeyUseUnknown');
  return isUnknown
    ? `AWS may answer in some minutes: then press *${CHECK_AGAIN}*.`
    : `If it can wait, press *${CHECK_AGAIN}* on Monday.`;
}

function adviceInUse(
  use: Extract<Doubt, { kind: 'oldKeyInUse' }>,
  question: Pick<Question, 'move' | 'doubts'>,
  { newKeySince }: DoubtFacts,
  view: CardView,
): string {
  const { user, policy, now } = view;
  const isFetching = perhapsFetching(use, newKeySince) !== '';
  const situation = situationOf(user, policy, now);
  if (situation && betterAnswer(question, movesFor(view))) {
    const first = isFetching ? 'If nothing else uses it, press' : 'Find what uses it. Or press';
    return `${first} *${MOVE_WORDS.turnOffWhenQuiet.label}*: I do it on *${moment(turnsOffAt(situation, now))}* if nothing uses it until then, and you can take that back.`;
  }
  if (use.quietAt === undefined)
    return `Find what uses it, or wait until it has been quiet for ${count(policy.quietHours, 'hour')}; then press *${CHECK_AGAIN}*.`;
  return isFetching
    ? `If nothing else uses it, it is quiet by *${moment(use.quietAt)}*: press *${CHECK_AGAIN}* then.`
    : `Find what uses it. Or wait: if it stays quiet until *${moment(use.quietAt)}*, press *${CHECK_AGAIN}* then.`;
}

interface DoubtFacts {
  oldKeyId: AccessKeyId;
  newKeyId: AccessKeyId | undefined;
  newKeySince: Instant | undefined;
  keys: readonly AccessKey[];
  now: Instant;
}

type DoubtWords = { [K in Doubt['kind']]: (doubt: Extract<Doubt, { kind: K }>, facts: DoubtFacts) => string };

const DOUBT_WORDS: DoubtWords = {
  oldKeyInUse: (use, facts) =>
    `${theOldKey(facts)} was used ${useWords(use)}${perhapsFetching(use, facts.newKeySince)}.${rarely(use)} Whatever uses it breaks when it is turned off.`,
  oldKeyUseUnknown: (_, facts) =>
    `${theOldKey(facts)} may be in use: AWS did not answer when I asked. Whatever uses it breaks when it is turned off.`,
  newKeyNeverUsed: (_, facts) =>
    `${theNewKey(facts)} has not been used yet. If nobody has fetched it, the old key may be the only way to get it.`,
  newKeyUseUnknown: (_, facts) =>
    `${theNewKey(facts)} may be in use or not: AWS did not answer when I asked.`,
  newKeyInUse: (use, facts) =>
    `${theNewKey(facts)} was used ${useWords(use)}. Whatever uses it breaks when it is discarded, and that cannot be undone.`,
  weekendAhead: () => 'If something breaks, nobody may be at hand until Monday.',
  removesForGood: ({ keyId }, { keys, now }) => {
    const key = findKey(keys, keyId);
    const known = key
      ? `${ageWords(key.createdAt, now)}, ${dueKeyUse(key)}`
      : 'not shown by AWS at the last look';
    return `${keyName(keyId)} is ${known}. Once it is removed, nobody can bring it back.`;
  },
};

export function doubtWords(doubt: Doubt, facts: DoubtFacts): string {
  const words = DOUBT_WORDS[doubt.kind] as (doubt: Doubt, facts: DoubtFacts) => string;
  return words(doubt, facts);
}

/** In plain text, without how long ago: a header stands as it was drawn. */
export function questionHeadline(
  { move, doubts }: Pick<Question, 'move' | 'doubts'>,
  facts: DoubtFacts,
  userName: string,
): string {
  return `${MOVE_WORDS[move].anyway?.notYet ?? 'Nothing was changed'}: ${reason(doubts, facts, userName)}`;
}

function reason(doubts: readonly Doubt[], facts: DoubtFacts, userName: string): string {
  const kinds = new Set(doubts.map(({ kind }) => kind));
  const named = (id: AccessKeyId | undefined) => `${id ? plainKey(id) : 'the new key'} of ${userName}`;
  const [old, fresh] = [named(facts.oldKeyId), named(facts.newKeyId)];
  const removed = doubts.find((doubt) => doubt.kind === 'removesForGood');
  if (removed) return `${named(removed.keyId)} would be gone for good`;
  const use = doubts.find((doubt) => doubt.kind === 'oldKeyInUse');
  if (use) return `${old} ${facts.now - use.at > DAY ? 'may still be' : 'is still'} used`;
  if (kinds.has('newKeyInUse')) return `${fresh} is in use already`;
  if (kinds.has('newKeyNeverUsed')) return `nobody has used ${fresh} yet`;
  if (kinds.has('oldKeyUseUnknown')) return `AWS did not say whether ${old} is used`;
  if (kinds.has('newKeyUseUnknown')) return `AWS did not say whether ${fresh} is used`;
  return `${old} would be off over the weekend`;
}

/** Why a silence of days is not believed. */
function rarely({ silence }: { silence?: number }): string {
  if (silence === undefined) return '';
  const days = count(Math.round(silence / DAY), 'day');
  return ` Not every key of this user is used every day: one was once quiet for about ${days}, and then used again.`;
}

/** Without a new key there is no old one: just the key. */
function theOldKey({ oldKeyId, newKeyId }: DoubtFacts): string {
  return `The ${newKeyId === undefined ? '' : 'old '}key ${keyName(oldKeyId)}`;
}

function theNewKey({ newKeyId }: DoubtFacts): string {
  return newKeyId === undefined ? 'The new key' : `The new key ${keyName(newKeyId)}`;
}

export function doubtFacts(rotation: Rotation, { user, now }: CardView): DoubtFacts {
  return {
    oldKeyId: rotation.oldKeyId,
    newKeyId: replacementOf(rotation)?.keyId,
    newKeySince: keysInPlay(user, rotation).fresh?.createdAt,
    keys: user.keys,
    now,
  };
}
