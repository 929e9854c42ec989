// The card: the one live message about an IAM user, drawn anew from its record each time.
import type { KnownBlock } from '@slack/types';
import { isOpen, type OpenRotation, type Rotation } from '../../../domain/rotation.ts';
import type { MoveName } from '../../../domain/transitions.ts';
import {
  asOf,
  CREATING_IS_SAFE,
  claimLine,
  introduction,
  notYoursNow,
  ownerInDoubt,
  ownerLine,
  previewMark,
  strandedLines,
  TURNING_OFF_CAN_BE_UNDONE,
  whyYou,
} from '../wording/card/card-lines.ts';
import { newsLines } from '../wording/card/card-news.ts';
import { paragraphs } from '../wording/card/card-paragraphs.ts';
import { cardText } from '../wording/card/card-text.ts';
import {
  type CardView,
  isNobodysNow,
  keysInPlay,
  liveQuestion,
  moveFacts,
  movesFor,
} from '../wording/card/card-view.ts';
import { questionParagraph } from '../wording/card/doubts.ts';
import { stepLine } from '../wording/card/steps.ts';
import { aboutUser } from '../wording/shared/names.ts';
import { moveButtons } from './buttons.ts';
import { type Content, saying, section, smallPrint } from './parts.ts';

export function buildCard(view: CardView): Content {
  const { rotation } = view.user;
  if (!rotation) return saying(`Nothing to do. ${aboutUser(view)}.`);
  const blocks = isOpen(rotation)
    ? openBlocks(rotation, view)
    : [...told(rotation, view), ...smallPrint(asOf(view.user))];
  return { text: cardText(rotation, view), blocks };
}

/** For an admin: what the owner would get. */
export function buildPreview(view: CardView): Content {
  const { text, blocks } = buildCard(view);
  return { text: `Preview: ${text}`, blocks: [section(previewMark(view)), ...blocks] };
}

function openBlocks(rotation: OpenRotation, view: CardView): KnownBlock[] {
  if (isNobodysNow(view)) return [section(notYoursNow(rotation, view))];
  const { user } = view;
  const moves = movesFor(view);
  const question = liveQuestion(view);
  const asking = question ? [questionParagraph(question, rotation, view)] : [];
  return [
    ...told(rotation, view, asking),
    ...smallPrint(stepLine(rotation.stage)),
    ...(user.claim
      ? [section(claimLine(user.claim, rotation, view))]
      : moveButtons(
          moves,
          question,
          { account: user.account, userName: user.userName, drawing: view.drawing },
          (move) => moveFacts(move, rotation, view),
        )),
    ...smallPrint(
      user.claim ? undefined : hint(moves, rotation, view),
      asOf(user),
      rotation.stage === 'due' ? whyYou(view) : undefined,
    ),
  ];
}

/** What comes before the matter itself: who writes, whose it is, what somebody else did. */
function opening(rotation: Rotation, view: CardView): string[] {
  const { isFirst, as, policy, helpChannel } = view;
  return [
    ...(isFirst ? [introduction(policy.maxKeyAgeDays, helpChannel)] : []),
    ...(as === 'admin' ? [ownerLine(view)] : []),
    ...newsLines(rotation, view),
    ...ownerInDoubt(view),
  ];
}

function hint(moves: readonly MoveName[], rotation: Rotation, { user }: CardView): string | undefined {
  const isOldKeyOn = keysInPlay(user, rotation).old?.status === 'Active';
  if (moves.includes('createKey')) return isOldKeyOn ? CREATING_IS_SAFE : undefined;
  return moves.includes('deactivate') ? TURNING_OFF_CAN_BE_UNDONE : undefined;
}

function told(rotation: Rotation, view: CardView, asking: readonly string[] = []): KnownBlock[] {
  return [
    ...opening(rotation, view),
    ...asking,
    ...paragraphs(rotation, view),
    ...strandedLines(rotation, view),
  ].map((paragraph) => section(paragraph));
}
