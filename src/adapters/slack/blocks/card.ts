// The card: the one live message about an IAM user, drawn anew from its record each time. What is asked comes first, who asks last.
import type { KnownBlock, StaticSelect } from '@slack/types';
import { isOpen, type OpenRotation, type Rotation } from '../../../domain/rotation.ts';
import type { MoveName } from '../../../domain/transitions.ts';
import type { Drawn } from '../../../usecases/jobs.ts';
import { label } from '../escape.ts';
import {
  asOf,
  introduction,
  keyPlace,
  loneKey,
  noLongerYours,
  ownerInDoubt,
  ownerLine,
  previewMark,
  UNDER_WAY,
  whyYou,
} from '../wording/card/card-lines.ts';
import { newsLines } from '../wording/card/card-news.ts';
import { paragraphs } from '../wording/card/card-paragraphs.ts';
import { cardText, headline } from '../wording/card/card-text.ts';
import { choices, strandedKeys } from '../wording/card/card-two-keys.ts';
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
import { isAllTicked } from '../wording/card/tick-lines.ts';
import { aboutUser } from '../wording/shared/names.ts';
import { questions } from '../wording/shared/whom-to-ask.ts';
import { buttonRow, choiceRow, moveButtons } from './buttons.ts';
import { toolsMenu } from './how.ts';
import { type Content, header, saying, section, smallPrint } from './parts.ts';

export function buildCard(view: CardView): Content {
  const { rotation, userName } = view.user;
  if (!rotation) return saying(`Nothing to do. ${aboutUser(view)}.`);
  const blocks = isOpen(rotation) ? openBlocks(rotation, view) : overBlocks(rotation, view);
  return {
    text: cardText(rotation, view),
    blocks: [header(headline(rotation, view, label(userName, 64))), ...blocks],
  };
}

/** For an admin: what the owner would get. */
export function buildPreview(view: CardView): Content {
  const { text, blocks } = buildCard(view);
  return { text: `Preview: ${text}`, blocks: [section(previewMark(view)), ...blocks] };
}

function openBlocks(rotation: OpenRotation, view: CardView): KnownBlock[] {
  if (isNobodysNow(view)) return [section(noLongerYours(view)), ...smallPrint(keyPlace(rotation, view))];
  const question = liveQuestion(view);
  const asking = question && questionParagraph(question, rotation, view);
  return [...told(rotation, view, asking), ...operable(rotation, view), ...foot(rotation, view)];
}

function overBlocks(rotation: Rotation, view: CardView): KnownBlock[] {
  const words = [...opening(rotation, view), ...paragraphs(rotation, view)];
  return [
    ...words.map((paragraph) => section(paragraph)),
    ...strandedKeys(rotation, view).map((stranded) => section(stranded.words)),
    ...buttonRow([], [], targetOf(view)),
    ...smallPrint(`${keyPlace(rotation, view)} · ${asOf(view.user)}`, ownerFor(view)),
  ];
}

/** What somebody else did. */
function opening(rotation: Rotation, view: CardView): string[] {
  return [...newsLines(rotation, view), ...ownerInDoubt(view)];
}

function ownerFor(view: CardView): string | undefined {
  return view.as === 'admin' ? ownerLine(view) : undefined;
}

/** Why, and what is safe, or else what speaks against what was asked for; which key; and what is known of it. */
function told(rotation: OpenRotation, view: CardView, asking?: string): KnownBlock[] {
  const [lead = '', ...rest] = paragraphs(rotation, view);
  return [
    ...[...opening(rotation, view), asking ?? lead].map((paragraph) => section(paragraph)),
    ...smallPrint(loneKey(rotation, view), ownerFor(view)),
    ...rest.map((paragraph) => section(paragraph)),
  ];
}

/** All that can be pressed, with the words that a choice follows from. */
export function operable(rotation: OpenRotation, view: CardView): KnownBlock[] {
  const stranded = strandedKeys(rotation, view);
  const target = targetOf(view);
  if (view.user.claim)
    return [...stranded.map(({ words }) => section(words)), section(UNDER_WAY), ...buttonRow([], [], target)];
  const factsFor = (move: MoveName) => moveFacts(move, rotation, view);
  const rows = [...stranded, ...choices(rotation, view)];
  const others = movesFor(view).filter((one) => !rows.some(({ move }) => move === one));
  return [
    ...rows.map((row) => choiceRow(row, target, factsFor)),
    ...moveButtons(others, liveQuestion(view), target, factsFor, helpWith(rotation, others, view)),
  ];
}

function targetOf({ user: { account, userName }, drawing }: CardView): Drawn {
  return { account, userName, drawing };
}

/** Where the reader is to put a new key in place that can be fetched, and has nothing to answer first. */
function helpWith(rotation: OpenRotation, moves: readonly MoveName[], view: CardView): StaticSelect[] {
  const isMade = rotation.stage === 'issued' && rotation.replacement.kind === 'created';
  const isOn = keysInPlay(view.user, rotation).old?.status === 'Active';
  const isAsked = moves.includes('confirmMigration') && !isAllTicked(view) && !liveQuestion(view);
  return isMade && isOn && isAsked ? [toolsMenu()] : [];
}

function foot(rotation: OpenRotation, view: CardView): KnownBlock[] {
  const { user, as, isFirst, policy } = view;
  return smallPrint(
    isFirst ? introduction(policy.maxKeyAgeDays) : undefined,
    rotation.stage === 'due' ? whyYou(view) : undefined,
    as === 'admin' ? undefined : questions(view),
    loneKey(rotation, view) ? undefined : keyPlace(rotation, view),
    `${stepLine(rotation.stage, keysInPlay(user, rotation).other !== undefined)} · ${asOf(user)}`,
  );
}
