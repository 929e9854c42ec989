// Queues the job that finds out whether a missing user was deleted or renamed.
import type { IamUserId } from '../../domain/iam-user.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Ports } from '../ports.ts';

/** Nothing for a refusal of another kind. */
export async function findOut(
  refusal: Refusal,
  { account, userName, id }: IamUserId & { id: string },
  { jobs }: Ports,
): Promise<void> {
  if (refusal.kind !== 'userGone' && refusal.kind !== 'userRecreated') return;
  await jobs.put('upkeep', [{ kind: 'inspect', id: `${id}/gone`, account, userName }]);
}
