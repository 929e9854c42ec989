// The walk through every situation at every open stage, and every state that is reached: nobody is stuck, no button lies,
// and no key dies early.
import { describe, expect, it } from 'vitest';
import { findKey } from '../../src/domain/access-key.ts';
import { owesReminder } from '../../src/domain/agenda.ts';
import type { IamUser, Input } from '../../src/domain/iam-user.ts';
import { judge, keyMeant, moveMeant, movesOffered, type Press } from '../../src/domain/legality.ts';
import { matters } from '../../src/domain/matters.ts';
import type { MatterKind } from '../../src/domain/message.ts';
import { MOVE_ROWS } from '../../src/domain/moves/rows.ts';
import { addressOf, type Owner } from '../../src/domain/owner.ts';
import { deadlineOf, graceEndsAt } from '../../src/domain/policy.ts';
import { reconcile } from '../../src/domain/reconcile.ts';
import {
  isClosed,
  isOff,
  isOpen,
  type OpenRotation,
  type Role,
  replacementOf,
} from '../../src/domain/rotation.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { DAY, type Instant, MINUTE } from '../../src/domain/time.ts';
import {
  MOVES,
  type MoveName,
  movesAt,
  OPEN_STAGES,
  SIGHTINGS,
  STAGES,
  sightingsAt,
} from '../../src/domain/transitions.ts';
import { nothingDone, sameLook } from './doing-nothing.ts';
import { assignedTo, everyReachable } from './every-reachable.ts';
import { SITUATIONS, type Situation } from './every-situation.ts';
import { POLICY, situated } from './given.ts';

const ROLES: Role[] = ['owner', 'admin'];

/** Whether a move takes the rotation on or back. The others put it off, or hand it to somebody else. */
const LEADS_ON: Record<MoveName, boolean> = {
  ...{ createKey: true, adopt: true, retire: true, switchKey: true, clearSlot: true, discardStranded: true },
  ...{ keepBoth: false, postpone: false, askForTime: false, approve: false, decline: false, notMine: false },
  ...{ resume: true, confirmMigration: true, discardNewKey: true, undoAdopt: true, reopen: true },
  ...{ turnOffWhenQuiet: true, keepOn: true },
  ...{ deactivate: true, reactivate: true, delete: true },
};
/** Not on the card: a longer postponement turns into the one, the admins' message bears the others. */
const isElsewhere = (move: MoveName) => ['nowhere', 'onTheAdminsMessage'].includes(MOVE_ROWS[move].offered);

/** What is reached from a key found due, besides what the types allow. */
const REACHED = await everyReachable();
const EVERY = [...SITUATIONS, ...REACHED];

const QUARTER = 15 * MINUTE;
/** More looks than it takes to believe all there is to see. */
const ENOUGH = 4;

/** What comes due and what is seen does not depend on which key was used when. */
const WHATEVER_THE_USE = SITUATIONS.filter(({ name }) => !/in use|quiet|use unknown/.test(name));

/** The names of the situations that break a law: none is the proof, a few are enough to see why. */
function broken(law: (situation: Situation) => boolean, among = SITUATIONS): string[] {
  return among
    .filter((situation) => !law(situation))
    .map(({ name }) => name)
    .slice(0, 8);
}

function rotationOf({ rotation }: IamUser): OpenRotation {
  if (!isOpen(rotation)) throw new Error('every situation has an open rotation');
  return rotation;
}

/** Looks that show what they showed before, a quarter of an hour apart. */
function looked({ user, policy, now }: Situation, times: number, changes: Partial<Snapshot> = {}): IamUser {
  let seen = user;
  for (let i = 0; i < times; i += 1)
    seen = reconcile(user, seen, { ...sameLook(user, now + i * QUARTER), ...changes }, policy);
  return seen;
}

/**
 * A way on is
 * - a move that is offered and takes the rotation on or back: anything but putting it off or handing it over;
 * - a date that the card tells and that brings such a move by itself: with the end of the grace period comes `delete`,
 *   with the end of a postponement `resume`, pressed by nobody;
 * - a change made outside that is being confirmed: two looks at the same keys lead to another stage, and there the
 *   rotation is over or there is a way on again.
 * To be reminded is none.
 */
function hasWayOn(situation: Situation, as: Role): boolean {
  return leadsOn(situation, as) || dateComes(situation, as) || settles(situation, as);
}

function leadsOn({ user, policy, now }: Situation, as: Role): boolean {
  return movesOffered(situated(user, policy, now), as).some((move) => LEADS_ON[move]);
}

/** Where nobody owns it, or who does is in doubt, an admin has something to decide. */
function ownerGoesOn(situation: Situation): boolean {
  const { user, policy, now } = situation;
  const isOpenForAdmins = matters(user, policy, now).length > 0;
  const mayAct = addressOf(user.owner) !== undefined && !user.ownerChange;
  return isOpenForAdmins || (mayAct && hasWayOn(situation, 'owner'));
}

/** Opted out, and nothing begun. */
function rests({ exempt, rotation }: IamUser): boolean {
  return exempt?.kind === 'until' && (rotation?.stage === 'due' || rotation?.stage === 'postponed');
}

/** Somebody else who could own it. */
const CHLOE: Owner = { kind: 'person', slackId: 'U0CHLOE', from: 'link' };

/** Naming an owner ends the matter, and that owner is to be told. */
/** Whoever is named hears at once, unless there is nothing to press because what AWS shows ends it by itself. */
function endsByAssigning(situation: Situation, matter: MatterKind): boolean {
  const { user, policy, now } = situation;
  const assigned = assignedTo(user, CHLOE, now);
  if (!assigned || matters(assigned, policy, now).some(({ kind }) => kind === matter)) return false;
  return owesReminder(assigned, policy, now) || settles({ ...situation, user: assigned }, 'admin');
}

/** What each matter gives an admin to press: on its message, or on the card that the message brings. */
const DECIDED: Record<MatterKind, (situation: Situation) => boolean> = {
  timeAsked: (situation) =>
    goesThrough(situation, 'approve', 'admin') && goesThrough(situation, 'decline', 'admin'),
  // Its message has a button for each of the two, if Slack knows them.
  ownerChanged: (situation) => {
    const { owner, ownerChange } = situation.user;
    const isNamed = [owner, ownerChange?.to].some((one) => one && addressOf(one) !== undefined);
    return isNamed && endsByAssigning(situation, 'ownerChanged');
  },
  notMine: (situation) => endsByAssigning(situation, 'notMine'),
  ownerLeft: (situation) => endsByAssigning(situation, 'ownerLeft'),
  noOwner: (situation) => endsByAssigning(situation, 'noOwner'),
  silence: (situation) => endsByAssigning(situation, 'silence') && hasWayOn(situation, 'admin'),
  bothNeeded: (situation) => hasWayOn(situation, 'admin'),
  nothingWorks: (situation) => goesThrough(situation, 'reactivate', 'admin') || settles(situation, 'admin'),
};

/** Admins hear again after no longer than this, in days. */
const LONGEST = 4 * POLICY.escalateDays;

/** How long, in days, admins hear nothing at most from the day on which it is due, while nobody does anything for a year. */
function longestSilence(situation: Situation): number {
  const { user, policy, now } = situation;
  const rotation = rotationOf(user);
  const due = isOff(rotation) ? graceEndsAt(rotation, policy) : deadlineOf(rotation, policy, now);
  const until = now + 365 * DAY;
  const moments: Instant[] = [];
  let isPressable = true;
  const end = nothingDone(user, policy, { from: now, until }, (heard) => {
    moments.push(heard.at);
    const standing = { ...situation, user: heard.user, now: heard.at };
    isPressable &&= heard.matters.every((kind) => DECIDED[kind](standing));
  });
  if (!isPressable) return Number.POSITIVE_INFINITY;
  if (rests(end)) return 0;
  const over = end.rotation && isClosed(end.rotation) ? end.rotation.closedAt : until;
  const from = Math.max(now, due);
  const heard = [from, ...moments.filter((at) => at > from && at < over), Math.max(from, over)];
  return Math.max(...heard.slice(1).map((at, nth) => (at - (heard[nth] ?? at)) / DAY));
}

function dateComes({ user, policy }: Situation, as: Role): boolean {
  const rotation = rotationOf(user);
  if (rotation.stage === 'postponed') return true;
  return (
    isOff(rotation) &&
    movesOffered(situated(user, policy, graceEndsAt(rotation, policy)), as).includes('delete')
  );
}

function settles(situation: Situation, as: Role): boolean {
  const user = looked(situation, 2);
  if (!user.rotation || user.rotation.history.length === 0) return false;
  return (
    isClosed(user.rotation) || hasWayOn({ ...situation, user: { ...user, rotation: unwritten(user) } }, as)
  );
}

/** Without its history, so that only what comes now is counted. */
function unwritten(user: IamUser): OpenRotation {
  return { ...rotationOf(user), history: [] };
}

/** What is filled in where a form asks for it. */
function inputFor({ user, policy, now }: Situation): Input {
  return { text: 'because', until: Math.max(now, deadlineOf(rotationOf(user), policy, now)) + DAY };
}

function verdictOn(situation: Situation, move: MoveName, as: Role, insist = false) {
  const { user, policy, now } = situation;
  const press: Press = { move, insist, as, input: inputFor(situation) };
  return judge(situated(user, policy, now), {
    ...press,
    move: moveMeant(situated(user, policy, now), press),
  });
}

/** Allowed at once, or once what was asked is answered with "anyway". */
function goesThrough(situation: Situation, move: MoveName, as: Role): boolean {
  const verdict = verdictOn(situation, move, as);
  if (verdict.verdict !== 'ask') return verdict.verdict === 'allowed';
  const { user, now } = situation;
  const question = { move, doubts: verdict.doubts, askedAt: now };
  return verdictOn({ ...situation, user: { ...user, question } }, move, as, true).verdict === 'allowed';
}

describe('in every situation', () => {
  it('its owner has a press or a date that leads on, or admins have something to decide', () => {
    expect(broken((situation) => rests(situation.user) || ownerGoesOn(situation), EVERY)).toEqual([]);
  });

  it('an admin has a press or a date that leads on', () => {
    expect(broken((situation) => hasWayOn(situation, 'admin'), EVERY)).toEqual([]);
  });

  it('each matter that is open can be settled by an admin', () => {
    const areDecided = (situation: Situation) =>
      matters(situation.user, situation.policy, situation.now).every(({ kind }) => DECIDED[kind](situation));
    expect(broken(areDecided, EVERY)).toEqual([]);
  });

  it('whoever still needs the old key, which is on, can get another in its place, or help', () => {
    const replaces: MoveName[] = [
      'createKey',
      'adopt',
      'switchKey',
      'clearSlot',
      'discardStranded',
      'keepBoth',
    ];
    const isHelped = ({ user, policy, now }: Situation) =>
      movesOffered(situated(user, policy, now), 'admin').some((move) => replaces.includes(move));
    const needs = ({ user: { rotation, keys } }: Situation) =>
      rotation?.stage === 'due' &&
      !rotation.bothNeeded &&
      findKey(keys, rotation.oldKeyId)?.status === 'Active';
    expect(broken((situation) => !needs(situation) || isHelped(situation))).toEqual([]);
  });

  it('whoever does nothing is told of to the admins again and again, with something to press', () => {
    expect(broken((situation) => longestSilence(situation) <= LONGEST, REACHED)).toEqual([]);
  });

  it.each(ROLES)('what is offered goes through, and what is not is refused, for the %s', (as) => {
    const agrees = (situation: Situation) => {
      const { user, policy, now } = situation;
      const offered = movesOffered(situated(user, policy, now), as);
      return movesAt(rotationOf(user).stage)
        .filter((move) => !isElsewhere(move))
        .every((move) => goesThrough(situation, move, as) === offered.includes(move));
    };
    expect(broken(agrees)).toEqual([]);
  });

  it('an owner in doubt may turn the key back on, and nothing else', () => {
    const waits = (situation: Situation) => {
      const { user, policy, now } = situation;
      if (!user.ownerChange) return true;
      const moves = movesAt(rotationOf(user).stage).filter((move) => move !== 'reactivate');
      const offered = movesOffered(situated(user, policy, now), 'owner').filter(
        (move) => move !== 'reactivate',
      );
      return (
        offered.length === 0 &&
        moves.every((move) => verdictOn(situation, move, 'owner').verdict === 'refused')
      );
    };
    expect(broken(waits)).toEqual([]);
  });

  it('the old key is not deleted while it is on or before its grace period is over, whoever insists', () => {
    const isSafe = (situation: Situation) => {
      const { user, policy, now } = situation;
      const rotation = rotationOf(user);
      const isOn = findKey(user.keys, rotation.oldKeyId)?.status === 'Active';
      const mayGo = !isOn && isOff(rotation) && now >= graceEndsAt(rotation, policy);
      return ROLES.every((as) => mayGo || !goesThrough(situation, 'delete', as));
    };
    expect(broken(isSafe)).toEqual([]);
  });

  it('no move that removes another key is about the old one, nor about the one in its place', () => {
    const isOther = ({ user, policy, now }: Situation) => {
      const own = [rotationOf(user).oldKeyId, replacementOf(rotationOf(user))?.keyId];
      const removing: MoveName[] = ['clearSlot', 'discardStranded'];
      return removing.every(
        (move) => !own.includes(keyMeant(situated(user, policy, now), move)?.id ?? 'none'),
      );
    };
    expect(broken(isOther)).toEqual([]);
  });

  it.each<[string, Partial<Snapshot>]>([
    ['the same keys', {}],
    ['no such user', { exists: false, keys: [] }],
    ['a user made anew', { userId: 'AIDAANOTHER000000001' }],
  ])('looks that show %s lead where the table says, and come to rest', (_, changes) => {
    const isSettled = (situation: Situation) => {
      const { rotation, unconfirmed } = looked(situation, ENOUGH, changes);
      const steps = rotation?.history.filter(({ by }) => by.kind === 'keyrotate') ?? [];
      // What shows only from the stage that a sighting led to is believed one look later, and that is all.
      const isAtRest = steps.every(({ at }) => at <= situation.now + 2 * QUARTER) && unconfirmed.length === 0;
      return isAtRest && steps.every(isInTheTable);
    };
    expect(broken(isSettled, WHATEVER_THE_USE)).toEqual([]);
  });

  it('there is a way on from where they lead', () => {
    const goesOn = (situation: Situation) => {
      const user = looked(situation, ENOUGH);
      if (!isOpen(user.rotation)) return true;
      return hasWayOn({ ...situation, user: { ...user, rotation: unwritten(user) } }, 'admin');
    };
    expect(broken(goesOn, WHATEVER_THE_USE)).toEqual([]);
  });
});

function isInTheTable({ what, from, to }: { what: string; from?: string; to: string }): boolean {
  const rows: Record<string, Record<string, string>> = SIGHTINGS;
  return from !== undefined && rows[from]?.[what] === to;
}

describe('no row of the table is dead', () => {
  it('every move goes through in some situation', () => {
    const rows = STAGES.flatMap((stage) => Object.keys(MOVES[stage]).map((move) => `${stage} ${move}`));
    const walked = new Set<string>();
    for (const situation of SITUATIONS) {
      const { stage } = rotationOf(situation.user);
      for (const move of movesAt(stage)) {
        const row = `${stage} ${move}`;
        if (!walked.has(row) && ROLES.some((as) => goesThrough(situation, move, as))) walked.add(row);
      }
    }
    expect(rows.filter((row) => !walked.has(row))).toEqual([]);
  });

  it('every sighting is seen in some situation', () => {
    const rows = OPEN_STAGES.flatMap((stage) => sightingsAt(stage).map((name) => `${stage} ${name}`));
    const seen = new Set<string>();
    for (const situation of WHATEVER_THE_USE) {
      for (const changes of [{}, { exists: false, keys: [] }])
        for (const { what, from } of looked(situation, 2, changes).rotation?.history ?? [])
          seen.add(`${from} ${what}`);
    }
    expect(rows.filter((row) => !seen.has(row))).toEqual([]);
  });
});
