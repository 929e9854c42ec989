// The buttons of a card, for its moves or the two answers to a question, with a menu at the end; and those that bring a card.
import type { Button, KnownBlock, Overflow } from '@slack/types';
import type { IamUserId, Question } from '../../../domain/iam-user.ts';
import { MOVE_ROWS } from '../../../domain/moves/rows.ts';
import type { MoveName } from '../../../domain/transitions.ts';
import { betterAnswer, otherAnswer } from '../wording/card/doubts.ts';
import { anywayWords, type Dialog, MOVE_WORDS, type MoveFacts, moveLabel } from '../wording/shared/moves.ts';
import { mrkdwn } from './parts.ts';
import { type Drawn, MENU_ID, pressId, showId, targetValue } from './press.ts';

export function moveButtons(
  moves: readonly MoveName[],
  question: Question | undefined,
  target: Drawn,
  factsFor: (move: MoveName) => MoveFacts,
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
  const elements = [...buttons, ...menu(moves.filter(isInMenu))];
  // An entry of a menu has no room for the IAM user, so the block has it.
  return elements.length > 0 ? [{ type: 'actions', block_id: targetValue(target), elements }] : [];
}

function menu(moves: readonly MoveName[]): Overflow[] {
  if (moves.length === 0) return [];
  const options = moves.map((move) => ({
    text: { type: 'plain_text' as const, text: MOVE_WORDS[move].label },
    value: pressId(move, false),
  }));
  return [{ type: 'overflow', action_id: MENU_ID, options }];
}

function moveButton(move: MoveName, target: Drawn, facts: MoveFacts): Button {
  const { style, dialog } = MOVE_WORDS[move];
  const isCreating = MOVE_ROWS[move].inAws === 'createsKey';
  return {
    ...button(moveLabel(move, facts), pressId(move, false), target),
    ...(style && { style }),
    // Red wherever something stops working, and creating a key stops nothing.
    ...(dialog && { confirm: confirmation(dialog(facts), isCreating ? 'primary' : 'danger') }),
  };
}

function answers(
  question: Question,
  better: MoveName | undefined,
  target: Drawn,
  facts: MoveFacts,
): Button[] {
  const { move } = question;
  const plain = button(otherAnswer(question), pressId(move, false), target);
  const others: Button[] = better
    ? [{ ...moveButton(better, target, facts), style: 'primary' }, plain]
    : [{ ...plain, style: 'primary' }];
  const anyway = anywayWords(move, facts);
  if (!anyway) return others;
  const { label, dialog } = anyway;
  const insisting = button(label, pressId(move, true), target);
  return [
    ...others,
    dialog ? { ...insisting, style: 'danger', confirm: confirmation(dialog, 'danger') } : insisting,
  ];
}

export function button(label: string, actionId: string, target: Drawn): Button {
  return {
    type: 'button',
    text: { type: 'plain_text', text: label },
    action_id: actionId,
    value: targetValue(target),
  };
}

export function openButton({ account, userName }: IamUserId, label = 'Open'): Button {
  return button(label, showId(), { account, userName });
}

export function rowToOpen(words: string, user: IamUserId, label?: string): KnownBlock {
  return { type: 'section', text: mrkdwn(words), accessory: openButton(user, label) };
}

export function confirmation(
  { title, text, confirm, deny }: Dialog,
  style: 'primary' | 'danger',
): NonNullable<Button['confirm']> {
  return {
    title: { type: 'plain_text', text: title },
    text: mrkdwn(text),
    confirm: { type: 'plain_text', text: confirm },
    deny: { type: 'plain_text', text: deny },
    style,
  };
}
