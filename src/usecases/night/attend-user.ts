// Looks after one IAM user: because the sweep pointed at it, or because something about it has come due.
import { awakened, mayNotifyNow, mustWake, needsLook, nextAt, owesReminder } from '../../domain/agenda.ts';
import { type IamUser, nameOf, without } from '../../domain/iam-user.ts';
import { mattersToTell } from '../../domain/matters.ts';
import { addressOf } from '../../domain/owner.ts';
import { reconcile } from '../../domain/reconcile.ts';
import { MINUTE } from '../../domain/time.ts';
import { ifRefused } from '../errors.ts';
import { tellIfStuck } from '../health/watch-health.ts';
import type { InspectJob } from '../jobs.ts';
import { bringUpToDate, broughtUpToDate } from '../messages/bring-up-to-date.ts';
import { carryOutDecided } from '../moves/carry-out-decided.ts';
import { finishStandingClaim } from '../moves/finish-claim.ts';
import type { Ports } from '../ports.ts';
import { asLastSwept, readLiveUser } from '../shared/live-user.ts';
import { followRename } from './follow-rename.ts';
import { takeSnapshot } from './take-snapshot.ts';

/** After a snapshot that AWS refused. */
const LOOK_AGAIN_IN = 60 * MINUTE;

/** Messages asked for within this time are one: SQS drops the second job. */
const ASK_ONCE_IN = 5 * MINUTE;

/**
 * 1. finish a move left standing. 2. take a snapshot, unless one of the last hour is enough, and bring the record in line. 3. end a postponement that is over,
 * and carry out what was decided. 4. bring the messages up to date. Reminders, and what admins are told, are jobs of their
 * own, so that each reader gets one message about many users.
 */
export async function attendUser(job: InspectJob, ports: Ports): Promise<void> {
  if (!ports.accounts.includes(job.account)) return;
  const loaded = await ports.users.load(job);
  if (loaded) await tellIfStuck(loaded, ports);
  const user = loaded && (await finishStandingClaim(loaded, ports));
  if (user?.claim) return bringUpToDate(user, ports);
  const since = ports.now();
  const isSeen = job.isDue && user && !needsLook(user, ports.policy(job.account), since);
  const current = isSeen ? user : await lookOrRecordFailure(user, job, ports);
  if (!current) return;
  const awake = mustWake(current, ports.now())
    ? await ports.users.save(awakened(current, job.id, ports.now()))
    : current;
  const settled = await carryOutDecided(awake, job.id, since, ports);
  const cared = await broughtUpToDate(settled, ports, 'admins later');
  // The sweep finds one user after the other. The next tick tells each reader of all of them.
  if (user && hasComeDue(user, ports)) await askForMessages(cared, ports);
}

function hasComeDue(user: IamUser, ports: Ports): boolean {
  return (nextAt(user, ports.policy(user.account), ports.now()) ?? Infinity) <= ports.now();
}

/** A plain "no" from AWS or Slack will not change by asking again: it goes on record, and into the summary. */
async function lookOrRecordFailure(
  user: IamUser | undefined,
  job: InspectJob,
  ports: Ports,
): Promise<IamUser | undefined> {
  return ifRefused(bringInLine(user, job, ports), async (error) => {
    const { account, userName } = job;
    ports.log.error('user.lookRefused', { account, userName, jobId: job.id, error });
    if (!user) {
      await ports.records.saveRefusedLook({ account, userName, at: ports.now(), code: error.code });
      return undefined;
    }
    const since = user.failure?.since ?? ports.now();
    const retryAt = ports.now() + LOOK_AGAIN_IN;
    return ports.users.save({ ...user, failure: { since, what: 'look', code: error.code, retryAt } });
  });
}

async function bringInLine(
  user: IamUser | undefined,
  job: InspectJob,
  ports: Ports,
): Promise<IamUser | undefined> {
  const live = await readLiveUser(job, ports.keys(job.account));
  if (!live && !user) return undefined;
  const seen = await takeSnapshot(user, live, job, ports);
  const isGone = user && (!seen.exists || seen.userId !== user.userId);
  if (isGone && isWorthKeeping(user)) {
    const found = await followRename(user, job.id, ports);
    if (found !== 'gone') return found === 'stays' ? user : undefined;
  }
  const swept = user && (await asLastSwept(user, ports));
  const known = swept?.failure?.what === 'look' ? without(swept, 'failure') : swept;
  const next = reconcile(job, known, seen, ports.policy(job.account));
  // What is on record is brought up to date, also when nothing is left to remember.
  return user || isWorthKeeping(next) ? ports.users.save(next) : undefined;
}

/** A user without a rotation, now or before, whom nobody linked and nobody opted out, is nothing to remember. */
function isWorthKeeping({ rotation, link, exempt }: IamUser): boolean {
  return rotation !== undefined || link !== undefined || exempt !== undefined;
}

async function askForMessages(user: IamUser, ports: Ports): Promise<void> {
  const ownerId = addressOf(user.owner);
  const policy = ports.policy(user.account);
  const now = ports.now();
  const time = Math.floor(now / ASK_ONCE_IN);
  if (ownerId !== undefined && owesReminder(user, policy, now) && mayNotifyNow(user, policy, now))
    await ports.jobs.put([{ kind: 'remind', id: `remind/${ownerId}@${time}`, ownerId }]);
  if (mattersToTell(user, policy, now).length === 0) return;
  const { account, userName, failure } = user;
  // Whose card Slack refuses to change is due again when that is, and so not among those who have come due.
  const told =
    failure?.what === 'redraw'
      ? { id: `tell/${nameOf(user)}@${time}`, users: [{ account, userName }] }
      : { id: `tell@${time}`, users: [] };
  await ports.jobs.put([{ kind: 'tellAdmins', ...told }]);
}
