// The answer to `/keyrotate status`: one row per open rotation, the most urgent first.
import type { Instant } from '../../../domain/time.ts';
import type { Status } from '../../../usecases/commands/answers.ts';
import {
  nothingOfTheirOwn,
  nothingToDo,
  restOfStatus,
  statusFooter,
  statusHeading,
  statusRow,
} from '../wording/commands/status-text.ts';
import { channelsNotKnown, type Whose } from '../wording/commands/whose.ts';
import { rowsThatFit } from './fit.ts';
import { rowToOpen } from './open-button.ts';
import { type Content, section, smallPrint } from './parts.ts';

export function buildStatus(
  { lines, channelsUnanswered }: Status,
  whose: Whose,
  now: Instant,
  accountName: (account: string) => string | undefined = () => undefined,
): Content {
  const missing = channelsUnanswered ? [section(channelsNotKnown(whose))] : [];
  if (lines.length === 0) {
    const text = channelsUnanswered ? nothingOfTheirOwn(whose) : nothingToDo(whose);
    return { text, blocks: [section(text), ...missing] };
  }
  const ofChannels = lines.filter(({ channelId }) => channelId !== undefined).length;
  const numbers = { all: lines.length, ofChannels };
  const heading = statusHeading(numbers, whose);
  const head = [section(`*${heading}*`), ...missing];
  const foot = (rest: number) =>
    smallPrint(rest > 0 ? restOfStatus(rest) : undefined, statusFooter(numbers, whose));
  const rows = lines.map((line) => rowToOpen(statusRow(line, now, accountName(line.account)), line));
  const shown = rowsThatFit(rows, [...head, ...foot(lines.length)]);
  return { text: `${heading}.`, blocks: [...head, ...shown, ...foot(lines.length - shown.length)] };
}
