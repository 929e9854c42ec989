// What somebody's Home shows.
import type { AccessKey } from '../../domain/access-key.ts';
import type { IamUser, IamUserId } from '../../domain/iam-user.ts';
import type { Owner } from '../../domain/owner.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Instant } from '../../domain/time.ts';
import type { History, OwnList, PressedMany } from '../commands/answers.ts';
import type { Asker, SummaryListName, Tool } from '../jobs.ts';
import type { Summary } from '../night/gathered-summary.ts';
import type { TrendPoint } from './trend.ts';

export type HomePage = { at: Instant } & (
  | { kind: 'own'; keys: OwnKeys; said?: readonly Said[]; organisation?: Organisation }
  /** What another person sees, for an admin: nothing on it can be pressed. `barred`: they are shown nothing. */
  | { kind: 'person'; slackId: string; keys?: OwnKeys; barred?: Refusal }
  /** IAM users whose names hold a text, for an admin. */
  | { kind: 'found'; text: string; users: FoundUser[]; more: number; unanswered: string[] }
  /** One IAM user, for an admin. */
  | ({ kind: 'user' } & UserFacts)
  /** Who is on a list of the summary, the oldest key first, for an admin. */
  | { kind: 'list'; list: SummaryListName; users: IamUser[] }
  /** Why somebody is shown nothing. */
  | { kind: 'barred'; refusal: Refusal }
);

export interface OwnKeys {
  /** Those with an open rotation, as they are on record. */
  open: IamUser[];
  /** All others, as AWS has them. */
  others: OwnList;
}

/** What came of a press in Home, where that does not show by itself. */
export type Said =
  | { kind: 'refused'; asker: Asker; refusal: Refusal }
  | { kind: 'shown'; user: IamUser }
  | { kind: 'history'; history: History }
  | { kind: 'how'; user: IamUser; tool: Tool }
  | { kind: 'pressedMany'; pressed: PressedMany };

/** What admins see besides. */
export interface Organisation {
  summary: Summary;
  trend: TrendPoint[];
}

/** `user`: what is on record. */
export type FoundUser = IamUserId & { user?: IamUser };

export interface UserFacts extends IamUserId {
  owner: Owner;
  /** undefined: IAM has no such user. */
  keys: AccessKey[] | undefined;
  /** What is on record. */
  user?: IamUser;
  history: History;
}
