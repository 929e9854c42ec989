// What a card says first when a move was asked for and something speaks against it.
import type { Question } from '../../../domain/iam-user.ts';
import type { OpenRotation } from '../../../domain/rotation.ts';
import { type CardView, doubtFacts } from './card-view.ts';
import { doubtHeading, doubtWords } from './doubts.ts';
import { count } from './names.ts';

/** The same move again, without insisting. */
export const CHECK_AGAIN = 'Check again';

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
  if (move === 'discardNewKey') return 'Find out first, or keep it.';
  if (kinds.has('oldKeyInUse')) {
    return `Find what uses it, or wait until it has been quiet for ${count(policy.quietHours, 'hour')}; then press *${CHECK_AGAIN}*.`;
  }
  if (kinds.has('newKeyNeverUsed')) {
    return `Try the new key out: \`aws sts get-caller-identity\` with it is enough. Some minutes later press *${CHECK_AGAIN}*.`;
  }
  return `AWS may answer in some minutes: then press *${CHECK_AGAIN}*.`;
}
