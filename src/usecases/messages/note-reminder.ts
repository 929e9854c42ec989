// Notes a message that notified an owner with every IAM user it told of. What cannot be noted now is noted before the next
// one is sent: nobody is written to twice for want of a note.
import { type IamUser, without } from '../../domain/iam-user.ts';
import type { Card, SentMessage } from '../../domain/message.ts';
import { addressOf } from '../../domain/owner.ts';
import { isClosed, isOpen } from '../../domain/rotation.ts';
import type { Instant } from '../../domain/time.ts';
import { isSent, withMessage } from '../../domain/wanted.ts';
import { ChangedMeanwhile, OutsideError } from '../errors.ts';
import type { OwnerRecord, Ports, Reminder } from '../ports.ts';
import { loadIfReadable } from '../shared/load-if-readable.ts';
import { bringUpToDate, recordMessage, removeQuietly } from './bring-up-to-date.ts';
import { noteWith } from './note-with.ts';

/** What was just sent to `owner`; `users` as they were when it was written. */
export async function noteReminder(
  message: SentMessage,
  users: readonly IamUser[],
  owner: OwnerRecord,
  ports: Ports,
): Promise<void> {
  const ids = users.map(({ account, userName }) => ({ account, userName }));
  const { channel, ts } = message;
  const sent = { jobId: owner.jobId, card: { channel, ts }, users: ids };
  const held = await hold(owner, sent, ports);
  const [first, another] = users;
  if (!first) return;
  const sentAt = owner.notifiedAt;
  if (another) await noteDigest(users, sentAt, ports);
  else await noteCard(first, message, { isHeld: held !== undefined, sentAt }, ports);
  await finish(held ?? owner, sent, first, ports);
}

/** What was sent once and is still held, with whomever it is not noted yet. */
export async function noteAgain(owner: OwnerRecord, sent: Reminder, ports: Ports): Promise<void> {
  const { card, users: ids } = sent;
  const loaded = (await Promise.all(ids.map((id) => loadIfReadable(id, ports)))).filter(
    (user) => user !== undefined,
  );
  const left = loaded.filter((user) => isOwed(user, owner));
  const [first] = loaded;
  const asTold = left.filter((user) => !hasNews(user, owner));
  if (ids.length > 1) await noteDigest(asTold, owner.notifiedAt, ports);
  else if (first && left.length > 0)
    await noteCard(first, sentTo(owner, card), { isHeld: true, sentAt: owner.notifiedAt }, ports);
  else if (first && !isSent(first, card)) await removeQuietly(card, first, ports);
  await finish(owner, sent, first, ports);
}

/** Whoever was told of it since, or owns it by now, has a message of their own; an end that came since is yet to be told. */
function isOwed(
  { owner, rotation, notifiedAt = 0 }: IamUser,
  { ownerId, notifiedAt: sentAt }: OwnerRecord,
): boolean {
  const isAsTold = rotation !== undefined && (!isClosed(rotation) || rotation.closedAt <= sentAt);
  return isAsTold && notifiedAt < sentAt && addressOf(owner) === ownerId;
}

/** A list is not redrawn: what has happened since it was sent is not in it. */
function hasNews({ rotation }: IamUser, { notifiedAt: sentAt }: OwnerRecord): boolean {
  return rotation?.history.some(({ at }) => at > sentAt) ?? false;
}

/** The owner's record holds it until everything is noted. undefined: it does not, and only the users' own records can tell. */
async function hold(owner: OwnerRecord, sent: Reminder, ports: Ports): Promise<OwnerRecord | undefined> {
  try {
    return await ports.records.saveOwner({ ...owner, sent });
  } catch (error) {
    if (!(error instanceof OutsideError || error instanceof ChangedMeanwhile)) throw error;
    ports.log.warn('reminder.notHeld', { personId: owner.ownerId, jobId: owner.jobId, error });
    return undefined;
  }
}

/** Noted with everybody. A list of several users stays until the next list: some of them may have no other message. */
async function finish(
  { sent: _, digest, ...owner }: OwnerRecord,
  { card, users }: Reminder,
  user: IamUser | undefined,
  ports: Ports,
): Promise<void> {
  const isList = users.length > 1;
  if (user && digest && isList) await removeQuietly(digest, user, ports);
  const last = isList ? card : digest;
  try {
    await ports.records.saveOwner({ ...owner, ...(last && { digest: last }) });
  } catch (error) {
    // Another delivery of the job was faster, or the record holds it after all: whoever comes next finds all of it noted.
    if (!(error instanceof ChangedMeanwhile)) throw error;
  }
}

async function noteDigest(users: readonly IamUser[], sentAt: Instant, ports: Ports): Promise<void> {
  for (const user of users)
    await noteWith(user, ports, (current) => (isAbout(current, user) ? heard(current, sentAt) : undefined));
}

/** A drawing of which nobody knows what it shows by now. */
function sentTo({ ownerId }: OwnerRecord, card: Card): SentMessage {
  return { ...card, reader: { as: 'owner', id: ownerId }, drawing: '' };
}

/** Whoever pressed while it was sent has changed what it shows: then it is redrawn. */
async function noteCard(
  user: IamUser,
  message: SentMessage,
  { isHeld, sentAt }: { isHeld: boolean; sentAt: Instant },
  ports: Ports,
): Promise<void> {
  const record = () =>
    noteWith(user, ports, (current) =>
      isAbout(current, user) ? withMessage(heard(current, sentAt), message) : undefined,
    );
  const noted = await (isHeld ? record() : recordMessage(message, user, ports, record));
  if (noted) return bringUpToDate(noted, ports);
  if (isHeld) await removeQuietly(message, user, ports);
}

/** While a message is sent its IAM user may get another owner, and its rotation may end: then it told nobody of anything. */
export function isAbout(current: IamUser, { owner, rotation }: IamUser): boolean {
  return (
    addressOf(current.owner) === addressOf(owner) &&
    current.rotation?.openedAt === rotation?.openedAt &&
    isOpen(current.rotation) === isOpen(rotation)
  );
}

/** Told of all that had happened by then: the first deadline counts from the first word. */
export function heard(user: IamUser, at: Instant): IamUser {
  const { rotation } = user;
  const told = user.failure?.what === 'message' ? without(user, 'failure') : user;
  return {
    ...without(told, 'quietUntil'),
    toldEntries: rotation?.history.filter((entry) => entry.at <= at).length ?? 0,
    notifiedAt: at,
    ...(isOpen(rotation) && { rotation: { contactedAt: at, ...rotation } }),
  };
}
