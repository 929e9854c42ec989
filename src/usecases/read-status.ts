// What `/keyrotate status` tells: one line per open rotation, straight from the table.
import { ageInDays } from '../domain/access-key.ts';
import type { IamUser } from '../domain/iam-user.ts';
import { deadlineOf, graceEndsAt, isOverdue } from '../domain/policy.ts';
import { isOpen } from '../domain/rotation.ts';
import type { Instant } from '../domain/time.ts';
import type { Ports } from './ports.ts';
import type { StatusLine } from './status-line.ts';

/** The most urgent first. The index may lag a moment behind a press. */
export async function readStatus(
  slackId: string,
  { accounts, users, policy, now }: Pick<Ports, 'accounts' | 'users' | 'policy' | 'now'>,
): Promise<StatusLine[]> {
  const owned = (await users.ownedBy(slackId)).filter((user) => accounts.includes(user.account));
  return owned
    .flatMap((user) => statusLine(user, policy(user.account), now()))
    .sort((a, b) => a.deadline - b.deadline);
}

function statusLine(user: IamUser, policy: ReturnType<Ports['policy']>, now: Instant): StatusLine[] {
  const { rotation, card } = user;
  if (policy.mode === 'preview' || !isOpen(rotation)) return [];
  return [
    {
      account: user.account,
      userName: user.userName,
      oldKeyId: rotation.oldKeyId,
      ageDays: ageInDays({ createdAt: rotation.oldKeyCreatedAt }, now),
      deadline: deadlineOf(rotation, policy),
      overdue: isOverdue(rotation, user.keys, policy, now),
      stage: rotation.stage,
      ...('offSince' in rotation && { deletableFrom: graceEndsAt(rotation, policy) }),
      ...(card && { card }),
    },
  ];
}
