// The unit of everything: one IAM user, because AWS gives it two key slots and two keys can hurt each other.
import type { AccessKey, AccessKeyId } from './access-key.ts';
import type { Doubt, UsedOn } from './evidence.ts';
import type { Exemption } from './exemption.ts';
import type { Link, Owner } from './owner.ts';
import type { Refusal } from './refusal.ts';
import type { Actor, Rotation } from './rotation.ts';
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
  actor: Actor;
  at: Instant;
  leaseUntil: Instant;
  /** Nobody is at work on it: it waits until leaseUntil for IAM to show what became of an unanswered call. */
  waits?: true;
  /** The keys that existed before: any other key found later came into being since. */
  knownKeyIds: AccessKeyId[];
  /** The keys as it was judged on: after a crash one of them may be gone. Absent from claims of earlier versions. */
  evidence?: AccessKey[];
  /** The key it is about, where that is neither the old one nor its replacement. */
  keyId?: AccessKeyId;
  input?: Input;
}

/** A move that was not done because of doubts; pressing "anyway" counts only against the doubts shown here. */
export interface Question {
  move: MoveName;
  doubts: Doubt[];
  askedAt: Instant;
}

/** A Slack message about this user that is kept up to date. */
export interface Card {
  channel: string;
  ts: string;
}

/** What the person who pressed is still to be told: a move may fail long after its press, and after a crash. */
export interface Answer {
  to: string;
  refusal: Refusal;
}

/** What admins are told in their channel, one message each. */
export type News =
  | { kind: 'timeAsked' }
  | { kind: 'notMine'; slackId: string; why: string }
  | { kind: 'bothNeeded'; slackId: string }
  | { kind: 'ownerChanged' }
  | { kind: 'ownerLeft' }
  | { kind: 'unanswered' }
  /** Both keys are off, or gone. */
  | { kind: 'nothingWorks' };

/** A message in the admin channel about this user. */
export interface Notice extends Card {
  news: News;
}

/**
 * What is still to be done after a save: redraw the card, remove the former one, tell the owner in the next message that
 * notifies, answer, tell the admins, copy the closed rotation.
 */
export type Debt = 'redraw' | 'remove' | 'notify' | 'answer' | 'announce' | 'file';

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
  /** Who said that this is not theirs, and why: the tags do not make them owner again. */
  disowned?: { slackId: string; why: string; at: Instant };
  /** The tags name somebody else since then: an admin decides. */
  ownerChange?: { to: Owner; at: Instant };
  exempt?: Exemption;
  /** As AWS last described them, at keysSeenAt. */
  keys: AccessKey[];
  keysSeenAt: Instant;
  /** Every key ever accounted for: any other one came into being outside keyrotate. */
  knownKeyIds: AccessKeyId[];
  usedOn: UsedOn;
  /** The day, UTC, on which the secret was last opened by anybody. */
  secretOpenedOn?: Instant;
  /** Where the owner replaced the key last time, in their own words. */
  usedAt?: { text: string; at: Instant; by: string };
  /** The last change keyrotate made to this user in AWS. */
  changedAt?: Instant;
  rotation?: Rotation;
  claim?: Claim;
  question?: Question;
  card?: Card;
  /** The card that another has replaced, or that of whoever owned it before: to be removed. */
  formerCard?: Card;
  /** The same card for an admin who asked for it. */
  adminCard?: Card;
  /** The message in the admin channel that is about this user. */
  notice?: Notice;
  /** When the owner last got a message that notifies. */
  notifiedAt?: Instant;
  /** The owner hears nothing before: they have had their message for the day, or too many others are new. */
  quietUntil?: Instant;
  owed: Debt[];
  answer?: Answer;
  /** Still to be told to the admins. */
  news: News[];
  unconfirmed: Unconfirmed[];
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

/** From now on this card counts, and the one before is to be removed. */
export function withCard(user: IamUser, card: Card): IamUser {
  const { card: before } = user;
  const isSame = before?.channel === card.channel && before.ts === card.ts;
  return before && !isSame ? owing({ ...user, card, formerCard: before }, 'remove') : { ...user, card };
}

/** Tells the admins, each kind of news once. */
export function announcing(user: IamUser, news: News): IamUser {
  const others = user.news.filter(({ kind }) => kind !== news.kind);
  return owing({ ...user, news: [...others, news] }, 'announce');
}

export function without<K extends Optional>(user: IamUser, ...fields: K[]): Omit<IamUser, K> {
  const rest = { ...user };
  for (const field of fields) delete rest[field];
  return rest;
}

type Optional = {
  [K in keyof IamUser]-?: Record<never, never> extends Pick<IamUser, K> ? K : never;
}[keyof IamUser];
