// The form in which owners are assigned to many, what would come of it, and the table of those without an owner.
import type { Button, InputBlock, KnownBlock } from '@slack/types';
import { fingerprint } from '../../../domain/fingerprint.ts';
import type {
  Ownerless,
  OwnerlessUser,
  OwnersAssigned,
  OwnersPreview,
  OwnersRow,
} from '../../../usecases/commands/answers.ts';
import { label } from '../escape.ts';
import {
  ALL_WORDS,
  assignedRows,
  assignWords,
  CHANNEL_WORDS,
  leftWords,
  lineWords,
  NEXT,
  ONLY_THIS_PAGE,
  optionWords,
  ownerlessHeading,
  PERSON_WORDS,
  PREVIEW_WORDS,
  planHeading,
  RULES_WORDS,
  SEARCH_WORDS,
  SHOW_PLAN,
  shownWords,
  TABLE_BUTTON,
  TABLE_COLUMNS,
  TABLE_SENT,
  TO_THE_FIRST,
  tableCells,
  tableHeading,
  USERS_WORDS,
} from '../wording/admin/owners-text.ts';
import { notAsked, passedOverRow, REST_PASSED_OVER } from '../wording/commands/commands.ts';
import { type AccountName, andMore } from '../wording/shared/names.ts';
import { assignOwnersRow, button } from './buttons.ts';
import type { Form } from './forms.ts';
import { type Content, fitted, linesThatFit, plainText, section, smallPrint } from './parts.ts';
import { assignOwnersId, ownersId, ownersPressId, targetValue } from './press.ts';
import { buildTable } from './table.ts';
import {
  ALL,
  CHANNEL,
  inForm,
  LONGEST_SEARCH,
  type OwnersMetadata,
  PERSON,
  RULES,
  SEARCH,
  USERS,
} from './waiting-form.ts';

/** Slack takes 100 in one menu, and sends all of it back with every press: more than these might not fit into the queue. */
const MOST_OPTIONS = 75;
/** https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element */
const MOST_CHARACTERS = 3000;
const MOST_PASSED_OVER = 15;

/** `turn`: what turned the page, if anything did. */
export function buildOwnersForm(
  owners: Ownerless,
  { channel, turn = '' }: Pick<OwnersMetadata, 'channel'> & { turn?: string | undefined },
  accountName: AccountName,
  assigned?: OwnersAssigned,
): Form {
  const { users, total, search, from, text } = owners;
  const page = users.slice(from, from + MOST_OPTIONS);
  const content = outcomeOf(owners, accountName, assigned);
  if (total === 0) return inForm(content.blocks);
  const metadata: OwnersMetadata = { channel, ...(search !== undefined && { search }) };
  const picking = page.length > 0 ? pickers(owners, page, turn, accountName) : [];
  const rules = input(RULES, RULES_WORDS, {
    ...{ type: 'plain_text_input', action_id: RULES, multiline: true, max_length: MOST_CHARACTERS },
    // Half of it would be worse than nothing.
    ...(text !== undefined && text.length <= MOST_CHARACTERS && { initial_value: text }),
    placeholder: plainText(RULES_WORDS.placeholder),
  });
  const blocks = [...content.blocks, searchInput(search), ...paging(owners, page.length), ...picking, rules];
  const own = { callback_id: ownersId(), private_metadata: JSON.stringify(metadata) };
  return { ...inForm(blocks), ...own, submit: plainText(SHOW_PLAN) };
}

/** The same where no form is open. */
export function buildOwners(owners: Ownerless, accountName: AccountName, assigned?: OwnersAssigned): Content {
  const { text, blocks } = outcomeOf(owners, accountName, assigned);
  const [first] = owners.users;
  if (!first) return { text, blocks };
  return { text, blocks: [...blocks, assignOwnersRow(first)] };
}

function outcomeOf(owners: Ownerless, accountName: AccountName, assigned?: OwnersAssigned): Content {
  const heading = ownerlessHeading(owners);
  const done = assigned ? assignedRows(assigned) : [];
  const passed = (assigned?.passedOver ?? []).map((one) => passedOverRow(one, accountName(one.account)));
  const shown = linesThatFit(passed.slice(0, MOST_PASSED_OVER));
  return {
    text: [...done.slice(0, 1), heading].join(' '),
    blocks: [
      ...(done.length > 0 ? [section(...linesThatFit(done))] : []),
      ...(shown.length > 0
        ? [section(...shown, andMore(passed.length - shown.length, REST_PASSED_OVER))]
        : []),
      ...(owners.isTableSent ? [section(TABLE_SENT)] : []),
      ...(owners.unanswered ? [section(notAsked(owners.unanswered, accountName))] : []),
      section(heading),
    ],
  };
}

/** Enter narrows at once; so does sending the form while nothing is picked. */
function searchInput(search: string | undefined): InputBlock {
  const element = {
    ...{ type: 'plain_text_input' as const, action_id: SEARCH, max_length: LONGEST_SEARCH },
    ...(search !== undefined && { initial_value: search }),
    placeholder: plainText(SEARCH_WORDS.placeholder),
    dispatch_action_config: { trigger_actions_on: ['on_enter_pressed' as const] },
  };
  return { ...input(SEARCH, SEARCH_WORDS, element), dispatch_action: true };
}

function paging({ users, from }: Ownerless, shown: number): KnownBlock[] {
  const after = users.length - from - shown;
  const elements: Button[] = [
    ...(after > 0
      ? [formButton(NEXT(Math.min(after, MOST_OPTIONS)), ownersPressId('page', from + shown))]
      : []),
    ...(from > 0 ? [formButton(TO_THE_FIRST, ownersPressId('page', 0))] : []),
    formButton(TABLE_BUTTON, ownersPressId('table')),
  ];
  return [{ type: 'actions', elements }, ...smallPrint(shown < users.length ? ONLY_THIS_PAGE : undefined)];
}

function formButton(words: string, action_id: string): Button {
  return { type: 'button', text: plainText(words), action_id };
}

/** Slack keeps what is filled in while the blocks bear the same ids: what is picked is gone when the page is turned. */
function pickers(
  { users, from, search }: Ownerless,
  page: OwnerlessUser[],
  turn: string,
  accountName: AccountName,
): KnownBlock[] {
  const id = `${from}:${fingerprint(`${search ?? ''} ${turn}`)}`;
  const words = shownWords(from, page.length, users.length);
  return [
    input(
      `${USERS}:${id}`,
      { ...USERS_WORDS, label: words },
      {
        ...{ type: 'multi_static_select', action_id: USERS, placeholder: plainText(USERS_WORDS.placeholder) },
        options: page.map((user) => {
          const { text, description } = optionWords(user, accountName(user.account));
          return { text: verbatim(text), description: verbatim(description), value: targetValue(user) };
        }),
      },
    ),
    input(`${ALL}:${id}`, ALL_WORDS(users.length, search), {
      ...{ type: 'checkboxes', action_id: ALL },
      options: [{ text: verbatim(ALL_WORDS(users.length, search).option), value: ALL }],
    }),
    input(PERSON, PERSON_WORDS, { type: 'users_select', action_id: PERSON }),
    input(CHANNEL, CHANNEL_WORDS, {
      ...{ type: 'conversations_select', action_id: CHANNEL },
      filter: { include: ['private'], exclude_bot_users: true, exclude_external_shared_channels: true },
    }),
  ];
}

/** Otherwise Slack makes pictures of `:smile:`. */
function verbatim(text: string) {
  return { ...plainText(label(text) || '?'), emoji: false };
}

function input(
  block_id: string,
  words: { label: string; hint?: string },
  element: InputBlock['element'],
): InputBlock {
  const hint = words.hint && { hint: plainText(words.hint) };
  return { type: 'input', block_id, optional: true, label: plainText(words.label), ...hint, element };
}

/** What would be done, before it is. */
function buildPlan(
  preview: OwnersPreview,
  accountName: AccountName,
  below: readonly KnownBlock[] = [],
): Content {
  const { lines, left, tooMany } = preview;
  const heading = planHeading(preview);
  // Where there is only one account it goes without saying.
  const isOne = new Set(lines.flatMap(({ users }) => users.map(({ account }) => account))).size < 2;
  const where: AccountName = isOne ? () => undefined : accountName;
  const rows = lines.map((line): KnownBlock[] => [section(lineWords(line, where))]);
  const foot = (rest: number): KnownBlock[] => [
    ...(left.length > 0 ? [section(leftWords(left, tooMany))] : []),
    ...smallPrint(andMore(rest, PREVIEW_WORDS.restOfLines), PREVIEW_WORDS.safe),
    ...below,
  ];
  return { text: heading, blocks: fitted([section(`*${heading}*`)], rows, foot) };
}

/** In the form its button is that which sends it; in a message it stands below. */
export function buildPlanForm(
  preview: OwnersPreview,
  { channel }: Pick<OwnersMetadata, 'channel'>,
  accountName: AccountName,
): Form {
  const form = inForm(buildPlan(preview, accountName).blocks);
  const count = plannedIn(preview);
  const metadata: OwnersMetadata = { channel };
  const back: KnownBlock = {
    type: 'actions',
    elements: [formButton(PREVIEW_WORDS.back, ownersPressId('mend', preview.planId))],
  };
  return {
    ...form,
    ...{ callback_id: assignOwnersId(preview.planId), private_metadata: JSON.stringify(metadata) },
    ...(count > 0 && { submit: plainText(assignWords(count)) }),
    blocks: [...form.blocks, back],
  };
}

export function buildPlanMessage(preview: OwnersPreview, accountName: AccountName): Content {
  const first = preview.lines.find(({ users, problem }) => users.length > 0 && !problem)?.users[0];
  if (!first) return buildPlan(preview, accountName);
  const words = assignWords(plannedIn(preview));
  const assign = button(words, assignOwnersId(preview.planId), first);
  return buildPlan(preview, accountName, [{ type: 'actions', elements: [{ ...assign, style: 'primary' }] }]);
}

function plannedIn({ lines }: OwnersPreview): number {
  return lines.reduce((sum, { users, problem }) => sum + (problem ? 0 : users.length), 0);
}

/** One message of it, beginning with the row behind the first `from`; and how many rows are sent by then. */
export function buildOwnersTable(
  rows: readonly OwnersRow[],
  from: number,
  accountName: AccountName,
): { content: Content; until: number } {
  const cells = rows.slice(from).map((row) => tableCells(row, accountName(row.account)));
  return buildTable({ columns: TABLE_COLUMNS, cells, from, heading: tableHeading(rows.length) });
}
