// The unit of everything: one IAM user, because AWS gives it two key slots and two keys can hurt each other.
import type { AccessKey, AccessKeyId } from './access-key.ts';
import type { Doubt } from './evidence.ts';
import type { Owner } from './owner.ts';
import type { Refusal } from './refusal.ts';
import type { Actor, Rotation } from './rotation.ts';
import type { Instant } from './time.ts';
import type { MoveName } from './transitions.ts';

export interface IamUserId {
  /** Twelve digits. */
  account: string;
  userName: string;
}

/**
 * A move under way, written before anything is done in AWS. While it stands nobody else acts on this user;
 * when its lease is over, whoever comes next finishes it first.
 */
export interface Claim {
  jobId: string;
  move: MoveName;
  actor: Actor;
  at: Instant;
  leaseUntil: Instant;
  /** Nobody is at work on it: it waits until leaseUntil for IAM to show what became of an unanswered call. */
  waits?: true;
  /** The keys that existed before: any other key found later came into being since. */
  knownKeyIds: AccessKeyId[];
}

/** A move that was not done because of doubts; pressing "anyway" counts only against the doubts shown here. */
export interface Question {
  move: MoveName;
  doubts: Doubt[];
  askedAt: Instant;
}

/** The one live Slack message about this user. */
export interface Card {
  channel: string;
  ts: string;
}

/** What the person who pressed is still to be told: a move may fail long after its press, and after a crash. */
export interface Answer {
  to: string;
  refusal: Refusal;
}

/** What is still to be done after a save: redraw the card, send it as a new message, answer, copy the closed rotation. */
export type Debt = 'redraw' | 'notify' | 'answer' | 'file';

/** Something AWS or Slack keeps refusing, for the summary. */
export interface Failure {
  since: Instant;
  what: string;
  code: string;
}

/** A key that the last look did not show, and since when. Believed only when seen again later. */
export interface Absence {
  keyId: AccessKeyId;
  firstSeenAt: Instant;
}

export interface IamUser extends IamUserId {
  /** AIDA…: tells a recreated user of the same name from the one that was here before. */
  userId: string;
  /** Its path is part of it: `arn:aws:iam::111122223333:user/ci/deploy`. */
  arn: string;
  /** Counts the writes; 0 for one never saved. */
  version: number;
  owner: Owner;
  /** As AWS last described them, at keysSeenAt. */
  keys: AccessKey[];
  keysSeenAt: Instant;
  /** The last change keyrotate made to this user in AWS. */
  changedAt?: Instant;
  rotation?: Rotation;
  claim?: Claim;
  question?: Question;
  card?: Card;
  /** When the owner last got a message that notifies. */
  notifiedAt?: Instant;
  owed: Debt[];
  answer?: Answer;
  absence?: Absence;
  /** Keys made by a createKey that broke off before the secret was stored. */
  stranded: AccessKeyId[];
  failure?: Failure;
}

export function nameOf(user: IamUserId): string {
  return `${user.account}/${user.userName}`;
}

export function owing(user: IamUser, ...debts: Debt[]): IamUser {
  return { ...user, owed: [...new Set([...user.owed, ...debts])] };
}

export function without<
  K extends 'claim' | 'question' | 'absence' | 'failure' | 'card' | 'rotation' | 'answer',
>(user: IamUser, ...fields: K[]): Omit<IamUser, K> {
  const rest = { ...user };
  for (const field of fields) delete rest[field];
  return rest;
}
