// "Turn it off when quiet": a person decides, keyrotate carries it out. What a decision is about, when it is carried out,
// and when its owner is asked anew.
import type { Doubt } from './evidence.ts';
import { type IamUser, without } from './iam-user.ts';
import { judge } from './legality.ts';
import { oldKeyQuietAt } from './moves/doubts-raised.ts';
import { type Situation, situationOf } from './moves/situation.ts';
import { addressOf } from './owner.ts';
import type { Policy } from './policy.ts';
import type { Decision, OpenRotation } from './rotation.ts';
import { DAY, type Instant } from './time.ts';
import { isSafeTime, nextSafeTime } from './working-hours.ts';

/** Only at this stage may something be decided, and leaving it drops what was. */
export function decisionIn({ rotation }: Pick<IamUser, 'rotation'>): Decision | undefined {
  return rotation?.stage === 'confirmed' ? rotation.decided : undefined;
}

/**
 * Whether it still counts: for the same keys and the same owner, and nobody has done anything since. An earlier version
 * carries it along, and does not know what drops it.
 */
export function stillCounts(decided: Decision, user: IamUser): boolean {
  const { rotation, owner, ownerChange } = user;
  if (rotation?.stage !== 'confirmed' || ownerChange !== undefined) return false;
  const last = rotation.history.findLast(({ outcome, by }) => outcome === 'done' && by.kind === 'person');
  return (
    last?.jobId === decided.jobId &&
    rotation.oldKeyId === decided.oldKeyId &&
    rotation.replacement.keyId === decided.newKeyId &&
    addressOf(owner) === decided.ownedBy
  );
}

/** When the old key goes off if nothing uses it until then: while people are at hand, and before no weekend. */
export function turnsOffAt(situation: Situation, from: Instant): Instant {
  return nextSafeTime(Math.max(from, oldKeyQuietAt(situation) ?? 0), situation.zone);
}

/**
 * What is to come of it by a look just taken. `ask`: something besides a late use speaks against it, or it has not been
 * quiet for days. While a look contradicts what is recorded the sightings decide.
 */
export type Outcome = { kind: 'wait' } | { kind: 'carryOut' } | { kind: 'ask'; doubts: Doubt[] };

export function outcomeOf(decided: Decision, user: IamUser, policy: Policy, now: Instant): Outcome {
  const situation = situationOf(user, policy, now);
  const verdict = judge(situation, { move: 'deactivate', insist: false, as: decided.by.as });
  if (!situation || verdict.verdict === 'refused' || !isSafeTime(now, situation.zone))
    return { kind: 'wait' };
  const doubts = verdict.verdict === 'ask' ? verdict.doubts : [];
  if (now < turnsOffAt(situation, decided.from)) {
    return now < lapsesAt(decided, policy) ? { kind: 'wait' } : { kind: 'ask', doubts };
  }
  return doubts.length > 0 ? { kind: 'ask', doubts } : { kind: 'carryOut' };
}

/** Never left hanging: as long after the date that was told first as a rotation under way waits for its next reminder. */
export function lapsesAt({ from }: Decision, { remindEveryDaysUnderWay }: Policy): Instant {
  return from + remindEveryDaysUnderWay * DAY;
}

/** Nothing is decided any more, and it is the owner's turn. */
export function undecided(rotation: OpenRotation, at: Instant): OpenRotation {
  if (rotation.stage !== 'confirmed') return rotation;
  const { decided: _, ...left } = rotation;
  return { ...left, turnSince: at };
}

/** A decision that does not count any more is dropped by the look that comes next. */
export function withoutPastDecision(user: IamUser, at: Instant): IamUser {
  const { rotation } = user;
  const decided = decisionIn(user);
  if (!decided || rotation?.stage !== 'confirmed' || stillCounts(decided, user)) return user;
  return { ...without(user, 'question'), rotation: undecided(rotation, at) };
}
