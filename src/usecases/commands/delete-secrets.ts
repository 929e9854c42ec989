// An admin has the secrets of IAM users that are gone deleted: each is looked at again before anything is done.
import { isSince } from '../../domain/overtaken.ts';
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
 * The caller has made sure that an admin asks. `most`: how many they were asked about, in all accounts. What earlier
 * deliveries of the job did is told with the rest: each secret bears the job that scheduled its deletion.
 */
export async function deleteSecrets(job: CommandJob, most: number, ports: Ports): Promise<void> {
  const gone: KeySecret[] = [];
  for (const account of ports.accounts)
    gone.push(...((await secretsOfGone(account, ports.vault(account), ports.keys(account))) ?? []));
  const scheduled = gone.filter(({ scheduledBy }) => scheduledBy === job.id);
  const deleted: SecretsDeleted = { scheduled, passedOver: [] };
  const left = gone.filter(({ scheduledBy }) => scheduledBy === undefined);
  if (wasOvertaken(job, gone)) deleted.isOvertaken = true;
  else if (scheduled.length + left.length > most) deleted.tooMany = left.length;
  else for (const account of ports.accounts) await deleteIn(account, left, deleted, job, ports);
  if (scheduled.length > 0)
    await ifRefused(ports.messenger.postSecretsDeleted(job.personId, deleted), (error) =>
      channelRefused(error, ports),
    );
  ports.log.info('secrets.deleted', { personId: job.personId, jobId: job.id, count: scheduled.length });
  await ports.messenger.answerSecretsDeleted(job, deleted);
}

/** Of those that the person was asked about another press had some deleted: as many others may be gone by now. */
function wasOvertaken({ id, askedAt }: CommandJob, gone: readonly KeySecret[]): boolean {
  return gone.some(({ noted }) => noted?.jobId !== id && isSince(noted?.at, askedAt));
}

async function deleteIn(
  account: string,
  all: readonly KeySecret[],
  deleted: SecretsDeleted,
  job: CommandJob,
  ports: Ports,
): Promise<void> {
  const left = all.filter((secret) => secret.account === account);
  if (ports.policy(account).mode === 'preview') {
    deleted.wouldBe = (deleted.wouldBe ?? 0) + left.length;
    return;
  }
  const kept = left.length > 0 ? await keptIn(account, ports) : new Map<string, SecretKept>();
  for (const secret of left) {
    if (ports.timeLeft() < ONE_TAKES_MS)
      throw new TryLater(LISTED_AFTER_SECONDS, 'more secrets are to be deleted');
    const outcome = kept.get(secret.userId) ?? (await deleteOne(secret, job, ports));
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
  job: CommandJob,
  ports: Ports,
): Promise<'scheduled' | 'gone' | SecretKept> {
  const { account, userName } = secret;
  return ifFailed(deleteIfGone(secret, job, ports), (error): SecretKept => {
    ports.log.warn('secret.notDeleted', { account, userName, jobId: job.id, error });
    return 'unanswered';
  });
}

async function deleteIfGone(
  secret: KeySecret,
  { id: jobId, askedAt }: CommandJob,
  { keys, users, vault, now }: Ports,
): Promise<'scheduled' | 'gone' | SecretKept> {
  const { account, userName, userId } = secret;
  // The list of all users may lag. Under the name there may be somebody else by now, whose secret lies elsewhere.
  if ((await keys(account).describeUser(userName))?.userId === userId) return 'lives';
  const user = await users.load({ account, userName });
  if (user?.userId === userId && isOpen(user.rotation)) return 'open';
  return vault(account).scheduleDeletion(secret, { jobId, askedAt, at: now() });
}
