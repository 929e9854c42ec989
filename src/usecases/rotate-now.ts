// `/keyrotate rotate`: a rotation at any age, because its owner or an admin asks for it.
import type { IamUser } from '../domain/iam-user.ts';
import { openNow } from '../domain/open-rotation.ts';
import type { Refusal } from '../domain/refusal.ts';
import { isOpen, isUnfiled } from '../domain/rotation.ts';
import { TryLater } from './errors.ts';
import { asTheyAreNow, findTargets } from './find-target.ts';
import type { CommandJob, Target } from './jobs.ts';
import { ownedUsers } from './owned-users.ts';
import type { Ports } from './ports.ts';
import { refuse } from './refuse.ts';
import { settle, settled } from './settle.ts';
import { sendCard } from './show-card.ts';
import { actorFor, memberOnly } from './who.ts';

const RETRY_SECONDS = 20;

export async function rotateNow(job: CommandJob, target: Target | undefined, ports: Ports): Promise<void> {
  const barred = await memberOnly(job.personId, ports);
  if (barred) return refuse(job, barred, ports);
  const users = target ? await findTargets(job, target, ports) : await own(job, ports);
  if ('kind' in users) return refuse(job, users, ports);
  const [user, another] = users;
  if (!user && target) return refuse(job, { kind: 'noSuchUser', userName: target.userName }, ports);
  if (!user) return refuse(job, { kind: 'ownsNothing' }, ports);
  if (another) return ports.messenger.answerWhich(job, users);
  await rotate(job, user, ports);
}

/** Without what their channels own, one of several would pass for the only one. */
async function own(job: CommandJob, ports: Ports): Promise<IamUser[] | Refusal> {
  const person = await ports.directory.person(job.personId);
  if (!person) return [];
  const owned = await ownedUsers(person, ports);
  return owned.channelsUnanswered ? { kind: 'channelsUnanswered' } : asTheyAreNow(job, owned.users, ports);
}

async function rotate(job: CommandJob, user: IamUser, ports: Ports): Promise<void> {
  const who = await actorFor(job.personId, user, ports);
  if ('refusal' in who) return refuse(job, who.refusal, ports);
  if (ports.policy(user.account).mode === 'preview') return refuse(job, { kind: 'previewOnly' }, ports);
  const at = ports.now();
  // The record holds one rotation: the last one is filed before another takes its place.
  const ready = isUnfiled(user.rotation) ? await settled(user, ports) : user;
  if (isUnfiled(ready.rotation)) throw new TryLater(RETRY_SECONDS, 'the rotation before is not filed yet');
  const opened = openNow(ready, { at, jobId: job.id, keys: user.keys }, who.actor);
  if (!isOpen(opened.rotation)) return refuse(job, { kind: 'noKeyOn', userName: user.userName }, ports);
  const shown = await sendCard(await ports.users.save(opened), who.actor, ports);
  await settle(shown, ports);
  await ports.messenger.answerShown(job, shown);
}
