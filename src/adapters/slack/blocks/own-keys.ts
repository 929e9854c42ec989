// The answers to `/keyrotate status`, a row for each open rotation, and to `/keyrotate list`, a row for each IAM user.
import type { Instant } from '../../../domain/time.ts';
import type { OwnList } from '../../../usecases/commands/own-list.ts';
import type { Status } from '../../../usecases/commands/own-status.ts';
import {
  channelsNotKnown,
  LIST_FOOTER,
  listedUser,
  notAsked,
  nothingOfTheirOwn,
  nothingOwned,
  nothingToDo,
  ownListHeading,
  REST_OF_STATUS,
  statusFooter,
  statusHeading,
  statusRow,
  type Whose,
} from '../wording/commands/own-keys-text.ts';
import { type AccountName, andMore } from '../wording/shared/names.ts';
import { rowToOpen } from './buttons.ts';
import { type Content, fitted, rowsThatFit, saying, section, smallPrint } from './parts.ts';

/** The most urgent first. */
export function buildStatus(
  { lines, channelsUnanswered }: Status,
  whose: Whose,
  now: Instant,
  accountName: AccountName = () => undefined,
): Content {
  const missing = channelsUnanswered ? [section(channelsNotKnown(whose))] : [];
  if (lines.length === 0)
    return saying(channelsUnanswered ? nothingOfTheirOwn(whose) : nothingToDo(whose), ...missing);
  const ofChannels = lines.filter(({ channelId }) => channelId !== undefined).length;
  const numbers = { all: lines.length, ofChannels };
  const heading = statusHeading(numbers, whose);
  const rows = lines.map((line) => [rowToOpen(statusRow(line, now, accountName(line.account)), line)]);
  const foot = (rest: number) => smallPrint(andMore(rest, REST_OF_STATUS), statusFooter(numbers, whose));
  return { text: `${heading}.`, blocks: fitted([section(`*${heading}*`), ...missing], rows, foot) };
}

export function buildList(list: OwnList, accountName: AccountName = () => undefined): Content {
  const { slackId, users, more, unanswered, channelsUnanswered, at } = list;
  const whose: Whose = slackId === undefined ? 'own' : { slackId };
  const missing = [
    ...(unanswered.length > 0 ? [section(notAsked(unanswered, accountName))] : []),
    ...(channelsUnanswered ? [section(channelsNotKnown(whose))] : []),
  ];
  if (users.length === 0) return saying(nothingOwned(whose), ...missing);
  const heading = ownListHeading(list, whose);
  const head = [section(`*${heading}*`), ...missing];
  const foot = (rest: number) => smallPrint(andMore(rest), LIST_FOOTER);
  const rows = users.map((user) => [section(listedUser(user, at, accountName(user.account)))]);
  const shown = rowsThatFit(rows, [...head, ...foot(1)]);
  return {
    text: `${heading}.`,
    blocks: [...head, ...shown.flat(), ...foot(more + users.length - shown.length)],
  };
}
