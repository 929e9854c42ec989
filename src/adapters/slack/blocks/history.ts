// The answer to `/keyrotate history`: a section for each thing that was done, the newest first, as far as they fit.
import type { KnownBlock } from '@slack/types';
import type { History } from '../../../usecases/commands/answers.ts';
import {
  entryWords,
  HISTORY_FOOTER,
  historyHeading,
  OLDER,
  rotationHeading,
} from '../wording/commands/history.ts';
import { type AccountName, andMore } from '../wording/shared/names.ts';
import { type Content, fitted, saying, section, smallPrint } from './parts.ts';

/** `most`: of its entries. */
export function buildHistory(history: History, accountName: AccountName, most?: number): Content {
  const heading = historyHeading(history, accountName(history.account));
  if (history.rotations.length === 0) return saying(heading);
  const rows = historyRows(history);
  const foot = (rest: number) => smallPrint(andMore(rest, OLDER), HISTORY_FOOTER);
  return {
    text: `${heading}.`,
    blocks: fitted([section(`*${heading}*`)], rows.slice(0, most), foot, rows.length),
  };
}

export function historyRows({ rotations }: History): KnownBlock[][] {
  return rotations.flatMap((one) =>
    one.rotation.history
      .toReversed()
      .map((entry, nth) => [section(nth === 0 ? rotationHeading(one) : undefined, entryWords(entry))]),
  );
}
