// The card: the one live message about an IAM user, drawn anew from its record each time.
import type { KnownBlock } from '@slack/types';
import { findKey } from '../../../domain/access-key.ts';
import type { IamUser } from '../../../domain/iam-user.ts';
import { isOpen, type OpenRotation, type Rotation } from '../../../domain/rotation.ts';
import type { MoveName } from '../../../domain/transitions.ts';
import {
  aboutUser,
  asOf,
  CREATING_IS_SAFE,
  claimLine,
  introduction,
  strandedLines,
  TURNING_OFF_CAN_BE_UNDONE,
  whyYou,
} from '../wording/card/card-lines.ts';
import { newsParagraph } from '../wording/card/card-news.ts';
import { notYoursNow, ownerInDoubt, ownerLine } from '../wording/card/card-owner.ts';
import { paragraphs } from '../wording/card/card-paragraphs.ts';
import { questionParagraph } from '../wording/card/card-question.ts';
import { cardText } from '../wording/card/card-text.ts';
import { type CardView, isNobodysNow, liveQuestion, moveFacts, movesFor } from '../wording/card/card-view.ts';
import { stepLine } from '../wording/card/steps.ts';
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
  if (isNobodysNow(view)) return [section(notYoursNow(rotation, view))];
  const { user } = view;
  const moves = movesFor(view);
  const question = liveQuestion(view);
  const asking = question ? [questionParagraph(question, rotation, view)] : [];
  return [
    ...[
      ...opening(rotation, view),
      ...asking,
      ...paragraphs(rotation, view),
      ...strandedLines(rotation, view),
    ].map((paragraph) => section(paragraph)),
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
      user.claim ? undefined : hint(moves, view),
      asOf(user),
      rotation.stage === 'due' ? whyYou(view) : undefined,
    ),
  ];
}

/** What comes before the matter itself: who writes, whose it is, what somebody else did. */
function opening(rotation: Rotation, view: CardView): string[] {
  const { isFirst, as, policy, helpChannel } = view;
  const news = newsParagraph(rotation, view);
  return [
    ...(isFirst ? [introduction(policy.maxKeyAgeDays, helpChannel)] : []),
    ...(as === 'admin' ? [ownerLine(view)] : []),
    ...(news === undefined ? [] : [news]),
    ...ownerInDoubt(view),
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
    ...[...opening(rotation, view), ...paragraphs(rotation, view), ...strandedLines(rotation, view)].map(
      (paragraph) => section(paragraph),
    ),
    ...smallPrint(asOf(view.user)),
  ];
}

function nothingOpen(view: CardView): Content {
  const text = `Nothing to do. ${aboutUser(view)}.`;
  return { text, blocks: [section(text)] };
}
