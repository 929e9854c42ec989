// What admins read: how the accounts stand, what needs a hand, and what is under way.
import type { AccessKeyId } from '../../domain/access-key.ts';
import type { IamUserId } from '../../domain/iam-user.ts';
import type { Owner } from '../../domain/owner.ts';
import type { Instant } from '../../domain/time.ts';
import type { OpenStage } from '../../domain/transitions.ts';
import type { RefusedSweep } from '../jobs.ts';

/** One IAM user that the summary names. */
export interface SummaryItem extends IamUserId {
  oldKeyId: AccessKeyId;
  ageDays: number;
  owner: Owner;
}

export interface Summary {
  at: Instant;
  /** When the last one was posted; undefined for the first. */
  since?: Instant;
  /** Active keys in the accounts swept, and how many of them are within the age limit. */
  activeKeys: number;
  withinAge: number;
  /** The share within the age limit last time, 0 to 1; undefined for the first. */
  shareBefore?: number;
  /** Open rotations by stage. */
  stages: Record<OpenStage, number>;
  /** Both keys are off, or gone. */
  nothingWorks: SummaryItem[];
  /** Past the day it was due, whoever is to act. */
  overdueKeys: SummaryItem[];
  /** The same, of those on no list below or above: their owners are reminded. */
  overdue: SummaryItem[];
  noOwner: SummaryItem[];
  /** Admins take over. */
  ownerLeft: SummaryItem[];
  /** The one who was named says it is not theirs: admins take over. */
  notMine: SummaryItem[];
  /** The tags name another owner since, be it between rotations: moves wait for an admin. */
  ownerChanged: (IamUserId & { owner: Owner; to: Owner })[];
  /** Asked for more time than owners may take alone. */
  timeAsked: (SummaryItem & { until: Instant; why: string })[];
  postponed: (SummaryItem & { until: Instant; why: string })[];
  /** Opted out by a tag. `until` is missing where the tag names no date that counts: it exempts from nothing. */
  exempt: (IamUserId & { owner: Owner; until?: Instant; why: string })[];
  /** Two applications share one IAM user. */
  bothNeeded: SummaryItem[];
  /** Nobody answers, long past the deadline. */
  unanswered: SummaryItem[];
  /** Nobody was told of it yet, long past the deadline. */
  unasked: SummaryItem[];
  failing: (SummaryItem & { what: string; code: string; since: Instant })[];
  /** Keys made by a createKey that broke off before their secret was stored. */
  stranded: (IamUserId & { keyId: AccessKeyId })[];
  /** Of IAM users that are gone, the oldest first. `since`: when it was made. */
  secretsOfGone: (IamUserId & { since: Instant })[];
  /** In preview accounts: who would have been asked. */
  preview: SummaryItem[];
  /** Rotations that ended since the last summary. */
  finished: number;
  accounts: { configured: number; swept: number; notSwept: NotSwept[]; inPreview: number };
  /** Of whom nothing is on record, since the last sweep's look was refused. */
  notLookedAt: (IamUserId & { code: string })[];
  /** Accounts whose root has access keys that are on. */
  rootKeys: { account: string; count: number }[];
  /** Accounts of which not all could be read in the time that there was. */
  leftOut?: string[];
  /** Rows of credential reports that could not be read. */
  unreadable: { account: string; count: number; first: { line: number; why: string } | undefined }[];
}

/** An account of which nothing recent is known; `refused`: what AWS said no to, if it did. */
export interface NotSwept {
  account: string;
  refused?: Pick<RefusedSweep, 'operation' | 'code'>;
}

/** What is kept of a summary, to tell the change next time. */
export interface SummaryRecord {
  jobId: string;
  at: Instant;
  share: number;
}

export function shareOf({ activeKeys, withinAge }: Pick<Summary, 'activeKeys' | 'withinAge'>): number {
  return activeKeys === 0 ? 1 : withinAge / activeKeys;
}
