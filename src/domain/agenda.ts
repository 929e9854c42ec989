// When something about an IAM user next comes due. The tick finds each user by this moment alone.
import { decisionIn, lapsesAt, turnsOffAt } from './decision.ts';
import type { IamUser } from './iam-user.ts';
import { movesOffered } from './legality.ts';
import { lastDoneAt, mattersToTell, nextClimb, waitsForAdmins } from './matters.ts';
import { type Situation, situationOf } from './moves/situation.ts';
import { isMigrating, lastTickAt } from './moves/ticks.ts';
import { addressOf, zoneOf } from './owner.ts';
import { graceEndsAt, IAM_LAG, type Policy } from './policy.ts';
import { nextReminderAfter, reminderIsDue } from './reminders.ts';
import {
  begun,
  type Decision,
  type HistoryEntry,
  isOff,
  isOpen,
  isUnfiled,
  type OpenRotation,
} from './rotation.ts';
import { entryByKeyrotate } from './snapshot.ts';
import { DAY, HOUR, type Instant } from './time.ts';
import { corrections } from './wanted.ts';
import { isWorkingTime, nextSafeTime, nextWorkingTime } from './working-hours.ts';

/** Whether the owner is to get a message that notifies: the first one, a reminder, or something that happened. */
export function owesReminder(user: IamUser, policy: Policy, now: Instant): boolean {
  const { rotation, notifiedAt } = user;
  if (!mayBeTold(user, policy)) return false;
  if (hasNews(user)) return true;
  if (!isOpen(rotation) || !hasToDo(user, policy, now)) return false;
  const isNudged = isNudgedAbout(user, rotation) && mayBeNudged(user, policy, now);
  return isNudged || reminderIsDue(now, notifiedAt, rotation, policy, zoneOf(user, policy));
}

/** Who waits for an admin, or has nothing to press, is not reminded. */
function hasToDo(user: IamUser, policy: Policy, now: Instant): boolean {
  return !waitsForAdmins(user, policy, now) && movesOffered(situationOf(user, policy, now)).length > 0;
}

/** Whether an admin may have the owner reminded: they were asked before, and nothing agreed on lets them wait. */
export function mayBeNudged(user: IamUser, policy: Policy, now: Instant): boolean {
  const { rotation } = user;
  if (!mayBeTold(user, policy) || !isOpen(rotation) || rotation.contactedAt === undefined) return false;
  if (rotation.stage === 'postponed' || !hasToDo(user, policy, now)) return false;
  if (isOff(rotation)) return now >= graceEndsAt(rotation, policy);
  if (decisionIn(user)) return false;
  return rotation.stage === 'due' || (rotation.moreTime?.until ?? 0) <= now;
}

/** Whoever was told, or has done something, since then has answered to it. */
function isNudgedAbout({ nudged, notifiedAt = 0 }: IamUser, rotation: OpenRotation): boolean {
  return nudged !== undefined && nudged.at > Math.max(notifiedAt, lastDoneAt(rotation) ?? 0);
}

/** Whether something happened, past the owner, of which they have not been told. */
export function hasNews({ rotation, toldEntries, ownerChange, notifiedAt = 0 }: IamUser): boolean {
  if (ownerChange && ownerChange.at > notifiedAt) return true;
  return rotation?.history.slice(toldEntries).some(isNews) ?? false;
}

/** What was decided is done at a moment of keyrotate's choosing: whoever decided is not looking then. */
function isNews({ outcome, by, what, decidedAt }: HistoryEntry): boolean {
  if (outcome !== 'done' || what === 'open' || what === 'assign') return false;
  return by.kind === 'keyrotate' || by.as === 'admin' || decidedAt !== undefined;
}

/** Whether that message may be sent at this hour. */
export function mayNotifyNow(user: IamUser, policy: Policy, now: Instant): boolean {
  return now >= (user.quietUntil ?? 0) && isWorkingTime(now, zoneOf(user, policy));
}

/** A postponement that is over. */
export function mustWake({ rotation }: IamUser, now: Instant): boolean {
  return rotation?.stage === 'postponed' && now >= rotation.until;
}

export function awakened(user: IamUser, jobId: string, at: Instant): IamUser {
  const { rotation, keys } = user;
  if (!isOpen(rotation)) return user;
  const entry = entryByKeyrotate({ at, jobId, keys }, { what: 'wake', from: rotation.stage, to: 'due' });
  const history = [...rotation.history, entry];
  return { ...user, rotation: { ...begun(rotation), stage: 'due', history } };
}

/** What a save left to be done at once: an answer, a copy, messages that say what is not so, matters for the admins. */
export function isOutOfDate(user: IamUser, policy: Policy, now: Instant): boolean {
  return (
    user.answer !== undefined ||
    isUnfiled(user.rotation) ||
    corrections(user, policy, now).length > 0 ||
    mattersToTell(user, policy, now).length > 0
  );
}

/** The next moment at which this user needs a job, or undefined when only a sweep or a click can bring news. */
export function nextAt(user: IamUser, policy: Policy, now: Instant): Instant | undefined {
  // While a move is under way everything else waits for it.
  if (user.claim) return user.claim.leaseUntil;
  const { rotation } = user;
  const moments = [
    ...looksAt(user, policy, now),
    ...(isOutOfDate(user, policy, now) ? [triedAgainAt(user, now)] : []),
    ...(rotation?.stage === 'postponed' ? [rotation.until] : []),
    nextClimb(user, policy, now) ?? [],
    toldAt(user, policy, now) ?? [],
  ].flat();
  return moments.length > 0 ? Math.min(...moments) : undefined;
}

/** Whether the tick will find this user in time: a change of policy moves what is due, and only a save tells the tick. */
export function isFoundInTime(
  user: IamUser,
  foundAt: Instant | undefined,
  policy: Policy,
  now: Instant,
): boolean {
  const due = nextAt(user, policy, now);
  return due === undefined || (foundAt !== undefined && foundAt <= due);
}

/** When keyrotate tries again: later, where Slack refused a message. */
function triedAgainAt({ failure }: IamUser, now: Instant): Instant {
  return failure?.what === 'redraw' || failure?.what === 'notice' ? Math.max(now, failure.retryAt ?? 0) : now;
}

/** A look this long ago still counts for what is to be told; whoever presses has AWS asked anew. */
const LOOK_LASTS: number = HOUR;

/** Whether what has come due takes a new look. */
export function needsLook(user: IamUser, policy: Policy, now: Instant): boolean {
  const isOld = now - user.keysSeenAt >= LOOK_LASTS;
  return (
    isOld ||
    // Others may have been let into it since.
    user.owner.kind === 'channel' ||
    !isOpen(user.rotation) ||
    mustWake(user, now) ||
    looksAt(user, policy, now).some((at) => at <= now)
  );
}

/** After a press, while somebody is at work on a migration. After that the sweep of each night is enough. */
const WATCHED_FOR: number = 3 * DAY;

/** Somebody is at work on it: what they did in AWS is on the card within the hour. */
function watchedAt({ rotation, zone }: Situation, keysSeenAt: Instant): Instant | undefined {
  if (!isMigrating(rotation)) return undefined;
  const at = nextWorkingTime(keysSeenAt + LOOK_LASTS, zone);
  return at < (lastDoneAt(rotation) ?? 0) + WATCHED_FOR ? at : undefined;
}

/** When to take the next snapshot: later, where AWS refused the last one. */
function looksAt(user: IamUser, policy: Policy, now: Instant): Instant[] {
  const { unconfirmed, rotation, keysSeenAt, failure } = user;
  const situation = situationOf(user, policy, now);
  if (!isOpen(rotation) || !situation) return [];
  const moments = unconfirmed.map(({ firstSeenAt }) => firstSeenAt + IAM_LAG);
  const decided = decisionIn(user);
  const tick = lastTickAt(situation) ?? watchedAt(situation, keysSeenAt);
  const awaited = isOff(rotation) ? graceEndsAt(rotation, policy) : tick;
  if (decided) moments.push(...settledAt(situation, decided, keysSeenAt));
  else if (awaited !== undefined && keysSeenAt < awaited) moments.push(awaited);
  return moments.map((at) => (failure?.what === 'look' ? Math.max(at, failure.retryAt ?? 0) : at));
}

/** When it is carried out, or asked about; again a little later, where the last look could not settle it. */
function settledAt(situation: Situation, decided: Decision, keysSeenAt: Instant): Instant[] {
  const { zone, policy } = situation;
  const moments = [turnsOffAt(situation, decided.from), nextSafeTime(lapsesAt(decided, policy), zone)];
  return moments.map((at) => (keysSeenAt < at ? at : nextSafeTime(keysSeenAt + IAM_LAG, zone)));
}

/** When the owner next hears of it. */
function toldAt(user: IamUser, policy: Policy, now: Instant): Instant | undefined {
  const zone = zoneOf(user, policy);
  if (owesReminder(user, policy, now)) return nextWorkingTime(Math.max(now, user.quietUntil ?? 0), zone);
  if (!mayBeTold(user, policy) || !isOpen(user.rotation) || waitsForAdmins(user, policy, now))
    return undefined;
  const next = nextReminderAfter(now, user.rotation, policy, zone);
  return next && nextWorkingTime(Math.max(next, user.quietUntil ?? 0), zone);
}

function mayBeTold({ owner, exempt, rotation }: IamUser, policy: Policy): boolean {
  if (policy.mode !== 'live' || addressOf(owner) === undefined || rotation === undefined) return false;
  return exempt?.kind !== 'until' || (rotation.stage !== 'due' && rotation.stage !== 'postponed');
}
