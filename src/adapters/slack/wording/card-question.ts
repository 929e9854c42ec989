// What a card says instead when a move was asked for and something speaks against it.
import type { Question } from '../../../domain/iam-user.ts';
import type { OpenRotation } from '../../../domain/rotation.ts';
import type { MoveName } from '../../../domain/transitions.ts';
import { aboutUser } from './card-lines.ts';
import { type CardView, doubtFacts } from './card-view.ts';
import { doubtHeading, doubtWords } from './doubts.ts';
import { count } from './names.ts';

/** The same move again, without insisting. */
export const CHECK_AGAIN = 'Check again';

export function questionParagraphs(question: Question, rotation: OpenRotation, view: CardView): string[] {
  const facts = doubtFacts(rotation, view);
  const doubts = question.doubts.map((doubt) => doubtWords(doubt, facts));
  const listed = doubts.length > 1 ? doubts.map((words) => `• ${words}`) : doubts;
  return [
    `*${doubtHeading(question.doubts, facts)}, so nothing was changed.*\n${aboutUser(view)}`,
    [...listed, adviceFor(question.move, view)].join('\n'),
  ];
}

function adviceFor(move: MoveName, { policy }: CardView): string {
  if (move === 'discardNewKey') return 'Find out what uses it first, or keep it.';
  return `Find out first, or wait until the key has been quiet for ${count(policy.quietHours, 'hour')}; then press *${CHECK_AGAIN}*.`;
}
