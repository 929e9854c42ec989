// Somebody opens the card of one IAM user, from a list that may be older than what AWS knows.
import { beforeEach, expect, it } from 'vitest';
import { showCard } from '../../../src/usecases/commands/show-card.ts';
import { CARD, oldKey, userAt } from '../../domain/given.ts';
import { ACCOUNT, ANA, SAM, worldForEach } from '../usecase-world.ts';

const user = { account: ACCOUNT, userName: 'ci' };
const inspect = { kind: 'inspect', id: 'show-1/gone', ...user };

const world = worldForEach();

beforeEach(async () => {
  await world.save(userAt('due', user));
});

const open = (personId = ANA) =>
  showCard({ kind: 'show', id: 'show-1', ...user, personId, place: { channel: 'D0ANA' } }, world.ports);

it('a user that AWS does not know any more is refused, and keyrotate does find out what became of it', async () => {
  await open();
  expect(world.refused).toEqual([{ kind: 'userGone' }]);
  expect(world.put).toEqual([inspect]);
});

it('so is one that was made anew under the name', async () => {
  world.addIamUser('ci', { userId: 'AIDAANEW' });
  await open();
  expect(world.refused).toEqual([{ kind: 'userRecreated' }]);
  expect(world.put).toEqual([inspect]);
});

it('of a user that is as recorded the card is shown, and there is nothing to find out', async () => {
  world.addIamUser('ci');
  await open();
  expect(world.sent).toMatchObject([{ to: ANA, userNames: ['ci'] }]);
  expect(world.put).toEqual([]);
});

it('of a card that comes to another conversation than the button stands in, its reader is told', async () => {
  world.addIamUser('ci');
  await showCard(
    { kind: 'show', id: 'show-1', ...user, personId: SAM, place: { channel: 'CADMINS' } },
    world.ports,
  );
  expect(world.answers).toEqual([{ shown: 'ci' }]);
});

it('of one that comes below its button there is nothing to tell', async () => {
  world.addIamUser('ci');
  world.ports.messenger.send = async () => ({ channel: 'D0ANA', ts: '9' });
  await open();
  expect(world.answers).toEqual([]);
});

it.each([
  ['its owner', ANA, 'send'],
  ['an admin', SAM, 'sendToAdmin'],
] as const)('a card sent to %s that cannot be recorded is taken back', async (_, personId, sends) => {
  world.addIamUser('ci', { keys: [oldKey()] });
  const send = world.ports.messenger[sends];
  world.ports.messenger[sends] = async (user, to) => {
    const sent = await send(user, to);
    await world.ports.users.save(await world.load('ci'));
    return sent;
  };
  await expect(open(personId)).rejects.toThrow('meanwhile');
  expect(world.removed).toHaveLength(1);
  expect(world.removed).not.toEqual([CARD]);
  expect((await world.load('ci')).messages).toEqual([CARD]);
});
