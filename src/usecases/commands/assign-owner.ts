// An admin says who answers for an IAM user: a person, or a private channel. It outweighs every tag.

import { handedOver } from '../../domain/hand-over.ts';
import { type IamUser, without } from '../../domain/iam-user.ts';
import { overtaken, ownerDecidedSince } from '../../domain/overtaken.ts';
import { addressOf, type Link, type Owner, sameOwner } from '../../domain/owner.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { isOpen } from '../../domain/rotation.ts';
import { entryByKeyrotate } from '../../domain/snapshot.ts';
import type { Instant } from '../../domain/time.ts';
import { drawnAnew, isStillSo, messageAt } from '../../domain/wanted.ts';
import type { CommandJob, Target } from '../jobs.ts';
import { bringUpToDate } from '../messages/bring-up-to-date.ts';
import { refuse } from '../messages/refuse.ts';
import type { Ports } from '../ports.ts';
import { findOwner, linkedOwner } from '../shared/find-owner.ts';
import { findTarget } from './find-target.ts';

/** The caller has made sure that an admin asks. */
export async function assignOwner(
  job: CommandJob,
  { target, to }: { target: Target; to: Link['to'] },
  ports: Ports,
): Promise<void> {
  const owner = await ownerFor(to, ports);
  if ('refusal' in owner) return refuse(job, owner.refusal, ports);
  const user = await findTarget(job, target, ports);
  if (!user) return;
  if (wasDecidedBy(job, user)) return ports.messenger.answerAssigned(job, user, to);
  if (ownerDecidedSince(user, job.askedAt)) return refuse(job, overtaken(job), ports);
  // A button says what it offered when it was drawn; typed words mean what they say.
  const { ts } = job.place;
  if (ts !== undefined && !isAsShown(user, job, ports)) {
    await refuse(job, { kind: 'outdatedCard' }, ports);
    return bringUpToDate(drawnAnew(user, ts), ports);
  }
  await bringUpToDate(await ports.users.save(assigned(user, { to, owner }, job, ports.now())), ports);
  await ports.messenger.answerAssigned(job, user, to);
}

export function assigned(
  user: IamUser,
  { to, owner }: { to: Link['to']; owner: Owner },
  job: CommandJob,
  at: Instant,
): IamUser {
  const linked = { ...without(user, 'disowned'), link: { to, by: job.personId, at } };
  return decided(linked, owner, job, { at });
}

function isAsShown(user: IamUser, { place: { ts, drawing } }: CommandJob, ports: Ports): boolean {
  const message = messageAt(user, ts);
  if (!message) return false;
  // A button that an earlier version drew names no drawing.
  if (drawing === undefined) return user.ownerChange !== undefined;
  return isStillSo(drawing, message, user, ports.policy(user.account), ports.now());
}

/** Undoes that: the tags say again who owns it. */
export async function unassignOwner(job: CommandJob, target: Target, ports: Ports): Promise<void> {
  const user = await findTarget(job, target, ports);
  if (!user) return;
  if (wasDecidedBy(job, user)) return ports.messenger.answerUnassigned(job, user);
  if (ownerDecidedSince(user, job.askedAt)) return refuse(job, overtaken(job), ports);
  const saved = await ports.users.save(await unassigned(user, job, ports));
  await bringUpToDate(saved, ports);
  await ports.messenger.answerUnassigned(job, saved);
}

/** Where there is nothing to undo it is noted all the same: an "assign" of before may still come. */
async function unassigned(user: IamUser, job: CommandJob, ports: Ports): Promise<IamUser> {
  if (!user.link) return decidedBy(job, user);
  const owner = await ownerByTags(user, ports);
  return decided(without(user, 'link'), owner, job, { at: ports.now(), note: 'unassign' });
}

/** Where the tags name nobody, the user has no owner: the person linked does not stay. */
async function ownerByTags({ account, userName, userId, disowned }: IamUser, ports: Ports): Promise<Owner> {
  const owner: Owner = { kind: 'nobody', why: 'none', named: [] };
  const live = await ports.keys(account).describeUser(userName);
  if (live?.userId !== userId) return owner;
  return findOwner({ userName, tags: live.tags }, { owner, ...(disowned && { disowned }) }, ports);
}

/** A job that came again because its answer was lost: what it was to do is on record, and only the answer is missing. */
export function wasDecidedBy({ id }: CommandJob, { ownerDecided }: IamUser): boolean {
  return ownerDecided?.jobId === id;
}

function decidedBy({ id: jobId, askedAt }: CommandJob, user: IamUser): IamUser {
  return { ...user, ownerDecided: { askedAt, jobId } };
}

export async function ownerFor(to: Link['to'], { directory }: Ports): Promise<Owner | { refusal: Refusal }> {
  const owner = await linkedOwner(to, directory, (slackId) => directory.person(slackId));
  return owner ?? { refusal: { kind: 'cannotOwn', who: to.kind } };
}

/** What an admin decided about the owner, on record. */
function decided(
  before: IamUser,
  owner: Owner,
  job: CommandJob,
  { at, note }: { at: Instant; note?: string },
): IamUser {
  const { personId, id: jobId } = job;
  const user = decidedBy(job, before);
  // Whoever stays has been told already, and gets no new deadline by it.
  const handed = sameOwner(user.owner, owner)
    ? { ...without(user, 'ownerChange'), owner }
    : handedOver(user, owner);
  const { rotation, keys } = handed;
  if (!isOpen(rotation)) return handed;
  const { stage } = rotation;
  const [was, is] = [addressOf(before.owner), addressOf(owner)];
  const owners = { ...(was !== undefined && { before: was }), ...(is !== undefined && { after: is }) };
  const noted = { owners, ...(note !== undefined && { note }) };
  const change = { what: 'assign', from: stage, to: stage, ...noted } as const;
  const by = { kind: 'person', slackId: personId, as: 'admin' } as const;
  const history = [...rotation.history, { ...entryByKeyrotate({ at, jobId, keys }, change), by }];
  return { ...handed, rotation: { ...rotation, history } };
}
