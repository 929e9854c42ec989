// The admin summary, within Slack's limits whatever the numbers.
import type { Button, KnownBlock } from '@slack/types';
import type { IamUser } from '../../../domain/iam-user.ts';
import type { SummaryListName } from '../../../usecases/jobs.ts';
import type { Summary } from '../../../usecases/night/gathered-summary.ts';
import { matterIn } from '../../../usecases/night/summary-lists.ts';
import { label } from '../escape.ts';
import { MOST_ROWS, REST_OF_GROUPS, type RowView } from '../wording/admin/admin-notice-text.ts';
import { andMore } from '../wording/shared/names.ts';
import {
  SUMMARY_BUTTON,
  SUMMARY_COLUMNS,
  summaryCells,
  summaryTableHeading,
  type TableFacts,
} from '../wording/summary/summary-table.ts';
import {
  attentionLists,
  FEW_ROWS,
  groupsOnList,
  listWords,
  MOST_ROWS as MOST_ROWS_IN_SUMMARY,
  NOBODY_ANY_MORE,
  NOTHING_TO_ACT_ON,
  otherLists,
  type SummaryFacts,
  type SummaryList,
  summaryText,
  summaryWords,
  TO_ACT_ON,
  type Way,
} from '../wording/summary/summary-text.ts';
import { rowShown } from './admin-notice.ts';
import { assignOwnersButton, openButton } from './buttons.ts';
import { type Content, fitted, header, plainText, roomBeside, section, smallPrint } from './parts.ts';
import { summaryListId, summaryTableId } from './press.ts';
import { deleteButton } from './secrets.ts';
import { buildTable } from './table.ts';

/** With as many rows in each list as fit. */
export function buildSummary(summary: Summary, facts: SummaryFacts): Content {
  const { heading, figures, underWay, checked, whereToAsk } = summaryWords(summary, facts);
  const withRows = (most: number): KnownBlock[] => [
    header(heading),
    section(figures),
    ...attentionBlocks(summary, facts, most),
    ...otherLists(summary, facts).flatMap((list) => listed(list, most)),
    ...smallPrint(underWay),
    ...asTable(summary),
    ...smallPrint(checked, whereToAsk),
  ];
  let most = MOST_ROWS_IN_SUMMARY;
  while (most > 0 && roomBeside(withRows(most)) < 0) most -= 1;
  return { text: summaryText(summary, facts), blocks: withRows(most) };
}

/** What needs a hand, each list with the way on. */
export function attentionBlocks(
  summary: Summary,
  facts: SummaryFacts,
  most = MOST_ROWS_IN_SUMMARY,
): KnownBlock[] {
  const needs = attentionLists(summary, facts);
  if (needs.length === 0) return [section(NOTHING_TO_ACT_ON)];
  return [...smallPrint(TO_ACT_ON), ...needs.flatMap((list) => listed(list, most))];
}

/** One way on stands beside it, several below. */
function listed(list: SummaryList, most: number): KnownBlock[] {
  const { heading, advice, rows, number, areNames, ways } = list;
  const isFew = ways.length > 0 && !areNames;
  const shown = rows.slice(0, isFew ? Math.min(most, FEW_ROWS) : most);
  const rest = andMore(number - shown.length, '');
  const lines = areNames
    ? [[...shown, rest].filter((words) => words !== undefined).join(' · ')]
    : [...shown.map((row) => `• ${row}`), rest];
  const words = section(`*${heading}*`, advice, ...lines);
  const [only, ...others] = ways.map((way) => wayButton(way, list));
  if (!only) return [words];
  if (others.length > 0) return [words, { type: 'actions', elements: [only, ...others] }];
  return [{ ...words, accessory: only }];
}

/** The same words stand beside several lists: screen readers say which. */
function wayButton(way: Way, { heading, number }: SummaryList): Button {
  switch (way.to) {
    case 'card':
      return openButton(way.user);
    case 'list':
      return {
        type: 'button',
        text: plainText(way.words),
        action_id: summaryListId(way.list),
        accessibility_label: label(`${way.words}: ${heading}`),
      };
    case 'owners':
      return assignOwnersButton(way.first);
    case 'secrets':
      return deleteButton(number, way.first);
  }
}

export interface SummaryListView extends Omit<RowView, 'matter'> {
  list: SummaryListName;
  /** The oldest key first. */
  users: readonly IamUser[];
}

/** Who is on one of its lists, with what there is to decide about each. */
export function buildSummaryList(view: SummaryListView): Content {
  const { heading, blocks, rows, number } = summaryListParts(view);
  return { text: `${heading}.`, blocks: fitted(blocks, rows, summaryListFoot, number) };
}

export function summaryListParts(view: SummaryListView) {
  const { list, users } = view;
  const groups = groupsOnList(view);
  const owners = groups.map(([{ owner }]) => owner);
  const { heading, advice } = listWords(list, users.length, owners);
  const rows = groups
    .slice(0, MOST_ROWS)
    .map((group) => rowShown(group, { ...view, matter: matterIn(list) }));
  const words = users.length > 0 ? section(advice) : section(NOBODY_ANY_MORE);
  return { heading, blocks: [header(label(heading, 150)), words], rows, number: groups.length };
}

export function summaryListFoot(rest: number): KnownBlock[] {
  return smallPrint(andMore(rest, REST_OF_GROUPS));
}

/** Where it would have a row. */
function asTable({ stages, ownerChanged, exempt }: Summary): KnownBlock[] {
  const isEmpty = ![...Object.values(stages), ownerChanged.length, exempt.length].some(
    (number) => number > 0,
  );
  const all: Button = { type: 'button', text: plainText(SUMMARY_BUTTON), action_id: summaryTableId() };
  return isEmpty ? [] : [{ type: 'actions', elements: [all] }];
}

/** One message of it, beginning with the row behind the first `from`; and how many rows are sent by then. */
export function buildSummaryTable(
  users: readonly IamUser[],
  from: number,
  facts: TableFacts,
): { content: Content; until: number } {
  const left = users.slice(from).map((user) => summaryCells(user, facts));
  const heading = summaryTableHeading(users.length);
  return buildTable({ columns: SUMMARY_COLUMNS, cells: left, from, heading });
}
