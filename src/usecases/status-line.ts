// One line of `/keyrotate status`.
import type { AccessKeyId } from '../domain/access-key.ts';
import type { IamUserId } from '../domain/iam-user.ts';
import type { Instant } from '../domain/time.ts';
import type { OpenStage } from '../domain/transitions.ts';

export interface StatusLine extends IamUserId {
  oldKeyId: AccessKeyId;
  ageDays: number;
  /** When the old key must be off. */
  deadline: Instant;
  overdue: boolean;
  stage: OpenStage;
  /** When the old key may be deleted; only once it is off. */
  deletableFrom?: Instant;
  card?: { channel: string; ts: string };
}
