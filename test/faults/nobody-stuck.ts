// Rule 13: for whatever is open somebody has something to press, nothing that is offered is refused, and time brings more.
import { readPressed } from '../../src/adapters/slack/blocks/press.ts';
import { owesReminder } from '../../src/domain/agenda.ts';
import { type IamUser, nameOf } from '../../src/domain/iam-user.ts';
import { judge } from '../../src/domain/legality.ts';
import { type Matter, matters } from '../../src/domain/matters.ts';
import { isSameCard } from '../../src/domain/message.ts';
import { situationOf } from '../../src/domain/moves/situation.ts';
import { addressOf } from '../../src/domain/owner.ts';
import { isOpen } from '../../src/domain/rotation.ts';
import { POLICY } from '../domain/given.ts';
import type { Item } from '../sandbox/play/items.ts';
import { buttons } from '../sandbox/play/play.ts';
import { pressables } from '../sandbox/servers/slack/pressables.ts';
import type { Message } from '../sandbox/servers/slack/workspace.ts';
import { adminPosts, offers, type World } from './fault-world.ts';

export function stuck(world: World, users: readonly IamUser[], items: readonly Item[]): string[] {
  return users.flatMap((user) =>
    [
      ...withoutPress(world, user),
      ...untold(world, user),
      ...inVain(world, user),
      ...unplanned(items, user),
    ].map((words) => `${user.userName} ${words}`),
  );
}

/** Opted out, and nothing begun: the summary says so until then. */
function rests({ exempt, rotation }: IamUser): boolean {
  return exempt?.kind === 'until' && (rotation?.stage === 'due' || rotation?.stage === 'postponed');
}

/** Its owner has a message about it with something to press, or is about to get one; or else admins have. */
function withoutPress(world: World, user: IamUser): string[] {
  const { rotation, owner, userName } = user;
  const now = world.sandbox.clock.now();
  if (!isOpen(rotation) || rests(user) || matters(user, POLICY, now).length > 0) return [];
  const isToldSoon = owesReminder(user, POLICY, now);
  const has = messagesTo(world, addressOf(owner)).some(
    (message) => offers(message).length > 0 && JSON.stringify(message.blocks).includes(`/${userName}`),
  );
  return has || isToldSoon ? [] : [`is open, and nobody has anything to press`];
}

function messagesTo({ sandbox }: World, reader: string | undefined): Message[] {
  return [...sandbox.slack.workspace.channels.values()]
    .filter(({ id, im }) => (im ?? id) === reader)
    .flatMap(({ messages }) => messages.filter(({ deleted, ephemeralTo }) => !deleted && !ephemeralTo));
}

/** Each matter has its message in the admin channel, with something to press. */
function untold(world: World, user: IamUser): string[] {
  const isShown = ({ kind }: Matter) =>
    user.messages.some(
      (one) =>
        one.reader.as === 'admins' &&
        one.reader.matter === kind &&
        adminPosts(world).some((post) => isSameCard(one, post) && buttons(post).length > 0),
    );
  return matters(user, POLICY, world.sandbox.clock.now())
    .filter((matter) => !isShown(matter))
    .map(({ kind }) => `has an open matter, ${kind}, that no message in the admin channel tells of`);
}

/** What a message about it in the admin channel offers, and is refused whoever presses it. */
function inVain(world: World, user: IamUser): string[] {
  const isAboutIt = (post: Message) => user.messages.some((one) => isSameCard(one, post));
  return adminPosts(world)
    .filter(isAboutIt)
    .flatMap((post) => pressables(post))
    .filter((button) => isInVain(button, user, world.sandbox.clock.now()))
    .map(({ label }) => `has “${label}” in the admin channel, which is refused`);
}

function isInVain({ element }: ReturnType<typeof pressables>[number], user: IamUser, now: number): boolean {
  const pressed =
    element.type === 'button' && readPressed({ ...element, action_id: element.action_id ?? '' });
  if (!pressed || nameOf(pressed.target) !== nameOf(user)) return false;
  const { asked } = pressed;
  if (asked.kind === 'assign') return user.ownerChange === undefined;
  if (asked.kind !== 'move') return false;
  return judge(situationOf(user, POLICY, now), { ...asked, as: 'admin' }).verdict === 'refused';
}

/** Nothing would ever be done about it again. */
function unplanned(items: readonly Item[], user: IamUser): string[] {
  if (!isOpen(user.rotation) || rests(user)) return [];
  const item = items.find(({ pk, sk }) => String(pk).endsWith(`#${user.userName}`) && sk === 'CURRENT');
  return typeof item?.nextAt === 'number' ? [] : ['is open, and no tick will ever look at it'];
}
