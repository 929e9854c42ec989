// What people are answered who typed a command, or pressed about a row of the admin channel.

import type { AccessKey, AccessKeyId } from '../../domain/access-key.ts';
import type { IamUser, IamUserId } from '../../domain/iam-user.ts';
import type { Card } from '../../domain/message.ts';
import type { Link, Owner } from '../../domain/owner.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Rotation } from '../../domain/rotation.ts';
import type { Instant } from '../../domain/time.ts';
import type { OpenStage } from '../../domain/transitions.ts';
import type { SecretHolder } from '../../domain/vault-path.ts';
import type { MoveOfMany, Unclear } from '../jobs.ts';

/** `channelId`: the private channel that owns it; undefined where they do themselves. */
export type OwnedUser = IamUserId & { channelId?: string };

/** `seenAt`: when its keys were so, where AWS did not tell them now. */
export type ListedUser = OwnedUser & { keys: AccessKey[]; seenAt?: Instant };

export interface Help {
  isAdmin: boolean;
  /** An IAM user on record, for examples that work. */
  example?: Pick<IamUser, 'account' | 'userName' | 'keys'>;
  /** What was typed that could not be understood. */
  unclear?: Unclear;
}

/** All rotations of an IAM user, the newest first. */
export interface History extends IamUserId {
  rotations: {
    rotation: Rotation;
    /** Of an IAM user that had this name before. */
    isOfAnother?: true;
  }[];
}

export interface OwnList {
  /** Whoever asks is an admin, and is told where to see more than their own. */
  isAdmins?: true;
  /** Undefined for one's own. */
  slackId?: string;
  at: Instant;
  users: ListedUser[];
  /** How many more there are. */
  more: number;
  /** How many of all these are owned by channels. */
  ofChannels: number;
  /** Accounts that could not be asked, or not in time: what is missing from the list may be there. */
  unanswered: string[];
  /** Their channels could not be looked up: what those own is missing. */
  channelsUnanswered: boolean;
}

export interface Status {
  /** Whoever asks is an admin, and is told where to see more than their own. */
  isAdmins?: true;
  lines: StatusLine[];
  /** Their channels could not be looked up: what those own is missing. */
  channelsUnanswered: boolean;
}

/** One open rotation. */
export interface StatusLine extends OwnedUser {
  oldKeyId: AccessKeyId;
  ageDays: number;
  /** When the old key must be off. */
  deadline: Instant;
  overdue: boolean;
  stage: OpenStage;
  /** There is a key that is neither the old nor the new one. */
  hasOther?: true;
  /** Its account is only watched: nobody was asked, and nothing can be pressed. */
  isPreview?: true;
  /** When the old key may be deleted; only once it is off. */
  deletableFrom?: Instant;
  card?: Card;
  /** Where they may say that it is not theirs: what is shown there, for the press. */
  notMine?: string;
}

/**
 * Why one was left as it is. `cannotOwn`: whoever was named may not own by now. `another`: it has another owner by now. `decided`: somebody decided about its owner after it
 * was asked for. `heard`: its owner was reminded after that. `settled`: the matter is not open any more.
 * `neverAsked`: its first message is still to come. `nothingNow`: its owner has nothing to do at the moment. `unseen`: AWS did not say whether it is there.
 */
export interface PassedOver extends IamUserId {
  why:
    | 'another'
    | 'decided'
    | 'heard'
    | 'settled'
    | 'gone'
    | 'cannotOwn'
    | 'neverAsked'
    | 'unseen'
    | 'nothingNow'
    | SecretKept;
}

/**
 * Why the secret of an IAM user that was taken for gone was left. `lives`: IAM has that very user. `open`: its rotation is
 * not over on record. `notOurs`: by its tags. `restored`: it was scheduled for deletion after it was asked for, and is not
 * any more. `unanswered`: AWS did not say, or refused.
 */
export type SecretKept = 'lives' | 'open' | 'notOurs' | 'restored' | 'unanswered';

/** What came of one move for many IAM users. `open`: as they are by now; of them `failed` were begun in vain, and `asked` wait for an answer to a doubt. */
export interface PressedMany {
  move: MoveOfMany;
  done: number;
  failed: number;
  asked: number;
  open: IamUser[];
  refused: (IamUserId & { refusal: Refusal })[];
}

export interface Nudged {
  /** undefined: nobody is reminded. */
  owner?: Owner;
  /** Of how many IAM users they hear. */
  users: number;
  /** When they hear of it; undefined: now. */
  at?: Instant;
  hadTodays: boolean;
  passedOver: PassedOver[];
}

export interface SecretsDeleted {
  /** What this press has scheduled for deletion, in all its deliveries. */
  scheduled: SecretHolder[];
  passedOver: PassedOver[];
  /** Nothing is deleted in preview: how many would have been. */
  wouldBe?: number;
  /** With what was done before there are more than the person was asked about: how many were left alone. */
  tooMany?: number;
  /** Another press had some deleted after this one, so that the person was asked about others: nothing more was done. */
  isOvertaken?: true;
}

export interface HandedOver {
  to: Link['to'];
  users: number;
  passedOver: PassedOver[];
}

/** An IAM user with an open rotation and without an owner. */
export interface OwnerlessUser extends IamUserId {
  /** Of the key that is due. */
  ageDays: number;
  owner: Extract<Owner, { kind: 'nobody' }>;
}

export interface Ownerless {
  /** That fit what is looked for; the oldest key first. */
  users: OwnerlessUser[];
  /** In all. */
  total: number;
  search?: string;
  /** How many of `users` stand before those that are shown. */
  from: number;
  /** The table was sent to the direct conversation. */
  isTableSent?: true;
  /** Accounts that did not say whom they have: these are not in it. */
  unanswered?: string[];
  /** Rules that were written before. */
  text?: string;
}

/** A line of the table of those without an owner, or of all. */
export interface OwnersRow extends IamUserId {
  /** Of the key that is due; undefined: none is. */
  ageDays?: number;
  owner: Owner;
  /** When its key that is due was last used; undefined: never, or AWS did not say. */
  lastUsed?: Instant;
  /** Undefined where AWS did not tell them. */
  tags?: Record<string, string>;
}

/**
 * Why a line assigns nothing. `noMatch`: no IAM user without an owner fits, or earlier lines have them all. `nobody`: it
 * names its owner by nothing that Slack can be asked for, or nobody is known by it. `cannotOwn`: whoever is named may not own.
 * `tooMany`: so many owners are not looked up at once. `unclear`: it is no rule.
 */
export type LineProblem = 'noMatch' | 'nobody' | 'cannotOwn' | 'tooMany' | 'unclear';

/** What comes of a line, or of all rows of a table with one owner. */
export interface PlannedLine {
  /** As it was written; undefined for what was picked. */
  text?: string;
  line?: number;
  to?: Link['to'];
  users: IamUserId[];
  problem?: LineProblem;
  /** IAM users of a table that are not among those without an owner. */
  unknown?: string[];
}

export interface OwnersPreview {
  planId: string;
  lines: PlannedLine[];
  /** To whom nothing is assigned. */
  left: OwnerlessUser[];
  /** What else is left for another time: so many are not assigned at once. */
  tooMany: number;
}

export interface OwnersAssigned {
  parts: { to: Link['to']; users: number }[];
  passedOver: PassedOver[];
}
