// What people see is brought up to date, whatever happens between showing it and noting that it was shown.
import { expect, it } from 'vitest';
import type { IamUser } from '../../../src/domain/iam-user.ts';
import { DAY } from '../../../src/domain/time.ts';
import { showCard } from '../../../src/usecases/commands/show-card.ts';
import { bringUpToDate } from '../../../src/usecases/messages/bring-up-to-date.ts';
import { adminsTold, CARD, MORE_TIME, NOW, rotationAt, userAt } from '../../domain/given.ts';
import { ACCOUNT, ANA, lostAnswer, refusedBySlack, worldForEach } from '../usecase-world.ts';

const FAILED = { since: NOW - DAY, code: 'account_inactive' };
const FORMER = { ...CARD, ts: '0' };

const world = worldForEach();

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
  const user = await world.save(userAt('due', { userName: 'ci' }));
  const { redraw } = world.ports.messenger;
  world.ports.messenger.redraw = async (...args) => {
    world.ports.messenger.redraw = redraw;
    await world.ports.users.save({ ...user, notifiedAt: NOW });
    return redraw(...args);
  };
  await bringUpToDate(user, world.ports);
  const current = await world.load('ci');
  expect(current).toMatchObject({ notifiedAt: NOW, messages: [{ drawing: '' }] });
  await bringUpToDate(current, world.ports);
  expect(world.redrawn).toEqual(['ci', 'ci']);
});

it('a matter that came up again while it was drawn as settled is drawn once more, with its buttons', async () => {
  const asked = { rotation: { ...rotationAt('due'), request: MORE_TIME } };
  const told = await world.save(adminsTold(userAt('due', { userName: 'ci', messages: [], ...asked })));
  const settled = await world.ports.users.save({ ...told, rotation: rotationAt('due') });
  const { redraw } = world.ports.messenger;
  world.ports.messenger.redraw = async (...args) => {
    world.ports.messenger.redraw = redraw;
    await world.ports.users.save({ ...settled, ...asked });
    return redraw(...args);
  };
  await bringUpToDate(settled, world.ports);
  await bringUpToDate(await world.load('ci'), world.ports);
  expect(world.redrawn).toEqual(['ci', 'ci']);
});

it('a card that was sent is not taken back when only the answer of the table was lost', async () => {
  await world.save(userAt('due', { userName: 'ci', messages: [FORMER] }));
  world.addIamUser('ci');
  losesTheNextAnswer();
  const place = { channel: 'DANA' };
  await showCard(
    { kind: 'show', id: 's', account: ACCOUNT, userName: 'ci', personId: ANA, place },
    world.ports,
  );
  expect(world.removed).toEqual([FORMER]);
  expect((await world.load('ci')).messages).toMatchObject([{ ...world.sent[0]?.card }]);
});

it.each<[string, IamUser]>([
  ['a card is gone that could not be redrawn', userAt('due', { failure: { ...FAILED, what: 'redraw' } })],
  [
    'a copy is made that was refused',
    userAt('deleted', { messages: [], failure: { ...FAILED, what: 'redraw' } }),
  ],
  ['nothing is left to tell admins', userAt('due', { failure: { ...FAILED, what: 'notice' } })],
])('it is no failure any more once %s', async (_, failing) => {
  const user = await world.save({ ...failing, userName: 'ci' });
  world.ports.messenger.redraw = async () => 'gone';
  await bringUpToDate(user, world.ports);
  expect((await world.load('ci')).failure).toBeUndefined();
});

it('it is one still while anything is refused, or admins are to hear of something', async () => {
  const failure = { ...FAILED, what: 'notice' };
  const asked = { rotation: { ...rotationAt('due'), request: MORE_TIME } };
  const user = await world.save(userAt('due', { userName: 'ci', failure, ...asked }));
  await bringUpToDate(user, world.ports);
  expect((await world.load('ci')).failure).toEqual(failure);
});

it('a former card that Slack refuses to delete is left, and not tried again', async () => {
  const user = await world.save(userAt('due', { userName: 'ci', messages: [FORMER, CARD] }));
  world.ports.messenger.remove = () => Promise.reject(refusedBySlack());
  await bringUpToDate(user, world.ports);
  const { messages, failure } = await world.load('ci');
  expect([messages.map(({ ts }) => ts), failure]).toEqual([[CARD.ts], undefined]);
});
