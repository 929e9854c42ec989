// What is written down of a move: beside what else was noted meanwhile, and when nobody knows whether AWS did it.
import { beforeEach, describe, expect, it } from 'vitest';
import type { IamUser } from '../../src/domain/iam-user.ts';
import { applyMove } from '../../src/usecases/apply-move.ts';
import { NEVER, NOW, oldKey, userAt } from '../domain/given.ts';
import { ACCOUNT, ANA, lostAnswer, startWorld, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});

/** Ana retires the key; once AWS has turned it off, and before that is written down, something else is. */
function retired(meanwhile: (current: IamUser) => IamUser): Promise<void> {
  return retires(async () => {
    await world.ports.users.save(meanwhile(await world.load('ci')));
    return 'request-77';
  });
}

async function retires(setStatus: () => Promise<string>): Promise<void> {
  const keys = [oldKey({ lastUse: NEVER })];
  world.addIamUser('ci', { keys });
  const { card } = await world.save(userAt('due', { userName: 'ci', keys }));
  const { keys: keysOf } = world.ports;
  world.ports.keys = (account) => ({ ...keysOf(account), setStatus });
  await applyMove(
    {
      ...{ kind: 'click', id: 'click-1', account: ACCOUNT, userName: 'ci', move: 'retire' },
      ...{ insist: false, personId: ANA, place: { channel: card?.channel ?? '', ts: card?.ts ?? '' } },
    },
    world.ports,
  );
}

describe('a move is written down at once, with the id under which AWS has it', () => {
  it('beside a reminder that was noted meanwhile', async () => {
    const reminder = { channel: 'DANA', ts: '99' };
    await retired((user) => ({ ...user, card: reminder, notifiedAt: NOW + 1 }));
    const user = await world.load('ci');
    expect(user).toMatchObject({ rotation: { stage: 'retired' }, card: reminder, notifiedAt: NOW + 1 });
    expect(user.claim).toBeUndefined();
    expect(user.rotation?.history.at(-1)).toMatchObject({ what: 'retire', awsRequestIds: ['request-77'] });
  });
});

it('whoever has taken the move over meanwhile writes it down, and nobody else', async () => {
  const takenOver = (user: IamUser): IamUser => ({
    ...user,
    ...(user.claim && { claim: { ...user.claim, leaseUntil: user.claim.leaseUntil + 1 } }),
  });
  await expect(retired(takenOver)).rejects.toThrow('meanwhile');
  expect((await world.load('ci')).claim).toMatchObject({ move: 'retire' });
});

it('a move of which nobody knows whether AWS did it stays claimed, to be taken up at once, and is not on record as failed', async () => {
  await expect(retires(() => Promise.reject(lostAnswer()))).rejects.toThrow();
  const { claim, rotation } = await world.load('ci');
  expect(claim).toMatchObject({ move: 'retire', leaseUntil: NOW });
  expect(rotation?.stage).toBe('due');
  expect(rotation?.history.map(({ what }) => what)).not.toContain('retire');
});
