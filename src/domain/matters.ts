// What about an IAM user is open for admins to decide or to know: it follows from the record, until it is settled.
import { anyWorks } from './access-key.ts';
import { decisionIn, lapsesAt } from './decision.ts';
import type { IamUser } from './iam-user.ts';
import { MATTER_KINDS, type MatterKind, type MatterReader } from './message.ts';
import { addressOf, type Owner } from './owner.ts';
import { deadlineOf, graceEndsAt, type Policy } from './policy.ts';
import { askedForAs, isOff, isOpen, type OpenRotation, requestIn } from './rotation.ts';
import { DAY, type Instant, startOfDay } from './time.ts';

export interface Matter {
  kind: MatterKind;
  /** How often it has climbed: 1 when admins are to hear of it for the first time. */
  level: number;
}

/** All that is open now, the worst first. */
export function matters(user: IamUser, policy: Policy, now: Instant): Matter[] {
  if (policy.mode === 'preview' || rests(user)) return [];
  return MATTER_KINDS.flatMap((kind) => {
    const level = levelNow(kind, user, policy, now);
    return level > 0 ? [{ kind, level }] : [];
  });
}

/** Those that admins have not been told of, or not since they climbed. */
export function mattersToTell(user: IamUser, policy: Policy, now: Instant): Matter[] {
  return matters(user, policy, now).filter(({ kind, level }) => level > (toldOf(user, kind)?.level ?? 0));
}

/** When a matter opens or climbs next by itself. */
export function nextClimb(user: IamUser, policy: Policy, now: Instant): Instant | undefined {
  const { rotation } = user;
  if (policy.mode === 'preview' || rests(user)) return undefined;
  const moments = [
    ...(isOpen(rotation) ? [nextSilence(user, rotation, policy, now), quietedUntil(rotation, policy)] : []),
    ...matters(user, policy, now).flatMap(({ kind }) => {
      const told = toldOf(user, kind);
      return told && kind !== 'silence' ? [told.at + distance(told.level, policy)] : [];
    }),
  ].filter((at) => at > now);
  return moments.length > 0 ? Math.min(...moments) : undefined;
}

/** Since when nobody has done anything: the day it was due, or the last thing that a person did. */
export function silentFrom(rotation: OpenRotation, policy: Policy): Instant {
  return Math.max(dueAt(rotation, policy), lastDoneAt(rotation) ?? 0);
}

/**
 * What nothing having happened says of the owner. Who was not told of it, or cannot be reached in Slack, is not somebody
 * who does not answer. `asOf`: by what had been sent then.
 */
export function silenceOf(
  { rotation, failure }: IamUser,
  asOf: Instant,
): 'unanswered' | 'unasked' | 'unreached' {
  if (failure?.what === 'message') return 'unreached';
  return (rotation?.contactedAt ?? asOf + 1) > asOf ? 'unasked' : 'unanswered';
}

/** While an admin is to decide, or both keys are known to be needed, the owner has nothing to do. */
export function waitsForAdmins({ rotation, ownerChange }: IamUser, policy: Policy, now: Instant): boolean {
  if (ownerChange !== undefined) return true;
  if (!isOpen(rotation)) return false;
  return requestIn(rotation) !== undefined || quietedUntil(rotation, policy) > now;
}

/** Which message admins have about it, if they were told. */
function toldOf({ messages }: IamUser, kind: MatterKind): MatterReader | undefined {
  const told = messages.flatMap(({ reader }) =>
    reader.as === 'admins' && reader.matter === kind ? [reader] : [],
  );
  return told.at(-1);
}

/** 0: it is not open. Any matter but silence is told at once, and again at a growing distance while it is open. */
function levelNow(kind: MatterKind, user: IamUser, policy: Policy, now: Instant): number {
  if (kind === 'silence') return silenceNow(user, policy, now);
  if (!IS_OPEN[kind](user)) return 0;
  const told = toldOf(user, kind);
  if (!told) return 1;
  return now >= told.at + distance(told.level, policy) ? told.level + 1 : told.level;
}

/** Who owns it may be in doubt between rotations, too. */
const IS_OPEN: Record<Exclude<MatterKind, 'silence'>, (user: IamUser) => boolean> = {
  nothingWorks: ({ rotation, keys }) =>
    rotation?.stage === 'deactivated' && rotation.newKeyOutSince !== undefined && !anyWorks(keys),
  timeAsked: ({ rotation }) => isOpen(rotation) && requestIn(rotation) !== undefined,
  ownerChanged: ({ ownerChange }) => ownerChange !== undefined,
  notMine: isOwnedByNobody('disowned'),
  ownerLeft: isOwnedByNobody('left'),
  noOwner: isOwnedByNobody('none', 'ambiguous'),
  bothNeeded: ({ rotation }) => rotation?.stage === 'due' && rotation.bothNeeded !== undefined,
};

function isOwnedByNobody(...reasons: Extract<Owner, { kind: 'nobody' }>['why'][]) {
  return ({ owner, rotation }: IamUser): boolean =>
    isOpen(rotation) && owner.kind === 'nobody' && reasons.includes(owner.why);
}

function silenceNow(user: IamUser, policy: Policy, now: Instant): number {
  const { rotation } = user;
  if (!isOpen(rotation) || !mayBeSilent(user, rotation, policy, now)) return 0;
  return levelOf(silentFrom(rotation, policy), policy, now);
}

function nextSilence(user: IamUser, rotation: OpenRotation, policy: Policy, now: Instant): Instant {
  const from = silentFrom(rotation, policy);
  return mayBeSilent(user, rotation, policy, now)
    ? momentOf(levelOf(from, policy, now) + 1, from, policy)
    : 0;
}

/** How often admins should have heard of a silence by now. */
function levelOf(from: Instant, policy: Policy, now: Instant): number {
  let level = 0;
  for (let at = momentOf(1, from, policy); at <= now; at += distance(level, policy)) level += 1;
  return level;
}

/** By calendar day, UTC, so that all who are silent since the same day are told of in one message. */
function momentOf(level: number, from: Instant, policy: Policy): Instant {
  let at = startOfDay(from);
  for (let step = 0; step < level; step += 1) at += distance(step, policy);
  return at;
}

/** From the first step 1, 1, 2, 4, 4, 4 … times `escalateDays` to the next one. */
function distance(level: number, { escalateDays }: Policy): number {
  return Math.max(1, escalateDays) * Math.min(4, 2 ** Math.max(0, level - 1)) * DAY;
}

function mayBeSilent(user: IamUser, rotation: OpenRotation, policy: Policy, now: Instant): boolean {
  if (addressOf(user.owner) === undefined || rotation.stage === 'postponed') return false;
  // It is keyrotate's turn, until it asks anew.
  const decided = decisionIn(user);
  if (decided && now < lapsesAt(decided, policy)) return false;
  return !waitsForAdmins(user, policy, now);
}

/** Opted out until a date, and nothing begun: every summary says so, and nobody is asked for anything. */
function rests({ exempt, rotation }: IamUser): boolean {
  return exempt?.kind === 'until' && (rotation?.stage === 'due' || rotation?.stage === 'postponed');
}

/**
 * What an admin asked for does not wait for the age of the key. Who was never told of it cannot be blamed, but their key
 * grows older all the same: then its age counts, or the date agreed on, once there was time to tell them.
 */
function dueAt(rotation: OpenRotation, policy: Policy): Instant {
  if (isOff(rotation)) return graceEndsAt(rotation, policy);
  const { contactedAt, openedAt, extendedTo = 0 } = rotation;
  if (askedForAs(rotation) === 'admin') return Math.max(openedAt, extendedTo);
  return deadlineOf(rotation, policy, contactedAt ?? openedAt);
}

/** When a person last did something about this rotation. */
export function lastDoneAt({ history }: OpenRotation): Instant | undefined {
  return history.findLast(({ outcome, by }) => outcome === 'done' && by.kind === 'person')?.at;
}

/** Where both keys are needed, the owner gets no reminder for as long as they may take alone: time to part the two. */
function quietedUntil(rotation: OpenRotation, policy: Policy): Instant {
  return rotation.stage === 'due' && rotation.bothNeeded
    ? rotation.bothNeeded.at + policy.postponeDays * DAY
    : 0;
}
