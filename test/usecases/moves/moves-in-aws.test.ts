// What each move does, at every stage that has it: to access keys in AWS no more and no less than its row says.
import { describe, expect, it } from 'vitest';
import type { Claim, IamUser } from '../../../src/domain/iam-user.ts';
import { type KeyRole, MOVE_ROWS } from '../../../src/domain/moves/rows.ts';
import {
  isOff,
  isOpen,
  type MoreTime,
  type OpenRotation,
  type Rotation,
  requestIn,
} from '../../../src/domain/rotation.ts';
import { DAY } from '../../../src/domain/time.ts';
import {
  MOVES,
  type MoveName,
  movesAt,
  OPEN_STAGES,
  type OpenStage,
} from '../../../src/domain/transitions.ts';
import type { Acting } from '../../../src/usecases/moves/effect.ts';
import { act } from '../../../src/usecases/moves/effects.ts';
import type { AccessKeys, Log, Vault } from '../../../src/usecases/ports.ts';
import { Secret } from '../../../src/usecases/secret.ts';
import { LATER, MORE_TIME, NEW, NOW, newKey, OLD, POLICY, userAt } from '../../domain/given.ts';
import { only } from '../../only.ts';

const OTHER = 'AKIAOTHEROTHEROTHERX';
const MADE = 'AKIAMADEMADEMADEMADE';
const KEYS: Record<KeyRole, string> = { old: OLD, new: NEW, other: OTHER, stranded: OTHER };

/** The keys that a move changed in AWS, and how; and the rotation that it led to. */
async function played(move: MoveName, stage: OpenStage): Promise<{ changes: string[]; rotation: Rotation }> {
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
    log: only<Log>({}),
    user,
    claim,
    keys,
    vault,
    resuming: false,
    policy: POLICY,
    now: () => NOW,
    timeLeft: () => 60_000,
  };
  const outcome = await act(move, rotation, acting);
  if (outcome.kind !== 'done') throw new Error(`${move} was not done, but ${outcome.kind}`);
  return { changes, rotation: outcome.rotation };
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
  return isOff(rotation) ? rotation : { ...rotation, request: MORE_TIME };
}

const ASKED_ANEW: MoreTime = {
  ...{ until: NOW + 10 * DAY, why: MORE_TIME.why, at: NOW },
  by: { kind: 'person', slackId: 'U0ANA', as: 'owner' },
};

/** A request for more time lasts until it is decided, the old key is off, or another key's turn comes first. */
function keptBy(move: MoveName, after: Rotation): MoreTime | undefined {
  if (move === 'askForTime') return ASKED_ANEW;
  const isOver = ['approve', 'decline', 'postpone', 'switchKey', 'reactivate', 'turnOffWhenQuiet'].includes(
    move,
  );
  return isOver || !isOpen(after) || isOff(after) ? undefined : MORE_TIME;
}

describe.each(OPEN_STAGES)('at %s', (stage) => {
  it.each(movesAt(stage))(
    '%s changes in AWS what its row says, and leads where the table says',
    async (move) => {
      const { inAws, about } = MOVE_ROWS[move];
      const said = about === 'noKey' ? inAws : `${inAws} ${KEYS[about]}`;
      const { changes, rotation } = await played(move, stage);
      expect(changes).toEqual(inAws === 'nothing' ? [] : [said]);
      expect(rotation.stage).toBe(targetOf(stage, move));
    },
  );

  it.each(movesAt(stage))('%s leaves a request for more time to be decided, or settles it', async (move) => {
    const { rotation } = await played(move, stage);
    expect(requestIn(rotation)).toEqual(keptBy(move, rotation));
  });
});
