// Looks after one IAM user: because the sweep pointed at it, or because something about it has come due.
import { owesReminder } from '../domain/agenda.ts';
import { type IamUser, owing, without } from '../domain/iam-user.ts';
import { reconcile } from '../domain/sightings.ts';
import { OutsideError } from './errors.ts';
import { findOwner } from './find-owner.ts';
import { finishStandingClaim } from './finish-claim.ts';
import type { InspectJob, WakeJob } from './jobs.ts';
import { look } from './look.ts';
import type { Ports } from './ports.ts';
import { settle } from './settle.ts';

/**
 * 1. finish a move left standing. 2. look at IAM anew, where the job or the agenda asks for it, and bring the record
 * in line. 3. pay what is owed: the reminder, the card.
 */
export async function attendUser(job: InspectJob | WakeJob, ports: Ports): Promise<void> {
  if (!ports.accounts.includes(job.account)) return;
  const loaded = await ports.users.load(job);
  if (!loaded && job.kind === 'wake') return;
  const user = loaded && (await finishStandingClaim(loaded, ports));
  if (user?.claim) return settle(user, ports);
  const policy = ports.policy(job.account);
  const mustLook =
    job.kind === 'inspect' ||
    user?.absence !== undefined ||
    (user && owesReminder(user, policy, ports.now()));
  const current = mustLook ? await lookOrRecordFailure(user, job, ports) : user;
  if (!current) return;
  await settle(withReminder(current, ports), ports);
}

/** A plain "no" from AWS or Slack will not change by asking again: it goes on record, and into the summary. */
async function lookOrRecordFailure(
  user: IamUser | undefined,
  job: InspectJob | WakeJob,
  ports: Ports,
): Promise<IamUser | undefined> {
  try {
    return await bringInLine(user, job, ports);
  } catch (error) {
    if (!user || !(error instanceof OutsideError) || error.outcome !== 'refused') throw error;
    const { account, userName } = user;
    ports.log.error('user.lookRefused', { account, userName, jobId: job.id, error });
    const since = user.failure?.since ?? ports.now();
    return ports.users.save({ ...user, failure: { since, what: 'look', code: error.code } });
  }
}

async function bringInLine(
  user: IamUser | undefined,
  job: InspectJob | WakeJob,
  ports: Ports,
): Promise<IamUser | undefined> {
  const live = await look(job, ports.keys(job.account));
  if (!live && !user) return undefined;
  const seen = {
    at: ports.now(),
    jobId: job.id,
    userId: live?.userId ?? user?.userId ?? '',
    arn: live?.arn ?? user?.arn ?? '',
    owner: live ? await findOwner({ userName: job.userName, tags: live.tags }, ports) : ownerOf(user),
    keys: live?.keys ?? [],
  };
  const known = user?.failure?.what === 'look' ? without(user, 'failure') : user;
  const next = reconcile(job, known, seen, ports.policy(job.account));
  // A user without a rotation, now or before, is nothing to remember.
  if (!next.rotation) return undefined;
  return ports.users.save(next);
}

function ownerOf(user: IamUser | undefined): IamUser['owner'] {
  return user?.owner ?? { kind: 'nobody', why: 'none', named: [] };
}

function withReminder(user: IamUser, ports: Ports): IamUser {
  return owesReminder(user, ports.policy(user.account), ports.now()) ? owing(user, 'notify') : user;
}
