// An admin says who answers for an IAM user: a person, or a private channel. It outweighs every tag.

import { handedOver } from '../domain/hand-over.ts';
import { type IamUser, without } from '../domain/iam-user.ts';
import { noted } from '../domain/look.ts';
import { type Link, type Owner, personAs, sameOwner } from '../domain/owner.ts';
import type { Refusal } from '../domain/refusal.ts';
import { isOpen } from '../domain/rotation.ts';
import { drawnAnew, isStillSo, messageAt } from '../domain/wanted.ts';
import { findTargets } from './find-target.ts';
import type { CommandJob, Target } from './jobs.ts';
import type { Ports } from './ports.ts';
import { refuse } from './refuse.ts';
import { settle } from './settle.ts';

/** The caller has made sure that an admin asks. */
export async function assignOwner(
  job: CommandJob,
  { target, to }: { target: Target; to: Link['to'] },
  ports: Ports,
): Promise<void> {
  const owner = await ownerFor(to, ports);
  if ('refusal' in owner) return refuse(job, owner.refusal, ports);
  const users = await findTargets(job, target, ports);
  if ('kind' in users) return refuse(job, users, ports);
  const [user, another] = users;
  if (!user) return refuse(job, { kind: 'noSuchUser', userName: target.userName }, ports);
  if (another) return ports.messenger.answerWhich(job, users);
  if (wasAssigned(user, job)) return ports.messenger.answerAssigned(job, user, user.link?.to ?? to);
  // A button says what it offered when it was drawn; typed words mean what they say.
  const { ts } = job.place;
  if (ts !== undefined && !isAsShown(user, job, ports)) {
    await refuse(job, { kind: 'outdatedCard' }, ports);
    return settle(drawnAnew(user, ts), ports);
  }
  await settle(
    await ports.users.save(assigned(user, owner, { to, by: job.personId, at: ports.now() }, job.id)),
    ports,
  );
  await ports.messenger.answerAssigned(job, user, to);
}

function isAsShown(user: IamUser, { place: { ts, drawing } }: CommandJob, ports: Ports): boolean {
  const message = messageAt(user, ts);
  if (!message) return false;
  // A job that an earlier version queued names no drawing.
  if (drawing === undefined) return user.ownerChange !== undefined;
  return isStillSo(drawing, message, user, ports.policy(user.account), ports.now());
}

/** A job that came again because its answer was lost: what it was to do is on record, and only the answer is missing. */
function wasAssigned({ rotation }: IamUser, job: CommandJob): boolean {
  return rotation?.history.some(({ what, jobId }) => what === 'assign' && jobId === job.id) ?? false;
}

async function ownerFor(to: Link['to'], { directory }: Ports): Promise<Owner | { refusal: Refusal }> {
  if (to.kind === 'channel') {
    const channel = await directory.channel(to.channelId);
    return channel?.mayOwn ? to : { refusal: { kind: 'cannotOwn', who: 'channel' } };
  }
  const person = await directory.person(to.slackId);
  return person && !person.barred
    ? personAs(person, 'link')
    : { refusal: { kind: 'cannotOwn', who: 'person' } };
}

function assigned(user: IamUser, owner: Owner, link: Link, jobId: string): IamUser {
  const linked = { ...without(user, 'disowned'), link };
  // Whoever stays has been told already, and gets no new deadline by it.
  const handed = sameOwner(user.owner, owner)
    ? { ...without(linked, 'ownerChange'), owner }
    : handedOver(linked, owner);
  const { rotation, keys } = handed;
  if (!isOpen(rotation)) return handed;
  const entry = noted(
    { at: link.at, jobId, keys },
    { what: 'assign', from: rotation.stage, to: rotation.stage },
  );
  const by = { kind: 'person', slackId: link.by, as: 'admin' } as const;
  const history = [...rotation.history, { ...entry, by }];
  return { ...handed, rotation: { ...rotation, history } };
}
