// An IAM user under another name: its record follows, whatever breaks off on the way and whoever was there before.
import { describe, expect, it } from 'vitest';
import type { Claim, IamUser } from '../../../src/domain/iam-user.ts';
import { mattersToTell } from '../../../src/domain/matters.ts';
import { DAY, MINUTE } from '../../../src/domain/time.ts';
import { TryLater } from '../../../src/usecases/errors.ts';
import { attendUser } from '../../../src/usecases/night/attend-user.ts';
import {
  adminsTold,
  CARD,
  keysAt,
  MORE_TIME,
  NOW,
  newKey,
  oldKey,
  POLICY,
  rotationAt,
  userAt,
} from '../../domain/given.ts';
import { ACCOUNT, BEN, refusedByAws, worldForEach } from '../usecase-world.ts';

const world = worldForEach();

const inspect = (id = 'inspect-1', userName = 'old-name') =>
  attendUser({ kind: 'inspect', id, account: ACCOUNT, userName }, world.ports);
const recorded = (changes: Partial<IamUser> = {}) =>
  world.save(userAt('issued', { userName: 'old-name', ...changes }));
const renamed = () => world.addIamUser('new-name', { keys: keysAt('issued') });

describe('an IAM user that has another name now', () => {
  it('is on record under it, with its rotation and its card, and nothing is left under the old one', async () => {
    await recorded();
    renamed();
    await inspect();
    expect(await world.load('new-name')).toMatchObject({
      formerName: 'old-name',
      rotation: {
        stage: 'issued',
        openedAt: rotationAt('issued').openedAt,
        replacement: { storedAs: 'old-name' },
        history: [{ what: 'renamed', from: 'issued', to: 'issued', note: 'new-name' }],
      },
      messages: [CARD],
    });
    const { rotation, messages } = await world.load('old-name');
    expect([rotation, messages]).toEqual([undefined, []]);
  });

  it('is what all its messages show from now on, those to admins as well', async () => {
    const reader = { as: 'admins', matter: 'silence', level: 1, at: NOW } as const;
    const notice = { channel: 'C0ADMIN', ts: '7', reader, drawing: 'drawn' };
    await recorded({ messages: [{ ...CARD, drawing: 'drawn' }, notice] });
    renamed();
    await inspect();
    const { messages } = await world.load('new-name');
    expect(messages.map(({ ts, drawing }) => [ts, drawing])).toEqual([
      [CARD.ts, ''],
      ['7', ''],
    ]);
  });

  it('is looked at under it at once', async () => {
    await recorded();
    renamed();
    await inspect();
    expect(world.put).toEqual([
      { kind: 'inspect', id: 'inspect-1/renamed', account: ACCOUNT, userName: 'new-name' },
    ]);
    await inspect('inspect-2', 'new-name');
    expect((await world.load('new-name')).arn).toBe(`arn:aws:iam::${ACCOUNT}:user/new-name`);
  });

  it('keeps the name under which its secret lies when it is renamed once more', async () => {
    await recorded();
    renamed();
    await inspect();
    world.iam.clear();
    world.addIamUser('third-name', { keys: keysAt('issued') });
    await inspect('inspect-2', 'new-name');
    expect(await world.load('third-name')).toMatchObject({
      formerName: 'new-name',
      rotation: { replacement: { storedAs: 'old-name' } },
    });
  });

  it('is followed once when the first attempt died before the old record was emptied', async () => {
    await recorded();
    renamed();
    const { save } = world.ports.users;
    world.ports.users.save = async (user) => {
      if (user.userName === 'old-name') throw new Error('the container died');
      return save(user);
    };
    await expect(inspect()).rejects.toThrow('the container died');
    world.ports.users.save = save;
    // Meanwhile the owner went on under the new name.
    const meanwhile = await world.load('new-name');
    await save({ ...meanwhile, rotation: { ...rotationAt('confirmed'), history: [] } });
    await inspect('inspect-1');
    expect((await world.load('new-name')).rotation?.stage).toBe('confirmed');
    expect((await world.load('old-name')).rotation).toBeUndefined();
  });

  it('takes the place of a rotation that a look has just begun under the new name', async () => {
    await recorded();
    renamed();
    await inspect('inspect-0', 'new-name');
    expect((await world.load('new-name')).rotation?.stage).toBe('due');
    await inspect();
    expect((await world.load('new-name')).rotation?.stage).toBe('issued');
  });

  it('leaves a rotation alone in which somebody has done something under the new name', async () => {
    await recorded();
    renamed();
    await world.save(userAt('confirmed', { userName: 'new-name' }));
    await inspect();
    expect((await world.load('new-name')).rotation?.stage).toBe('confirmed');
    world.goTo(NOW + 16 * MINUTE);
    await inspect('inspect-2');
    expect((await world.load('old-name')).rotation?.stage).toBe('resolved');
  });

  it('waits while somebody else’s rotation is open under the new name', async () => {
    await recorded();
    renamed();
    await world.save(userAt('due', { userName: 'new-name', userId: 'AIDASOMEBODYELSE00001' }));
    for (const day of [1, 2]) {
      world.goTo(NOW + day * DAY);
      await inspect(`inspect-${day}`);
    }
    expect((await world.load('old-name')).rotation?.stage).toBe('issued');
  });

  it('waits while a move is under way under the new name', async () => {
    await recorded();
    renamed();
    const claim: Claim = {
      jobId: 'click-1',
      move: 'createKey',
      actor: { kind: 'person', slackId: BEN, as: 'owner' },
      at: NOW,
      leaseUntil: NOW + MINUTE,
      knownKeyIds: [],
    };
    await world.save(userAt('due', { userName: 'new-name', claim }));
    await expect(inspect()).rejects.toThrow(TryLater);
    expect((await world.load('old-name')).rotation?.stage).toBe('issued');
  });

  it('keeps what an admin said about the new name', async () => {
    const link = { to: { kind: 'person', slackId: BEN }, by: 'U0SAM', at: NOW } as const;
    await recorded();
    renamed();
    const { rotation: _, ...nothingOpen } = userAt('due', { userName: 'new-name', link, messages: [] });
    await world.save(nothingOpen);
    await inspect();
    expect((await world.load('new-name')).link).toEqual(link);
  });
});

describe('what admins were told of an IAM user that has another name now', () => {
  const asked = { rotation: { ...rotationAt('issued'), request: MORE_TIME } };
  const told = (changes: Partial<IamUser> = {}) =>
    adminsTold(userAt('issued', { userName: 'old-name', messages: [], ...asked, ...changes }));

  it('is drawn anew: its buttons name the IAM user', async () => {
    await world.save(told());
    renamed();
    await inspect();
    await inspect('inspect-2', 'new-name');
    expect(world.redrawn).toEqual(['new-name']);
  });

  it('is drawn anew between rotations, too', async () => {
    const to = { kind: 'person', slackId: BEN, from: 'ownerTag' } as const;
    const rotation = { ...rotationAt('deleted'), isFiled: true } as const;
    await world.save(told({ rotation, ownerChange: { to, at: NOW }, keys: [newKey()] }));
    world.addIamUser('new-name', { keys: [newKey()], tags: { mail: 'ben@example.com' } });
    await inspect();
    await inspect('inspect-2', 'new-name');
    expect(world.redrawn).toEqual(['new-name']);
  });

  it('in a list is told anew under the new name, and the list is drawn without the old one', async () => {
    const [{ reader, ...message } = { reader: undefined }] = told().messages;
    const messages =
      reader?.as === 'admins' ? [{ ...CARD, ...message, reader: { ...reader, isList: true as const } }] : [];
    await world.save(told({ messages }));
    renamed();
    await inspect();
    expect(mattersToTell(await world.load('new-name'), POLICY, NOW)).toMatchObject([{ kind: 'timeAsked' }]);
    await inspect('tick-1');
    expect(world.put).toContainEqual(expect.objectContaining({ kind: 'redrawList', ts: messages[0]?.ts }));
    expect((await world.load('old-name')).messages).toEqual([]);
  });
});

describe('an IAM user that AWS has under no name', () => {
  it('is gone, once two looks have shown it', async () => {
    await recorded();
    world.addIamUser('new-name', { userId: 'AIDASOMEBODYELSE00001', keys: [oldKey(), newKey()] });
    await inspect();
    expect((await world.load('old-name')).rotation?.stage).toBe('issued');
    world.goTo(NOW + 16 * MINUTE);
    await inspect('inspect-2');
    expect((await world.load('old-name')).rotation?.stage).toBe('resolved');
    expect(await world.isOnRecord('new-name')).toBe(false);
  });

  it('is not gone while AWS does not say who there is', async () => {
    await recorded();
    world.ports.keys = ((keys) => (account: string) => ({
      ...keys(account),
      // biome-ignore lint/correctness/useYield: it fails before there is anything to yield
      async *all() {
        throw refusedByAws();
      },
    }))(world.ports.keys);
    for (const minutes of [0, 16, 32]) {
      world.goTo(NOW + minutes * MINUTE);
      await inspect(`inspect-${minutes}`);
    }
    expect(await world.load('old-name')).toMatchObject({
      rotation: { stage: 'issued' },
      failure: { what: 'look' },
    });
  });
});
