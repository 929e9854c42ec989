// What people see is brought up to date, whatever happens between showing it and noting that it was shown.
import { beforeEach, expect, it } from 'vitest';
import type { IamUser } from '../../src/domain/iam-user.ts';
import { settle } from '../../src/usecases/settle.ts';
import { showCard } from '../../src/usecases/show-card.ts';
import { userAt } from '../domain/given.ts';
import { ACCOUNT, ANA, lostAnswer, refusedBySlack, startWorld, type World } from './usecase-world.ts';

const FORMER = { channel: 'DANA', ts: '1' };

let world: World;

beforeEach(async () => {
  world = await startWorld();
});

/** The next record is written, and its writer does not hear of it. */
function losesTheNextAnswer(): void {
  const { users } = world.ports;
  world.ports.users = {
    ...users,
    async save(user) {
      world.ports.users = users;
      await users.save(user);
      throw lostAnswer();
    },
  };
}

it('what somebody wrote while the card was redrawn is drawn again: nobody knows which drawing came last', async () => {
  const user = await world.save(userAt('due', { userName: 'ci', owed: ['redraw'] }));
  const { redraw } = world.ports.messenger;
  world.ports.messenger.redraw = async (...args) => {
    await world.ports.users.save(user);
    return redraw(...args);
  };
  await settle(user, world.ports);
  expect((await world.load('ci')).owed).toEqual(['redraw']);
});

it('what admins were told is taken back when it could not be noted, and told again', async () => {
  const user = await announcing();
  world.ports.users = { ...world.ports.users, save: () => Promise.reject(lostAnswer()) };
  await settle(user, world.ports);
  expect(world.removed).toHaveLength(1);
  expect((await world.load('ci')).owed).toEqual(['announce']);
});

it('but not when only the answer was lost: its buttons count', async () => {
  const user = await announcing();
  losesTheNextAnswer();
  await settle(user, world.ports);
  expect(world.removed).toEqual([]);
  expect((await world.load('ci')).notice).toMatchObject({ news: { kind: 'unanswered' } });
});

it('a card that was sent is not taken back when only the answer of the table was lost', async () => {
  await world.save(userAt('due', { userName: 'ci', card: FORMER }));
  world.addIamUser('ci');
  losesTheNextAnswer();
  const place = { channel: 'DANA' };
  await showCard(
    { kind: 'show', id: 's', account: ACCOUNT, userName: 'ci', personId: ANA, place },
    world.ports,
  );
  expect(world.removed).toEqual([FORMER]);
  expect((await world.load('ci')).card).toEqual(world.sent[0]?.card);
});

it('a former card that Slack refuses to delete is left, and owed no longer', async () => {
  const user = await world.save(
    userAt('due', { userName: 'ci', formerCard: FORMER, owed: ['remove', 'redraw'] }),
  );
  world.ports.messenger.remove = () => Promise.reject(refusedBySlack());
  await settle(user, world.ports);
  const settled = await world.load('ci');
  expect([settled.owed, settled.formerCard, settled.failure]).toEqual([[], undefined, undefined]);
});

function announcing(): Promise<IamUser> {
  const news = [{ kind: 'unanswered' as const }];
  return world.save(userAt('due', { userName: 'ci', owed: ['announce'], news }));
}
