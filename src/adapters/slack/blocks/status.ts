// The answer to `/keyrotate status`: one row per open rotation, the most urgent first.
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
import { rowsThatFit } from './fit.ts';
import { rowToOpen } from './open-button.ts';
import { type Content, section, smallPrint } from './parts.ts';

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
  const head = section(`*${heading}*`);
  const foot = (rest: number) => smallPrint(rest > 0 ? restOfStatus(rest) : undefined, STATUS_FOOTER);
  const rows = lines.map((line) => rowToOpen(statusRow(line, now, accountName(line.account)), line));
  const shown = rowsThatFit(rows, [head, ...foot(lines.length)]);
  return { text: `${heading}.`, blocks: [head, ...shown, ...foot(lines.length - shown.length)] };
}
