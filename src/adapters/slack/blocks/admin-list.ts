// One message in the admin channel about many IAM users that are alike.
import type { KnownBlock } from '@slack/types';
import {
  type Group,
  groupRow,
  groupsIn,
  type ListView,
  listAdvice,
  listHeading,
  MOST_ROWS,
  restOfGroups,
} from '../wording/admin/admin-list-text.ts';
import { SHOW } from '../wording/admin/admin-notice-text.ts';
import { groupsThatFit } from './fit.ts';
import { matterButtons } from './matter-buttons.ts';
import { rowToOpen } from './open-button.ts';
import { type Content, section, smallPrint } from './parts.ts';

export function buildAdminList(view: ListView): Content {
  const heading = listHeading(view);
  const groups = groupsIn(view);
  const head = section(`*${heading}*`, listAdvice(view));
  const foot = (rest: number) => smallPrint(rest > 0 ? restOfGroups(rest) : undefined);
  const rows = groups.slice(0, MOST_ROWS).map((group) => rowOf(group, view));
  const shown = groupsThatFit(rows, [head, ...foot(groups.length)]);
  return { text: `${heading}.`, blocks: [head, ...shown.flat(), ...foot(groups.length - shown.length)] };
}

/** Its buttons stand below it, unless there is only the one. */
function rowOf(group: Group, view: ListView): KnownBlock[] {
  const words = groupRow(group, view);
  const [user] = group.users;
  if (!user) return [];
  const { matter, personName, drawing } = view;
  const elements = matterButtons({ user, matter, personName, drawing: drawing(user) }, group.users.length);
  return elements.length > 1
    ? [section(words), { type: 'actions', elements }]
    : [rowToOpen(words, user, SHOW)];
}
