// The card: the one live message about an IAM user, drawn anew from its record each time.
import type { KnownBlock } from '@slack/types';
import { findKey } from '../../../domain/access-key.ts';
import type { IamUser } from '../../../domain/iam-user.ts';
import { movesOffered } from '../../../domain/legality.ts';
import { isOpen, type OpenRotation, type Rotation } from '../../../domain/rotation.ts';
import type { MoveName } from '../../../domain/transitions.ts';
import { paragraphs } from '../wording/card.ts';
import {
  aboutUser,
  asOf,
  CREATING_IS_SAFE,
  claimLine,
  strandedLines,
  TURNING_OFF_CAN_BE_UNDONE,
  whyYou,
} from '../wording/card-lines.ts';
import { questionParagraph } from '../wording/card-question.ts';
import { cardText } from '../wording/card-text.ts';
import { type CardView, liveQuestion, moveFacts } from '../wording/card-view.ts';
import { stepLine } from '../wording/steps.ts';
import { moveButtons } from './buttons.ts';
import { type Content, section, smallPrint } from './parts.ts';

export function buildCard(view: CardView): Content {
  const { rotation } = view.user;
  if (!rotation) return nothingOpen(view);
  return {
    text: cardText(rotation, view),
    blocks: isOpen(rotation) ? openBlocks(rotation, view) : closedBlocks(rotation, view),
  };
}

function openBlocks(rotation: OpenRotation, view: CardView): KnownBlock[] {
  const { user, policy, now, helpChannel } = view;
  const moves = movesOffered(user, policy, now);
  const question = liveQuestion(view);
  const asking = question ? [questionParagraph(question, rotation, view)] : [];
  return [
    ...[...asking, ...paragraphs(rotation, view), ...strandedLines(view)].map((paragraph) =>
      section(paragraph),
    ),
    ...smallPrint(stepLine(rotation.stage)),
    ...(user.claim
      ? [section(claimLine(user.claim))]
      : moveButtons(moves, question?.move, user, moveFacts(rotation, view))),
    ...smallPrint(
      user.claim ? undefined : hint(moves, view),
      asOf(user),
      rotation.stage === 'due' ? whyYou(user, helpChannel) : undefined,
    ),
  ];
}

/** What the main button of the card does, and how far it can be undone. */
function hint(moves: readonly MoveName[], { user }: CardView): string | undefined {
  if (moves.includes('createKey')) return isOldKeyOn(user) ? CREATING_IS_SAFE : undefined;
  return moves.includes('deactivate') ? TURNING_OFF_CAN_BE_UNDONE : undefined;
}

function isOldKeyOn({ rotation, keys }: IamUser): boolean {
  return rotation !== undefined && findKey(keys, rotation.oldKeyId)?.status === 'Active';
}

function closedBlocks(rotation: Rotation, view: CardView): KnownBlock[] {
  return [
    ...[...paragraphs(rotation, view), ...strandedLines(view)].map((paragraph) => section(paragraph)),
    ...smallPrint(asOf(view.user)),
  ];
}

function nothingOpen(view: CardView): Content {
  const text = `Nothing to do. ${aboutUser(view)}.`;
  return { text, blocks: [section(text)] };
}
