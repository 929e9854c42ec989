// Which IAM user somebody means who typed its name: with its account, or alone where only one account has it.
import type { IamUser, IamUserId } from '../domain/iam-user.ts';
import { reconcile } from '../domain/reconcile.ts';
import { lookFor } from './attend-user.ts';
import { finishStandingClaim } from './finish-claim.ts';
import type { CommandJob, Target } from './jobs.ts';
import type { Ports } from './ports.ts';

/** The users that fit, as they are now; nothing is written. Throws OutsideError when AWS or Slack cannot be asked. */
export async function findTargets(job: CommandJob, target: Target, ports: Ports): Promise<IamUser[]> {
  const accounts = ports.accounts.filter(
    (account) => target.account === undefined || account === target.account,
  );
  const found: IamUser[] = [];
  for (const account of accounts) {
    const { userName = target.userName } = (await ports.keys(account).describeUser(target.userName)) ?? {};
    const user = await asItIsNow(job, { account, userName }, ports);
    if (user) found.push(user);
  }
  return found;
}

/** undefined: IAM has no such user, and nothing is on record about one. */
export async function asItIsNow(job: CommandJob, id: IamUserId, ports: Ports): Promise<IamUser | undefined> {
  const loaded = await ports.users.load(id);
  const user = loaded && (await finishStandingClaim(loaded, ports));
  if (user?.claim) return user;
  const seen = await lookFor(user, { ...id, id: job.id }, ports);
  if (!seen || (!seen.exists && !user)) return undefined;
  return reconcile(id, user, seen, ports.policy(id.account));
}
