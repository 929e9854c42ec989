// An admin gives all of a row to somebody else: each as `assign` does, and what is no longer so is passed over.
import { beforeEach, expect, it } from 'vitest';
import type { IamUser } from '../../../src/domain/iam-user.ts';
import type { MatterKind } from '../../../src/domain/message.ts';
import { type Owner, ownerMark } from '../../../src/domain/owner.ts';
import { DAY, MINUTE } from '../../../src/domain/time.ts';
import { answerCommand } from '../../../src/usecases/commands/answer-command.ts';
import { NOW, rotationAt, userAt } from '../../domain/given.ts';
import { ACCOUNT, ANA, ANAS, BEN, lostAnswer, person, SAM, worldForEach } from '../usecase-world.ts';

const LATE = NOW + 14 * DAY;
const NOBODY: Owner = { kind: 'nobody', why: 'none', named: [] };

const world = worldForEach();

beforeEach(() => {
  world.goTo(LATE);
});

const given = (userName: string, changes: Partial<IamUser> = {}) =>
  world.save(userAt('due', { userName, owner: ANAS, ...changes }));
const handOver = ({
  matter = 'silence',
  owner = ANAS,
  to = BEN,
  by = SAM,
  list,
}: {
  list?: 'unanswered';
  matter?: MatterKind;
  owner?: Owner;
  to?: string;
  by?: string;
} = {}) =>
  answerCommand(
    {
      ...{
        kind: 'command',
        id: 'hand-1',
        askedAt: world.ports.now(),
        personId: by,
        place: { channel: 'CADMINS', ts: '1' },
      },
      command: {
        name: 'handOver',
        row: {
          ...{ of: { account: ACCOUNT, userName: 'one' }, matter, mark: ownerMark(owner) },
          ...(list && { list }),
        },
        to: { kind: 'person', slackId: to },
      },
    },
    world.ports,
  );
const answered = () => world.answers.at(-1);
const ownerOf = async (userName: string) => (await world.load(userName)).owner;

it('makes them owner by link of every IAM user of the row, on record, and to be told', async () => {
  for (const name of ['one', 'two']) await given(name);
  await given('three', { owner: { ...ANAS, slackId: SAM } });
  await world.listAsSilent('one', 'two');
  await handOver();
  const link = { to: { kind: 'person', slackId: BEN }, by: SAM, at: LATE };
  for (const name of ['one', 'two']) {
    const user = await world.load(name);
    expect(user).toMatchObject({ owner: { slackId: BEN, from: 'link' }, link });
    expect(user.rotation?.history.at(-1)).toMatchObject({
      what: 'assign',
      by: { slackId: SAM, as: 'admin' },
    });
    expect(user.notifiedAt).toBeUndefined();
  }
  expect(world.removed).toHaveLength(2);
  expect(await ownerOf('three')).toMatchObject({ slackId: SAM });
  expect(answered()).toMatchObject({ handedOver: { users: 2, passedOver: [] } });
});

it('passes over what belongs to another, is settled, or is gone, and says so', async () => {
  await given('one', { owner: { ...ANAS, slackId: SAM } });
  await given('two', { rotation: { ...rotationAt('postponed'), until: LATE + DAY } });
  await given('four');
  await world.listAsSilent('one', 'two', 'three', 'four');
  await handOver();
  expect(answered()).toMatchObject({
    handedOver: {
      users: 1,
      passedOver: [
        { userName: 'one', why: 'another' },
        { userName: 'two', why: 'settled' },
        { userName: 'three', why: 'gone' },
      ],
    },
  });
  expect(await ownerOf('two')).toMatchObject({ slackId: ANA });
});

it('passes over one whose rotation began after that was asked for, as of a user of the name by now', async () => {
  await given('one', { rotation: { ...rotationAt('due'), openedAt: LATE + MINUTE } });
  await handOver();
  expect(answered()).toMatchObject({
    handedOver: { users: 0, passedOver: [{ userName: 'one', why: 'settled' }] },
  });
  expect(await ownerOf('one')).toEqual(ANAS);
});

it('of one that nobody owns takes no other that nobody owns', async () => {
  for (const name of ['one', 'two']) await given(name, { owner: NOBODY });
  await handOver({ matter: 'noOwner', owner: NOBODY });
  expect(await ownerOf('one')).toMatchObject({ slackId: BEN });
  expect(await ownerOf('two')).toEqual(NOBODY);
});

it('counts all of a list that only the admin was shown, also where it comes again since its answer was lost', async () => {
  for (const name of ['one', 'two']) await given(name);
  world.faults.slack = lostAnswer();
  await expect(handOver({ list: 'unanswered' })).rejects.toThrow();
  world.faults.slack = undefined;
  await handOver({ list: 'unanswered' });
  expect(answered()).toMatchObject({ handedOver: { users: 2, passedOver: [] } });
  for (const name of ['one', 'two']) expect(await ownerOf(name)).toMatchObject({ slackId: BEN });
});

it('comes again after a crash, does the rest, and counts all', async () => {
  for (const name of ['one', 'two', 'three']) await given(name);
  await world.listAsSilent('one', 'two', 'three');
  let left = 3;
  world.ports.timeLeft = () => (left-- > 1 ? 60_000 : 1000);
  await expect(handOver()).rejects.toThrow('the rest of the row');
  world.ports.timeLeft = () => 60_000;
  world.faults.slack = lostAnswer();
  await expect(handOver()).rejects.toThrow('ETIMEDOUT');
  world.faults.slack = undefined;
  await handOver();
  expect(answered()).toMatchObject({ handedOver: { users: 3, passedOver: [] } });
  for (const name of ['one', 'two', 'three']) {
    const { rotation } = await world.load(name);
    expect(rotation?.history.filter(({ what }) => what === 'assign')).toHaveLength(1);
  }
});

it('is refused to whoever is no admin, and for whoever cannot own', async () => {
  await given('one');
  await handOver({ by: BEN });
  world.people.set('U0GUEST', person('U0GUEST', { barred: 'guest' }));
  await handOver({ to: 'U0GUEST' });
  expect(world.refused).toEqual([{ kind: 'adminsOnly' }, { kind: 'cannotOwn', who: 'person' }]);
  expect(await ownerOf('one')).toEqual(ANAS);
});
