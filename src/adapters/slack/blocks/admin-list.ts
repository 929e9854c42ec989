// One message in the admin channel about many IAM users that are alike.
import {
  groupRow,
  groupsIn,
  type ListView,
  listAdvice,
  listHeading,
  restOfGroups,
} from '../wording/admin/admin-list-text.ts';
import { SHOW } from '../wording/admin/admin-notice-text.ts';
import { rowsThatFit } from './fit.ts';
import { rowToOpen } from './open-button.ts';
import { type Content, section, smallPrint } from './parts.ts';

/** More than this nobody reads in one go. */
const MOST_ROWS = 20;

export function buildAdminList(view: ListView): Content {
  const heading = listHeading(view);
  const groups = groupsIn(view);
  const head = section(`*${heading}*`, listAdvice(view));
  const foot = (rest: number) => smallPrint(rest > 0 ? restOfGroups(rest) : undefined);
  const rows = groups.slice(0, MOST_ROWS).flatMap((group) => {
    const [user] = group.users;
    return user ? [rowToOpen(groupRow(group, view), user, SHOW)] : [];
  });
  const shown = rowsThatFit(rows, [head, ...foot(groups.length)]);
  return { text: `${heading}.`, blocks: [head, ...shown, ...foot(groups.length - shown.length)] };
}
