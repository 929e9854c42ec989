// Messages in the admin channel, about one IAM user or many that are alike: what the matter is, and the buttons to settle it.
import type { Button, KnownBlock } from '@slack/types';
import type { IamUser, IamUserId } from '../../../domain/iam-user.ts';
import { matters } from '../../../domain/matters.ts';
import type { MatterKind } from '../../../domain/message.ts';
import { addressOf, type Link, type Owner, ownerMark } from '../../../domain/owner.ts';
import { isOpen } from '../../../domain/rotation.ts';
import type { Instant } from '../../../domain/time.ts';
import type { MoveName } from '../../../domain/transitions.ts';
import type { Drawn, SummaryListName } from '../../../usecases/jobs.ts';
import { cut, label } from '../escape.ts';
import {
  type Group,
  groupRow,
  groupsIn,
  HAND_OVER,
  HAND_OVER_ALL,
  HAND_OVER_ONE,
  KEEP,
  type ListView,
  listAdvice,
  listHeading,
  MOST_ROWS,
  mayBeHandedOver,
  type NoticeView,
  NUDGE,
  noticeWords,
  REST_OF_GROUPS,
  type RowView,
  SHOW,
  silenceIn,
} from '../wording/admin/admin-notice-text.ts';
import { settlementOf, settlementWords } from '../wording/admin/settlement.ts';
import { MOVE_WORDS } from '../wording/shared/moves.ts';
import { andMore } from '../wording/shared/names.ts';
import { assignOwnersRow, button, openButton, rowToOpen } from './buttons.ts';
import { type Content, fitted, header, section, smallPrint } from './parts.ts';
import { assignId, pressId, rowId } from './press.ts';

/** Settled: it says how, and there is nothing to press any more. */
export function buildAdminNotice(view: NoticeView): Content {
  const { user, reader, personName, policy, now } = view;
  const { matter } = reader;
  const isSettled = !matters(user, policy, now).some(({ kind }) => kind === matter);
  const settlement = isSettled ? settlementOf(user, reader) : undefined;
  const { headline, settled, before, why, quote, about, hint } = noticeWords(view);
  if (!settlement) {
    const asking = [header(cut(headline, 150)), section(quote, why), ...smallPrint(about)];
    const choice = pressed(matterButtons({ ...view, matter }, [user]));
    return { text: `${headline}.`, blocks: [...asking, ...choice, ...smallPrint(hint)] };
  }
  const how = `:white_check_mark: ${settlementWords(settlement, user, personName)}`;
  const top = [header(cut(settled, 150)), section(how)];
  return { text: `${settled}.`, blocks: [...top, ...smallPrint(before, about)] };
}

/** One IAM user: of a row about several, the one that begins it. */
type Decided = Pick<NoticeView, 'user' | 'drawing' | 'personName' | 'now'> & { matter: MatterKind };

function matterButtons(decided: Decided, row: Group): Button[] {
  const { user } = decided;
  const { matter, now } = decided;
  const owner = mayBeHandedOver(matter) ? aboutOwner(matter, row, now) : [];
  return named([...deciding(decided), ...owner, ...showing(user)], user);
}

/** Between rotations there is no card to show. */
function showing(user: IamUser): Button[] {
  return isOpen(user.rotation) ? [openButton(user, SHOW)] : [];
}

/** The same words stand in every row: screen readers say whose each is. */
function named(buttons: readonly Button[], { userName }: IamUserId): Button[] {
  return buttons.map((one) => ({ accessibility_label: label(`${one.text.text}: ${userName}`), ...one }));
}

/** Whom Slack cannot reach, and who was not asked yet, is not reminded either. */
function aboutOwner(matter: MatterKind, group: Group, now: Instant, list?: SummaryListName): Button[] {
  const [{ account, userName, owner }] = group;
  const row = { matter, mark: ownerMark(owner), ...(list && group.length > 1 && { list }) };
  const target = { account, userName };
  const isAsked = addressOf(owner) !== undefined && silenceIn(group, now) === 'unanswered';
  const words = group.length > 1 ? HAND_OVER_ALL : HAND_OVER_ONE;
  return [
    ...(matter === 'silence' && isAsked ? [button(NUDGE, rowId('nudge', row), target)] : []),
    button(words, rowId('handOver', row), target),
  ];
}

function deciding({ user, matter, personName, drawing }: Decided): Button[] {
  const { account, userName } = user;
  const target = { account, userName, drawing };
  if (matter === 'timeAsked') return [moveButton('approve', target), moveButton('decline', target)];
  if (matter !== 'ownerChanged' || !user.ownerChange) return [];
  const nameFor = (to: Link['to']) =>
    to.kind === 'person' ? (personName(to.slackId) ?? to.slackId) : 'the channel';
  const to = linkTo(user.ownerChange.to);
  const current = linkTo(user.owner);
  return [
    ...(to ? [assignButton(`${HAND_OVER} ${nameFor(to)}`, to, target)] : []),
    ...(current ? [assignButton(`${KEEP} ${nameFor(current)}`, current, target)] : []),
  ];
}

function linkTo(owner: Owner): Link['to'] | undefined {
  if (owner.kind === 'person') return { kind: 'person', slackId: owner.slackId };
  return owner.kind === 'channel' ? owner : undefined;
}

function moveButton(move: MoveName, target: Drawn): Button {
  const { label: words, style } = MOVE_WORDS[move];
  return { ...button(words, pressId(move, false), target), ...(style && { style }) };
}

function assignButton(words: string, to: Link['to'], target: Drawn): Button {
  return button(label(words), assignId(to), target);
}

export function buildAdminList(view: ListView): Content {
  const heading = listHeading(view);
  const groups = groupsIn(view);
  const advice = listAdvice(view);
  const head = [header(cut(heading, 150)), ...(advice ? [section(advice)] : [])];
  const rows = groups.slice(0, MOST_ROWS).map((group) => rowOf(group, view));
  const foot = (rest: number) => smallPrint(andMore(rest, REST_OF_GROUPS));
  const [first] = view.open;
  const many = first && view.matter === 'noOwner' ? [assignOwnersRow(first)] : [];
  return { text: `${heading}.`, blocks: fitted([...head, ...many], rows, foot, groups.length) };
}

/** Its buttons stand below it, unless there is only the one. */
function rowOf(group: Group, view: ListView): KnownBlock[] {
  const words = groupRow(group, view);
  const [user] = group;
  const { drawing, ...facts } = view;
  const elements = matterButtons({ ...facts, user, drawing: drawing(user) }, group);
  const isOnlyShown = elements.length === 1 && isOpen(user.rotation);
  return isOnlyShown ? [rowToOpen(words, user, SHOW)] : [section(words), ...pressed(elements)];
}

/**
 * The same in a list that only one person is shown. It is on no record, so what counts only on what was shown is decided on
 * the card.
 */
export function rowShown(group: Group, view: RowView & { list: SummaryListName }): KnownBlock[] {
  const words = groupRow(group, view);
  const [user] = group;
  const { matter, now, list } = view;
  const isHandedOver = mayBeHandedOver(matter) || matter === 'ownerChanged';
  const owner = isHandedOver ? aboutOwner(matter, group, now, list) : [];
  if (owner.length === 0 && isOpen(user.rotation)) return [rowToOpen(words, user, SHOW)];
  return [section(words), ...pressed(named([...owner, ...showing(user)], user))];
}

/** Slack refuses a block of no buttons. */
function pressed(elements: Button[]): KnownBlock[] {
  return elements.length > 0 ? [{ type: 'actions', elements }] : [];
}
