// A rotation at any age, because its owner or an admin asks for it.
import { beforeEach, describe, expect, it } from 'vitest';
import type { AccessKey } from '../../../src/domain/access-key.ts';
import { hasNews, owesReminder } from '../../../src/domain/agenda.ts';
import type { Claim, IamUser } from '../../../src/domain/iam-user.ts';
import type { Refusal } from '../../../src/domain/refusal.ts';
import { isUnfiled } from '../../../src/domain/rotation.ts';
import { DAY } from '../../../src/domain/time.ts';
import { answerCommand } from '../../../src/usecases/commands/answer-command.ts';
import { OutsideError, TryLater } from '../../../src/usecases/errors.ts';
import type { Target } from '../../../src/usecases/jobs.ts';
import {
  keysAt,
  MORE_TIME,
  NEW,
  NOW,
  newKey,
  OLD,
  oldKey,
  POLICY,
  rotationAt,
  userAt,
} from '../../domain/given.ts';
import {
  ACCOUNT,
  ANA,
  BEN,
  commandJob,
  mailOf,
  person,
  SAM,
  startAnew,
  TEAM,
  TEST_ACCOUNT,
  worldForEach,
} from '../usecase-world.ts';

const world = worldForEach();

const rotate = (by = ANA, target?: Target, ending?: string) =>
  answerCommand(
    commandJob({ name: 'rotate', ...(target && { target }), ...(ending && { ending }) }, by),
    world.ports,
  );
const CI: Target = { userName: 'ci' };
const YOUNG = { keys: [newKey()] };

describe('an owner who asks', () => {
  it('gets the card of a rotation of their one user, however young the key', async () => {
    world.addIamUser('ci', YOUNG);
    await rotate();
    expect(world.sent).toMatchObject([{ to: ANA, userNames: ['ci'] }]);
    expect(world.answers).toEqual([{ shown: 'ci' }]);
    expect(await world.load('ci')).toMatchObject({
      rotation: {
        stage: 'due',
        oldKeyId: NEW,
        contactedAt: NOW,
        history: [{ what: 'open', by: { kind: 'person', slackId: ANA, as: 'owner' } }],
      },
      notifiedAt: NOW,
    });
  });

  it('is asked which, when they own several', async () => {
    world.addIamUser('ci', YOUNG);
    world.addIamUser('backup', { ...YOUNG, account: TEST_ACCOUNT });
    await rotate();
    expect(world.answers).toEqual([{ which: [`${ACCOUNT}/ci`, `${TEST_ACCOUNT}/backup`] }]);
    expect(world.asked).toEqual([]);
    await rotate(ANA, { userName: 'backup' });
    expect(world.sent).toMatchObject([{ userNames: ['backup'] }]);
  });

  it('is asked which from what is on record, and AWS nothing, where that are several already', async () => {
    for (const userName of ['ci', 'etl']) {
      world.addIamUser(userName, YOUNG);
      await world.save(userAt('due', { userName }));
    }
    world.addIamUser('young', YOUNG);
    world.ports.keys = () => {
      throw new Error('AWS was asked');
    };
    await rotate();
    expect(world.answers).toEqual([{ which: [`${ACCOUNT}/ci`, `${ACCOUNT}/etl`], isOnRecord: true }]);
  });

  it.each<[string, () => void, Target | undefined, unknown]>([
    ['own nothing', () => {}, undefined, { kind: 'ownsNothing' }],
    ['name nobody', () => {}, CI, { kind: 'noSuchUser', userName: 'ci' }],
    [
      'have no key that is on',
      () => world.addIamUser('ci', { keys: [oldKey({ status: 'Inactive' })] }),
      CI,
      { kind: 'noKeyOn', userName: 'ci' },
    ],
  ])('is told when they %s', async (_, given, target, refusal) => {
    given();
    await rotate(ANA, target);
    expect(world.refused).toEqual([refusal]);
    expect(world.sent).toEqual([]);
  });
});

describe('a key named by its last four', () => {
  const open = async (user: IamUser) => {
    await world.save({ ...user, userName: 'ci' });
    world.addIamUser('ci', { keys: user.keys });
  };

  it.each([
    ['by its last four', 'QJLD'],
    ['by its whole id', NEW],
  ])('is rotated now, also where the other one is older: %s', async (_, ending) => {
    world.addIamUser('ci', { keys: [oldKey({ createdAt: NOW - 40 * DAY }), newKey()] });
    await rotate(ANA, CI, ending);
    expect(await world.load('ci')).toMatchObject({
      rotation: { stage: 'due', oldKeyId: NEW, history: [{ what: 'open', by: { slackId: ANA } }] },
    });
    expect(world.answers).toEqual([{ shown: 'ci' }]);
  });

  it('takes the place of another that waits to be replaced, and what was agreed about that one is over', async () => {
    const unconfirmed = [{ sighting: 'oldKeyOff', firstSeenAt: NOW - DAY } as const];
    await open(
      userAt('due', {
        keys: [oldKey(), newKey()],
        rotation: { ...rotationAt('due'), extendedTo: NOW + 30 * DAY, request: MORE_TIME },
        unconfirmed,
      }),
    );
    await rotate(ANA, CI, 'QJLD');
    const { rotation, unconfirmed: left } = await world.load('ci');
    expect(rotation).toMatchObject({
      ...{ stage: 'due', oldKeyId: NEW, oldKeyCreatedAt: newKey().createdAt },
      history: [{ what: 'switchKey', keyId: NEW, from: 'due', to: 'due', by: { slackId: ANA, as: 'owner' } }],
    });
    expect(rotation).not.toHaveProperty('extendedTo');
    expect(rotation).not.toHaveProperty('request');
    expect(left).toEqual([]);
    expect(world.sent).toMatchObject([{ to: ANA, userNames: ['ci'] }]);
  });

  it('shows the rotation that is open for it already, whatever its stage', async () => {
    await open(userAt('deactivated'));
    await rotate(ANA, CI, '4NOP');
    expect(await world.load('ci')).toMatchObject({ rotation: { stage: 'deactivated', history: [] } });
    expect(world.answers).toEqual([{ shown: 'ci' }]);
  });

  it('asked for by an admin is told to the owner, also where it takes another’s place', async () => {
    await open(userAt('due', { keys: [oldKey(), newKey()] }));
    await rotate(SAM, CI, 'QJLD');
    expect(world.adminCards).toEqual([{ to: SAM, userName: 'ci' }]);
    const user = await world.load('ci');
    expect([user.rotation?.oldKeyId, hasNews(user)]).toEqual([NEW, true]);
  });

  const off = newKey({ status: 'Inactive' });
  it.each<[string, IamUser | undefined, AccessKey[], string, Refusal]>([
    [
      'is none: the endings there are, are told',
      undefined,
      [oldKey(), newKey()],
      'WXYZ',
      { kind: 'noSuchKey', userName: 'ci', ending: 'WXYZ', keyIds: [OLD, NEW] },
    ],
    [
      'stands for two',
      undefined,
      [oldKey(), newKey({ id: 'AKIANEWNEWNEWNEW4NOP' })],
      '4NOP',
      { kind: 'noSuchKey', userName: 'ci', ending: '4NOP', keyIds: [OLD, 'AKIANEWNEWNEWNEW4NOP'] },
    ],
    ['is off already', undefined, [oldKey(), off], 'QJLD', { kind: 'keyOff', keyId: NEW }],
    [
      'is off already, beside one that waits to be replaced',
      userAt('due', { keys: [oldKey(), off] }),
      [oldKey(), off],
      'QJLD',
      { kind: 'keyOff', keyId: NEW },
    ],
    [
      'is the replacement',
      userAt('issued'),
      keysAt('issued'),
      'QJLD',
      { kind: 'keyIsReplacement', keyId: NEW, oldKeyId: OLD, stage: 'issued' },
    ],
    [
      'has no known secret',
      userAt('due', { keys: [oldKey(), newKey()], stranded: [NEW] }),
      [oldKey(), newKey()],
      'QJLD',
      { kind: 'otherKeyStranded', keyId: NEW },
    ],
    [
      'waits for the other one, which is off',
      userAt('retired', { keys: [...keysAt('retired'), newKey()] }),
      [...keysAt('retired'), newKey()],
      'QJLD',
      { kind: 'otherKeyFirst', oldKeyId: OLD, stage: 'retired' },
    ],
    [
      'waits for the other one, which was put off',
      userAt('postponed', { keys: [oldKey(), newKey()] }),
      [oldKey(), newKey()],
      'QJLD',
      { kind: 'otherKeyFirst', oldKeyId: OLD, stage: 'postponed' },
    ],
  ])('is refused where it %s', async (_, user, keys, ending, refusal) => {
    if (user) await world.save({ ...user, userName: 'ci' });
    world.addIamUser('ci', { keys });
    await rotate(ANA, CI, ending);
    expect(world.refused).toEqual([refusal]);
    expect(world.sent).toEqual([]);
    if (user) expect((await world.load('ci')).rotation).toEqual(user.rotation);
  });

  it('waits while a move on the other one is under way', async () => {
    const claim: Claim = {
      ...{ jobId: 'click-1', at: NOW, leaseUntil: NOW + DAY, knownKeyIds: [OLD] },
      move: 'createKey',
      actor: { kind: 'person', slackId: ANA, as: 'owner' },
      waits: true,
    };
    await open(userAt('due', { keys: [oldKey(), newKey()], claim }));
    await rotate(ANA, CI, 'QJLD');
    expect(world.refused).toEqual([{ kind: 'settling', move: 'createKey', until: NOW + DAY }]);
  });
});

describe('a member of a private channel that owns', () => {
  beforeEach(async () => {
    await world.addTeam([BEN], 'shared');
    world.addIamUser('shared', { ...YOUNG, tags: {} });
  });

  it('needs no name where it is the only one, and the card comes to the channel', async () => {
    await rotate(BEN);
    expect(world.sent).toMatchObject([{ to: TEAM, userNames: ['shared'] }]);
    expect(await world.load('shared')).toMatchObject({
      rotation: { history: [{ by: { kind: 'person', slackId: BEN, as: 'owner' } }] },
    });
  });

  it('is asked which, when they own another themselves', async () => {
    world.addIamUser('bens', { ...YOUNG, tags: { mail: mailOf(BEN) } });
    await rotate(BEN);
    expect(world.answers).toEqual([{ which: [`${ACCOUNT}/bens`, `${ACCOUNT}/shared`] }]);
  });

  it('is told to name one when Slack cannot be asked: one of several must not pass for the only one', async () => {
    world.addIamUser('bens', { ...YOUNG, tags: { mail: mailOf(BEN) } });
    world.faults.channels = new OutsideError('busy', 'users.conversations', 'ratelimited');
    await rotate(BEN);
    expect(world.refused).toEqual([{ kind: 'channelsUnanswered' }]);
    expect(world.sent).toEqual([]);
    await rotate(BEN, { userName: 'bens' });
    expect(world.sent).toMatchObject([{ to: BEN, userNames: ['bens'] }]);
  });
});

describe('an admin who asks', () => {
  it('gets a card of their own, and the owner is to hear of it', async () => {
    world.addIamUser('ci', YOUNG);
    await rotate(SAM, CI);
    expect(world.adminCards).toEqual([{ to: SAM, userName: 'ci' }]);
    expect(world.sent).toEqual([]);
    const user = await world.load('ci');
    expect(user.rotation?.history).toMatchObject([{ by: { kind: 'person', slackId: SAM, as: 'admin' } }]);
    expect(owesReminder(user, POLICY, NOW)).toBe(true);
  });

  it('does not set the owner’s bell ringing where a rotation is open already: nothing has happened', async () => {
    await world.save(userAt('issued', { userName: 'ci' }));
    world.addIamUser('ci', { keys: keysAt('issued') });
    await rotate(SAM, CI);
    expect(world.adminCards).toEqual([{ to: SAM, userName: 'ci' }]);
    const user = await world.load('ci');
    expect(user).toMatchObject({ rotation: { stage: 'issued', history: [] } });
    expect(hasNews(user)).toBe(false);
  });
});

describe('nobody else', () => {
  it('sets a rotation going, by name or by guess', async () => {
    world.addIamUser('ci', YOUNG);
    await rotate(BEN, CI);
    await rotate(BEN);
    expect(world.refused).toMatchObject([{ kind: 'notYours' }, { kind: 'ownsNothing' }]);
    expect(await world.isOnRecord('ci')).toBe(false);
  });

  it('goes by the tags where an admin said otherwise', async () => {
    const link = { to: { kind: 'person', slackId: ANA }, by: SAM, at: NOW } as const;
    const { rotation: _, ...linked } = userAt('due', { userName: 'ci', link });
    await world.save(linked);
    world.addIamUser('ci', { ...YOUNG, tags: { mail: mailOf(BEN) } });
    await rotate(BEN);
    expect(world.refused).toMatchObject([{ kind: 'ownsNothing' }]);
    await rotate(ANA);
    expect(world.sent).toMatchObject([{ to: ANA, userNames: ['ci'] }]);
  });

  it('goes by an old record whose owner was never told of anything: the tags are newer', async () => {
    const { notifiedAt: _, ...untold } = userAt('deleted', { userName: 'ci' });
    await world.save(untold);
    world.addIamUser('ci', { ...YOUNG, tags: { mail: mailOf(BEN) } });
    await rotate(BEN);
    expect(world.sent).toMatchObject([{ to: BEN, userNames: ['ci'] }]);
  });
});

describe('whom the tags name since the last rotation', () => {
  beforeEach(async () => {
    await world.save(userAt('deleted', { userName: 'ci' }));
    world.addIamUser('ci', { ...YOUNG, tags: { mail: mailOf(BEN) } });
  });

  const expectDoubt = async () => {
    expect(world.refused).toEqual([{ kind: 'ownerInDoubt' }]);
    expect(world.sent).toEqual([]);
    const user = await world.load('ci');
    expect(user).toMatchObject({
      owner: { slackId: ANA },
      ownerChange: { to: { slackId: BEN }, at: NOW },
      rotation: { stage: 'deleted' },
    });
    expect(hasNews(user)).toBe(true);
  };

  it.each([
    ['by name', CI],
    ['by guess', undefined],
  ])('cannot rotate (%s) until an admin decides, and the owner hears of it', async (_, target) => {
    await rotate(BEN, target);
    await expectDoubt();
  });

  it('does not take it from the owner, who cannot begin either until then', async () => {
    await rotate(ANA, CI);
    await expectDoubt();
  });

  it('may rotate once an admin has named them', async () => {
    await rotate(BEN, CI);
    await answerCommand(
      commandJob({ name: 'assign', target: CI, to: { kind: 'person', slackId: BEN } }, SAM),
      world.ports,
    );
    await rotate(BEN, CI);
    expect(world.sent).toMatchObject([{ to: BEN, userNames: ['ci'] }]);
  });

  it('takes over from somebody who left', async () => {
    world.people.set(ANA, person(ANA, { barred: 'deactivated' }));
    await rotate(BEN, CI);
    expect(world.sent).toMatchObject([{ to: BEN, userNames: ['ci'] }]);
  });

  it('is passed by, where an admin acts', async () => {
    await rotate(SAM, CI);
    expect(world.adminCards).toEqual([{ to: SAM, userName: 'ci' }]);
    expect(await world.load('ci')).toMatchObject({ owner: { slackId: ANA }, rotation: { stage: 'due' } });
  });

  it('is passed by, where the one who owned it until now is an admin as well', async () => {
    world.ports.directory.isAdmin = async (id) => id === ANA;
    await rotate(ANA, CI);
    expect(world.refused).toEqual([]);
    expect(world.adminCards).toEqual([{ to: ANA, userName: 'ci' }]);
  });

  it('is nobody of whom anything is noted, where somebody else asks', async () => {
    world.people.set('U0CY', person('U0CY'));
    await rotate('U0CY', CI);
    expect(world.refused).toMatchObject([{ kind: 'notYours', owner: { slackId: ANA } }]);
    expect((await world.load('ci')).ownerChange).toBeUndefined();
  });
});

describe('the rotation before', () => {
  const closed = () => world.save(userAt('deleted', { userName: 'ci' }));

  it('is filed before another takes its place', async () => {
    await closed();
    world.addIamUser('ci', YOUNG);
    await rotate(ANA, CI);
    expect(await world.load('ci')).toMatchObject({ rotation: { stage: 'due', oldKeyId: NEW } });
    expect(await world.ports.users.countClosed(ACCOUNT, NOW - 2 * DAY, NOW)).toBe(1);
  });

  it('is not lost when it cannot be filed: that is tried again first', async () => {
    await closed();
    world.addIamUser('ci', YOUNG);
    world.ports.users.file = () => Promise.reject(new OutsideError('unknown', 'PutItem', 'ETIMEDOUT'));
    await expect(rotate(ANA, CI)).rejects.toBeInstanceOf(TryLater);
    const { rotation } = await world.load('ci');
    expect([rotation?.stage, isUnfiled(rotation)]).toEqual(['deleted', true]);
  });
});

it('in preview nothing is set going', async () => {
  await startAnew(world, { ...POLICY, mode: 'preview' });
  world.addIamUser('ci', YOUNG);
  await rotate();
  expect(world.refused).toEqual([{ kind: 'previewOnly' }]);
  expect(world.sent).toEqual([]);
});
