// Does what a save left to be done: the closed rotation's copy, the answer to whoever pressed, and the messages, which are
// brought in line with the record. What fails is tried again by the tick. A new message to the owner is not for here:
// that is one a day for all their users.
import { isOutOfDate } from '../../domain/agenda.ts';
import { type IamUser, nameOf, without } from '../../domain/iam-user.ts';
import { mattersToTell } from '../../domain/matters.ts';
import { type Card, isList, type SentMessage } from '../../domain/message.ts';
import type { Policy } from '../../domain/policy.ts';
import { isOpen, isUnfiled } from '../../domain/rotation.ts';
import { type Instant, MINUTE } from '../../domain/time.ts';
import { type Correction, corrections, drawnAnew, isSent, withoutMessage } from '../../domain/wanted.ts';
import { ChangedMeanwhile, ifFailed, ifRefused, OutsideError } from '../errors.ts';
import type { RedrawListJob } from '../jobs.ts';
import type { Ports } from '../ports.ts';
import { noteWith } from './note-with.ts';
import { refuse } from './refuse.ts';

/** After Slack refused a message. */
const TELL_AGAIN_IN = 60 * MINUTE;

export async function bringUpToDate(user: IamUser, ports: Ports): Promise<void> {
  await broughtUpToDate(user, ports);
}

/** Each by itself: that one fails holds up no other. Returns the user as it is on record afterwards. */
export async function broughtUpToDate(
  user: IamUser,
  ports: Ports,
  when: 'at once' | 'admins later' = 'at once',
): Promise<IamUser> {
  const { account, userName } = user;
  const policy = ports.policy(account);
  if (!isOutOfDate(user, policy, ports.now())) return user;
  const failures: OutsideError[] = [];
  const steps: ((current: IamUser, ports: Ports) => Promise<IamUser>)[] = [
    fileClosed,
    answer,
    ...corrections(user, policy, ports.now()).map(
      (correction) => (current: IamUser) => correct(current, correction, ports),
    ),
    ...(when === 'at once' ? [tellAdmins] : []),
  ];
  let current = user;
  for (const step of steps) {
    const before = current;
    current = await ifFailed(step(before, ports), (error) => {
      ports.log.warn('messages.postponed', { account, userName, error });
      failures.push(error);
      return before;
    });
  }
  const refused = failures.find(({ outcome }) => outcome === 'refused');
  if (failures.length === 0) current = healed(current, policy, ports.now());
  const next = refused ? withRefusedMessage(current, refused, ports.now()) : current;
  return next === user ? user : save(next, user, ports);
}

/**
 * A message that could not be recorded is inert: presses are checked against the record. Whoever wrote meanwhile has
 * drawn the messages as well, and nobody knows which drawing came last: they are drawn once more.
 */
async function save(next: IamUser, user: IamUser, ports: Ports): Promise<IamUser> {
  try {
    return await ports.users.save(next);
  } catch (error) {
    if (!(error instanceof OutsideError || error instanceof ChangedMeanwhile)) throw error;
    const { account, userName } = user;
    ports.log.warn('messages.postponed', { account, userName, error });
    const drawn = user.messages.filter((message) => !next.messages.includes(message));
    if (error instanceof ChangedMeanwhile && drawn.length > 0)
      await noteWith(user, ports, (current) => drawn.reduce((one, { ts }) => drawnAnew(one, ts), current));
    return user;
  }
}

/** Asking again at once will not help, and must not crowd out others: it goes into the summary, and waits. */
export function withRefusedMessage(
  user: IamUser,
  { code }: OutsideError,
  now: Instant,
  what: 'redraw' | 'notice' = 'redraw',
): IamUser {
  const since = user.failure?.since ?? now;
  return { ...user, failure: { since, what, code, retryAt: now + TELL_AGAIN_IN } };
}

/** What was refused has been taken by now, or is not to be said any more. */
function healed(user: IamUser, policy: Policy, now: Instant): IamUser {
  const what = user.failure?.what;
  const isOver = what === 'redraw' || (what === 'notice' && mattersToTell(user, policy, now).length === 0);
  return isOver ? without(user, 'failure') : user;
}

async function fileClosed(user: IamUser, ports: Ports): Promise<IamUser> {
  const { rotation } = user;
  if (!isUnfiled(rotation)) return user;
  await ports.users.file(user, rotation);
  const { account, userName } = user;
  ports.log.info('rotation.finished', { account, userName, stage: rotation.stage });
  return { ...user, rotation: { ...rotation, isFiled: true } };
}

async function answer(user: IamUser, ports: Ports): Promise<IamUser> {
  const { account, userName, answer: due, messages } = user;
  if (!due) return user;
  const place = { channel: messages.findLast(({ reader }) => reader.as === 'owner')?.channel ?? '' };
  await refuse({ kind: 'click', account, userName, personId: due.to, place }, due.refusal, ports);
  return without(user, 'answer');
}

/** Admins are told by a job of their own, so that many of a kind make one message. */
async function tellAdmins(user: IamUser, ports: Ports): Promise<IamUser> {
  const { account, userName } = user;
  const now = ports.now();
  if (mattersToTell(user, ports.policy(account), now).length > 0)
    await ports.jobs.put([
      {
        kind: 'tellAdmins',
        id: `tell/${nameOf(user)}/${user.version}@${now}`,
        users: [{ account, userName }],
      },
    ]);
  return user;
}

async function correct(user: IamUser, correction: Correction, ports: Ports): Promise<IamUser> {
  const { message } = correction;
  // Many users share a list: it is drawn by a job that looks at all of them.
  if (isList(message)) await ports.jobs.put([redrawListJob(message, user)]);
  else if (correction.kind === 'remove') await removeUnlessRefused(message, user, ports);
  else if ((await ports.messenger.redraw(user, message)) === 'gone') return afterLoss(user, message);
  return correction.kind === 'redraw' && !correction.isLast
    ? withDrawing(user, { ...message, drawing: correction.drawing })
    : withoutMessage(user, message);
}

/** In its place: the order of messages is that in which they were sent. */
function withDrawing(user: IamUser, message: SentMessage): IamUser {
  const messages = user.messages.map((one) => (one.ts === message.ts ? message : one));
  return { ...user, messages };
}

/** Whoever had it is told anew: the owner with the next message of a day, admins at once. */
function afterLoss(user: IamUser, message: SentMessage): IamUser {
  const lost = withoutMessage(user, message);
  return message.reader.as === 'owner' && isOpen(user.rotation) ? without(lost, 'notifiedAt') : lost;
}

/** For each change of a user of its own: SQS would drop one that bears the id of another. */
export function redrawListJob({ channel, ts }: Card, user: IamUser): RedrawListJob {
  return { kind: 'redrawList', id: `list/${ts}/${nameOf(user)}/${user.version}`, channel, ts };
}

/** Its buttons no longer work, so a refused deletion is safe; but for as long as it is there it says what was. */
async function removeUnlessRefused(card: Card, user: IamUser, ports: Ports): Promise<void> {
  await ifRefused(ports.messenger.remove(card), (error) => notRemoved(user, error, ports));
}

/** Records a message that was sent. One that could not be recorded would stay beside the next one: it is taken back. */
export async function recordMessage(
  message: SentMessage,
  user: IamUser,
  ports: Ports,
  record: () => Promise<IamUser | undefined>,
): Promise<IamUser | undefined> {
  const recorded = await record().catch(async (error) => {
    // Only the answer may have been lost.
    const current = await ports.users.load(user);
    if (current && isSent(current, message)) return current;
    await removeQuietly(message, user, ports);
    throw error;
  });
  if (!recorded) await removeQuietly(message, user, ports);
  return recorded;
}

/** Its buttons no longer work once it is not on record, so failing to remove it is safe. */
export async function removeQuietly(card: Card, user: IamUser, ports: Ports): Promise<void> {
  await ifFailed(ports.messenger.remove(card), (error) => notRemoved(user, error, ports));
}

function notRemoved({ account, userName }: IamUser, error: OutsideError, { log }: Ports): void {
  log.warn('card.notRemoved', { account, userName, error });
}
