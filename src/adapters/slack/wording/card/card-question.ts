// What a card says first when a move was asked for and something speaks against it.
import type { Question } from '../../../../domain/iam-user.ts';
import type { OpenRotation } from '../../../../domain/rotation.ts';
import { moment } from '../shared/dates.ts';
import { count } from '../shared/names.ts';
import { type CardView, doubtFacts } from './card-view.ts';
import { doubtHeading, doubtWords } from './doubts.ts';

const CHECK_AGAIN = 'Check again';

/** The same move again, without insisting: it looks anew, or, where there is nothing to look at, takes the question back. */
export function otherAnswer({ doubts }: Question): string {
  return doubts.every(({ kind }) => kind === 'removesForGood') ? 'Keep it' : CHECK_AGAIN;
}

export function questionParagraph(question: Question, rotation: OpenRotation, view: CardView): string {
  const facts = doubtFacts(rotation, view);
  const doubts = question.doubts.map((doubt) => doubtWords(doubt, facts));
  return [
    `*${doubtHeading(question.doubts, facts)}, so nothing was changed.*`,
    ...(doubts.length > 1 ? doubts.map((words) => `• ${words}`) : doubts),
    adviceFor(question, view),
  ].join('\n');
}

function adviceFor({ move, doubts }: Question, { policy }: CardView): string {
  const kinds = new Set(doubts.map(({ kind }) => kind));
  if (kinds.has('removesForGood')) return 'Remove it only if you know that nobody needs it.';
  if (move === 'discardNewKey') return 'Find out first, or keep it.';
  const use = doubts.find((doubt) => doubt.kind === 'oldKeyInUse');
  if (use) {
    return use.quietAt === undefined
      ? `Find what uses it, or wait until it has been quiet for ${count(policy.quietHours, 'hour')}; then press *${CHECK_AGAIN}*.`
      : `Find what uses it. Or wait: if it stays quiet until *${moment(use.quietAt)}*, press *${CHECK_AGAIN}* then.`;
  }
  if (kinds.has('newKeyNeverUsed')) {
    return `Try the new key out: \`aws sts get-caller-identity\` with it is enough. Some minutes later press *${CHECK_AGAIN}*.`;
  }
  const isUnknown = kinds.has('oldKeyUseUnknown') || kinds.has('newKeyUseUnknown');
  return isUnknown
    ? `AWS may answer in some minutes: then press *${CHECK_AGAIN}*.`
    : `If it can wait, press *${CHECK_AGAIN}* on Monday.`;
}
