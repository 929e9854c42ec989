// Walks the table: nothing unreachable, no dead end, and every stage × move judged one way or the other.
import { describe, expect, it } from 'vitest';
import type { IamUser } from '../../src/domain/iam-user.ts';
import { judge, movesOffered, type Press } from '../../src/domain/legality.ts';
import { DAY } from '../../src/domain/time.ts';
import {
  MOVE_NAMES,
  MOVES,
  type MoveName,
  movesAt,
  SIGHTINGS,
  STAGES,
  type Stage,
} from '../../src/domain/transitions.ts';
import {
  decidedAt,
  LATER,
  MORE_TIME,
  NEW,
  NOW,
  newKey,
  oldKey,
  POLICY,
  rotationAt,
  situated,
  userAt,
} from './given.ts';

const CLOSED: Stage[] = ['deleted', 'resolved'];
const OPEN = STAGES.filter((stage) => !CLOSED.includes(stage));

function targets(stage: Stage): Stage[] {
  const sightings: Partial<Record<Stage, Record<string, Stage>>> = SIGHTINGS;
  return [...Object.values(MOVES[stage]), ...Object.values(sightings[stage] ?? {})] as Stage[];
}

/** What each move needs beside its stage: keys as it wants them, and what a form asks for. */
const NEEDS: Partial<Record<MoveName, Partial<IamUser>>> = {
  adopt: { keys: [oldKey(), newKey()] },
  switchKey: { keys: [oldKey(), newKey({ createdAt: NOW - 80 * DAY })] },
  clearSlot: { keys: [oldKey(), newKey({ status: 'Inactive' })] },
  discardStranded: { keys: [oldKey(), newKey()], stranded: [NEW] },
  keepBoth: { keys: [oldKey(), newKey()] },
  confirmMigration: { keys: [oldKey(), newKey()] },
  keepOn: decidedAt(NOW),
  approve: { rotation: { ...rotationAt('due'), request: MORE_TIME } },
  decline: { rotation: { ...rotationAt('due'), request: MORE_TIME } },
  undoAdopt: { rotation: { ...rotationAt('issued'), replacement: { kind: 'adopted', keyId: NEW } } },
};

/** Asked twice whatever the evidence. */
const REMOVES_FOR_GOOD: MoveName[] = ['clearSlot', 'discardStranded'];

const readyFor = (move: MoveName, stage: Stage): IamUser =>
  userAt(stage, movesAt(stage).includes(move) ? NEEDS[move] : {});

function pressOf(move: MoveName): Press {
  const as = move === 'approve' || move === 'decline' ? 'admin' : 'owner';
  return { move, insist: false, as, input: LATER };
}

function reachableFrom(stage: Stage, seen = new Set<Stage>()): Set<Stage> {
  for (const next of targets(stage)) {
    if (seen.has(next)) continue;
    seen.add(next);
    reachableFrom(next, seen);
  }
  return seen;
}

describe('the table', () => {
  it.each(STAGES.filter((stage) => stage !== 'due'))('%s can be reached from due', (stage) => {
    expect(reachableFrom('due')).toContain(stage);
  });

  it.each(OPEN)('%s leads to a closed stage', (stage) => {
    expect([...reachableFrom(stage)].some((next) => CLOSED.includes(next))).toBe(true);
  });

  it.each(CLOSED)('nothing leads on from %s', (stage) => {
    expect(targets(stage)).toEqual([]);
  });

  it.each(OPEN)('every way from %s leads to a stage of the table', (stage) => {
    for (const target of targets(stage)) expect(STAGES).toContain(target);
  });

  it.each(OPEN)('%s offers its owner a way on', (stage) => {
    expect(movesOffered(situated(userAt(stage)))).not.toEqual([]);
  });
});

describe.each(STAGES)('at %s', (stage) => {
  it.each(MOVE_NAMES)('%s is judged by the table', (move) => {
    const verdict = judge(situated(readyFor(move, stage)), pressOf(move));

    if (CLOSED.includes(stage)) expect(verdict).toMatchObject({ refusal: { kind: 'nothingOpen' } });
    else if (movesAt(stage).includes(move))
      expect(verdict.verdict).toBe(REMOVES_FOR_GOOD.includes(move) ? 'ask' : 'allowed');
    else expect(verdict).toMatchObject({ refusal: { kind: 'notAtThisStage', stage, move } });
  });

  it('offers only moves that are then allowed', () => {
    const user = userAt(stage);
    for (const move of movesOffered(situated(user))) {
      // While nobody has fetched the new key, saying that it is in place is asked about.
      const verdict = move === 'confirmMigration' ? 'ask' : 'allowed';
      expect(judge(situated(user), pressOf(move)).verdict).toBe(verdict);
    }
  });

  it('allows nothing in preview', () => {
    for (const move of MOVE_NAMES) {
      const press = { ...pressOf(move), insist: true };
      const verdict = judge(situated(readyFor(move, stage), { ...POLICY, mode: 'preview' }), press);
      const kind = CLOSED.includes(stage) ? 'nothingOpen' : 'previewOnly';
      expect(verdict).toMatchObject({ refusal: { kind } });
    }
  });
});
