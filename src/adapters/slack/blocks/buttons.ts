// The buttons of a card: one for each move that may be made, or the two answers to a question.
import type { Button, KnownBlock } from '@slack/types';
import type { IamUser } from '../../../domain/iam-user.ts';
import type { MoveName } from '../../../domain/transitions.ts';
import { CHECK_AGAIN } from '../wording/card-question.ts';
import { anywayWords, type Dialog, MOVE_WORDS, type MoveFacts } from '../wording/moves.ts';
import { pressId, targetValue } from './press.ts';

/** `asked` is the move in question; it must be among `moves`. */
export function moveButtons(
  moves: readonly MoveName[],
  asked: MoveName | undefined,
  user: IamUser,
  facts: MoveFacts,
): KnownBlock[] {
  const elements = moves.flatMap((move) =>
    move === asked ? answers(move, user, facts) : [moveButton(move, user, facts)],
  );
  return elements.length > 0 ? [{ type: 'actions', elements }] : [];
}

function moveButton(move: MoveName, user: IamUser, facts: MoveFacts): Button {
  const { label, style, dialog } = MOVE_WORDS[move];
  return {
    ...button(label, pressId(move, false), user),
    ...(style && { style }),
    // Red wherever something stops working, and creating a key stops nothing.
    ...(dialog && { confirm: confirmation(dialog(facts), move === 'createKey' ? 'primary' : 'danger') }),
  };
}

function answers(move: MoveName, user: IamUser, facts: MoveFacts): Button[] {
  const { label, dialog } = anywayWords(move);
  return [
    { ...button(CHECK_AGAIN, pressId(move, false), user), style: 'primary' },
    {
      ...button(label, pressId(move, true), user),
      style: 'danger',
      confirm: confirmation(dialog(facts), 'danger'),
    },
  ];
}

function button(label: string, actionId: string, user: IamUser): Button {
  return {
    type: 'button',
    text: { type: 'plain_text', text: label },
    action_id: actionId,
    value: targetValue(user),
  };
}

function confirmation(
  { title, text, confirm, deny }: Dialog,
  style: 'primary' | 'danger',
): NonNullable<Button['confirm']> {
  return {
    title: { type: 'plain_text', text: title },
    text: { type: 'mrkdwn', text },
    confirm: { type: 'plain_text', text: confirm },
    deny: { type: 'plain_text', text: deny },
    style,
  };
}
