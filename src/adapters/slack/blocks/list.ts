// The answer to `/keyrotate list`: a row for each IAM user, with its keys.
import type { OwnList } from '../../../usecases/commands/answers.ts';
import {
  LIST_FOOTER,
  listedUser,
  notAsked,
  nothingOwned,
  ownListHeading,
  restOfList,
} from '../wording/commands/list-text.ts';
import { channelsNotKnown, type Whose } from '../wording/commands/whose.ts';
import { rowsThatFit } from './fit.ts';
import { type Content, section, smallPrint } from './parts.ts';

export function buildList(
  list: OwnList,
  accountName: (account: string) => string | undefined = () => undefined,
): Content {
  const { slackId, users, more, unanswered, channelsUnanswered, at } = list;
  const whose: Whose = slackId === undefined ? 'own' : { slackId };
  const missing = [
    ...(unanswered.length > 0 ? [section(notAsked(unanswered, accountName))] : []),
    ...(channelsUnanswered ? [section(channelsNotKnown(whose))] : []),
  ];
  if (users.length === 0) {
    const text = nothingOwned(whose);
    return { text, blocks: [section(text), ...missing] };
  }
  const heading = ownListHeading(list, whose);
  const head = [section(`*${heading}*`), ...missing];
  const foot = (rest: number) => smallPrint(rest > 0 ? restOfList(rest) : undefined, LIST_FOOTER);
  const rows = users.map((user) => section(listedUser(user, at, accountName(user.account))));
  const shown = rowsThatFit(rows, [...head, ...foot(1)]);
  return {
    text: `${heading}.`,
    blocks: [...head, ...shown, ...foot(more + users.length - shown.length)],
  };
}
