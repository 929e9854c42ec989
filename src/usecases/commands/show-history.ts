// `/keyrotate history`: every rotation of one IAM user, for admins and for its owner.
import type { IamUser } from '../../domain/iam-user.ts';
import type { Rotation } from '../../domain/rotation.ts';
import type { CommandJob, Target } from '../jobs.ts';
import { refuse } from '../messages/refuse.ts';
import type { Ports } from '../ports.ts';
import { actorFor, memberOnly } from '../shared/authorize.ts';
import type { History } from './answers.ts';
import { findTarget } from './find-target.ts';

export async function showHistory(job: CommandJob, target: Target, ports: Ports): Promise<void> {
  const barred = await memberOnly(job.personId, ports);
  if (barred) return refuse(job, barred, ports);
  const user = await findTarget(job, target, ports);
  if (!user) return;
  const who = await actorFor(job.personId, user, ports);
  if ('refusal' in who) return refuse(job, who.refusal, ports);
  const { account, userName } = user;
  const all = await rotationsOf(user, ports);
  // What another IAM user of this name did was never the owner's business.
  const rotations = who.actor.as === 'admin' ? all : all.filter(({ isOfAnother }) => !isOfAnother);
  return ports.messenger.answerHistory(job, { account, userName, rotations });
}

export async function rotationsOf(user: IamUser, ports: Ports): Promise<History['rotations']> {
  const { rotation, userId } = user;
  const filed: History['rotations'] = [];
  for await (const one of ports.users.filed(user))
    filed.push({ rotation: one.rotation, ...(one.userId !== userId && { isOfAnother: true }) });
  if (!rotation || filed.some((one) => isSame(one.rotation, rotation))) return filed;
  return [{ rotation }, ...filed];
}

/** A closed one stands in both places, for a while or for good. */
function isSame(filed: Rotation, rotation: Rotation): boolean {
  return filed.oldKeyId === rotation.oldKeyId && filed.openedAt === rotation.openedAt;
}
