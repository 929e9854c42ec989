// A rotation: one old key's way from due to gone. Each stage carries only the facts that are true there.
import type { AccessKey, AccessKeyId } from './access-key.ts';
import type { Instant } from './time.ts';
import type { MoveName, OpenStage, SightingName, Stage } from './transitions.ts';

/** Who did something: a person in Slack, in the role that allowed it, or keyrotate by itself. */
export type Actor = PersonActing | { kind: 'keyrotate' };
export type PersonActing = { kind: 'person'; slackId: string; as: Role };
export type Role = 'owner' | 'admin';

/** One line of evidence for the auditor. Never truncated while the rotation lasts. */
export interface HistoryEntry {
  at: Instant;
  /** The job that caused it, so that a redelivered job is recognised as done. */
  jobId: string;
  what: 'open' | 'wake' | 'assign' | 'renamed' | MoveName | SightingName;
  /** `failed`: tried and not done; the stage stayed as it was. */
  outcome: 'done' | 'failed';
  by: Actor;
  from?: Stage;
  to: Stage;
  /** The user's keys as AWS described them when it was decided. */
  evidence: AccessKey[];
  /** The ids under which AWS and CloudTrail know the calls that changed something. */
  awsRequestIds: string[];
  /** Why it failed, in the domain's words. */
  reason?: string;
  /** What the person wrote: why they need time, why it is not theirs, where the key was replaced. Or the new name. */
  note?: string;
  /** The date that was asked for or given. */
  until?: Instant;
  /** The key that it was about, where that is neither the old one nor its replacement. */
  keyId?: AccessKeyId;
  /** When it was decided, where keyrotate carried it out later. */
  decidedAt?: Instant;
  /** Of `assign`: who owned it before and who owns it since, by their Slack ids. Earlier versions did not write it. */
  owners?: { before?: string; after?: string };
}

/** A key that keyrotate made to take the old one's place. */
export interface CreatedKey {
  kind: 'created';
  keyId: AccessKeyId;
  /** The version of the user's secret that holds it. */
  vaultVersion: string;
  /** The SMTP password for SES in that region is stored beside it. */
  mailRegion?: string;
  /** The user's name when the secret was stored, where it has another one now. */
  storedAs?: string;
}

/** A key that was there already and takes the old one's place. keyrotate never had its secret. */
export interface AdoptedKey {
  kind: 'adopted';
  keyId: AccessKeyId;
}

/** The key that takes the old one's place. */
export type Replacement = CreatedKey | AdoptedKey;

/** What an owner gave as the reason for a later date, and who gave it. */
export interface MoreTime {
  until: Instant;
  why: string;
  by: Actor;
  at: Instant;
}

export interface TimeGiven extends MoreTime {
  /** Only where it was more than the owner may take alone. */
  approvedBy?: Actor;
}

interface Begun {
  oldKeyId: AccessKeyId;
  oldKeyCreatedAt: Instant;
  openedAt: Instant;
  /** When the owner was first told of this rotation; no deadline comes sooner than the notice after it. */
  contactedAt?: Instant;
  /** The latest date that was agreed on. */
  extendedTo?: Instant;
  history: HistoryEntry[];
}

/** While the old key is on. */
interface Underway extends Begun {
  /** More time than the owner may take alone: an admin decides. It lasts from stage to stage until somebody does. */
  request?: MoreTime;
}

interface SwitchedOff extends Begun {
  /** When the old key was truly turned off; the grace period counts from here and nowhere else. */
  offSince: Instant;
  offBy: 'keyrotate' | 'outside';
}

export interface Due extends Underway {
  stage: 'due';
  /** Two applications use the two keys: each needs an IAM user of its own. */
  bothNeeded?: { at: Instant; by: Actor };
}

export interface Postponed extends Underway, TimeGiven {
  stage: 'postponed';
}

interface Replacing extends Underway {
  replacement: Replacement;
  /** For this stage: whoever goes on sooner is reminded of the next one as usual, by the deadline that was agreed on. */
  moreTime?: TimeGiven;
  /** Since when a look has shown that the owner can go on, or is to decide anew: they hear of it once. */
  turnSince?: Instant;
}

export interface Issued extends Replacing {
  stage: 'issued';
}

/** That the old key is to go off once it is quiet. Nothing is done without one, and it counts only for these keys and this owner. */
export interface Decision {
  /** Of the press. */
  jobId: string;
  by: PersonActing;
  at: Instant;
  /** The date that was told then: it is carried out no sooner. */
  from: Instant;
  oldKeyId: AccessKeyId;
  newKeyId: AccessKeyId;
  /** The Slack id of the owner, whoever decided. */
  ownedBy?: string;
}

export interface Confirmed extends Replacing {
  stage: 'confirmed';
  confirmedAt: Instant;
  decided?: Decision;
}

/** Off, with another key in its place. */
export interface Deactivated extends SwitchedOff {
  stage: 'deactivated';
  replacement: Replacement;
  /** Since when the key in its place does not work either, off or gone: then nothing works. */
  newKeyOutSince?: Instant;
}

/** Off, with no key in its place. */
export interface Retired extends SwitchedOff {
  stage: 'retired';
}

interface Closed extends Begun {
  replacement?: Replacement;
  closedAt: Instant;
  /** It has been copied to an item of its own. */
  isFiled?: true;
}

export interface Deleted extends Closed {
  stage: 'deleted';
}

/** Over without keyrotate: somebody removed the old key, or its user. */
export interface Resolved extends Closed {
  stage: 'resolved';
}

export type Rotation = Due | Postponed | Issued | Confirmed | Deactivated | Retired | Deleted | Resolved;
export type RotationAt<S extends Stage> = Extract<Rotation, { stage: S }>;
export type OpenRotation = RotationAt<OpenStage>;
export type ClosedRotation = Deleted | Resolved;

export function isOpen(rotation: Rotation | undefined): rotation is OpenRotation {
  return rotation !== undefined && !isClosed(rotation);
}

export function isClosed(rotation: Rotation): rotation is ClosedRotation {
  return rotation.stage === 'deleted' || rotation.stage === 'resolved';
}

/** Whether it is over and not yet copied: the record holds one rotation, so no other may take its place before. */
export function isUnfiled(rotation: Rotation | undefined): rotation is ClosedRotation {
  return rotation !== undefined && isClosed(rotation) && !rotation.isFiled;
}

export function isAt<S extends Stage>(rotation: Rotation, stage: S): rotation is RotationAt<S> {
  return rotation.stage === stage;
}

/** Whether the old key is off, as far as the rotation knows. */
export function isOff(rotation: Rotation): rotation is Deactivated | Retired {
  return 'offSince' in rotation;
}

/** In which role somebody asked for this key's rotation, so that it does not wait for the key's age. */
export function askedForAs({ history }: Rotation): Role | undefined {
  const { by } = history.findLast(({ what }) => what === 'open' || what === 'switchKey') ?? {};
  return by?.kind === 'person' ? by.as : undefined;
}

export function replacementOf(rotation: Rotation): Replacement | undefined {
  return 'replacement' in rotation ? rotation.replacement : undefined;
}

/** More time that an admin is to decide about. */
export function requestIn(rotation: Rotation): MoreTime | undefined {
  return 'request' in rotation ? rotation.request : undefined;
}

/** What an effect carries over from the stage before. */
export function begun(rotation: Rotation): Underway {
  const request = requestIn(rotation);
  return { ...withoutRequest(rotation), ...(request && { request }) };
}

/** The facts every stage shares. With the old key off there is no time left to ask for. */
export function withoutRequest(rotation: Rotation): Begun {
  const { oldKeyId, oldKeyCreatedAt, openedAt, contactedAt, extendedTo, history } = rotation;
  return {
    oldKeyId,
    oldKeyCreatedAt,
    openedAt,
    ...(contactedAt !== undefined && { contactedAt }),
    ...(extendedTo !== undefined && { extendedTo }),
    history,
  };
}
