// A snapshot: what AWS shows of an IAM user, and who owns it, at one moment; and what it adds to the history.
import type { AccessKey, AccessKeyId } from './access-key.ts';
import type { Exemption } from './exemption.ts';
import type { IamUser } from './iam-user.ts';
import type { SeenOwner } from './owner.ts';
import { IAM_LAG } from './policy.ts';
import type { HistoryEntry } from './rotation.ts';
import type { Instant } from './time.ts';
import type { UsageHistory } from './usage-history.ts';

/** What IAM and the owner look-up say now. A user that is gone has no keys and keeps its last known id. */
export interface Snapshot {
  at: Instant;
  jobId: string;
  /** False: IAM has no user of this name. */
  exists: boolean;
  userId: string;
  arn: string;
  owner: SeenOwner;
  exempt?: Exemption;
  keys: AccessKey[];
  secretOpenedOn?: Instant;
  /** Keys whose secrets are in the vault, where it was asked about one that is taken for stranded. */
  stored?: readonly AccessKeyId[];
  /** What the nightly reports told before anybody looked. */
  usageHistory?: UsageHistory;
}

/** Too soon after our own change for an absence, or a status that contradicts it, to mean anything. */
export function mayLag({ changedAt }: IamUser, snapshot: Snapshot): boolean {
  return changedAt !== undefined && snapshot.at - changedAt < IAM_LAG;
}

/** What keyrotate saw or did by itself, and on what evidence. */
export function entryByKeyrotate(
  { at, jobId, keys }: Pick<Snapshot, 'at' | 'jobId' | 'keys'>,
  change: Pick<HistoryEntry, 'what' | 'from' | 'to' | 'keyId' | 'note' | 'until' | 'owners'>,
): HistoryEntry {
  return {
    at,
    jobId,
    ...change,
    outcome: 'done',
    by: { kind: 'keyrotate' },
    evidence: keys,
    awsRequestIds: [],
  };
}
