// What a button or a menu carries: what is asked for, and the IAM user. Both are hints, never a permission.
import { ACCOUNT, USER_NAME } from '../../../domain/iam-names.ts';
import { MATTER_KINDS } from '../../../domain/message.ts';
import { type FormMove, isFormMove } from '../../../domain/moves/rows.ts';
import type { Link } from '../../../domain/owner.ts';
import { isMoveName, type MoveName } from '../../../domain/transitions.ts';
import {
  type Drawn,
  MOVES_OF_MANY,
  type MoveOfMany,
  type Row,
  SUMMARY_LISTS,
  type SummaryListName,
  TOOLS,
  type Tool,
} from '../../../usecases/jobs.ts';

interface PressedMove {
  move: MoveName;
  /** "Anyway": the person has read the doubts. */
  insist: boolean;
  /** Its form says first what speaks against it. */
  isTold?: true;
  /** It stands in an answer, which is on no record. */
  inAnswer?: true;
}

export type ButtonMeaning =
  | ({ kind: 'move' } & PressedMove)
  /** The card of one IAM user. */
  | { kind: 'show' }
  /** What was done to its keys. */
  | { kind: 'history' }
  /** How its new key is put in place. */
  | { kind: 'how'; tool: Tool }
  /** An admin says who owns it. */
  | { kind: 'assign'; to: Link['to'] }
  /** What is done with a row of the admin channel, or with a message about one. */
  | ({ kind: 'nudge' } & Omit<Row, 'of'>)
  | ({ kind: 'handOver' } & Omit<Row, 'of'>)
  /** One move for many IAM users. */
  | { kind: 'many'; move: MoveOfMany }
  /** The form in which owners are assigned to many. */
  | { kind: 'owners' }
  /** What was shown that would be assigned. */
  | { kind: 'assignOwners'; planId: string }
  /** The secrets of IAM users that are gone, as many as the button said. */
  | { kind: 'deleteSecrets'; count: number };

/** Every button of ours that makes a move. */
export const PRESS_PATTERN = /^(?:move|insist|told|answer):[A-Za-z]{1,40}$/;

const TARGET_PATTERN =
  /^(?<account>[^/]+)\/(?<userName>[^/#]+)(?:#(?<drawing>[0-9a-z]{1,14}(?:\.[0-9a-z]{1,14})?))?$/;
const ASSIGN_PATTERN =
  /^(?:assign:(?<slackId>[UW][A-Z0-9]{1,49})|assignChannel:(?<channelId>[CG][A-Z0-9]{1,49}))$/;
const ROW_PATTERN =
  /^(?<kind>nudge|handOver):(?<matter>[A-Za-z]{1,20}):(?<mark>[0-9a-z]{1,14})(?::(?<list>[A-Za-z]{1,20}))?$/;

const PLAN_PATTERN = /^assignOwners:(?<planId>[0-9a-z]{1,14})$/;
const MANY_PATTERN = /^many:(?<of>[A-Za-z]{1,20})$/;
const HOW_PATTERN = /^how:(?<name>[a-z]{1,20})$/;
const SECRETS_PATTERN = /^deleteSecrets:(?<count>\d{1,6})$/;

export function pressId(move: MoveName, insist: boolean): string {
  return `${insist ? 'insist' : 'move'}:${move}`;
}

/** Of a button that opens a form, and of the form. */
export function formId({ move, isTold, inAnswer }: FormPress): string {
  if (isTold) return `told:${move}`;
  return inAnswer ? `answer:${move}` : pressId(move, false);
}

export type FormPress = Omit<PressedMove, 'move' | 'insist'> & { move: FormMove };

export function showId(): string {
  return 'show';
}

export function historyId(): string {
  return 'history';
}

export function assignId(to: Link['to']): string {
  return to.kind === 'person' ? `assign:${to.slackId}` : `assignChannel:${to.channelId}`;
}

export function rowId(kind: 'nudge' | 'handOver', { matter, mark, list }: Omit<Row, 'of'>): string {
  return `${kind}:${matter}:${mark}${list ? `:${list}` : ''}`;
}

export function ownersId(): string {
  return 'owners';
}

export function assignOwnersId(planId: string): string {
  return `assignOwners:${planId}`;
}

/** What is pressed in the form of those without an owner. `from`: how many stand before its page. */
export function ownersPressId(kind: 'search' | 'table'): string;
export function ownersPressId(kind: 'page', from: number): string;
export function ownersPressId(kind: 'mend', planId: string): string;
export function ownersPressId(kind: string, which?: number | string): string {
  return `owners:${kind}${which === undefined ? '' : `:${which}`}`;
}

type OwnersPress =
  | { kind: 'search' | 'table' }
  | { kind: 'page'; from: number }
  | { kind: 'mend'; planId: string };

const OWNERS_PATTERN =
  /^owners:(?:(?<kind>search|table)|page:(?<from>\d{1,5})|mend:(?<planId>[0-9a-z]{1,14}))$/;

export function parseOwnersPress(actionId: string): OwnersPress | undefined {
  const { kind, from, planId } = OWNERS_PATTERN.exec(actionId)?.groups ?? {};
  if (from !== undefined) return { kind: 'page', from: Number(from) };
  if (planId !== undefined) return { kind: 'mend', planId };
  return kind === 'search' || kind === 'table' ? { kind } : undefined;
}

/** It is about no IAM user, and carries none. */
export function summaryTableId(): string {
  return 'summaryTable';
}

/** So is this one: who is on a list of the summary. */
export function summaryListId(list: SummaryListName): string {
  return `${SUMMARY_LIST}${list}`;
}

const SUMMARY_LIST = 'summaryList:';

export function parseSummaryList(actionId: string): SummaryListName | undefined {
  return SUMMARY_LISTS.find((list) => actionId === summaryListId(list));
}

export function secretsId(count: number): string {
  return `deleteSecrets:${count}`;
}

/** How Home is to be drawn. */
export const LOOK = {
  own: 'home:own',
  search: 'home:search',
  person: 'home:person',
  user: 'home:user',
} as const;

export function manyId(move: MoveOfMany): string {
  return `many:${move}`;
}

/** Slack takes as many characters as a button's value. */
const MOST_IN_VALUE = 2000;

/** Those that come first, as many as a button can carry. */
export function carried(users: readonly Drawn[]): Drawn[] {
  const fitting: Drawn[] = [];
  for (const user of users) {
    if (manyValue([...fitting, user]).length > MOST_IN_VALUE) break;
    fitting.push(user);
  }
  return fitting;
}

export function manyValue(users: readonly Drawn[]): string {
  return users.map(targetValue).join(' ');
}

/** No name of an IAM user has a space. What cannot be read is left out. */
export function parseMany(value: string): Drawn[] {
  return value.split(' ').flatMap((one) => parseTarget(one) ?? []);
}

export function howId(tool: Tool): string {
  return `how:${tool}`;
}

/** The menus among a card's buttons. An entry's value is what a button has as its id; the block's id is the target. */
export const MENU_ID = 'more';
export const TOOLS_ID = 'how';

const WITH_FORM: Partial<Record<string, Pick<PressedMove, 'isTold' | 'inAnswer'>>> = {
  told: { isTold: true },
  answer: { inAnswer: true },
};

export function parsePress(actionId: string): PressedMove | undefined {
  if (!PRESS_PATTERN.test(actionId)) return undefined;
  const [kind = '', move = ''] = actionId.split(':');
  if (!isMoveName(move)) return undefined;
  const how = WITH_FORM[kind];
  if (how) return isFormMove(move) ? { move, insist: false, ...how } : undefined;
  return { move, insist: kind === 'insist' };
}

/** Those that say all by their id. */
const PLAIN = ['show', 'history', 'owners'] as const;

export function parseAsked(actionId: string): ButtonMeaning | undefined {
  const plain = PLAIN.find((kind) => kind === actionId);
  if (plain) return { kind: plain };
  const { planId } = PLAN_PATTERN.exec(actionId)?.groups ?? {};
  if (planId !== undefined) return { kind: 'assignOwners', planId };
  const row = parseRow(actionId);
  if (row) return row;
  const { count } = SECRETS_PATTERN.exec(actionId)?.groups ?? {};
  if (count !== undefined) return { kind: 'deleteSecrets', count: Number(count) };
  const { of } = MANY_PATTERN.exec(actionId)?.groups ?? {};
  const move = MOVES_OF_MANY.find((one) => one === of);
  if (move) return { kind: 'many', move };
  const { name } = HOW_PATTERN.exec(actionId)?.groups ?? {};
  const tool = TOOLS.find((one) => one === name);
  if (tool) return { kind: 'how', tool };
  const { slackId, channelId } = ASSIGN_PATTERN.exec(actionId)?.groups ?? {};
  if (slackId !== undefined) return { kind: 'assign', to: { kind: 'person', slackId } };
  if (channelId !== undefined) return { kind: 'assign', to: { kind: 'channel', channelId } };
  const press = parsePress(actionId);
  return press && { kind: 'move', ...press };
}

function parseRow(actionId: string): Extract<ButtonMeaning, { mark: string }> | undefined {
  const { kind, matter: name, mark, list: shown } = ROW_PATTERN.exec(actionId)?.groups ?? {};
  const matter = MATTER_KINDS.find((one) => one === name);
  const list = SUMMARY_LISTS.find((one) => one === shown);
  if (!matter || mark === undefined || (shown !== undefined && !list)) return undefined;
  const row = { matter, mark, ...(list && { list }) };
  return { kind: kind === 'nudge' ? 'nudge' : 'handOver', ...row };
}

export function targetValue({ account, userName, drawing }: Drawn): string {
  return `${account}/${userName}${drawing ? `#${drawing}` : ''}`;
}

export function parseTarget(value: string): Drawn | undefined {
  const { account, userName, drawing } = TARGET_PATTERN.exec(value)?.groups ?? {};
  if (!account || !userName || !ACCOUNT.test(account) || !USER_NAME.test(userName)) return undefined;
  return { account, userName, ...(drawing !== undefined && { drawing }) };
}

/** What Slack says was pressed: a button, or the entry chosen from a menu. */
export interface Pressed {
  action_id: string;
  block_id?: string | undefined;
  value?: string | undefined;
  selected_option?: { value: string } | undefined;
}

/** undefined for what is none of ours. */
export function readPressed(pressed: Pressed): { asked: ButtonMeaning; target: Drawn } | undefined {
  const chosen = pressed.value ?? pressed.selected_option?.value ?? '';
  const isMenu = [MENU_ID, TOOLS_ID].includes(pressed.action_id);
  const asked = parseAsked(isMenu ? chosen : pressed.action_id);
  // Of many the first: all of them are in the value.
  const [value = ''] = (isMenu ? (pressed.block_id ?? '') : chosen).split(' ', 1);
  const target = parseTarget(value);
  return asked && target && { asked, target };
}
