// The answer to `/keyrotate status`: one row per open rotation, the most urgent first.
import type { KnownBlock } from '@slack/types';
import type { Instant } from '../../../domain/time.ts';
import type { StatusLine } from '../../../usecases/status-line.ts';
import {
  nothingToDo,
  restOfStatus,
  STATUS_FOOTER,
  statusHeading,
  statusRow,
  type Whose,
} from '../wording/status.ts';
import { type Content, section, smallPrint } from './parts.ts';

/** Fits Slack's 13,000 characters and 50 blocks also with the longest names there can be. */
const MOST_ROWS = 20;

export function buildStatus(
  lines: readonly StatusLine[],
  whose: Whose,
  now: Instant,
  accountName: (account: string) => string | undefined = () => undefined,
): Content {
  if (lines.length === 0) {
    const text = nothingToDo(whose);
    return { text, blocks: [section(text)] };
  }
  const heading = statusHeading(lines.length, whose);
  const rest = lines.length - MOST_ROWS;
  const blocks: KnownBlock[] = [
    section(`*${heading}*`),
    ...lines.slice(0, MOST_ROWS).map((line) => section(statusRow(line, now, accountName(line.account)))),
    ...smallPrint(rest > 0 ? restOfStatus(rest) : undefined, STATUS_FOOTER),
  ];
  return { text: `${heading}.`, blocks };
}
