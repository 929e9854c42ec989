// What a look at one IAM user sets going: news for admins, awakenings, and the owner's one message.
import { beforeEach, describe, expect, it } from 'vitest';
import { isOutOfDate, owesReminder } from '../../../src/domain/agenda.ts';
import type { IamUser } from '../../../src/domain/iam-user.ts';
import { DAY, HOUR, MINUTE, startOfDay } from '../../../src/domain/time.ts';
import { shardOf } from '../../../src/domain/usage-ledger.ts';
import { tellAdmins } from '../../../src/usecases/messages/tell-admins.ts';
import { attendUser } from '../../../src/usecases/night/attend-user.ts';
import type { Vault } from '../../../src/usecases/ports.ts';
import {
  CARD,
  keysAt,
  MORE_TIME,
  NEVER,
  NEW,
  NOW,
  newKey,
  oldKey,
  POLICY,
  rotationAt,
  userAt,
} from '../../domain/given.ts';
import {
  ACCOUNT,
  ANA,
  BEN,
  mailOf,
  person,
  refusedByAws,
  refusedBySlack,
  SAM,
  startAnew,
  worldForEach,
} from '../usecase-world.ts';

const MONDAY = Date.parse('2026-11-23T08:00:00Z');
/** A week past the deadline of the key: a Friday. */
const LATE = NOW + 14 * DAY;

const world = worldForEach();

const attend = (id: string, userName = 'ci') =>
  attendUser({ kind: 'inspect', id, account: ACCOUNT, userName }, world.ports);
const tell = async () =>
  tellAdmins({ kind: 'tellAdmins', id: 'tell-1', users: [await world.load('ci')] }, world.ports);
const ci = (stage: Parameters<typeof userAt>[0], changes: Partial<IamUser> = {}) =>
  world.save(userAt(stage, { userName: 'ci', ...changes }));

describe('a rotation that nobody answers', () => {
  beforeEach(async () => {
    await ci('due', { notifiedAt: LATE });
    world.addIamUser('ci');
  });

  it('is for the admins a week past the deadline, by a job of their own, which the tick asks for once', async () => {
    world.goTo(startOfDay(LATE) - MINUTE);
    await attend('tick-1');
    expect(world.put).toEqual([]);
    world.goTo(LATE);
    await attend('tick-2');
    expect(world.put).toMatchObject([{ kind: 'tellAdmins' }]);
    await tell();
    world.goTo(LATE + DAY);
    await attend('tick-3');
    expect(world.told).toEqual([{ matter: 'silence', userNames: ['ci'] }]);
    expect(world.put).toHaveLength(1);
  });
});

describe('a user about whom something has come due', () => {
  const due = (id: string) =>
    attendUser({ kind: 'inspect', id, account: ACCOUNT, userName: 'ci', isDue: true }, world.ports);

  beforeEach(async () => {
    await ci('due', { notifiedAt: NOW - 10 * DAY });
    world.addIamUser('ci');
    world.asked.length = 0;
  });

  it('is not asked about once more within the hour, however often the tick finds them meanwhile', async () => {
    await due('tick-1');
    world.goTo(NOW + 59 * MINUTE);
    await due('tick-2');
    expect(world.put.map(({ kind }) => kind)).toContain('remind');
    expect(world.asked).toEqual([]);
    world.goTo(NOW + HOUR);
    await due('tick-3');
    expect(world.asked).not.toEqual([]);
  });

  it('is asked about each time where a channel owns it: others may have been let in since', async () => {
    await world.addTeam([ANA], 'teams');
    const user = await world.load('teams');
    await world.ports.users.save({ ...user, rotation: rotationAt('due'), keysSeenAt: NOW });
    world.addIamUser('teams');
    world.asked.length = 0;
    await attendUser(
      { kind: 'inspect', id: 'tick-1', account: ACCOUNT, userName: 'teams', isDue: true },
      world.ports,
    );
    expect(world.asked).not.toEqual([]);
  });

  it('is asked about when the sweep has seen something new', async () => {
    await attend('sweep-1');
    expect(world.asked).not.toEqual([]);
  });

  it('is asked about when something was seen once that is believed when it is seen twice', async () => {
    const user = await world.load('ci');
    await world.ports.users.save({
      ...user,
      unconfirmed: [{ sighting: 'oldKeyGone', firstSeenAt: NOW - 15 * MINUTE }],
    });
    await due('tick-1');
    expect(world.asked).not.toEqual([]);
  });
});

describe('a card that Slack refuses to change', () => {
  beforeEach(async () => {
    await ci('deleted');
    world.faults.slack = refusedBySlack();
    await attend('tick-1');
    world.faults.slack = undefined;
  });

  it('is a failure on record, and holds up nothing else', async () => {
    expect(await world.load('ci')).toMatchObject({
      messages: [CARD],
      rotation: { isFiled: true },
      failure: { since: NOW, what: 'redraw', code: 'account_inactive', retryAt: NOW + HOUR },
    });
  });

  it('is changed an hour later, though its rotation is over', async () => {
    world.goTo(NOW + HOUR);
    await attend('tick-2');
    expect(world.redrawn).toEqual(['ci']);
    const user = await world.load('ci');
    expect([isOutOfDate(user, POLICY, NOW + HOUR), user.failure]).toEqual([false, undefined]);
  });
});

it('a card that Slack refuses to change keeps admins from hearing of nothing, however often it is tried', async () => {
  await ci('due', { owner: { kind: 'nobody', why: 'left', named: [ANA] } });
  world.ports.messenger.redraw = () => Promise.reject(refusedBySlack());
  await attend('tick-1');
  for (const asked of world.put) if (asked.kind === 'tellAdmins') await tellAdmins(asked, world.ports);
  expect(world.told).toEqual([{ matter: 'ownerLeft', userNames: ['ci'] }]);
});

describe('a postponed rotation', () => {
  beforeEach(async () => {
    await ci('postponed');
    world.addIamUser('ci');
  });

  it('is due again on its date, with what was agreed on record, and its owner is to hear of it', async () => {
    world.goTo(MORE_TIME.until);
    await attend('tick-1');
    expect((await world.load('ci')).rotation).toMatchObject({
      stage: 'due',
      extendedTo: MORE_TIME.until,
      history: [{ what: 'wake', from: 'postponed', to: 'due', by: { kind: 'keyrotate' }, jobId: 'tick-1' }],
    });
    expect(world.put).toMatchObject([{ kind: 'remind', ownerId: ANA }]);
  });

  it('is not woken by a look that finds its key gone: that comes first', async () => {
    world.addIamUser('ci', { keys: [] });
    world.goTo(MORE_TIME.until - HOUR);
    await attend('sweep-1');
    world.goTo(MORE_TIME.until);
    await attend('tick-1');
    expect((await world.load('ci')).rotation?.stage).toBe('resolved');
  });
});

describe('another owner in the tags', () => {
  it('is held for the admins to decide, and told to them once', async () => {
    await ci('issued');
    world.addIamUser('ci', { tags: { mail: mailOf(BEN) }, keys: keysAt('issued') });
    await attend('sweep-1');
    await attend('sweep-2');
    await tell();
    await tell();
    expect(world.told).toEqual([{ matter: 'ownerChanged', userNames: ['ci'] }]);
    const user = await world.load('ci');
    expect(user).toMatchObject({
      owner: { kind: 'person', slackId: ANA },
      ownerChange: { to: { kind: 'person', slackId: BEN } },
    });
    expect(owesReminder(user, POLICY, NOW)).toBe(true);
  });
});

describe('the owner', () => {
  it('is written to by a job of their own, so that all they have to hear is one message', async () => {
    await ci('due');
    world.addIamUser('ci');
    await attend('tick-1');
    expect(world.put).toMatchObject([
      { kind: 'remind', ownerId: ANA, id: expect.stringMatching(/^remind\/U0ANA@/) },
    ]);
    expect(world.sent).toEqual([]);
  });

  it('is asked for with one id within five minutes, and another one later: SQS drops what it has seen', async () => {
    await ci('due');
    world.addIamUser('ci');
    for (const at of [NOW, NOW + 4 * MINUTE, NOW + 5 * MINUTE]) {
      world.goTo(at);
      await attend(`tick@${at}`);
    }
    const [first, second, third] = world.put.map(({ id }) => id);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it('is not written to after the look that found the key: the next tick has seen all of them', async () => {
    world.addIamUser('ci', { tags: { mail: mailOf(ANA) } });
    await attend('sweep-1');
    expect(await world.load('ci')).toMatchObject({ owner: { slackId: ANA }, rotation: { stage: 'due' } });
    expect(world.put).toEqual([]);
    await attend('tick-1');
    expect(world.put).toMatchObject([{ kind: 'remind', ownerId: ANA }]);
  });

  it('is shown what is true now: before a message AWS is asked anew', async () => {
    await ci('due');
    world.addIamUser('ci', { keys: [oldKey({ lastUse: NEVER })] });
    await attend('tick-1');
    expect((await world.load('ci')).keys).toMatchObject([{ lastUse: { seen: 'never' } }]);
  });

  it('hears of it also when AWS cannot be asked, which goes on record', async () => {
    await ci('due');
    world.faults.iam = refusedByAws();
    await attend('tick-1');
    expect(await world.load('ci')).toMatchObject({
      failure: { since: NOW, what: 'look', code: 'AccessDenied' },
    });
    expect(world.put).toMatchObject([{ kind: 'remind' }]);
  });
});

describe('a first look that is refused', () => {
  it('is noted for the summary, and asked for again by the next sweep alone', async () => {
    world.addIamUser('ci');
    world.faults.iam = refusedByAws();
    await attend('sweep@1');
    expect(await world.isOnRecord('ci')).toBe(false);
    expect(await world.ports.records.refusedLooks(ACCOUNT)).toEqual([
      { account: ACCOUNT, userName: 'ci', at: NOW, code: 'AccessDenied' },
    ]);
  });
});

describe('a grace period that ends at a weekend', () => {
  it('shows on the card at once, and the owner hears of it on Monday', async () => {
    const saturday = NOW + DAY;
    const rotation = { ...rotationAt('retired'), offSince: saturday - 7 * DAY };
    await ci('retired', { rotation, notifiedAt: NOW });
    world.addIamUser('ci', { keys: keysAt('retired') });
    world.goTo(saturday);
    await attend('tick-1');
    expect(world.redrawn).toEqual(['ci']);
    expect(world.put).toEqual([]);
    world.goTo(MONDAY);
    await attend('tick-2');
    expect(world.redrawn).toEqual(['ci']);
    expect(world.put).toMatchObject([{ kind: 'remind', ownerId: ANA }]);
  });
});

describe('a tag that opts out', () => {
  const exempt = { mail: mailOf(ANA), 'keyrotate:exempt': '2026-12-24 the vendor' };

  it('is remembered, and keeps the key from being rotated', async () => {
    world.addIamUser('ci', { tags: exempt });
    await attend('sweep-1');
    expect(await world.load('ci')).toMatchObject({ exempt: { kind: 'until', why: 'the vendor' } });
    expect((await world.load('ci')).rotation).toBeUndefined();
  });

  it('is forgotten when it is taken away, also where there is nothing else to remember', async () => {
    world.addIamUser('ci', { tags: exempt, keys: [newKey()] });
    await attend('sweep-1');
    world.addIamUser('ci', { keys: [newKey()] });
    await attend('sweep-2');
    expect((await world.load('ci')).exempt).toBeUndefined();
  });
});

describe('on record', () => {
  it('is nobody with nothing to remember', async () => {
    world.addIamUser('ci', { keys: [newKey()] });
    await attend('sweep-1');
    expect(await world.isOnRecord('ci')).toBe(false);
    await attend('tick-1');
    expect(await world.isOnRecord('ci')).toBe(false);
  });

  it('is when the secret was last opened, where keyrotate stored one', async () => {
    const opened = NOW - 3 * DAY;
    const asked: string[] = [];
    const lastOpened: Vault['lastOpened'] = async ({ userName }) => {
      asked.push(userName);
      return opened;
    };
    const { vault } = world.ports;
    world.ports.vault = () => ({ ...vault(ACCOUNT), lastOpened });
    await ci('issued');
    const rotation = { ...rotationAt('issued'), replacement: { kind: 'adopted', keyId: NEW } as const };
    await world.save(userAt('issued', { userName: 'adopted', rotation }));
    for (const userName of ['ci', 'adopted']) {
      world.addIamUser(userName, { keys: keysAt('issued') });
      await attend('sweep-1', userName);
    }
    expect(asked).toEqual(['ci']);
    expect((await world.load('ci')).secretOpenedOn).toBe(opened);
  });
});

describe('what the nightly reports told before', () => {
  const reportedAt = NOW - HOUR;
  const entry = { lastRotated: oldKey().createdAt, lastUsed: NOW - 9 * DAY };
  const remember = (longestSilence: number, version = 0) =>
    world.ports.records.saveLedger({
      ...{ account: ACCOUNT, ...shardOf('ci'), version, reportedAt },
      users: [{ userName: 'ci', keys: [entry], longestSilence }],
    });
  const silence = async () => (await world.load('ci')).longestSilence;

  it('is learnt at the first look, and not asked for again while the rotation is open', async () => {
    world.addIamUser('ci', {
      keys: [oldKey({ lastUse: { seen: 'used', at: NOW - 9 * DAY, service: 's3' } })],
    });
    await remember(6 * DAY);
    await attend('sweep-1');
    expect(await world.load('ci')).toMatchObject({ rotation: { stage: 'due' } });
    expect(await silence()).toBe(6 * DAY);

    await remember(20 * DAY, 1);
    await attend('sweep-2');
    expect(await silence()).toBe(6 * DAY);
  });

  it.each([
    ['learnt again when the next rotation opens', {}, 20 * DAY],
    ['not taken for that of somebody made anew under the name', { userId: 'AIDAMADEANEW000000001' }, 0],
  ])('is %s', async (_, changes, learnt) => {
    await ci('resolved', { rotation: { ...rotationAt('resolved'), isFiled: true } });
    world.addIamUser('ci', changes);
    await remember(20 * DAY);
    await attend('sweep-1');
    expect(await world.load('ci')).toMatchObject({ rotation: { stage: 'due' } });
    expect(await silence()).toBe(learnt);
  });
});

it('a stranded key whose secret is in the vault after all is no longer taken for one', async () => {
  const slow = newKey({ lastUse: NEVER });
  world.addIamUser('ci', { keys: [oldKey(), slow] });
  await ci('due', { stranded: [slow.id] });
  const { vault } = world.ports;
  world.ports.vault = () => ({
    ...vault(ACCOUNT),
    storedKeys: async () => new Map([[slow.id, 'version-9']]),
  });
  await attend('sweep-1');
  expect((await world.load('ci')).stranded).toEqual([]);
});

describe('a user made anew under its name', () => {
  const AIDA = 'AIDAMADEANEW000000001';
  const keyOf = (id: string) => oldKey({ id, createdAt: NOW - 83 * DAY });

  it.each([
    ['in preview, where nobody can be told of the end', 'preview', undefined],
    ['when whoever was linked has left, and comes back', 'live', 'deactivated'],
  ] as const)('owes nothing to the link of the one before: %s', async (_, mode, barred) => {
    await startAnew(world, { ...POLICY, mode });
    const ben = person(BEN);
    if (barred) world.people.set(BEN, { ...ben, barred });
    const to = { kind: 'person', slackId: BEN } as const;
    const linked = userAt('due', { userName: 'ci', link: { to, by: SAM, at: NOW }, messages: [] });
    await world.save({
      ...linked,
      owner: barred
        ? { kind: 'nobody', why: 'left', named: [BEN] }
        : { kind: 'person', slackId: BEN, from: 'link' },
    });
    await attend('gone-once');
    world.goTo(NOW + DAY);
    await attend('gone-twice');
    expect((await world.load('ci')).rotation?.stage).toBe('resolved');

    world.addIamUser('ci', {
      userId: AIDA,
      tags: { mail: mailOf(ANA) },
      keys: [keyOf('AKIATHEIRSTHEIRS0001')],
    });
    world.people.set(BEN, ben);
    for (const days of [2, 3]) {
      world.goTo(NOW + days * DAY);
      await attend(`anew-${days}`);
    }
    const user = await world.load('ci');
    expect(user).toMatchObject({ userId: AIDA, owner: { slackId: ANA }, rotation: { stage: 'due' } });
    expect(user.link).toBeUndefined();
  });
});
