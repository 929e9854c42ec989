// The unit of everything: one IAM user, because AWS gives it two key slots and two keys can hurt each other.
import type { AccessKey, AccessKeyId } from './access-key.ts';
import type { Doubt } from './evidence.ts';
import type { Exemption } from './exemption.ts';
import type { SentMessage } from './message.ts';
import type { Link, Owner } from './owner.ts';
import type { Refusal } from './refusal.ts';
import type { PersonActing, Rotation } from './rotation.ts';
import type { Instant } from './time.ts';
import type { MoveName, SightingName } from './transitions.ts';

export interface IamUserId {
  /** Twelve digits. */
  account: string;
  userName: string;
}

/** What a person wrote or chose along with a move. */
export interface Input {
  text?: string;
  until?: Instant;
}

/**
 * A move under way, written before anything is done in AWS. While it stands nobody else acts on this user;
 * when its lease is over, whoever comes next finishes it first.
 */
export interface Claim {
  jobId: string;
  move: MoveName;
  actor: PersonActing;
  at: Instant;
  leaseUntil: Instant;
  /** Nobody is at work on it: it waits until leaseUntil for IAM to show what became of an unanswered call. */
  waits?: true;
  /** The keys there were when it was claimed: any other key was made since. */
  knownKeyIds: AccessKeyId[];
  /** The keys as it was judged on: after a crash one of them may be gone. Absent from claims of earlier versions. */
  evidence?: AccessKey[];
  /** The key it is about, where that is neither the old one nor its replacement. */
  keyId?: AccessKeyId;
  /** When the actor decided it, where keyrotate carries it out later. */
  decidedAt?: Instant;
  input?: Input;
}

/** A move that was not done because of doubts; pressing "anyway" counts only against the doubts shown here. */
export interface Question {
  move: MoveName;
  doubts: Doubt[];
  askedAt: Instant;
  /** What was written or chosen along with it: "anyway" means the same. */
  input?: Input;
}

/** What the person who pressed is still to be told: a move may fail long after its press, and after a crash. */
export interface Answer {
  to: string;
  refusal: Refusal;
}

/** Something AWS or Slack keeps refusing, for the summary. */
export interface Failure {
  since: Instant;
  what: string;
  code: string;
  /** Asked again no sooner, unless somebody presses. */
  retryAt?: Instant;
}

/** Something seen that contradicts what is recorded. Believed only when it is seen again later. */
export interface Unconfirmed {
  sighting: SightingName;
  firstSeenAt: Instant;
}

export interface IamUser extends IamUserId {
  /** AIDA…: tells a recreated user of the same name from the one that was here before. */
  userId: string;
  /** Until it was renamed. */
  formerName?: string;
  /** Its path is part of it: `arn:aws:iam::111122223333:user/ci/deploy`. */
  arn: string;
  /** Counts the writes; 0 for one never saved. */
  version: number;
  owner: Owner;
  /** Made by an admin; it outweighs the tags. */
  link?: Link;
  /** Which order of an admin's last said who owns it, or that the tags do, and when that was asked for. */
  ownerDecided?: { askedAt: Instant; jobId: string };
  /** Who said that this is not theirs, and why: the tags do not make them owner again. */
  disowned?: { slackId: string; why: string; at: Instant };
  /** The tags name somebody else since then: an admin decides. */
  ownerChange?: { to: Owner; at: Instant };
  exempt?: Exemption;
  /** As AWS last described them, at keysSeenAt. */
  keys: AccessKey[];
  keysSeenAt: Instant;
  /** Every key that keyrotate knows of: any other one was made outside keyrotate. */
  knownKeyIds: AccessKeyId[];
  /** The longest time, in ms, for which one of its keys was seen unused and was used again afterwards. */
  longestSilence: number;
  /** The day, UTC, on which the secret was last opened by anybody. */
  secretOpenedOn?: Instant;
  /** Where the owner replaced the key last time, in their own words. */
  usedAt?: { text: string; at: Instant; by: string };
  /** The last change keyrotate made to this user in AWS. */
  changedAt?: Instant;
  rotation?: Rotation;
  claim?: Claim;
  question?: Question;
  /** The messages about it, in the order in which they were sent. */
  messages: SentMessage[];
  /** When the owner last got a message that notifies. */
  notifiedAt?: Instant;
  /** The owner hears nothing before: they have had their message for the day, or too many others are new. */
  quietUntil?: Instant;
  /** An admin asked for the owner to be reminded, by that job. */
  nudged?: { at: Instant; jobId: string };
  /** Of how many entries of the rotation's history the owner has been told. */
  toldEntries: number;
  /** Still to be told to whoever pressed. */
  answer?: Answer;
  unconfirmed: Unconfirmed[];
  /** Keys made by a createKey that broke off before the secret was stored. */
  stranded: AccessKeyId[];
  failure?: Failure;
}

export function nameOf(user: IamUserId): string {
  return `${user.account}/${user.userName}`;
}

export function without<K extends Optional>(user: IamUser, ...fields: K[]): Omit<IamUser, K> {
  const rest = { ...user };
  for (const field of fields) delete rest[field];
  return rest;
}

type Optional = {
  [K in keyof IamUser]-?: Record<never, never> extends Pick<IamUser, K> ? K : never;
}[keyof IamUser];
