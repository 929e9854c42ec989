// A rotation: one old key's way from due to gone. Each stage carries only the facts that are true there.
import type { AccessKey, AccessKeyId } from './access-key.ts';
import type { Instant } from './time.ts';
import type { MoveName, OpenStage, SightingName, Stage } from './transitions.ts';

/** Who did something: a person in Slack, in the role that allowed it, or keyrotate by itself. */
export type Actor = { kind: 'person'; slackId: string; as: 'owner' | 'admin' } | { kind: 'keyrotate' };

/** One line of evidence for the auditor. Never truncated while the rotation lasts. */
export interface HistoryEntry {
  at: Instant;
  /** The job that caused it, so that a redelivered job is recognised as done. */
  jobId: string;
  what: 'open' | MoveName | SightingName;
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
}

/** The key that takes the old one's place. */
export interface Replacement {
  kind: 'created';
  keyId: AccessKeyId;
  /** The version of the user's secret that holds it. */
  vaultVersion: string;
}

interface Begun {
  oldKeyId: AccessKeyId;
  oldKeyCreatedAt: Instant;
  openedAt: Instant;
  history: HistoryEntry[];
}

interface SwitchedOff extends Begun {
  /** When the old key was truly turned off; the grace period counts from here and nowhere else. */
  offSince: Instant;
  offBy: 'keyrotate' | 'outside';
}

export interface Due extends Begun {
  stage: 'due';
}

export interface Issued extends Begun {
  stage: 'issued';
  replacement: Replacement;
}

export interface Confirmed extends Begun {
  stage: 'confirmed';
  replacement: Replacement;
  confirmedAt: Instant;
}

/** Off, with a new key in its place. */
export interface Deactivated extends SwitchedOff {
  stage: 'deactivated';
  replacement: Replacement;
}

/** Off, and nobody wanted a replacement. */
export interface Retired extends SwitchedOff {
  stage: 'retired';
}

export interface Deleted extends Begun {
  stage: 'deleted';
  replacement?: Replacement;
  closedAt: Instant;
}

/** Over without keyrotate: somebody removed the old key. */
export interface Resolved extends Begun {
  stage: 'resolved';
  replacement?: Replacement;
  closedAt: Instant;
}

export type Rotation = Due | Issued | Confirmed | Deactivated | Retired | Deleted | Resolved;
export type RotationAt<S extends Stage> = Extract<Rotation, { stage: S }>;
export type OpenRotation = RotationAt<OpenStage>;
export type ClosedRotation = Deleted | Resolved;

export function isOpen(rotation: Rotation | undefined): rotation is OpenRotation {
  return rotation !== undefined && !isClosed(rotation);
}

export function isClosed(rotation: Rotation): rotation is ClosedRotation {
  return rotation.stage === 'deleted' || rotation.stage === 'resolved';
}

export function replacementOf(rotation: Rotation): Replacement | undefined {
  return 'replacement' in rotation ? rotation.replacement : undefined;
}

/** The facts every stage shares: what an effect carries over from the stage before. */
export function begun(rotation: Rotation): Begun {
  const { oldKeyId, oldKeyCreatedAt, openedAt, history } = rotation;
  return { oldKeyId, oldKeyCreatedAt, openedAt, history };
}
