// One message about several IAM users of one owner: a row each, the most urgent first.
import type { Button, KnownBlock } from '@slack/types';
import type { IamUser } from '../../../domain/iam-user.ts';
import { deadlineOf, graceEndsAt } from '../../../domain/policy.ts';
import { isOff, isOpen } from '../../../domain/rotation.ts';
import type { PressedMany } from '../../../usecases/commands/answers.ts';
import { type Drawn, MOVES_OF_MANY, type MoveOfMany } from '../../../usecases/jobs.ts';
import { introduction } from '../wording/card/card-lines.ts';
import { type CardView, liveQuestion, movesFor } from '../wording/card/card-view.ts';
import {
  type DigestRow,
  digestHeading,
  digestRow,
  digestText,
  howToOpen,
  REST_OF_DIGEST,
} from '../wording/card/digest-text.ts';
import { pressedManyWords, REST_REFUSED, refusedRow } from '../wording/commands/commands.ts';
import { MANY_WORDS } from '../wording/shared/form-text.ts';
import { andMore } from '../wording/shared/names.ts';
import { type AskFacts, questions } from '../wording/shared/whom-to-ask.ts';
import { rowToOpen } from './buttons.ts';
import { type Content, fitted, header, linesThatFit, plainText, section, smallPrint } from './parts.ts';
import { carried, manyId, manyValue } from './press.ts';

/** More rows than this nobody reads; `/keyrotate status` has the rest. */
const MOST_ROWS = 30;

export function buildDigest(views: readonly CardView[]): Content {
  const rows = mostUrgentFirst(views);
  const open = rows.find(({ rotation }) => isOpen(rotation));
  const first = rows.find(({ view }) => view.isFirst);
  const foot = (rest: number) =>
    smallPrint(
      andMore(rest, REST_OF_DIGEST),
      open && howToOpen(open.view.now),
      first && introduction(first.view.policy.maxKeyAgeDays),
      first && questions(first.view),
    );
  const shown = rows.slice(0, MOST_ROWS).map((row) => {
    const words = digestRow(row);
    return [isOpen(row.rotation) ? rowToOpen(words, row.view.user) : section(words)];
  });
  const top = [header(digestHeading(rows)), ...forMany(rows)];
  return { text: digestText(rows), blocks: fitted(top, shown, foot, rows.length) };
}

/** What came of such a press: first why nothing was done for some, then where the others stand. */
export function buildPressedMany(
  pressed: PressedMany,
  view: (user: IamUser) => CardView,
  facts: AskFacts,
): Content {
  const rows = mostUrgentFirst(pressed.open.map(view)).map((row) => [
    rowToOpen(digestRow(row), row.view.user),
  ]);
  const top = pressedManyBlocks(pressed, facts);
  return {
    text: pressedManyWords(pressed),
    blocks: fitted(top, rows, (rest) => smallPrint(andMore(rest, REST_OF_DIGEST))),
  };
}

/** Without where the others stand. */
export function pressedManyBlocks(pressed: PressedMany, facts: AskFacts): KnownBlock[] {
  const { refused } = pressed;
  const refusals = linesThatFit(refused.map((one) => refusedRow(one, facts)));
  const left = andMore(refused.length - refusals.length, REST_REFUSED);
  const heading = section(`*${pressedManyWords(pressed)}*`);
  return refusals.length > 0 ? [heading, section(...refusals, left)] : [heading];
}

/** One press for all that nothing was done about yet, where there are several. */
export function forMany(rows: readonly DigestRow[]): KnownBlock[] {
  const first = rows.slice(0, MOST_ROWS);
  const elements = MOVES_OF_MANY.flatMap((move): Button[] => {
    const users = carried(first.filter((row) => isToDecide(row, move)).map(({ view }) => drawnIn(view)));
    if (users.length < 2) return [];
    const words = plainText(MANY_WORDS[move].label(users.length));
    return [{ type: 'button', action_id: manyId(move), text: words, value: manyValue(users) }];
  });
  return elements.length > 0 ? [{ type: 'actions', elements }] : [];
}

function isToDecide({ rotation, view }: DigestRow, move: MoveOfMany): boolean {
  const isAsked = view.user.claim !== undefined || liveQuestion(view) !== undefined;
  return rotation.stage === 'due' && !isAsked && movesFor(view).includes(move);
}

function drawnIn({ user: { account, userName }, drawing }: CardView): Drawn {
  return { account, userName, drawing };
}

export function mostUrgentFirst(views: readonly CardView[]): DigestRow[] {
  return views
    .flatMap(rowOf)
    .sort((a, b) => urgency(a) - urgency(b) || a.rotation.oldKeyCreatedAt - b.rotation.oldKeyCreatedAt);
}

/** None where nothing was ever rotated. */
export function rowOf(view: CardView): DigestRow[] {
  const { rotation } = view.user;
  return rotation ? [{ rotation, view }] : [];
}

/** When something goes wrong, if nothing is done; what is off can wait, and what is over needs nothing. */
function urgency({ rotation, view: { policy, now } }: DigestRow): number {
  if (!isOpen(rotation)) return Number.MAX_SAFE_INTEGER;
  if (rotation.stage === 'deactivated' && rotation.newKeyOutSince !== undefined) return 0;
  return isOff(rotation)
    ? AFTER_ALL_THAT_IS_ON + graceEndsAt(rotation, policy)
    : deadlineOf(rotation, policy, now);
}

const AFTER_ALL_THAT_IS_ON = Number.MAX_SAFE_INTEGER / 2;
