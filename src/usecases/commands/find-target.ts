// Which IAM user somebody means who typed its name: with its account, or alone where only one account has it.
import type { IamUser, IamUserId } from '../../domain/iam-user.ts';
import { isSince, overtaken } from '../../domain/overtaken.ts';
import { reconcile } from '../../domain/reconcile.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Role } from '../../domain/rotation.ts';
import { ifRefused } from '../errors.ts';
import type { CommandJob, Target } from '../jobs.ts';
import { refuse } from '../messages/refuse.ts';
import { finishStandingClaim } from '../moves/finish-claim.ts';
import { takeSnapshot } from '../night/take-snapshot.ts';
import type { Ports } from '../ports.ts';
import { actorFor, memberOnly } from '../shared/authorize.ts';
import { withoutList } from '../shared/find-owner.ts';
import { asLastSwept, type LiveUser, readLiveUser } from '../shared/live-user.ts';

/** The one that fits. undefined: whoever asked was told why there is none, or which ones there are. */
export async function findTarget(
  job: CommandJob,
  target: Target,
  ports: Ports,
): Promise<IamUser | undefined> {
  const { account: named, userName } = target;
  const accounts = ports.accounts.filter((account) => named === undefined || account === named);
  const ids = accounts.map((account) => ({ account, userName }));
  const users = await asTheyAreNow(job, ids, ports);
  const [user, another] = 'kind' in users ? [] : users;
  if ('kind' in users) await refuse(job, users, ports);
  else if (!user) await refuse(job, { kind: 'noSuchUser', userName }, ports);
  else if (another) await ports.messenger.answerWhich(job, users);
  return another ? undefined : user;
}

/** The same for its owner, and for admins. */
export async function findForOwner(
  job: CommandJob,
  target: Target,
  ports: Ports,
): Promise<{ user: IamUser; as: Role } | undefined> {
  const barred = await memberOnly(job.personId, ports);
  const user = barred ? undefined : await findTarget(job, target, ports);
  if (barred) await refuse(job, barred, ports);
  if (!user) return undefined;
  const who = await actorFor(job.personId, user, ports);
  if (!('refusal' in who)) return { user, as: who.actor.as };
  await refuse(job, who.refusal, ports);
  return undefined;
}

/**
 * Those that IAM has, or that are on record; nothing is written. A refusal when AWS plainly says no, for whoever typed a
 * command waits for its answer, and when a user was made after it was asked for. Throws OutsideError when AWS or Slack cannot be asked.
 */
export async function asTheyAreNow(
  job: CommandJob,
  ids: readonly IamUserId[],
  ports: Ports,
): Promise<IamUser[] | Refusal> {
  const found: IamUser[] = [];
  for (const id of ids) {
    const shown = await ifRefused(shownByAws(id, ports), (error): Refusal => {
      ports.log.warn('user.lookRefused', { ...id, error });
      return { kind: 'lookFailed', code: error.code };
    });
    if ('kind' in shown) return shown;
    if (isSince(shown.live?.createdAt, job.askedAt)) return overtaken(job, 'anotherUser');
    const user = await asItIsNow(job, shown, ports);
    if (user) found.push(user);
  }
  return found;
}

interface Shown {
  /** By the name as IAM spells it: it answers to one that is typed in any case of letters. */
  id: IamUserId;
  /** What is on record. */
  user: IamUser | undefined;
  /** Not looked for while a move is under way. */
  live: LiveUser | undefined;
}

async function shownByAws(typed: IamUserId, ports: Ports): Promise<Shown> {
  const { account } = typed;
  const keys = ports.keys(account);
  const { userName = typed.userName } = (await keys.describeUser(typed.userName)) ?? {};
  const id = { account, userName };
  const loaded = await ports.users.load(id);
  const user = loaded && (await finishStandingClaim(loaded, ports));
  return { id, user, live: user?.claim ? undefined : await readLiveUser(id, keys) };
}

/** undefined: IAM has no such user, and nothing is on record about one. */
async function asItIsNow(
  job: CommandJob,
  { id, user, live }: Shown,
  ports: Ports,
): Promise<IamUser | undefined> {
  if (user?.claim || (!user && !live)) return user;
  // Whoever types acts on what is seen: whose a mail address is, Slack says now.
  const now = { ...ports, directory: withoutList(ports.directory) };
  const seen = await takeSnapshot(user, live, { ...id, id: job.id }, now);
  const before = user && (await asLastSwept(user, ports));
  return reconcile(id, before, seen, ports.policy(id.account));
}
