// An admin has the secrets of IAM users that are gone deleted: each is looked at again before anything is done.
import { isOpen } from '../../domain/rotation.ts';
import { SECOND } from '../../domain/time.ts';
import { ifFailed, ifRefused, TryLater } from '../errors.ts';
import { channelRefused } from '../health/watch-health.ts';
import type { CommandJob } from '../jobs.ts';
import type { KeySecret, Ports } from '../ports.ts';
import { usersById } from '../shared/live-user.ts';
import { LISTED_AFTER_SECONDS, secretsOfGone } from '../shared/secrets-of-gone.ts';
import type { SecretKept, SecretsDeleted } from './answers.ts';
import { passedOver } from './row-users.ts';

/** Four calls of AWS, each of which may be tried again. The rest of many is for the next delivery. */
const ONE_TAKES_MS = 10 * SECOND;

/**
 * The caller has made sure that an admin asks. `most`: how many they were asked about. What earlier deliveries of the job
 * did is told with the rest: each secret bears the job that scheduled its deletion.
 */
export async function deleteSecrets(job: CommandJob, most: number, ports: Ports): Promise<void> {
  const deleted: SecretsDeleted = { scheduled: [], passedOver: [] };
  for (const account of ports.accounts) await deleteIn(account, deleted, { job, most }, ports);
  const { scheduled } = deleted;
  if (scheduled.length > 0)
    await ifRefused(ports.messenger.postSecretsDeleted(job.personId, deleted), (error) =>
      channelRefused(error, ports),
    );
  ports.log.info('secrets.deleted', { personId: job.personId, jobId: job.id, count: scheduled.length });
  await ports.messenger.answerSecretsDeleted(job, deleted);
}

async function deleteIn(
  account: string,
  deleted: SecretsDeleted,
  { job, most }: { job: CommandJob; most: number },
  ports: Ports,
): Promise<void> {
  const gone = await secretsOfGone(account, ports.vault(account), ports.keys(account));
  deleted.scheduled.push(...gone.filter(({ scheduledBy }) => scheduledBy === job.id));
  const left = gone.filter(({ scheduledBy }) => scheduledBy === undefined);
  if (ports.policy(account).mode === 'preview') {
    deleted.wouldBe = (deleted.wouldBe ?? 0) + left.length;
    return;
  }
  if (left.length > most) {
    deleted.tooMany = left.length;
    return;
  }
  const kept = left.length > 0 ? await keptIn(account, ports) : new Map<string, SecretKept>();
  for (const secret of left) {
    if (ports.timeLeft() < ONE_TAKES_MS)
      throw new TryLater(LISTED_AFTER_SECONDS, 'more secrets are to be deleted');
    const outcome = kept.get(secret.userId) ?? (await deleteOne(secret, job.id, ports));
    if (outcome === 'scheduled') deleted.scheduled.push(secret);
    else if (outcome !== 'gone') deleted.passedOver.push(passedOver(secret, outcome));
  }
}

/** By the id of their user. The list of all users is asked for once more: one that came out short would condemn whoever is not on it. */
async function keptIn(account: string, { users, keys }: Ports): Promise<Map<string, SecretKept>> {
  const kept = new Map<string, SecretKept>();
  for (const userId of (await usersById(keys(account))).keys()) kept.set(userId, 'lives');
  for await (const { userId, rotation } of users.listed(account))
    if (isOpen(rotation)) kept.set(userId, 'open');
  return kept;
}

/** Whatever AWS does not say plainly leaves the secret as it is. */
function deleteOne(
  secret: KeySecret,
  jobId: string,
  ports: Ports,
): Promise<'scheduled' | 'gone' | SecretKept> {
  const { account, userName } = secret;
  return ifFailed(deleteIfGone(secret, jobId, ports), (error): SecretKept => {
    ports.log.warn('secret.notDeleted', { account, userName, jobId, error });
    return 'unanswered';
  });
}

async function deleteIfGone(
  secret: KeySecret,
  jobId: string,
  { keys, users, vault }: Ports,
): Promise<'scheduled' | 'gone' | SecretKept> {
  const { account, userName, userId } = secret;
  // The list of all users may lag. Under the name there may be somebody else by now, whose secret lies elsewhere.
  if ((await keys(account).describeUser(userName))?.userId === userId) return 'lives';
  const user = await users.load({ account, userName });
  if (user?.userId === userId && isOpen(user.rotation)) return 'open';
  return vault(account).scheduleDeletion(secret, jobId);
}
