// What about an IAM user is open for admins to decide or to know: it follows from the record, until it is settled.
import { anyWorks } from './access-key.ts';
import type { IamUser } from './iam-user.ts';
import { MATTER_KINDS, type MatterKind, type MatterReader } from './message.ts';
import { addressOf } from './owner.ts';
import { deadlineOf, graceEndsAt, type Policy } from './policy.ts';
import { isOff, isOpen, type OpenRotation, requestIn } from './rotation.ts';
import { DAY, type Instant } from './time.ts';

export interface Matter {
  kind: MatterKind;
  /** How often it has climbed: 1 when admins are to hear of it for the first time. */
  level: number;
}

/** All that is open now, the worst first. */
export function matters(user: IamUser, policy: Policy, now: Instant): Matter[] {
  const { rotation } = user;
  if (policy.mode === 'preview' || !isOpen(rotation) || rests(user, rotation)) return [];
  return MATTER_KINDS.flatMap((kind) => {
    const level = LEVELS[kind](user, rotation, policy, now);
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
  if (policy.mode === 'preview' || !isOpen(rotation) || rests(user, rotation)) return undefined;
  const from = silentFrom(rotation, policy);
  const moments = [
    ...(mayBeSilent(user, rotation, policy, now)
      ? [momentOf(levelOf(from, policy, now) + 1, from, policy)]
      : []),
    quietedUntil(rotation, policy),
    ...matters(user, policy, now).flatMap(({ kind }) => {
      const told = toldOf(user, kind);
      return told && kind !== 'silence' ? [told.at + distance(told.level, policy)] : [];
    }),
  ].filter((at) => at > now);
  return moments.length > 0 ? Math.min(...moments) : undefined;
}

/** Who does not answer, and since when: the day it was due, or what somebody last did about it. */
export function silentFrom(rotation: OpenRotation, policy: Policy): Instant {
  return Math.max(dueAt(rotation, policy), lastDoneAt(rotation) ?? 0);
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

type LevelOf = (user: IamUser, rotation: OpenRotation, policy: Policy, now: Instant) => number;

/** 0: there is no such matter. */
const LEVELS: Record<MatterKind, LevelOf> = {
  nothingWorks: during('nothingWorks', ({ keys }, rotation) => {
    return rotation.stage === 'deactivated' && rotation.newKeyOutSince !== undefined && !anyWorks(keys);
  }),
  timeAsked: during('timeAsked', (_, rotation) => requestIn(rotation) !== undefined),
  ownerChanged: during('ownerChanged', ({ ownerChange }) => ownerChange !== undefined),
  notMine: during('notMine', ({ owner }) => owner.kind === 'nobody' && owner.why === 'disowned'),
  ownerLeft: during('ownerLeft', ({ owner }) => owner.kind === 'nobody' && owner.why === 'left'),
  noOwner: during(
    'noOwner',
    ({ owner }) => owner.kind === 'nobody' && (owner.why === 'none' || owner.why === 'ambiguous'),
  ),
  bothNeeded: during(
    'bothNeeded',
    (_, rotation) => rotation.stage === 'due' && rotation.bothNeeded !== undefined,
  ),
  silence: (user, rotation, policy, now) =>
    mayBeSilent(user, rotation, policy, now) ? levelOf(silentFrom(rotation, policy), policy, now) : 0,
};

/** Told at once, and again at a growing distance for as long as it is open. */
function during(
  kind: MatterKind,
  isOpenNow: (user: IamUser, rotation: OpenRotation, policy: Policy) => boolean,
): LevelOf {
  return (user, rotation, policy, now) => {
    if (!isOpenNow(user, rotation, policy)) return 0;
    const told = toldOf(user, kind);
    if (!told) return 1;
    return now >= told.at + distance(told.level, policy) ? told.level + 1 : told.level;
  };
}

/** Admins hear of a silence after so many days, and again each time it has lasted twice as long; at last every so many weeks. */
function levelOf(from: Instant, policy: Policy, now: Instant): number {
  let level = 0;
  while (momentOf(level + 1, from, policy) <= now) level += 1;
  return level;
}

function momentOf(level: number, from: Instant, policy: Policy): Instant {
  let at = from;
  for (let step = 0; step < level; step += 1) at += distance(step, policy);
  return at;
}

/** From the first step 1, 1, 2, 4, 4, 4 … times `escalateDays` to the next one. */
function distance(level: number, { escalateDays }: Policy): number {
  return Math.max(1, escalateDays) * Math.min(4, 2 ** Math.max(0, level - 1)) * DAY;
}

function mayBeSilent(user: IamUser, rotation: OpenRotation, policy: Policy, now: Instant): boolean {
  if (addressOf(user.owner) === undefined || rotation.stage === 'postponed') return false;
  return !waitsForAdmins(user, policy, now);
}

/** Opted out until a date, and nothing begun: every summary says so, and nobody is asked for anything. */
function rests({ exempt }: IamUser, { stage }: OpenRotation): boolean {
  return exempt?.kind === 'until' && (stage === 'due' || stage === 'postponed');
}

/**
 * Who was never told of it cannot be blamed, but their key grows older all the same: then its age counts, or the date
 * agreed on, once there was time to tell them.
 */
function dueAt(rotation: OpenRotation, policy: Policy): Instant {
  if (isOff(rotation)) return graceEndsAt(rotation, policy);
  const { contactedAt, openedAt } = rotation;
  return deadlineOf(rotation, policy, contactedAt ?? openedAt);
}

/** When a person last did something about this rotation. */
function lastDoneAt({ history }: OpenRotation): Instant | undefined {
  return history.findLast(({ outcome, by }) => outcome === 'done' && by.kind === 'person')?.at;
}

/** That both keys are needed quiets for as long as an owner may take alone: by then somebody has to part them. */
function quietedUntil(rotation: OpenRotation, policy: Policy): Instant {
  return rotation.stage === 'due' && rotation.bothNeeded
    ? rotation.bothNeeded.at + policy.postponeDays * DAY
    : 0;
}
