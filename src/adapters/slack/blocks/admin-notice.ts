// A message in the admin channel about one IAM user: what the matter is, and the buttons to settle it.
import type { Button, KnownBlock } from '@slack/types';
import type { IamUser } from '../../../domain/iam-user.ts';
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
} from '../wording/admin-notice.ts';
import { MOVE_WORDS } from '../wording/moves.ts';
import { settlementOf, settlementWords } from '../wording/settlement.ts';
import { button } from './buttons.ts';
import { openButton } from './open-button.ts';
import { type Content, section } from './parts.ts';
import { assignId, pressId } from './press.ts';

/** Settled: it says how, and there is nothing to press any more. */
export function buildAdminNotice(view: NoticeView): Content {
  const { user, news, personName } = view;
  const settlement = settlementOf(user, news);
  const matter = section(`*${noticeHeadline(view)}*`, aboutWhat(view), quoted(view));
  const rest: KnownBlock[] = settlement
    ? [section(`:white_check_mark: ${settlementWords(settlement, user, personName)}`)]
    : [section(adviceFor(view)), { type: 'actions', elements: [...deciding(view), openButton(user, SHOW)] }];
  return { text: noticeText(view), blocks: [matter, ...rest] };
}

function deciding({ user, news, personName }: NoticeView): Button[] {
  if (news.kind === 'timeAsked') return [moveButton('approve', user), moveButton('decline', user)];
  if (news.kind !== 'ownerChanged' || !user.ownerChange) return [];
  const nameFor = (to: Link['to']) =>
    to.kind === 'person' ? (personName(to.slackId) ?? to.slackId) : 'the channel';
  const to = linkTo(user.ownerChange.to);
  const current = linkTo(user.owner);
  return [
    ...(to ? [assignButton(`${HAND_OVER} ${nameFor(to)}`, to, user)] : []),
    ...(current ? [assignButton(`${KEEP} ${nameFor(current)}`, current, user)] : []),
  ];
}

function linkTo(owner: Owner): Link['to'] | undefined {
  if (owner.kind === 'person') return { kind: 'person', slackId: owner.slackId };
  return owner.kind === 'channel' ? owner : undefined;
}

function moveButton(move: MoveName, user: IamUser): Button {
  const { label: words, style } = MOVE_WORDS[move];
  return { ...button(words, pressId(move, false), user), ...(style && { style }) };
}

function assignButton(words: string, to: Link['to'], user: IamUser): Button {
  return button(label(words), assignId(to), user);
}
