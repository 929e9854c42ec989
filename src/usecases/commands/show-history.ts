// `/keyrotate history`: every rotation of one IAM user, for admins and for its owner.
import type { IamUser } from '../../domain/iam-user.ts';
import type { Rotation } from '../../domain/rotation.ts';
import type { CommandJob, Target } from '../jobs.ts';
import type { Ports } from '../ports.ts';
import type { History } from './answers.ts';
import { findForOwner } from './find-target.ts';

export async function showHistory(job: CommandJob, target: Target, ports: Ports): Promise<void> {
  const found = await findForOwner(job, target, ports);
  if (!found) return;
  const { user, as } = found;
  const { account, userName } = user;
  const all = await rotationsOf(user, ports);
  // What another IAM user of this name did was never the owner's business.
  const rotations = as === 'admin' ? all : all.filter(({ isOfAnother }) => !isOfAnother);
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
