// The admin summary, within Slack's limits whatever the numbers.
import type { Button, KnownBlock, PlainTextOption, StaticSelect } from '@slack/types';
import type { IamUser, IamUserId } from '../../../domain/iam-user.ts';
import type { Summary } from '../../../usecases/night/gathered-summary.ts';
import {
  SUMMARY_BUTTON,
  SUMMARY_COLUMNS,
  summaryCells,
  summaryTableHeading,
  type TableFacts,
} from '../wording/summary/summary-table.ts';
import {
  attentionLists,
  MOST_ROWS,
  menuEntry,
  NOTHING_TO_ACT_ON,
  OPEN_A_CARD,
  otherLists,
  restOfList,
  type SummaryFacts,
  type SummaryList,
  summaryText,
  summaryWords,
} from '../wording/summary/summary-text.ts';
import { assignOwnersRow, openButton } from './buttons.ts';
import { type Content, header, linesThatFit, plainText, roomBeside, section, smallPrint } from './parts.ts';
import { showId, summaryTableId, targetValue } from './press.ts';
import { deleteButton } from './secrets.ts';
import { buildTable } from './table.ts';

/** What Slack takes in one menu. */
const MOST_ENTRIES = 100;
/** Kept free for the menus: some 35 of the longest names. */
const ROOM_FOR_MENU = 2700;

export function buildSummary(summary: Summary, facts: SummaryFacts): Content {
  const needs = attentionLists(summary, facts);
  const { checked, whereToAsk } = summaryWords(summary, facts);
  const foot = [...asTable(summary), ...smallPrint(checked, whereToAsk)];
  const ofNobody = needs.findLastIndex(({ isOfNobody }) => isOfNobody);
  const [first] = needs[ofNobody]?.users ?? [];
  const many = first ? [assignOwnersRow(first)] : [];
  const around = [...many, ...foot];
  const lists = listsThatFit(summary, needs, facts, around);
  const blocks = withMenus(lists, needs, around, facts);
  return {
    text: summaryText(summary, facts),
    blocks: [...blocks.toSpliced(BEFORE_THE_LISTS + ofNobody + 1, 0, ...many), ...foot],
  };
}

/** Where it would have a row. */
function asTable({ stages, ownerInDoubt, exempt }: Summary): KnownBlock[] {
  const isEmpty = ![...Object.values(stages), ownerInDoubt.length, exempt.length].some(
    (number) => number > 0,
  );
  const button: Button = { type: 'button', text: plainText(SUMMARY_BUTTON), action_id: summaryTableId() };
  return isEmpty ? [] : [{ type: 'actions', elements: [button] }];
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

/** With as many rows in each list as fit: the fewer lists there are, the more each may say. One row outweighs the menus. */
function listsThatFit(
  summary: Summary,
  needs: readonly SummaryList[],
  facts: SummaryFacts,
  foot: readonly KnownBlock[],
): KnownBlock[] {
  const others = otherLists(summary, facts);
  const { heading, figures, underWay } = summaryWords(summary, facts);
  const withRows = (most: number): KnownBlock[] => [
    header(heading),
    section(figures),
    ...(needs.length > 0 ? needs.map((list) => listed(list, most)) : [section(NOTHING_TO_ACT_ON)]),
    ...others.map((list) => listed(list, most)),
    ...smallPrint(underWay),
  ];
  let most = MOST_ROWS;
  while (most > 1 && roomBeside(withRows(most)) < ROOM_FOR_MENU) most -= 1;
  if (roomBeside([...withRows(most), ...foot]) < 0) most = 0;
  return withRows(most);
}

function listed({ heading, rows, number, secretsOf }: SummaryList, most: number): KnownBlock {
  const shown = linesThatFit(rows.slice(0, most));
  const rest = number - shown.length;
  const text = section(
    `*${heading}*`,
    ...shown.map((row) => `• ${row}`),
    rest > 0 ? restOfList(rest) : undefined,
  );
  return secretsOf ? { ...text, accessory: deleteButton(number, secretsOf) } : text;
}

/** Beside each list stands the way to the cards of its users, as many as fit: nobody else may have one to press. */
function withMenus(
  blocks: readonly KnownBlock[],
  needs: readonly SummaryList[],
  foot: readonly KnownBlock[],
  { accountName }: SummaryFacts,
): KnownBlock[] {
  const wayTo = waysToCards(roomBeside([...blocks, ...foot]), accountName);
  return blocks.map((block, index) => {
    const list = needs[index - BEFORE_THE_LISTS];
    if (!list || block.type !== 'section') return block;
    const accessory = wayTo(list);
    return accessory ? { ...block, accessory } : block;
  });
}

/** A button or a menu for one list after the other, as long as there is room. */
export function waysToCards(room: number, accountName: SummaryFacts['accountName']) {
  let left = room;
  return ({ users }: Pick<SummaryList, 'users'>): Button | StaticSelect | undefined => {
    const options = distinct(users)
      .slice(0, MOST_ENTRIES)
      .flatMap((user): PlainTextOption[] => {
        const text = menuEntry(user, accountName(user.account));
        left -= text.length;
        return left < ROOM_FOR_PLACEHOLDERS
          ? []
          : [{ text: { ...plainText(text), emoji: false }, value: targetValue(user) }];
      });
    if (options.length === 0) return undefined;
    const [only] = distinct(users).length === 1 ? users : [];
    if (only) return openButton(only);
    return { type: 'static_select', action_id: showId(), placeholder: plainText(OPEN_A_CARD), options };
  };
}

/** The header, and the figures. */
const BEFORE_THE_LISTS = 2;
/** One for each list. */
const ROOM_FOR_PLACEHOLDERS = 150;

function distinct(users: readonly IamUserId[]): IamUserId[] {
  return [...new Map(users.map((user) => [targetValue(user), user])).values()];
}
