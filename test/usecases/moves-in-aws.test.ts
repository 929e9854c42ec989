// What each move does to access keys in AWS is what its row says, at every stage that has it: no more, no less.
import { describe, expect, it } from 'vitest';
import type { Claim, IamUser } from '../../src/domain/iam-user.ts';
import { type KeyRole, MOVE_ROWS } from '../../src/domain/moves/rows.ts';
import { isOpen, type OpenRotation } from '../../src/domain/rotation.ts';
import { MOVES, type MoveName, movesAt, OPEN_STAGES, type OpenStage } from '../../src/domain/transitions.ts';
import type { Acting } from '../../src/usecases/effect.ts';
import { act } from '../../src/usecases/moves.ts';
import type { AccessKeys, Vault } from '../../src/usecases/ports.ts';
import { Secret } from '../../src/usecases/secret.ts';
import { LATER, MORE_TIME, NEW, NOW, newKey, OLD, userAt } from '../domain/given.ts';
import { only } from '../only.ts';

const OTHER = 'AKIAOTHEROTHEROTHERX';
const MADE = 'AKIAMADEMADEMADEMADE';
const KEYS: Record<KeyRole, string> = { old: OLD, new: NEW, other: OTHER, stranded: OTHER };

/** The keys that a move changed in AWS, and how. */
async function changesOf(move: MoveName, stage: OpenStage): Promise<string[]> {
  const changes: string[] = [];
  const claim = claimOf(move);
  const user = userWith(claim, stage);
  if (!isOpen(user.rotation)) throw new Error('every stage here is an open one');
  const rotation = asked(user.rotation);
  const keys = only<AccessKeys>({
    list: async () => user.keys,
    lastUse: async () => ({ seen: 'never' }),
    async create() {
      changes.push('createsKey');
      return { id: MADE, secret: new Secret('s'), status: 'Active', createdAt: NOW, requestId: 'request-1' };
    },
    async setStatus(_, id, status) {
      changes.push(`${status === 'Active' ? 'turnsOn' : 'turnsOff'} ${id}`);
      return 'request-1';
    },
    async remove(_, id) {
      changes.push(`deletes ${id}`);
      return 'request-1';
    },
  });
  const vault = only<Vault>({
    prepare: async () => undefined,
    store: async () => 'version-1',
    storedKeys: async () => new Map(),
  });
  const acting: Acting = {
    user,
    claim,
    keys,
    vault,
    resuming: false,
    now: () => NOW,
    timeLeft: () => 60_000,
  };
  const outcome = await act(move, rotation, acting);
  expect(outcome).toMatchObject({ kind: 'done', rotation: { stage: targetOf(stage, move) } });
  return changes;
}

function targetOf(stage: OpenStage, move: MoveName): string | undefined {
  const row: Partial<Record<MoveName, string>> = MOVES[stage];
  return row[move];
}

function claimOf(move: MoveName): Claim {
  const { about } = MOVE_ROWS[move];
  return {
    ...{ jobId: 'click-1', move, at: NOW, leaseUntil: NOW, knownKeyIds: [OLD, NEW], input: LATER },
    actor: { kind: 'person', slackId: 'U0ANA', as: 'owner' },
    ...((about === 'other' || about === 'stranded') && { keyId: OTHER }),
  };
}

function userWith({ move, keyId }: Claim, stage: OpenStage): IamUser {
  const user = userAt(stage);
  const other = newKey({ id: OTHER, status: move === 'clearSlot' ? 'Inactive' : 'Active' });
  return keyId ? { ...user, keys: [...user.keys, other] } : user;
}

function asked(rotation: OpenRotation): OpenRotation {
  return rotation.stage === 'due' ? { ...rotation, request: MORE_TIME } : rotation;
}

describe.each(OPEN_STAGES)('at %s', (stage) => {
  it.each(movesAt(stage))('%s changes in AWS what its row says', async (move) => {
    const { inAws, about } = MOVE_ROWS[move];
    const said = about === 'noKey' ? inAws : `${inAws} ${KEYS[about]}`;
    expect(await changesOf(move, stage)).toEqual(inAws === 'nothing' ? [] : [said]);
  });
});
