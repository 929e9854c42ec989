// The card that somebody asked for, while the same user is changed by somebody else.
import { beforeEach, expect, it } from 'vitest';
import { showCard } from '../../src/usecases/show-card.ts';
import { oldKey, userAt } from '../domain/given.ts';
import { ACCOUNT, ANA, SAM, startWorld, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});

it.each([
  ['its owner', ANA, 'send'],
  ['an admin', SAM, 'sendToAdmin'],
] as const)('a card sent to %s that cannot be recorded is taken back', async (_, personId, sends) => {
  world.addIamUser('ci', { keys: [oldKey()] });
  const { card } = await world.save(userAt('due', { userName: 'ci' }));
  const send = world.ports.messenger[sends];
  world.ports.messenger[sends] = async (user, to) => {
    const sent = await send(user, to);
    await world.ports.users.save(await world.load('ci'));
    return sent;
  };
  const job = { kind: 'show', id: 'show-1', account: ACCOUNT, userName: 'ci', personId } as const;
  await expect(showCard({ ...job, place: { channel: 'D' } }, world.ports)).rejects.toThrow('meanwhile');
  expect(world.removed).toHaveLength(1);
  expect(world.removed).not.toEqual([card]);
  const { card: still, adminCard } = await world.load('ci');
  expect([still, adminCard]).toEqual([card, undefined]);
});
