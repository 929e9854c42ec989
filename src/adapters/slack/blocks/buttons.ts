// The buttons of a card, for its moves or the two answers to a question, with a menu at the end; and those that bring a card.
import type { Button, KnownBlock, Overflow, StaticSelect } from '@slack/types';
import type { IamUserId, Question } from '../../../domain/iam-user.ts';
import { isFormMove, MOVE_ROWS } from '../../../domain/moves/rows.ts';
import type { MoveName } from '../../../domain/transitions.ts';
import type { Drawn } from '../../../usecases/jobs.ts';
import { label } from '../escape.ts';
import type { Choice } from '../wording/card/card-two-keys.ts';
import { betterAnswer, otherAnswer } from '../wording/card/doubts.ts';
import { ASSIGN_OWNERS } from '../wording/shared/form-text.ts';
import {
  anywayWords,
  type Dialog,
  HISTORY,
  MOVE_WORDS,
  type MoveFacts,
  moveLabel,
} from '../wording/shared/moves.ts';
import { plainText, section } from './parts.ts';
import { formId, historyId, MENU_ID, ownersId, pressId, showId, targetValue } from './press.ts';

export function moveButtons(
  moves: readonly MoveName[],
  question: Question | undefined,
  target: Drawn,
  factsFor: (move: MoveName) => MoveFacts,
  help: readonly StaticSelect[] = [],
): KnownBlock[] {
  const isInMenu = (move: MoveName) => MOVE_ROWS[move].offered === 'inTheMenu' && move !== question?.move;
  const better = question && betterAnswer(question, moves);
  const buttons = moves
    .filter((move) => !isInMenu(move) && move !== better)
    .flatMap((move) =>
      move === question?.move
        ? answers(question, better, target, factsFor(move))
        : [moveButton(move, target, factsFor(move))],
    );
  return buttonRow([...buttons, ...help], moves.filter(isInMenu), target);
}

/** With a menu at its end: seldom moves, and the history. */
export function buttonRow(
  buttons: readonly (Button | StaticSelect)[],
  inMenu: readonly MoveName[],
  target: Drawn,
): KnownBlock[] {
  const entries = inMenu.map((move) => [MOVE_WORDS[move].label, pressId(move, false)] as const);
  const options = [...entries, [HISTORY, historyId()] as const].map(([words, value]) => ({
    text: plainText(words),
    value,
  }));
  const menu: Overflow = { type: 'overflow', action_id: MENU_ID, options };
  // An entry of a menu has no room for the IAM user, so the block has it.
  return [{ type: 'actions', block_id: targetValue(target), elements: [...buttons, menu] }];
}

/** A move that decides something, beside the words that it follows from. */
export function choiceRow(
  { words, move }: Choice,
  target: Drawn,
  factsFor: (move: MoveName) => MoveFacts,
): KnownBlock {
  return move ? { ...section(words), accessory: moveButton(move, target, factsFor(move)) } : section(words);
}

function moveButton(move: MoveName, target: Drawn, facts: MoveFacts): Button {
  const { style, dialog } = MOVE_WORDS[move];
  return {
    ...button(moveLabel(move, facts), plainId(move, facts), target),
    ...(style && { style }),
    ...(dialog && { confirm: confirmation(dialog(facts)) }),
  };
}

function plainId(move: MoveName, { isDoubtful }: MoveFacts): string {
  return isDoubtful && isFormMove(move) ? formId({ move, isTold: true }) : pressId(move, false);
}

function answers(
  question: Question,
  better: MoveName | undefined,
  target: Drawn,
  facts: MoveFacts,
): Button[] {
  const { move } = question;
  const plain = button(otherAnswer(question), plainId(move, facts), target);
  const others: Button[] = better
    ? [{ ...moveButton(better, target, facts), style: 'primary' }, plain]
    : [{ ...plain, style: 'primary' }];
  const anyway = anywayWords(move, facts);
  if (!anyway) return others;
  const insisting = button(anyway.label, pressId(move, true), target);
  const { dialog } = anyway;
  return [...others, dialog ? { ...insisting, style: 'danger', confirm: confirmation(dialog) } : insisting];
}

export function button(words: string, actionId: string, target: Drawn): Button {
  return {
    type: 'button',
    text: plainText(words),
    action_id: actionId,
    value: targetValue(target),
  };
}

/** The way to the form in which owners are assigned to many. `first`: one of them, as each button bears a user. */
export function assignOwnersButton({ account, userName }: IamUserId): Button {
  return button(ASSIGN_OWNERS, ownersId(), { account, userName });
}

export function assignOwnersRow(first: IamUserId): KnownBlock {
  return { type: 'actions', elements: [assignOwnersButton(first)] };
}

/** There may be many in one message: screen readers say whose each is. */
export function openButton({ account, userName }: IamUserId, words = 'Open'): Button {
  return ofOne(button(words, showId(), { account, userName }), userName);
}

/** In an answer, beside the IAM user. */
export function notMineButton(target: Drawn): Button {
  const move = 'notMine';
  const id = formId({ move, inAnswer: true });
  return ofOne(button(MOVE_WORDS[move].label, id, target), target.userName);
}

function ofOne(one: Button, userName: string): Button {
  return { ...one, accessibility_label: label(`${one.text.text} ${userName}`) };
}

export function rowToOpen(words: string, user: IamUserId, onButton?: string): KnownBlock {
  return { ...section(words), accessory: openButton(user, onButton) };
}

/** In plain text, as Slack documents it; in red, since something stops working or goes for good. https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object */
export function confirmation({ title, text, confirm, deny }: Dialog): NonNullable<Button['confirm']> {
  return {
    title: plainText(title),
    text: plainText(text),
    confirm: plainText(confirm),
    deny: plainText(deny),
    style: 'danger',
  };
}
