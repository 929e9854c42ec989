// Somebody's IAM users with all their keys, as AWS has them now: their own for anybody, others' for admins.
import { beforeEach, describe, expect, it } from 'vitest';
import { HOUR } from '../../../src/domain/time.ts';
import { answerCommand } from '../../../src/usecases/commands/answer-command.ts';
import { OutsideError } from '../../../src/usecases/errors.ts';
import { NEVER, NOW, newKey, OLD, oldKey, rotationAt, userAt } from '../../domain/given.ts';
import {
  ACCOUNT,
  ANA,
  BEN,
  commandJob,
  mailOf,
  person,
  SAM,
  TEAM,
  TEST_ACCOUNT,
  worldForEach,
} from '../usecase-world.ts';

const world = worldForEach();

const list = (by = ANA, slackId?: string) =>
  answerCommand(commandJob({ name: 'list', ...(slackId && { slackId }) }, by), world.ports);
const names = () =>
  world.answers.map((answer) =>
    (answer as { users: { userName: string }[] }).users.map(({ userName }) => userName),
  );

describe('the list', () => {
  it('has all keys of all users, young ones and those that are off, in every account', async () => {
    const off = newKey({ status: 'Inactive', lastUse: NEVER });
    world.addIamUser('ci', { keys: [oldKey(), off] });
    world.addIamUser('backup', { account: TEST_ACCOUNT, keys: [] });
    world.addIamUser('bens', { tags: { mail: mailOf(BEN) } });
    await list();
    expect(world.answers).toEqual([
      {
        at: NOW,
        users: [
          { account: ACCOUNT, userName: 'ci', keys: [oldKey(), off] },
          { account: TEST_ACCOUNT, userName: 'backup', keys: [] },
        ],
        more: 0,
        ofChannels: 0,
        unanswered: [],
        channelsUnanswered: false,
      },
    ]);
  });

  it('is empty for whoever owns nothing', async () => {
    await list();
    expect(names()).toEqual([[]]);
  });

  it('goes by an admin’s link before the tags', async () => {
    const owner = { kind: 'person', slackId: BEN, from: 'link' } as const;
    const link = { to: { kind: 'person', slackId: BEN }, by: SAM, at: NOW } as const;
    await world.save(userAt('due', { userName: 'ci', link, owner }));
    world.addIamUser('ci');
    await list(ANA);
    await list(BEN);
    expect(names()).toEqual([[], ['ci']]);
  });

  it('leaves out what somebody said is not theirs, whatever the tags say', async () => {
    const disowned = { slackId: ANA, why: 'not mine', at: NOW };
    await world.save(
      userAt('deleted', { userName: 'ci', disowned, owner: { kind: 'nobody', why: 'disowned', named: [] } }),
    );
    world.addIamUser('ci');
    await list();
    expect(names()).toEqual([[]]);
  });

  it('has twenty users at most, and says how many more there are', async () => {
    for (let i = 0; i < 23; i += 1) world.addIamUser(`ci-${i}`, { keys: [oldKey({ id: `${OLD}${i}` })] });
    await list();
    expect(world.answers).toMatchObject([{ more: 3 }]);
    expect(names()[0]).toHaveLength(20);
  });

  it('has what is on record, with its time, of whom AWS cannot be asked in time, and counts the others', async () => {
    const seen = { keys: [oldKey()], keysSeenAt: NOW - 5 * HOUR };
    for (const userName of ['ci', 'etl']) {
      world.addIamUser(userName);
      await world.save(userAt('due', { userName, ...seen }));
    }
    world.addIamUser('young');
    let asked = 0;
    world.ports.timeLeft = () => (asked++ < 6 ? 60_000 : 39_000);
    await list();
    expect(world.answers).toMatchObject([
      { users: [{ userName: 'ci' }, { userName: 'etl', keys: [oldKey()], seenAt: NOW - 5 * HOUR }], more: 1 },
    ]);
    expect(world.answers[0]).not.toHaveProperty('users.0.seenAt');
  });

  it('asks AWS nothing more once there is no time, and says of which accounts something may be missing', async () => {
    world.addIamUser('young');
    await world.save(userAt('due', { userName: 'ci' }));
    world.ports.timeLeft = () => 39_000;
    await list();
    expect(world.answers).toMatchObject([
      { users: [{ userName: 'ci', seenAt: expect.any(Number) }], unanswered: [ACCOUNT, TEST_ACCOUNT] },
    ]);
    expect(world.asked).toEqual([]);
  });

  it('says which accounts could not be asked: what is missing may be there', async () => {
    await world.save(userAt('due', { userName: 'ci' }));
    world.addIamUser('ci');
    world.faults.iam = new OutsideError('busy', 'GetAccountAuthorizationDetails', 'Throttling');
    await list();
    expect(world.answers).toMatchObject([
      { users: [{ userName: 'ci', seenAt: expect.any(Number) }], unanswered: [ACCOUNT, TEST_ACCOUNT] },
    ]);
  });
});

describe('somebody else’s list', () => {
  it('is for admins, and says whose it is', async () => {
    world.addIamUser('ci');
    await list(SAM, ANA);
    expect(world.answers).toMatchObject([{ slackId: ANA, users: [{ userName: 'ci' }] }]);
  });

  it('is refused to everybody else, and AWS is not asked', async () => {
    world.addIamUser('ci');
    await list(BEN, ANA);
    expect(world.refused).toEqual([{ kind: 'adminsOnly' }]);
    expect(world.asked).toEqual([]);
  });

  it('of somebody Slack does not know is refused', async () => {
    await list(SAM, 'U0GHOST');
    expect(world.refused).toEqual([{ kind: 'personBarred', why: 'unknown' }]);
  });

  it('is one’s own when one names oneself', async () => {
    world.addIamUser('ci');
    await list(ANA, ANA);
    expect(names()).toEqual([['ci']]);
    expect(world.answers[0]).not.toHaveProperty('slackId');
  });
});

describe('what a private channel owns', () => {
  beforeEach(async () => {
    await world.addTeam([ANA], 'shared');
    world.addIamUser('shared', { tags: {} });
    world.addIamUser('ci');
  });

  it('is on its members’ lists, behind their own, with nothing due', async () => {
    await list(ANA);
    await list(BEN);
    expect(world.answers).toMatchObject([
      {
        users: [{ userName: 'ci' }, { userName: 'shared', channelId: TEAM, keys: [oldKey()] }],
        ofChannels: 1,
      },
      { users: [], ofChannels: 0 },
    ]);
    expect(world.answers[0]).not.toHaveProperty('users.0.channelId');
  });

  it('is on the list that an admin asks for', async () => {
    await list(SAM, ANA);
    expect(world.answers).toMatchObject([{ slackId: ANA, users: [{ userName: 'ci' }, { channelId: TEAM }] }]);
  });

  it('is on no list once the channel may not own any more', async () => {
    world.channels.set(TEAM, { mayOwn: false, members: [ANA] });
    await list();
    expect(names()).toEqual([['ci']]);
  });

  it('is counted, even where the list has no room for it', async () => {
    for (let i = 0; i < 20; i += 1) world.addIamUser(`ci-${i}`, { keys: [oldKey({ id: `${OLD}${i}` })] });
    await list();
    expect(world.answers).toMatchObject([{ more: 2, ofChannels: 1 }]);
  });

  it('is missing, and said to be, when Slack cannot be asked: one’s own is listed all the same', async () => {
    world.faults.channels = new OutsideError('unknown', 'users.conversations', 'ETIMEDOUT');
    await list();
    expect(world.answers).toMatchObject([{ users: [{ userName: 'ci' }], channelsUnanswered: true }]);
  });

  it('is in the status that an admin asks for', async () => {
    await world.ports.users.save({ ...(await world.load('shared')), rotation: rotationAt('due') });
    await answerCommand(commandJob({ name: 'status', slackId: ANA }, SAM), world.ports);
    expect(world.answers).toMatchObject([
      { slackId: ANA, lines: [{ userName: 'shared', channelId: TEAM }], channelsUnanswered: false },
    ]);
  });
});

it('nothing is shown to somebody who is barred', async () => {
  world.people.set(ANA, person(ANA, { barred: 'guest' }));
  world.addIamUser('ci');
  await list();
  expect(world.refused).toEqual([{ kind: 'personBarred', why: 'guest' }]);
  expect(world.asked).toEqual([]);
});
