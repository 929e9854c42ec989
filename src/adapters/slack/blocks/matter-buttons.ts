// The buttons by which admins settle a matter: on a message about one IAM user, and in the row of a list.
import type { Button } from '@slack/types';
import type { IamUser } from '../../../domain/iam-user.ts';
import type { MatterKind } from '../../../domain/message.ts';
import { addressOf, type Link, type Owner, ownerMark } from '../../../domain/owner.ts';
import { isOpen } from '../../../domain/rotation.ts';
import type { MoveName } from '../../../domain/transitions.ts';
import { label } from '../escape.ts';
import {
  HAND_OVER,
  HAND_OVER_ALL,
  HAND_OVER_ONE,
  KEEP,
  NUDGE,
  SHOW,
} from '../wording/admin/admin-notice-text.ts';
import { MOVE_WORDS } from '../wording/shared/moves.ts';
import type { PersonName } from '../wording/shared/owner-names.ts';
import { button } from './buttons.ts';
import { openButton } from './open-button.ts';
import { assignId, type Drawn, pressId, rowId } from './press.ts';

/** One IAM user: of a row about several, the one that begins it. */
export interface Decided {
  user: IamUser;
  matter: MatterKind;
  drawing: string;
  personName: PersonName;
}

/** `number`: how many it is about. */
export function matterButtons(decided: Decided, number: number): Button[] {
  const { user } = decided;
  const show = isOpen(user.rotation) ? [openButton(user, SHOW)] : [];
  return [...deciding(decided), ...aboutOwner(decided, number), ...show];
}

const HANDED_OVER: readonly MatterKind[] = ['notMine', 'ownerLeft', 'noOwner', 'silence'];

/** Whom Slack cannot reach is not reminded either. */
function aboutOwner({ user, matter }: Decided, number: number): Button[] {
  if (!HANDED_OVER.includes(matter)) return [];
  const { account, userName, owner, failure } = user;
  const row = { matter, mark: ownerMark(owner) };
  const target = { account, userName };
  const isReached = addressOf(owner) !== undefined && failure?.what !== 'message';
  const words = number > 1 ? HAND_OVER_ALL : HAND_OVER_ONE;
  return [
    ...(matter === 'silence' && isReached ? [button(NUDGE, rowId('nudge', row), target)] : []),
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
