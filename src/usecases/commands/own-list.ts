// The answer to `/keyrotate list`: somebody's IAM users with their keys, as AWS has them now.
import type { AccessKey } from '../../domain/access-key.ts';
import type { IamUserId } from '../../domain/iam-user.ts';
import type { Instant } from '../../domain/time.ts';

/** `channelId`: the private channel that owns it; undefined where they do themselves. */
export type OwnedUser = IamUserId & { channelId?: string };

export type ListedUser = OwnedUser & {
  keys: AccessKey[];
};

export interface OwnList {
  /** Undefined for one's own. */
  slackId?: string;
  at: Instant;
  users: ListedUser[];
  /** How many more there are. */
  more: number;
  /** How many of all these are owned by channels. */
  ofChannels: number;
  /** Accounts that could not be asked: what is missing from the list may be there. */
  unanswered: string[];
  /** Their channels could not be looked up: what those own is missing. */
  channelsUnanswered: boolean;
}
