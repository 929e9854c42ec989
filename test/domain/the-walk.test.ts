// The walk through every situation at every open stage: nobody is stuck, no button lies, and no key dies early.
import { describe, expect, it } from 'vitest';
import { findKey } from '../../src/domain/access-key.ts';
import { nextAt } from '../../src/domain/agenda.ts';
import type { IamUser, Input } from '../../src/domain/iam-user.ts';
import { judge, keyMeant, moveMeant, movesOffered, type Press } from '../../src/domain/legality.ts';
import { MOVE_ROWS } from '../../src/domain/moves/rows.ts';
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
import { DAY, MINUTE } from '../../src/domain/time.ts';
import {
  MOVES,
  type MoveName,
  movesAt,
  OPEN_STAGES,
  SIGHTINGS,
  STAGES,
  sightingsAt,
} from '../../src/domain/transitions.ts';
import { SITUATIONS, type Situation } from './every-situation.ts';
import { adminsTold, drawn, situated } from './given.ts';

const ROLES: Role[] = ['owner', 'admin'];

/** Whether a move takes the rotation on or back. The others put it off, or hand it to somebody else. */
const LEADS_ON: Record<MoveName, boolean> = {
  ...{ createKey: true, adopt: true, retire: true, switchKey: true, clearSlot: true, discardStranded: true },
  ...{ keepBoth: false, postpone: false, askForTime: false, approve: false, decline: false, notMine: false },
  ...{ resume: true, confirmMigration: true, discardNewKey: true, undoAdopt: true, reopen: true },
  ...{ deactivate: true, reactivate: true, delete: true },
};
/** Not on the card: a longer postponement turns into the one, the admins' message bears the others. */
const isElsewhere = (move: MoveName) => ['nowhere', 'onTheAdminsMessage'].includes(MOVE_ROWS[move].offered);

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
  const { userId, arn, owner, keys, exempt } = user;
  let seen = user;
  for (let i = 0; i < times; i += 1) {
    const at = now + i * QUARTER;
    const facts = {
      exists: true,
      userId,
      arn,
      owner: user.ownerChange?.to ?? owner,
      keys,
      ...(exempt && { exempt }),
    };
    seen = reconcile(user, seen, { at, jobId: 'look', ...facts, ...changes }, policy);
  }
  return seen;
}

/**
 * A way on, for the owner or for an admin, is
 * - a move that is offered and takes the rotation on or back: anything but putting it off or handing it over;
 * - a date that the card tells and that brings such a move by itself: with the end of the grace period comes `delete`,
 *   with the end of a postponement `resume`, pressed by nobody;
 * - a change made outside that is being confirmed: two looks at the same keys lead to another stage, and there the
 *   rotation is over or there is a way on again.
 * While the owner is in doubt, theirs is the admin's.
 */
function hasWayOn(situation: Situation, as: Role): boolean {
  const { user, policy, now } = situation;
  const offered = movesOffered(situated(user, policy, now), user.ownerChange ? 'admin' : as);
  return offered.some((move) => LEADS_ON[move]) || dateComes(situation, as) || settles(situation, as);
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
  it.each(ROLES)('there is a way on, for the %s', (as) => {
    expect(broken((situation) => hasWayOn(situation, as))).toEqual([]);
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

  it('something comes due by itself, unless the user is exempt and nothing was begun', () => {
    const rests = ({ user: { exempt, rotation } }: Situation) =>
      exempt?.kind === 'until' && rotation?.stage === 'due';
    // By itself: all messages are as they should be, and admins know what is open.
    const isPlanned = ({ user, policy, now }: Situation) =>
      nextAt(drawn(adminsTold(user, now, policy), now, policy), policy, now) !== undefined;
    const isCaredFor = (situation: Situation) => rests(situation) || isPlanned(situation);
    expect(broken(isCaredFor, WHATEVER_THE_USE)).toEqual([]);
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
      const steps = rotation?.history ?? [];
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
      return ROLES.every((as) =>
        hasWayOn({ ...situation, user: { ...user, rotation: unwritten(user) } }, as),
      );
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
