// One message about several IAM users of one owner: a row each, the most urgent first.
import { deadlineOf, graceEndsAt } from '../../../domain/policy.ts';
import { isOff, isOpen } from '../../../domain/rotation.ts';
import { introduction, questions } from '../wording/card/card-lines.ts';
import type { CardView } from '../wording/card/card-view.ts';
import {
  type DigestRow,
  digestHeading,
  digestRow,
  digestText,
  howToOpen,
  REST_OF_DIGEST,
} from '../wording/card/digest-text.ts';
import { andMore } from '../wording/shared/names.ts';
import { rowToOpen } from './buttons.ts';
import { type Content, fitted, header, section, smallPrint } from './parts.ts';

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
      first && questions(first.view.helpChannel),
    );
  const shown = rows.slice(0, MOST_ROWS).map((row) => {
    const words = digestRow(row);
    return [isOpen(row.rotation) ? rowToOpen(words, row.view.user) : section(words)];
  });
  return { text: digestText(rows), blocks: fitted([header(digestHeading(rows))], shown, foot, rows.length) };
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
