// The admin summary, within Slack's limits whatever the numbers.
import type { KnownBlock, PlainTextOption } from '@slack/types';
import type { IamUserId } from '../../../domain/iam-user.ts';
import type { Summary } from '../../../usecases/night/gathered-summary.ts';
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
import { type Content, linesThatFit, roomBeside, section, smallPrint } from './parts.ts';
import { showId, targetValue } from './press.ts';
import { deleteButton } from './secrets.ts';

/** What Slack takes in one menu. */
const MOST_ENTRIES = 100;
/** Kept free for the menu below the lists: some 35 of the longest names. */
const ROOM_FOR_MENU = 2700;

export function buildSummary(summary: Summary, facts: SummaryFacts): Content {
  const needs = attentionLists(summary, facts);
  const { checked, whereToAsk } = summaryWords(summary, facts);
  const foot = smallPrint(checked, whereToAsk);
  const blocks = aboveMenu(summary, needs, facts, foot);
  const menu = openMenu(needs, roomBeside([...blocks, ...foot]), facts);
  return { text: summaryText(summary, facts), blocks: [...blocks, ...menu, ...foot] };
}

/** With as many rows in each list as fit: the fewer lists there are, the more each may say. One row outweighs the menu. */
function aboveMenu(
  summary: Summary,
  needs: readonly SummaryList[],
  facts: SummaryFacts,
  foot: readonly KnownBlock[],
): KnownBlock[] {
  const others = otherLists(summary, facts);
  const { heading, figures, underWay } = summaryWords(summary, facts);
  const withRows = (most: number): KnownBlock[] => [
    section(`*${heading}*`, figures),
    ...(needs.length > 0 ? needs.map((matter) => listed(matter, most)) : [section(NOTHING_TO_ACT_ON)]),
    ...others.map((matter) => listed(matter, most)),
    section(underWay),
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

/** Leads to the cards of whoever needs a hand: nobody else may have one to press. */
function openMenu(needs: readonly SummaryList[], room: number, { accountName }: SummaryFacts): KnownBlock[] {
  let left = room - 100;
  const users = distinct(needs.flatMap((matter) => matter.users)).slice(0, MOST_ENTRIES);
  const options = users.flatMap((user): PlainTextOption[] => {
    const text = menuEntry(user, accountName(user.account));
    left -= text.length;
    return left < 0 ? [] : [{ text: { type: 'plain_text', text, emoji: false }, value: targetValue(user) }];
  });
  if (options.length === 0) return [];
  const placeholder = { type: 'plain_text', text: OPEN_A_CARD } as const;
  const menu = { type: 'static_select', action_id: showId(), placeholder } as const;
  return [{ type: 'actions', elements: [{ ...menu, options }] }];
}

function distinct(users: readonly IamUserId[]): IamUserId[] {
  return [...new Map(users.map((user) => [targetValue(user), user])).values()];
}
