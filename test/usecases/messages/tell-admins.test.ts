// What admins read in their channel: each matter once, many alike in one message, and nothing that is not so any more.
import { beforeEach, describe, expect, it } from 'vitest';
import type { IamUser } from '../../../src/domain/iam-user.ts';
import type { MatterKind, SentMessage } from '../../../src/domain/message.ts';
import { DAY, HOUR } from '../../../src/domain/time.ts';
import { OutsideError } from '../../../src/usecases/errors.ts';
import { redrawList, tellAdmins } from '../../../src/usecases/messages/tell-admins.ts';
import { applyMove } from '../../../src/usecases/moves/apply-move.ts';
import { MORE_TIME, NOW, rotationAt, userAt } from '../../domain/given.ts';
import {
  ACCOUNT,
  BEN,
  lostAnswer,
  refusedBySlack,
  SAM,
  TEST_ACCOUNT,
  worldForEach,
} from '../usecase-world.ts';

/** A week past the deadline of the key. */
const LATE = NOW + 14 * DAY;

const world = worldForEach();

const tell = (...userNames: string[]) => {
  const users = userNames.map((userName) => ({ account: ACCOUNT, userName }));
  return tellAdmins({ kind: 'tellAdmins', id: 'tell-1', users }, world.ports);
};
const asking = (userName: string, changes: Partial<IamUser> = {}) =>
  world.save(userAt('due', { userName, rotation: { ...rotationAt('due'), request: MORE_TIME }, ...changes }));
const leaving = (userName: string) =>
  world.save(userAt('due', { userName, owner: { kind: 'nobody', why: 'left', named: [BEN] } }));
const silent = (userName: string) => world.save(userAt('due', { userName }));
const toBen = { to: { kind: 'person', slackId: BEN, from: 'ownerTag' }, at: NOW } as const;
const change = async (userName: string, changes: Partial<IamUser>) =>
  world.ports.users.save({ ...(await world.load(userName)), ...changes });

/** The messages in the admin channel that are on record with a user. */
const notices = async (userName: string) =>
  (await world.load(userName)).messages.filter(({ reader }) => reader.as === 'admins');
const matterOf = ({ reader }: SentMessage) => (reader.as === 'admins' ? reader.matter : undefined);

/** Something happens between a message and the note about it. */
function meanwhile(happens: () => Promise<unknown>): void {
  const { messenger } = world.ports;
  const { tellMatter, tellMatters } = messenger;
  messenger.tellMatter = async (...args) => {
    const card = await tellMatter(...args);
    await happens();
    return card;
  };
  messenger.tellMatters = async (...args) => {
    const card = await tellMatters(...args);
    await happens();
    return card;
  };
}

/** Slack fails to take some of what admins are to be told. */
function failing(
  error: OutsideError,
  isAbout: (userName: string, matter: MatterKind) => boolean,
): () => void {
  const { messenger } = world.ports;
  const { tellMatter } = messenger;
  messenger.tellMatter = async (user, reader) => {
    if (isAbout(user.userName, reader.matter)) throw error;
    return tellMatter(user, reader);
  };
  return () => {
    messenger.tellMatter = tellMatter;
  };
}

describe('a matter', () => {
  it('makes one message, which is on record with its user, and is not told again', async () => {
    await asking('ci');
    await tell('ci');
    await tell('ci');
    expect(world.told).toEqual([{ matter: 'timeAsked', userNames: ['ci'] }]);
    expect(await notices('ci')).toMatchObject([
      { ts: '1', reader: { as: 'admins', matter: 'timeAsked', level: 1, at: NOW } },
    ]);
  });

  it('of anybody else who has come due is told by the same job', async () => {
    await asking('ci');
    await leaving('other');
    await tell();
    expect(world.told).toEqual([
      { matter: 'timeAsked', userNames: ['ci'] },
      { matter: 'ownerLeft', userNames: ['other'] },
    ]);
  });

  it('does not take the place of another one: a request can still be approved where it was asked', async () => {
    const { keys } = await asking('ci');
    world.addIamUser('ci', { keys, tags: { mail: 'ben@example.com' } });
    await tell('ci');
    await change('ci', { ownerChange: toBen });
    world.goTo(NOW + DAY);
    await tell('ci');
    const [request, owner] = await notices('ci');
    expect([request, owner].map((one) => one && matterOf(one))).toEqual(['timeAsked', 'ownerChanged']);
    expect(world.removed).toEqual([]);
    await applyMove(
      {
        ...{ kind: 'click', id: 'click-1', account: ACCOUNT, userName: 'ci', move: 'approve' },
        ...{ insist: false, personId: SAM, place: { channel: '', ...request } },
      },
      world.ports,
    );
    expect(world.refused).toEqual([]);
    expect((await world.load('ci')).rotation?.stage).toBe('postponed');
  });

  it('that climbs is told anew, and takes the place of the older message about it alone', async () => {
    await asking('ci');
    await tell('ci');
    await change('ci', { ownerChange: toBen });
    world.goTo(NOW + DAY);
    await tell('ci');
    const [request] = await notices('ci');
    world.goTo(NOW + 7 * DAY);
    await tell('ci');
    expect(world.told.map(({ matter }) => matter)).toEqual(['timeAsked', 'ownerChanged', 'timeAsked']);
    expect(world.removed).toMatchObject([{ ts: request?.ts }]);
    expect((await notices('ci')).map(matterOf)).toEqual(['ownerChanged', 'timeAsked']);
  });

  it('that was settled while it was told is taken back, and on record with nobody', async () => {
    await asking('ci');
    meanwhile(() => change('ci', { rotation: rotationAt('due') }));
    await tell('ci');
    expect(world.removed).toMatchObject([{ ts: '1' }]);
    expect(await notices('ci')).toEqual([]);
  });

  it('that was settled before is not told', async () => {
    await asking('ci');
    await change('ci', { rotation: rotationAt('issued') });
    await tell('ci');
    expect(world.told).toEqual([]);
  });

  it('of a user in an account that may not be touched is passed over', async () => {
    await asking('ci');
    world.ports.accounts = [TEST_ACCOUNT];
    await tell('ci');
    expect(world.told).toEqual([]);
  });
});

describe('owners of three users who do not answer', () => {
  beforeEach(async () => {
    world.goTo(LATE);
    for (const name of ['one', 'two', 'three']) await silent(name);
  });

  it('make one list, on record with each of them, and two are told apart', async () => {
    await tell('one', 'two', 'three');
    expect(world.told).toMatchObject([{ matter: 'silence', userNames: { length: 3 } }]);
    for (const name of ['one', 'two', 'three'])
      expect(await notices(name)).toMatchObject([{ ts: '1', reader: { matter: 'silence', isList: true } }]);
    expect(await world.ports.records.list('1')).toMatchObject({ matter: 'silence', users: { length: 3 } });
  });

  it('are in no list that nobody could correct: one that cannot be put on record is taken back', async () => {
    world.ports.records = { ...world.ports.records, saveList: () => Promise.reject(lostAnswer()) };
    await expect(tell('one', 'two', 'three')).rejects.toThrow();
    expect(world.removed).toMatchObject([{ ts: '1' }]);
    expect(await notices('one')).toEqual([]);
  });

  it('are drawn without the one with whom it could not be noted, who is told anew', async () => {
    const { save } = world.ports.users;
    world.ports.users = {
      ...world.ports.users,
      save: (user) => (user.userName === 'two' ? Promise.reject(lostAnswer()) : save(user)),
    };
    await expect(tell('one', 'two', 'three')).rejects.toThrow();
    expect(world.put).toMatchObject([{ kind: 'redrawList', ts: '1' }]);
    world.ports.users = { ...world.ports.users, save };
    await tell('two');
    expect(await notices('two')).toMatchObject([{ ts: '2' }]);
  });

  it('are told anew as a list when it has lasted twice as long, and the older list is drawn without them', async () => {
    await tell('one', 'two', 'three');
    world.goTo(LATE + 7 * DAY);
    await tell('one', 'two', 'three');
    expect(world.told).toHaveLength(2);
    expect((await notices('one')).map(({ ts }) => ts)).toEqual(['2']);
    expect(world.put).toMatchObject([{ kind: 'redrawList', ts: '1' }]);
  });

  it('have the older list drawn anew also where it dies before all of them are noted', async () => {
    await tell('one', 'two', 'three');
    world.goTo(LATE + 7 * DAY);
    const { save } = world.ports.users;
    world.ports.users.save = () => Promise.reject(new Error('out of memory'));
    await expect(tell('one', 'two', 'three')).rejects.toThrow('out of memory');
    world.ports.users.save = save;
    expect(world.put).toMatchObject([
      { kind: 'redrawList', ts: '1' },
      { kind: 'redrawList', ts: '2' },
    ]);
  });

  it('who answered while the list was sent are not in it any more: it is drawn anew', async () => {
    meanwhile(() => change('two', { rotation: rotationAt('postponed') }));
    await tell('one', 'two', 'three');
    expect(await notices('two')).toEqual([]);
    expect(world.put).toMatchObject([{ kind: 'redrawList', ts: '1' }]);
  });

  it('who answer later stand in the list as it is then', async () => {
    const drawn: string[][] = [];
    world.ports.messenger.redrawMatters = async (_, users) => {
      drawn.push(users.map(({ rotation }) => rotation?.stage ?? ''));
      return 'redrawn';
    };
    await tell('one', 'two', 'three');
    await change('two', { rotation: rotationAt('issued') });
    await redrawList({ kind: 'redrawList', id: 'list-1', channel: 'DCADMINS', ts: '1' }, world.ports);
    expect(drawn.map((stages) => stages.sort())).toEqual([['due', 'due', 'issued']]);
  });
});

describe('a record that nobody can read', () => {
  beforeEach(() => {
    const { load } = world.ports.users;
    world.ports.users.load = async (id) => {
      if (id.userName === 'broken') throw new Error('USER#111122223333#broken CURRENT cannot be read');
      return load(id);
    };
  });

  it('keeps admins from hearing of no other user', async () => {
    await asking('broken');
    await asking('ci');
    await tell('broken');
    expect(world.told).toEqual([{ matter: 'timeAsked', userNames: ['ci'] }]);
  });

  it('keeps no list from being drawn anew', async () => {
    const drawn: string[] = [];
    world.ports.messenger.redrawMatters = async (_, users) => {
      drawn.push(...users.map(({ userName }) => userName));
      return 'redrawn';
    };
    await asking('ci');
    const users = ['broken', 'ci'].map((userName) => ({ account: ACCOUNT, userName }));
    const list = { channel: 'DCADMINS', ts: '1', matter: 'timeAsked', users, at: NOW } as const;
    await world.ports.records.saveList(list);
    await redrawList({ kind: 'redrawList', id: 'list-1', channel: 'DCADMINS', ts: '1' }, world.ports);
    expect(drawn).toEqual(['ci']);
  });
});

describe('a record that cannot be written', () => {
  const unwritable = (userName: string) => {
    const { save } = world.ports.users;
    world.ports.users.save = async (user) => {
      if (user.userName === userName) throw new OutsideError('refused', 'PutItem', 'ValidationException');
      return save(user);
    };
  };

  it('has the others of its list told once, and fails the job', async () => {
    for (const name of ['one', 'two', 'three']) await asking(name);
    unwritable('one');
    await expect(tell('one', 'two', 'three')).rejects.toThrow('ValidationException');
    for (const name of ['two', 'three']) {
      expect(await notices(name)).toMatchObject([{ ts: '1' }]);
      expect((await world.load(name)).failure).toBeUndefined();
    }
  });

  it('keeps admins from hearing of no other matter', async () => {
    await asking('one');
    await leaving('other');
    unwritable('one');
    await expect(tell('one', 'other')).rejects.toThrow('ValidationException');
    expect(await notices('other')).toMatchObject([{ reader: { matter: 'ownerLeft' } }]);
  });
});

describe('what Slack refuses', () => {
  it('is a failure on record, asked again an hour later, and keeps admins from nothing else', async () => {
    await asking('ci');
    await leaving('other');
    failing(refusedBySlack(), (_, matter) => matter === 'timeAsked');
    await tell('ci', 'other');
    expect(world.told).toEqual([{ matter: 'ownerLeft', userNames: ['other'] }]);
    expect((await world.load('ci')).failure).toMatchObject({
      ...{ what: 'notice', code: 'account_inactive', since: NOW, retryAt: NOW + HOUR },
    });
    expect((await world.load('other')).failure).toBeUndefined();
  });

  it('is no failure any more once it was told', async () => {
    await asking('ci', { messages: [] });
    const heal = failing(refusedBySlack(), () => true);
    await tell('ci');
    heal();
    world.goTo(NOW + HOUR);
    await tell('ci');
    expect(world.told).toHaveLength(1);
    expect((await world.load('ci')).failure).toBeUndefined();
  });

  it('of one is no failure of another that was told', async () => {
    await asking('one');
    await asking('two');
    failing(refusedBySlack(), (userName) => userName === 'two');
    await tell('one', 'two');
    expect((await world.load('one')).failure).toBeUndefined();
    expect((await world.load('two')).failure).toBeDefined();
  });

  it('of the owner’s messages is a failure still when admins were told', async () => {
    const failure = { since: NOW - DAY, what: 'message', code: 'user_disabled' };
    await asking('ci', { failure, messages: [] });
    await tell('ci');
    expect((await world.load('ci')).failure).toEqual(failure);
  });
});

it('what Slack did not answer fails the job, which comes again', async () => {
  await asking('ci');
  failing(lostAnswer(), () => true);
  await expect(tell('ci')).rejects.toThrow('ETIMEDOUT');
  expect((await world.load('ci')).failure).toBeUndefined();
});

it('a job that dies between a message and its note tells again: twice rather than never', async () => {
  await asking('ci');
  const { tellMatter } = world.ports.messenger;
  world.ports.messenger.tellMatter = async (...args) => {
    await tellMatter(...args);
    throw new Error('out of memory');
  };
  await expect(tell('ci')).rejects.toThrow('out of memory');
  world.ports.messenger.tellMatter = tellMatter;
  await tell('ci');
  expect(world.told).toHaveLength(2);
  expect(await notices('ci')).toMatchObject([{ ts: '2' }]);
});
