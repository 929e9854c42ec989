// The answer to `/keyrotate list`: somebody's IAM users with their keys, as AWS has them now.
import type { AccessKey } from '../domain/access-key.ts';
import type { IamUserId } from '../domain/iam-user.ts';
import type { Instant } from '../domain/time.ts';

export interface ListedUser extends IamUserId {
  keys: AccessKey[];
}

export interface OwnList {
  /** Undefined for one's own. */
  slackId?: string;
  at: Instant;
  users: ListedUser[];
  /** How many more there are. */
  more: number;
  /** Accounts that could not be asked: what is missing from the list may be there. */
  unanswered: string[];
}
