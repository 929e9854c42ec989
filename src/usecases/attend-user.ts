// Looks after one IAM user: because the sweep pointed at it, or because something about it has come due.
import { graceHasEnded, mayNotifyNow, mustEscalate, mustWake, owesReminder } from '../domain/agenda.ts';
import { readExemption } from '../domain/exemption.ts';
import { announcing, type IamUser, type IamUserId, owing, without } from '../domain/iam-user.ts';
import { type Look, noted } from '../domain/look.ts';
import { addressOf } from '../domain/owner.ts';
import { reconcile } from '../domain/reconcile.ts';
import { secretHolder } from '../domain/rename.ts';
import { begun, isOpen, replacementOf } from '../domain/rotation.ts';
import { MINUTE } from '../domain/time.ts';
import { shardOf, type Watched, watchedIn } from '../domain/watch.ts';
import { OutsideError } from './errors.ts';
import { findOwner } from './find-owner.ts';
import { finishStandingClaim } from './finish-claim.ts';
import { followRename } from './follow-rename.ts';
import type { InspectJob, WakeJob } from './jobs.ts';
import { type LiveUser, look } from './look.ts';
import type { Ports } from './ports.ts';
import { settle, settled } from './settle.ts';

/** After a look that AWS refused. */
const LOOK_AGAIN_IN = 60 * MINUTE;

/** Reminders asked for within this time are one: SQS drops the second. */
const REMIND_ONCE_IN = 5 * MINUTE;

/**
 * 1. finish a move left standing. 2. look at IAM anew, where the job or the agenda asks for it, and bring the record
 * in line. 3. do what has come due. 4. pay what is owed. A reminder is the owner's, not this user's: it is a job of
 * its own, so that all that one owner has to hear comes in one message.
 */
export async function attendUser(job: InspectJob | WakeJob, ports: Ports): Promise<void> {
  if (!ports.accounts.includes(job.account)) return;
  const loaded = await ports.users.load(job);
  if (!loaded && job.kind === 'wake') return;
  const user = loaded && (await finishStandingClaim(loaded, ports));
  if (user?.claim) return settle(user, ports);
  const current = mustLook(user, job, ports) ? await lookOrRecordFailure(user, job, ports) : user;
  if (!current) return;
  const cared = await settled(await doWhatIsDue(current, job, ports), ports);
  // The night's sweep finds one user after the other: their owner hears of all of them at the next tick.
  if (job.kind === 'wake') await askForReminder(cared, ports);
}

function mustLook(user: IamUser | undefined, job: InspectJob | WakeJob, ports: Ports): boolean {
  if (job.kind === 'inspect' || !user) return true;
  const policy = ports.policy(user.account);
  const now = ports.now();
  const isDue = owesReminder(user, policy, now) && mayNotifyNow(user, policy, now);
  return isDue || user.unconfirmed.length > 0 || mustWake(user, now) || graceHasEnded(user, policy, now);
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
    const retryAt = ports.now() + LOOK_AGAIN_IN;
    return ports.users.save({ ...user, failure: { since, what: 'look', code: error.code, retryAt } });
  }
}

async function bringInLine(
  user: IamUser | undefined,
  job: InspectJob | WakeJob,
  ports: Ports,
): Promise<IamUser | undefined> {
  const live = await look(job, ports.keys(job.account));
  if (!live && !user) return undefined;
  const seen = await lookFor(user, live, job, ports);
  const isGone = user && (!seen.exists || seen.userId !== user.userId);
  if (isGone && isWorthKeeping(user) && (await followRename(user, job.id, ports)) !== 'gone')
    return undefined;
  const known = user?.failure?.what === 'look' ? without(user, 'failure') : user;
  const next = reconcile(job, known, seen, ports.policy(job.account));
  // What is on record is brought up to date, also when nothing is left to remember.
  return user || isWorthKeeping(next) ? ports.users.save(next) : undefined;
}

/** What IAM and Slack say now, about a user that IAM or the table knows. */
export async function lookFor(
  user: IamUser | undefined,
  live: LiveUser | undefined,
  job: { id: string; account: string; userName: string },
  ports: Ports,
): Promise<Look> {
  const at = ports.now();
  // Somebody made anew under the name is not who the link was made for.
  const known = live && user && live.userId !== user.userId ? undefined : user;
  const exempt = readExemption(live?.tags[ports.ownerTags.exemptTag], at);
  // While a rotation is open each look adds to what was learnt when it opened.
  const watched = live && !isOpen(user?.rotation) ? await watchedOf(job, ports) : undefined;
  return {
    at,
    jobId: job.id,
    exists: live !== undefined,
    userId: live?.userId ?? user?.userId ?? '',
    arn: live?.arn ?? user?.arn ?? '',
    owner: live ? await findOwner({ userName: job.userName, tags: live.tags }, known, ports) : ownerOf(user),
    keys: live?.keys ?? [],
    ...(exempt && { exempt }),
    ...(user && (await inTheVault(user, ports))),
    ...(watched && { watched }),
  };
}

async function watchedOf({ account, userName }: IamUserId, { records }: Ports): Promise<Watched | undefined> {
  return watchedIn(await records.ledger(account, shardOf(userName)), userName);
}

async function inTheVault(user: IamUser, ports: Ports): Promise<Pick<Look, 'secretOpenedOn' | 'stored'>> {
  const vault = ports.vault(user.account);
  const isOpenWithNew = isOpen(user.rotation) && replacementOf(user.rotation)?.kind === 'created';
  const secretOpenedOn = isOpenWithNew ? await ifKnown(vault.lastOpened(secretHolder(user))) : undefined;
  const stored = user.stranded.length > 0 ? await ifKnown(vault.storedKeys(user)) : undefined;
  return {
    ...(secretOpenedOn !== undefined && { secretOpenedOn }),
    ...(stored && { stored: [...stored.keys()] }),
  };
}

/** What the vault tells is for the card. Not knowing it stops nothing. */
async function ifKnown<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof OutsideError) return undefined;
    throw error;
  }
}

function ownerOf(user: IamUser | undefined): IamUser['owner'] {
  return user?.owner ?? { kind: 'nobody', why: 'none', named: [] };
}

/** A user without a rotation, now or before, whom nobody linked and nobody opted out, is nothing to remember. */
function isWorthKeeping({ rotation, link, exempt }: IamUser): boolean {
  return rotation !== undefined || link !== undefined || exempt !== undefined;
}

async function doWhatIsDue(user: IamUser, job: InspectJob | WakeJob, ports: Ports): Promise<IamUser> {
  const at = ports.now();
  const awake = mustWake(user, at) ? awakened(user, job.id, at) : user;
  const next = mustEscalate(awake, ports.policy(user.account), at) ? escalated(awake, at) : awake;
  return next === user ? user : ports.users.save(next);
}

function awakened(user: IamUser, jobId: string, at: number): IamUser {
  const { rotation, keys } = user;
  if (!isOpen(rotation)) return user;
  const entry = noted({ at, jobId, keys }, { what: 'wake', from: rotation.stage, to: 'due' });
  const history = [...rotation.history, entry];
  return owing({ ...user, rotation: { ...begun(rotation), stage: 'due', history } }, 'redraw', 'notify');
}

function escalated(user: IamUser, at: number): IamUser {
  const { rotation } = user;
  if (!isOpen(rotation)) return user;
  return announcing({ ...user, rotation: { ...rotation, escalatedAt: at } }, { kind: 'unanswered' });
}

async function askForReminder(user: IamUser, ports: Ports): Promise<void> {
  const ownerId = addressOf(user.owner);
  const policy = ports.policy(user.account);
  const now = ports.now();
  if (ownerId === undefined || !owesReminder(user, policy, now) || !mayNotifyNow(user, policy, now)) return;
  const id = `remind/${ownerId}@${Math.floor(now / REMIND_ONCE_IN)}`;
  await ports.jobs.put('upkeep', [{ kind: 'remind', id, ownerId }]);
}
