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
  REST_OF_GROUPS,
} from '../wording/admin/admin-list-text.ts';
import { SHOW } from '../wording/admin/admin-notice-text.ts';
import { andMore } from '../wording/shared/names.ts';
import { matterButtons } from './admin-notice.ts';
import { rowToOpen } from './buttons.ts';
import { fitted } from './fit.ts';
import { type Content, section, smallPrint } from './parts.ts';

export function buildAdminList(view: ListView): Content {
  const heading = listHeading(view);
  const groups = groupsIn(view);
  const head = section(`*${heading}*`, listAdvice(view));
  const rows = groups.slice(0, MOST_ROWS).map((group) => rowOf(group, view));
  const foot = (rest: number) => smallPrint(andMore(rest, REST_OF_GROUPS));
  return { text: `${heading}.`, blocks: fitted([head], rows, foot, groups.length) };
}

/** Its buttons stand below it, unless there is only the one. */
function rowOf(group: Group, view: ListView): KnownBlock[] {
  const words = groupRow(group, view);
  const [user] = group;
  const { matter, personName, drawing } = view;
  const elements = matterButtons({ user, matter, personName, drawing: drawing(user) }, group.length);
  return elements.length > 1
    ? [section(words), { type: 'actions', elements }]
    : [rowToOpen(words, user, SHOW)];
}
