// Home: what somebody owns with the buttons of its cards, and for admins all accounts, within Slack's limits whatever the numbers.
import type {
  Block,
  Button,
  DividerBlock,
  HomeView,
  InputBlock,
  KnownBlock,
  SectionBlock,
} from '@slack/types';
import type { IamUser, IamUserId } from '../../../domain/iam-user.ts';
import type { Policy } from '../../../domain/policy.ts';
import { isOpen, type Role } from '../../../domain/rotation.ts';
import type { Instant } from '../../../domain/time.ts';
import type { HomePage, Organisation, OwnKeys, Said } from '../../../usecases/home/home-page.ts';
import type { TrendPoint } from '../../../usecases/home/trend.ts';
import { label } from '../escape.ts';
import { type CardView, liveQuestion } from '../wording/card/card-view.ts';
import { type DigestRow, digestHeading, digestRow } from '../wording/card/digest-text.ts';
import { questionParagraph } from '../wording/card/doubts.ts';
import {
  channelsNotKnown,
  HELP_TITLE,
  listedUser,
  notAsked,
  nothingOwned,
  PREVIEW_FOOTER,
} from '../wording/commands/commands.ts';
import { refusalWords } from '../wording/commands/refusals.ts';
import * as words from '../wording/home/home-text.ts';
import { plainDay } from '../wording/shared/dates.ts';
import { andMore } from '../wording/shared/names.ts';
import { type Helpers, questions } from '../wording/shared/whom-to-ask.ts';
import { type SummaryFacts, summaryWords } from '../wording/summary/summary-text.ts';
import { button, openButton } from './buttons.ts';
import { operable } from './card.ts';
import { forMany, mostUrgentFirst, pressedManyBlocks, rowOf } from './digest.ts';
import { buildHistory, historyRows } from './history.ts';
import { buildHow } from './how.ts';
import { buildRefusal, buildShown } from './notice.ts';
import { header, MOST_BLOCKS_IN_VIEW, plainText, rowsThatFit, section, smallPrint } from './parts.ts';
import { LOOK } from './press.ts';
import { attentionBlocks, summaryListFoot, summaryListParts } from './summary.ts';

const DIVIDER: DividerBlock = { type: 'divider' };

export interface HomeFacts extends SummaryFacts {
  helpers: Helpers;
  view: (user: IamUser, as: Role) => CardView;
  policy: (account: string) => Policy;
}

/** Not in Slack's own typings yet. https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block */
interface Chart extends Block {
  type: 'data_visualization';
  /** At most 50 characters. */
  title: string;
  chart: {
    type: 'line';
    series: { name: string; data: { label: string; value: number }[] }[];
    axis_config: { categories: string[]; x_label: string; y_label: string };
  };
}

/** With blocks that the compiler checks. */
export interface Home extends HomeView {
  blocks: (KnownBlock | Chart)[];
}

/** `charts`: how the trend is told. Not every workspace takes a chart. */
export function buildHome(page: HomePage, facts: HomeFacts, charts: 'drawn' | 'in words'): Home {
  return { type: 'home', blocks: blocksOf(page, facts, charts) };
}

export function hasChart({ blocks }: Home): boolean {
  return blocks.some(({ type }) => type === 'data_visualization');
}

function blocksOf(page: HomePage, facts: HomeFacts, charts: 'drawn' | 'in words'): Home['blocks'] {
  switch (page.kind) {
    case 'barred':
      return [section(refusalWords(page.refusal, facts))];
    case 'own':
      return ownPage(page, facts, charts);
    case 'person':
      return personPage(page, facts);
    case 'found':
      return foundPage(page, facts);
    case 'list':
      return listPage(page, facts);
    case 'user':
      return userPage(page, facts);
  }
}

function ownPage(
  { at, keys, said, organisation }: Extract<HomePage, { kind: 'own' }>,
  facts: HomeFacts,
  charts: 'drawn' | 'in words',
): Home['blocks'] {
  const top = (said ?? []).flatMap((one) => [...saidBlocks(one, facts), DIVIDER]);
  const below = organisation ? organisationBlocks(organisation, facts, charts) : [];
  const own = keyBlocks({ at, keys, isPressable: true }, facts, [...top, ...below, DIVIDER]);
  if (below.length === 0) return [...top, ...own];
  // Whoever has nothing to do comes for the rest.
  const parts = keys.open.length > 0 ? [own, below] : [below, own];
  return [...top, ...(parts[0] ?? []), DIVIDER, ...(parts[1] ?? [])];
}

/** Of a history, above all that Home shows besides. */
const MOST_ON_TOP = 8;

function saidBlocks(said: Said, facts: HomeFacts): KnownBlock[] {
  switch (said.kind) {
    case 'refused':
      return buildRefusal(said.asker, said.refusal, facts).blocks;
    case 'shown':
      return buildShown(said.user, facts.accountName).blocks;
    case 'history':
      return buildHistory(said.history, facts.accountName, MOST_ON_TOP).blocks;
    case 'how':
      return buildHow(said.tool, facts.view(said.user, 'owner')).blocks;
    case 'pressedMany':
      return pressedManyBlocks(said.pressed, facts);
  }
}

function personPage(page: Extract<HomePage, { kind: 'person' }>, facts: HomeFacts): Home['blocks'] {
  const { at, keys, barred } = page;
  const top: KnownBlock[] = [{ ...section(words.seenAs(page)), accessory: back() }, picker(), DIVIDER];
  if (keys) return [...top, ...keyBlocks({ at, keys, isPressable: false }, facts, top)];
  return [...top, ...(barred ? [section(refusalWords(barred, facts))] : [])];
}

interface Own {
  at: Instant;
  keys: OwnKeys;
  isPressable: boolean;
}

/** The worst first, as many as fit beside what else is there. */
function keyBlocks({ at, keys, isPressable }: Own, facts: HomeFacts, around: readonly Block[]): KnownBlock[] {
  const { others } = keys;
  const open = mostUrgentFirst(keys.open.map((user) => facts.view(user, 'owner')));
  const head = ownHead({ at, keys, isPressable }, open, facts);
  const isPreview = open.some(isOnlyWatched);
  const foot = (rest: number) =>
    smallPrint(
      andMore(rest, words.REST_OF_HOME),
      isPreview ? PREVIEW_FOOTER : undefined,
      `${HELP_TITLE} ${questions(facts)}`,
      words.drawnAt(at),
    );
  const rows = [
    ...open.map((row, nth) => [...(nth > 0 ? [DIVIDER] : []), ...openRow(row, isPressable)]),
    ...others.users.map((user, nth): KnownBlock[] => [
      ...(nth === 0 && open.length > 0 ? [DIVIDER, section(words.OTHERS)] : []),
      section(
        listedUser(user, at, facts.accountName(user.account)),
        words.dueByAge(user.keys, facts.policy(user.account)),
      ),
    ]),
  ];
  const shown = rowsThatFit(rows, [...around, ...head, ...foot(1)], MOST_BLOCKS_IN_VIEW);
  return [...head, ...shown.flat(), ...foot(rows.length - shown.length + others.more)];
}

function ownHead(
  { at, keys, isPressable }: Own,
  open: readonly DigestRow[],
  { accountName, helpers, policy }: HomeFacts,
): KnownBlock[] {
  const { others } = keys;
  const missing = [
    ...(others.unanswered.length > 0 ? [section(notAsked(others.unanswered, accountName))] : []),
    ...(others.channelsUnanswered ? [section(channelsNotKnown('own'))] : []),
  ];
  if (open.length > 0) {
    const many = isPressable ? forMany(open.filter((row) => !isOnlyWatched(row))) : [];
    return [header(digestHeading(open)), ...missing, ...many, ...(many.length > 0 ? [DIVIDER] : [])];
  }
  if (others.users.length + others.more > 0)
    return [header(words.ALL_IS_WELL), section(words.calmWords(keys, policy, at)), ...missing];
  const none = nothingOwned('own', { helpers });
  return [...(isPressable ? [header(words.NONE_IS_YOURS)] : []), section(none), ...missing];
}

function isOnlyWatched({ view }: DigestRow): boolean {
  return view.policy.mode === 'preview';
}

/** With all that the card has to press, in the same words. */
function openRow(row: DigestRow, isPressable: boolean): KnownBlock[] {
  const { view, rotation } = row;
  const keys = smallPrint(words.lookedAt(row));
  if (!isPressable || isOnlyWatched(row) || !isOpen(rotation)) return [section(digestRow(row)), ...keys];
  const question = liveQuestion(view);
  const asked = question && questionParagraph(question, rotation, view);
  const told = { ...section(digestRow(row), asked), accessory: openButton(view.user) };
  return [told, ...operable(rotation, view).map((block) => namedIn(block, view.user)), ...keys];
}

/** The same buttons stand below many IAM users: screen readers say whose each is. */
function namedIn<B extends KnownBlock>(block: B, { userName }: IamUserId): B {
  const named = <E extends { type: string }>(element: E): E =>
    isButton(element)
      ? { ...element, accessibility_label: label(`${element.text.text}: ${userName}`) }
      : element;
  if (block.type === 'actions') return { ...block, elements: block.elements.map(named) };
  return block.type === 'section' && block.accessory
    ? { ...block, accessory: named(block.accessory) }
    : block;
}

function isButton(element: { type: string }): element is Button {
  return element.type === 'button';
}

function organisationBlocks(
  { summary, trend }: Organisation,
  facts: HomeFacts,
  charts: 'drawn' | 'in words',
): Home['blocks'] {
  const { figures, underWay, checked } = summaryWords(summary, facts);
  return [
    header(words.ORGANISATION),
    ...(summary.leftOut ? [section(words.leftOut(summary.leftOut, facts.accountName))] : []),
    section(figures),
    ...attentionBlocks(summary, facts),
    ...smallPrint(underWay),
    ...trendBlocks(trend, charts),
    ...smallPrint(checked),
    searchInput(),
    picker(),
  ];
}

/** One point is no trend. */
function trendBlocks(trend: readonly TrendPoint[], charts: 'drawn' | 'in words'): Home['blocks'] {
  if (trend.length < 2) return [];
  if (charts === 'in words') return [section(words.trendBars(trend))];
  return [chartOf(trend), ...smallPrint(words.trendWords(trend))];
}

function chartOf(trend: readonly TrendPoint[]): Chart {
  const categories = trend.map(({ at }) => plainDay(at));
  const data = trend.map((point) => ({ label: plainDay(point.at), value: words.chartValue(point) }));
  return {
    type: 'data_visualization',
    title: words.CHART.title,
    chart: {
      type: 'line',
      series: [{ name: words.CHART.series, data }],
      axis_config: { categories, x_label: words.CHART.week, y_label: '%' },
    },
  };
}

function searchInput(): InputBlock {
  const { label: text, placeholder } = words.SEARCH;
  return {
    type: 'input',
    block_id: LOOK.search,
    dispatch_action: true,
    label: plainText(text),
    element: {
      type: 'plain_text_input',
      action_id: LOOK.search,
      placeholder: plainText(placeholder),
      max_length: 64,
      dispatch_action_config: { trigger_actions_on: ['on_enter_pressed'] },
    },
  };
}

function picker(): SectionBlock {
  const { words: text, placeholder } = words.LOOK_AS;
  return {
    ...section(text),
    accessory: { type: 'users_select', action_id: LOOK.person, placeholder: plainText(placeholder) },
  };
}

function back(): Button {
  return { type: 'button', text: plainText(words.BACK), action_id: LOOK.own };
}

function foundPage(page: Extract<HomePage, { kind: 'found' }>, facts: HomeFacts): Home['blocks'] {
  const { users, more, unanswered } = page;
  const heading = { ...section(`*${words.foundHeading(page)}*`), accessory: back() };
  const rows = users.map(({ user, ...id }): KnownBlock[] => {
    const [row] = user ? rowOf(facts.view(user, 'admin')) : [];
    const text = row && isOpen(row.rotation) ? digestRow(row) : words.foundRow(id, facts);
    return [{ ...section(text), accessory: lookButton(id) }];
  });
  const shown = rowsThatFit(rows, [heading], MOST_BLOCKS_IN_VIEW);
  return [
    heading,
    ...(unanswered.length > 0 ? [section(notAsked(unanswered, facts.accountName))] : []),
    ...shown.flat(),
    ...smallPrint(andMore(more + rows.length - shown.length, words.REST_OF_FOUND)),
    searchInput(),
  ];
}

function listPage(
  { at, list, users }: Extract<HomePage, { kind: 'list' }>,
  { accountName, personName }: HomeFacts,
): Home['blocks'] {
  const view = { list, users, accountName, personName, now: at };
  const { blocks, rows, number } = summaryListParts(view);
  const around = [...blocks, { ...section(words.drawnAt(at)), accessory: back() }];
  const shown = rowsThatFit(rows, around, MOST_BLOCKS_IN_VIEW - 1);
  return [...around, ...shown.flat(), ...summaryListFoot(number - shown.length)];
}

function lookButton(id: IamUserId): Button {
  const accessibility_label = label(`${words.LOOK_AT} ${id.userName}`);
  return { ...button(words.LOOK_AT, LOOK.user, id), accessibility_label };
}

function userPage(page: Extract<HomePage, { kind: 'user' }>, facts: HomeFacts): Home['blocks'] {
  const { account, userName, user, history } = page;
  const [row] = user ? rowOf(facts.view(user, 'admin')) : [];
  const state: KnownBlock =
    row && isOpen(row.rotation)
      ? { ...section(words.stateWords(row)), accessory: openButton({ account, userName }) }
      : section(words.NOTHING_UNDER_WAY);
  const top: KnownBlock[] = [
    header(label(userName, 64)),
    { ...section(words.userWords(page, facts)), accessory: back() },
    state,
  ];
  const rows = historyRows(history);
  const shown = rowsThatFit(rows, [...top, searchInput()], MOST_BLOCKS_IN_VIEW - 1);
  return [
    ...top,
    ...shown.flat(),
    ...smallPrint(andMore(rows.length - shown.length, words.REST_OF_HISTORY)),
    searchInput(),
  ];
}
