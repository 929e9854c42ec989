// What is seen of a channel's IAM users: as much as may be pressed, and not a line more.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Person } from '../../../src/domain/owner.ts';
import { channelUsers } from '../../../src/usecases/commands/channel-users.ts';
import { OutsideError } from '../../../src/usecases/errors.ts';
import { ANA, BEN, person, TEAM, worldForEach } from '../usecase-world.ts';

const world = worldForEach();

beforeEach(async () => {
  await world.addTeam([ANA], 'shared');
});

async function seenBy(slackId: string): Promise<string[] | 'unanswered'> {
  const users = await channelUsers(slackId, world.ports);
  return users === 'unanswered' ? users : users.map(({ userName }) => userName);
}

describe('what a channel owns', () => {
  it('is seen by its members alone', async () => {
    expect(await seenBy(ANA)).toEqual(['shared']);
    expect(await seenBy(BEN)).toEqual([]);
  });

  it('is seen no more by somebody who has left the channel', async () => {
    world.channels.set(TEAM, { mayOwn: true, members: [] });
    expect(await seenBy(ANA)).toEqual([]);
  });

  it('is seen by nobody once the channel is open or shared, though the record still names it', async () => {
    world.channels.set(TEAM, { mayOwn: false, members: [ANA] });
    expect(await seenBy(ANA)).toEqual([]);
  });

  it.each<NonNullable<Person['barred']>>(['guest', 'stranger', 'foreign', 'deactivated', 'bot'])(
    'is not seen by a member who is a %s',
    async (barred) => {
      world.people.set(ANA, person(ANA, { barred }));
      expect(await seenBy(ANA)).toEqual([]);
    },
  );

  it('is not seen by somebody Slack does not know', async () => {
    world.people.delete(ANA);
    expect(await seenBy(ANA)).toEqual([]);
  });
});

it('of the channels that own nothing Slack is asked no more', async () => {
  const asked: string[] = [];
  const { directory } = world.ports;
  world.ports.directory = {
    ...directory,
    privateChannelsOf: async () => ['C0QUIET', TEAM],
    channel: async (id) => {
      asked.push(id);
      return { mayOwn: true };
    },
  };
  expect(await seenBy(ANA)).toEqual(['shared']);
  expect(asked).toEqual([TEAM]);
});

describe('where Slack cannot be asked', () => {
  const failing = () => Promise.reject(new OutsideError('unknown', 'slack', 'ETIMEDOUT'));

  it.each(['privateChannelsOf', 'channel', 'person'] as const)(
    'nothing is seen, and that is no answer: %s',
    async (question) => {
      world.ports.directory = { ...world.ports.directory, [question]: failing };
      expect(await seenBy(ANA)).toBe('unanswered');
    },
  );
});

it('a bug is not taken for silence', async () => {
  const broken = () => Promise.reject(new TypeError('x is undefined'));
  world.ports.directory = { ...world.ports.directory, privateChannelsOf: broken };
  await expect(channelUsers(ANA, world.ports)).rejects.toThrow(TypeError);
});
