// `/keyrotate rotate`: a rotation at any age, because its owner or an admin asks for it.
import type { IamUser, IamUserId } from '../../domain/iam-user.ts';
import { openNow } from '../../domain/open-rotation.ts';
import { isSince, overtaken, rotatedSince } from '../../domain/overtaken.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { isUnfiled } from '../../domain/rotation.ts';
import { TryLater } from '../errors.ts';
import type { Command, CommandJob } from '../jobs.ts';
import { bringUpToDate, broughtUpToDate } from '../messages/bring-up-to-date.ts';
import { refuse } from '../messages/refuse.ts';
import type { Ports } from '../ports.ts';
import { actorFor, memberOnly } from '../shared/authorize.ts';
import { asTheyAreNow, findTarget } from './find-target.ts';
import { asOwned, MOST_SHOWN, onRecord, ownedUsers } from './owned-users.ts';
import { sendCard } from './show-card.ts';

const RETRY_SECONDS = 20;

type RotateCommand = Extract<Command, { name: 'rotate' }>;

export async function rotateNow(
  job: CommandJob,
  { target, ending }: RotateCommand,
  ports: Ports,
): Promise<void> {
  const barred = await memberOnly(job.personId, ports);
  if (barred) return refuse(job, barred, ports);
  const user = target ? await findTarget(job, target, ports) : await findOwn(job, ports);
  if (user) await rotate(job, user, ending, ports);
}

/** Their only one, without a name. undefined: they were told why there is none, or which ones there are. */
async function findOwn(job: CommandJob, ports: Ports): Promise<IamUser | undefined> {
  // Names are enough to ask which one, and a few of them: looking for all that somebody owns would take minutes.
  const recorded = await onRecord(job.personId, ports);
  if (recorded.users.length > 1) {
    await ports.messenger.answerWhich(job, recorded.users.map(asOwned), 'on record');
    return undefined;
  }
  const owned = await own(job, ports);
  if (!('kind' in owned) && owned.length > 1) {
    await ports.messenger.answerWhich(job, owned, owned.length > MOST_SHOWN ? 'on record' : undefined);
    return undefined;
  }
  const users = 'kind' in owned ? owned : await asTheyAreNow(job, owned, ports);
  const [user] = 'kind' in users ? [] : users;
  if ('kind' in users) await refuse(job, users, ports);
  else if (!user) await refuse(job, { kind: 'ownsNothing' }, ports);
  return user;
}

/** Where not everything could be looked up, one of several would pass for the only one. */
async function own(job: CommandJob, ports: Ports): Promise<IamUserId[] | Refusal> {
  const person = await ports.directory.person(job.personId);
  if (!person) return [];
  const { users, unanswered, channelsUnanswered } = await ownedUsers(person, ports, true);
  return channelsUnanswered || unanswered.length > 0 ? { kind: 'channelsUnanswered' } : users;
}

async function rotate(
  job: CommandJob,
  user: IamUser,
  ending: string | undefined,
  ports: Ports,
): Promise<void> {
  const who = await actorFor(job.personId, user, ports, user.ownerChange !== undefined);
  const isClaimed = 'refusal' in who && who.refusal.kind === 'notYours' && isClaimant(job.personId, user);
  if ('refusal' in who && !isClaimed) return refuse(job, who.refusal, ports);
  if (ports.policy(user.account).mode === 'preview') return refuse(job, { kind: 'previewOnly' }, ports);
  if ('refusal' in who) return holdBack(job, user, ports);
  if (rotatedSince(user, job.askedAt, job.id)) return refuse(job, overtaken(job), ports);
  const at = ports.now();
  // The record holds one rotation: the last one is filed before another takes its place.
  const ready = isUnfiled(user.rotation) ? await broughtUpToDate(user, ports) : user;
  if (isUnfiled(ready.rotation)) throw new TryLater(RETRY_SECONDS, 'the rotation before is not filed yet');
  const opened = openNow(ready, { at, jobId: job.id, keys: user.keys, by: who.actor }, ending);
  if ('kind' in opened) return refuse(job, opened, ports);
  // A key that was made since cannot have been meant.
  if (opened !== ready && isSince(opened.rotation?.oldKeyCreatedAt, job.askedAt))
    return refuse(job, overtaken(job), ports);
  if (opened !== ready && ready.ownerChange && who.actor.as === 'owner') return holdBack(job, ready, ports);
  const shown = await sendCard(await ports.users.save(opened), who.actor, ports);
  await bringUpToDate(shown, ports);
  await ports.messenger.answerShown(job, shown);
}

/** Whom the tags name, while an admin has yet to decide. */
function isClaimant(personId: string, { ownerChange }: IamUser): boolean {
  return ownerChange?.to.kind === 'person' && ownerChange.to.slackId === personId;
}

/** Nobody may have noticed the other tag before: the owner and the admins hear of it now. */
async function holdBack(job: CommandJob, user: IamUser, ports: Ports): Promise<void> {
  await bringUpToDate(await ports.users.save(user), ports);
  await refuse(job, { kind: 'ownerInDoubt' }, ports);
}
