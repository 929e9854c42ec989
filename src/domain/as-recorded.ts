// Whether an IAM user is as it is on record, so that nobody need take a snapshot of it.
import type { Exemption } from './exemption.ts';
import { fingerprint } from './fingerprint.ts';
import type { IamUser } from './iam-user.ts';
import { situationOf } from './moves/situation.ts';
import { ticksIn } from './moves/ticks.ts';
import type { SeenOwner } from './owner.ts';
import { IAM_LAG, type Policy } from './policy.ts';
import { reconcile } from './reconcile.ts';
import { isOpen } from './rotation.ts';
import { DAY, type Instant } from './time.ts';
import type { ReportedKey } from './usage-history.ts';

/** An IAM user as a sweep sees it, among all others of its account. */
export interface SeenUser {
  userId: string;
  arn: string;
  owner: SeenOwner;
  exempt?: Exemption;
  /** From the credential report, which names no key. */
  keys: readonly (ReportedKey & { active: boolean })[];
}

/** A report is AWS's word about use, not about everything: each user is looked at as often as this, whatever it says. */
const LOOK_EVERY: number = 7 * DAY;

/** False in doubt: a look too many costs a few calls. `seen`: undefined where the account has no such user. */
export function isAsRecorded(
  user: IamUser,
  seen: SeenUser | undefined,
  policy: Policy,
  now: Instant,
): boolean {
  if (!seen || user.claim || user.failure || now - user.keysSeenAt >= LOOK_EVERY) return false;
  if (!keysAreAsRecorded(user, seen.keys) || waitsForVault(user, policy, now)) return false;
  const snapshot = { ...seen, at: now, jobId: '', exists: true, keys: user.keys };
  return saysTheSame(user, reconcile(user, user, snapshot, policy));
}

/** Only a look asks the vault whether a secret was stored, or opened. */
function waitsForVault(user: IamUser, policy: Policy, now: Instant): boolean {
  const situation = situationOf(user, policy, now);
  return user.stranded.length > 0 || (situation && ticksIn(situation))?.secretFetched === false;
}

/** When the keys were seen says nothing about the user. */
function saysTheSame(one: IamUser, other: IamUser): boolean {
  return fingerprint({ ...one, keysSeenAt: 0 }) === fingerprint({ ...other, keysSeenAt: 0 });
}

/**
 * Its keys were last seen as they are on record by the report of the latest sweep, which asked for no look otherwise. Where
 * one was asked for and got no answer, a silence is taken for longer, and more quiet is asked for; where AWS or Slack said no
 * to it, that is on record, and nothing is known.
 */
export function asSwept(user: IamUser, reportedAt: Instant = 0): IamUser {
  const isKnown = isOpen(user.rotation) && user.failure?.what !== 'look';
  return isKnown && reportedAt > user.keysSeenAt ? { ...user, keysSeenAt: reportedAt } : user;
}

/**
 * A key that was made, turned off or turned on since bears that date, and one that is gone is missing. A report may be
 * older than the record: a use that it does not know yet is no news.
 */
function keysAreAsRecorded({ keys, keysSeenAt }: IamUser, reported: SeenUser['keys']): boolean {
  const active = keys.filter(({ status }) => status === 'Active');
  if (keys.length !== reported.length || active.length !== reported.filter(({ active }) => active).length)
    return false;
  if (reported.some(({ lastRotated }) => lastRotated >= keysSeenAt - IAM_LAG)) return false;
  if (keys.some(({ lastUse }) => lastUse.seen === 'unknown')) return false;
  const known = latestFirst(keys.map(({ lastUse }) => (lastUse.seen === 'used' ? lastUse.at : 0)));
  return latestFirst(reported.map(({ lastUsed = 0 }) => lastUsed)).every((use, i) => use <= (known[i] ?? 0));
}

function latestFirst(uses: Instant[]): Instant[] {
  return uses.sort((a, b) => b - a);
}
