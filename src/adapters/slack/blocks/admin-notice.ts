// A message in the admin channel about one IAM user: what the matter is, and the buttons to settle it.
import type { Button, KnownBlock } from '@slack/types';
import { matters } from '../../../domain/matters.ts';
import type { Link, Owner } from '../../../domain/owner.ts';
import type { MoveName } from '../../../domain/transitions.ts';
import { label } from '../escape.ts';
import {
  aboutWhat,
  adviceFor,
  HAND_OVER,
  KEEP,
  type NoticeView,
  noticeHeadline,
  noticeText,
  quoted,
  SHOW,
} from '../wording/admin/admin-notice-text.ts';
import { settlementOf, settlementWords } from '../wording/admin/settlement.ts';
import { MOVE_WORDS } from '../wording/shared/moves.ts';
import { button } from './buttons.ts';
import { openButton } from './open-button.ts';
import { type Content, section } from './parts.ts';
import { assignId, type Drawn, pressId } from './press.ts';

/** Settled: it says how, and there is nothing to press any more. */
export function buildAdminNotice(view: NoticeView): Content {
  const { user, reader, personName, policy, now } = view;
  const isOpen = matters(user, policy, now).some(({ kind }) => kind === reader.matter);
  const settlement = isOpen ? undefined : settlementOf(user, reader);
  const matter = section(`*${noticeHeadline(view)}*`, aboutWhat(view), quoted(view));
  const rest: KnownBlock[] = settlement
    ? [section(`:white_check_mark: ${settlementWords(settlement, user, personName)}`)]
    : [section(adviceFor(view)), { type: 'actions', elements: [...deciding(view), openButton(user, SHOW)] }];
  return { text: noticeText(view), blocks: [matter, ...rest] };
}

function deciding({ user, reader, personName, drawing }: NoticeView): Button[] {
  const { account, userName } = user;
  const target = { account, userName, drawing };
  if (reader.matter === 'timeAsked') return [moveButton('approve', target), moveButton('decline', target)];
  if (reader.matter !== 'ownerChanged' || !user.ownerChange) return [];
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
