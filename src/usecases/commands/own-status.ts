// The answer to `/keyrotate status`: one line per open rotation.
import type { AccessKeyId } from '../../domain/access-key.ts';
import type { IamUserId } from '../../domain/iam-user.ts';
import type { Instant } from '../../domain/time.ts';
import type { OpenStage } from '../../domain/transitions.ts';

export interface Status {
  lines: StatusLine[];
  /** Their channels could not be looked up: what those own is missing. */
  channelsUnanswered: boolean;
}

export interface StatusLine extends IamUserId {
  /** The private channel that owns the user; undefined where they do themselves. */
  channelId?: string;
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
