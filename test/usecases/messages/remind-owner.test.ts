// One message a day for an owner, whatever has come due; first contacts are spread; nothing is lost, nothing doubled.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { IamUser } from '../../../src/domain/iam-user.ts';
import { type HistoryEntry, isOpen } from '../../../src/domain/rotation.ts';
import { DAY, HOUR, MINUTE } from '../../../src/domain/time.ts';
import type { Stage } from '../../../src/domain/transitions.ts';
import { OutsideError } from '../../../src/usecases/errors.ts';
import { remindOwner } from '../../../src/usecases/messages/remind-owner.ts';
import { CARD, NOW, POLICY, rotationAt, SEEN, userAt } from '../../domain/given.ts';
import {
  ACCOUNT,
  ANA,
  BEN,
  lostAnswer,
  refusedBySlack,
  startAnew,
  TEST_ACCOUNT,
  worldForEach,
} from '../usecase-world.ts';

/** Friday is NOW; nobody is written to before nine o'clock on Monday in Madrid. */
const MONDAY = Date.parse('2026-11-23T08:00:00Z');
/** Three days before the deadline: the next reminder. */
const TUESDAY = NOW + 4 * DAY;

const world = worldForEach();

const remind = (id = 'remind-1', ownerId = ANA) => remindOwner({ kind: 'remind', id, ownerId }, world.ports);

/** Was told before, and is to be reminded: its deadline is a week away. */
const told = (userName: string, changes: Partial<IamUser> = {}) => userAt('due', { userName, ...changes });

/** Not yet told of; the smaller the number, the older the key. */
function fresh(userName: string, ageDays = 83, owner = ANA): IamUser {
  const { contactedAt: _, ...rotation } = rotationAt('due');
  const { notifiedAt: __, ...user } = userAt('due', { userName, messages: [] });
  return {
    ...user,
    owner: { kind: 'person', slackId: owner, from: 'ownerTag', timeZone: 'Europe/Madrid' },
    rotation: { ...rotation, oldKeyCreatedAt: NOW - ageDays * DAY },
  };
}

const contactedAt = ({ rotation }: IamUser) => (isOpen(rotation) ? rotation.contactedAt : undefined);
const cards = (user: IamUser) => user.messages.map(({ channel, ts }) => ({ channel, ts }));
const sentCard = (at = 0) => world.sent[at]?.card;

/** What the sweep saw after the message was sent. */
const seen = (to: Stage, at = NOW + MINUTE): HistoryEntry => ({
  ...{ at, jobId: 'sweep-1', what: 'oldKeyOff', outcome: 'done', by: { kind: 'keyrotate' } },
  ...{ to, evidence: [], awsRequestIds: [] },
});

describe('a reminder', () => {
  it('is not begun while Slack takes no message: nothing is noted that would be taken back', async () => {
    await world.save(fresh('ci'));
    const busy = new OutsideError('busy', 'chat.postMessage', 'ratelimited', { retryAfter: 9 });
    world.ports.messenger.readyToSend = () => {
      throw busy;
    };
    const takes = vi.spyOn(world.ports.records, 'takeContacts');
    const notes = vi.spyOn(world.ports.records, 'saveOwner');
    await expect(remind()).rejects.toBe(busy);
    expect([takes, notes].map(({ mock }) => mock.calls.length)).toEqual([0, 0]);
    expect(world.sent).toEqual([]);
  });

  it('is the card of the one user that it is about, in place of the one before', async () => {
    await world.save(told('ci'));
    await remind();
    expect(world.sent).toMatchObject([{ to: ANA, userNames: ['ci'] }]);
    expect(await world.load('ci')).toMatchObject({
      notifiedAt: NOW,
      messages: [{ ...sentCard(), reader: { as: 'owner', id: ANA } }],
    });
    expect(world.removed).toEqual([CARD]);
  });

  it('tells of the first deadline from the first word on', async () => {
    await world.save(fresh('ci', 400));
    await remind();
    expect(contactedAt(await world.load('ci'))).toBe(NOW);
    world.goTo(MONDAY);
    await remind('remind-2');
    expect(contactedAt(await world.load('ci'))).toBe(NOW);
  });

  it('is one message for several users, the oldest key first', async () => {
    await world.save(fresh('young', 77));
    await world.save(fresh('old', 300));
    await world.save(told('known'));
    await remind();
    expect(world.sent).toMatchObject([{ to: ANA, userNames: ['old', 'known', 'young'] }]);
    for (const name of ['old', 'known', 'young'])
      expect(await world.load(name)).toMatchObject({ notifiedAt: NOW });
  });

  it('takes the place of the last message about several', async () => {
    for (const name of ['a', 'b']) await world.save(told(name));
    await remind();
    world.goTo(TUESDAY);
    await remind('remind-2');
    expect(world.sent).toHaveLength(2);
    expect(world.removed).toMatchObject([sentCard()]);
  });

  it('leaves that one while only one of them is told of: the others have nothing else to press', async () => {
    for (const name of ['a', 'b']) await world.save(fresh(name));
    await remind();
    world.goTo(MONDAY);
    const a = await world.load('a');
    const history = [...(a.rotation?.history ?? []), { ...SEEN, at: MONDAY }];
    if (a.rotation) await world.ports.users.save({ ...a, rotation: { ...a.rotation, history } });
    await remind('remind-2');
    expect(world.sent.map(({ userNames }) => userNames)).toEqual([['a', 'b'], ['a']]);
    expect(world.removed).toEqual([]);
  });

  it('welcomes whoever never heard of it, and only them', async () => {
    await world.save(fresh('ci'));
    await remind();
    world.goTo(MONDAY);
    await world.save(fresh('another'));
    await remind('remind-2');
    expect(world.sent.map(({ isFirst }) => isFirst)).toEqual([true, false]);
  });

  it('goes to nobody about a user that is not theirs, not due, exempt, or under a move', async () => {
    const claim: IamUser['claim'] = {
      ...{
        jobId: 'j',
        move: 'retire',
        actor: { kind: 'person', slackId: 'U0ANA', as: 'owner' },
        at: NOW,
        leaseUntil: NOW + HOUR,
      },
      knownKeyIds: [],
    };
    await world.save(fresh('bens', 83, BEN));
    await world.save(userAt('due', { userName: 'quiet', notifiedAt: NOW }));
    await world.save(told('exempt', { exempt: { kind: 'until', until: NOW + DAY, why: '' } }));
    await world.save(told('moving', { claim }));
    await remind();
    expect(world.sent).toEqual([]);
  });
});

describe('an index that lags', () => {
  it('has nobody written to about what they have heard, or what is another’s by now', async () => {
    const heard = await world.save(told('heard'));
    const handedOver = await world.save(told('handed-over'));
    await world.ports.users.save({ ...heard, notifiedAt: NOW });
    await world.ports.users.save({ ...handedOver, owner: fresh('bens', 83, BEN).owner });
    const users = { ...world.ports.users, ownedBy: async () => [heard, handedOver] };
    await remindOwner({ kind: 'remind', id: 'remind-1', ownerId: ANA }, { ...world.ports, users });
    expect(world.sent).toEqual([]);
  });
});

describe('at most one a day', () => {
  it('what comes due later waits for the next working morning, and then comes', async () => {
    await world.save(told('first'));
    await remind();
    await world.save(told('second'));
    world.goTo(NOW + HOUR);
    await remind('remind-2');
    expect(world.sent).toHaveLength(1);
    expect(await world.load('second')).toMatchObject({ quietUntil: MONDAY, notifiedAt: NOW - DAY });
    world.goTo(MONDAY);
    await remind('remind-3');
    expect(world.sent.map(({ userNames }) => userNames)).toEqual([['first'], ['second']]);
    expect((await world.load('second')).quietUntil).toBeUndefined();
  });

  it('the same job again sends nothing more', async () => {
    await world.save(told('ci'));
    await remind();
    await remind();
    expect(world.sent).toHaveLength(1);
  });

  it('the day is that of the owner', async () => {
    const owner = { kind: 'person', slackId: ANA, from: 'ownerTag', timeZone: 'Pacific/Kiritimati' } as const;
    // Wednesday afternoon and Thursday morning there, on one day in UTC.
    world.goTo(Date.parse('2026-11-18T01:00:00Z'));
    const thursday = Date.parse('2026-11-18T20:00:00Z');
    const due = { ...rotationAt('due'), oldKeyCreatedAt: thursday - 89 * DAY, contactedAt: NOW - 30 * DAY };
    await world.save(told('ci', { owner, rotation: due, notifiedAt: NOW - 10 * DAY }));
    await remind();
    world.goTo(thursday);
    await remind('remind-2');
    expect(world.sent).toHaveLength(2);
  });
});

describe('first contacts', () => {
  it('are so many a day, the oldest keys first, and the rest comes on the next working morning', async () => {
    await startAnew(world, { ...POLICY, maxNewPerDay: 2 });
    await world.save(fresh('c', 80));
    await world.save(fresh('a', 300));
    await world.save(fresh('b', 200));
    await remind();
    expect(world.sent.map(({ userNames }) => userNames)).toEqual([['a', 'b']]);
    expect(await world.load('c')).toMatchObject({ quietUntil: MONDAY });
    world.goTo(MONDAY);
    await remind('remind-2');
    expect(world.sent.map(({ userNames }) => userNames)).toEqual([['a', 'b'], ['c']]);
  });

  it('of what somebody asked for waits behind no older key, and takes the place of none', async () => {
    await startAnew(world, { ...POLICY, maxNewPerDay: 1 });
    const by = { kind: 'person', slackId: 'U0SAM', as: 'admin' } as const;
    const { rotation, ...leaked } = fresh('leaked', 3, BEN);
    const history = [{ ...seen('due'), what: 'open' as const, by }];
    if (rotation) await world.save({ ...leaked, rotation: { ...rotation, history } });
    for (const [name, age] of [
      ['old', 200],
      ['older', 300],
    ] as const)
      await world.save(fresh(name, age));
    await remind('remind-2', BEN);
    await remind();
    expect(world.sent.map(({ userNames }) => userNames)).toEqual([['leaked'], ['older']]);
  });

  it('are counted over all owners, and those who were told before do not count', async () => {
    await startAnew(world, { ...POLICY, maxNewPerDay: 1 });
    await world.save(fresh('anas'));
    await world.save(fresh('bens', 83, BEN));
    const owner = { kind: 'person', slackId: BEN, from: 'ownerTag', timeZone: 'Europe/Madrid' } as const;
    await world.save(told('known', { owner }));
    await remind();
    await remind('remind-2', BEN);
    expect(world.sent.map(({ userNames }) => userNames)).toEqual([['anas'], ['known']]);
  });
});

describe('the day’s number of first contacts', () => {
  const LONDON = 'Europe/London';
  const at = (text: string) => world.goTo(Date.parse(text));
  /** Never told; in a time zone of its own. */
  const waiting = (userName: string, ageDays: number, timeZone: string, slackId: string): IamUser => ({
    ...fresh(userName, ageDays),
    owner: { kind: 'person', slackId, from: 'ownerTag', timeZone },
  });
  const told = () => world.sent.flatMap(({ userNames }) => userNames);

  beforeEach(async () => {
    await startAnew(world, { ...POLICY, maxNewPerDay: 1 });
  });

  it('is for the oldest key anywhere: a young one in Auckland does not take the place of an old one in Los Angeles', async () => {
    await world.save(waiting('auckland', 83, 'Pacific/Auckland', 'U0AUCK'));
    await world.save(waiting('angeles', 400, 'America/Los_Angeles', 'U0ANGE'));
    at('2026-11-17T00:30:00Z'); // Tuesday noon in Auckland, Monday afternoon in Los Angeles
    await remind('remind-1', 'U0AUCK');
    expect(told()).toEqual([]);
    at('2026-11-17T18:00:00Z'); // Tuesday morning in Los Angeles
    await remind('remind-2', 'U0ANGE');
    expect(told()).toEqual(['angeles']);
    at('2026-11-18T00:30:00Z'); // Wednesday noon in Auckland
    await remind('remind-3', 'U0AUCK');
    expect(told()).toEqual(['angeles', 'auckland']);
  });

  it('is for the oldest over all accounts', async () => {
    await world.save(waiting('young', 83, LONDON, ANA));
    await world.save({ ...waiting('old', 400, LONDON, BEN), account: TEST_ACCOUNT });
    await remind('remind-1', ANA);
    await remind('remind-2', BEN);
    expect(told()).toEqual(['old']);
  });

  it('keeps no place for whom Slack refuses, or for whom nothing can be asked', async () => {
    const failure = { since: NOW - DAY, what: 'message', code: 'account_inactive' };
    await world.save({ ...waiting('refused', 500, LONDON, BEN), failure });
    await world.save({
      ...waiting('nobodys', 600, LONDON, BEN),
      owner: { kind: 'nobody', why: 'none', named: [] },
    });
    await world.save({
      ...waiting('exempt', 700, LONDON, BEN),
      exempt: { kind: 'until', until: NOW + DAY, why: '' },
    });
    await world.save(waiting('ci', 83, LONDON, ANA));
    await remind('remind-1', ANA);
    expect(told()).toEqual(['ci']);
  });

  it('is taken by nobody whom Slack refuses: another may have the place on the same day', async () => {
    await world.save(waiting('old', 400, LONDON, BEN));
    await world.save(waiting('alike', 400, LONDON, ANA));
    world.faults.slack = refusedBySlack();
    await remind('remind-1', BEN);
    world.faults.slack = undefined;
    await remind('remind-2', ANA);
    expect(told()).toEqual(['alike']);
  });

  it('is kept by two jobs at once', async () => {
    await world.save(waiting('anas', 400, LONDON, ANA));
    await world.save(waiting('bens', 400, LONDON, BEN));
    await Promise.all([remind('remind-1', ANA), remind('remind-2', BEN)]);
    expect(told()).toHaveLength(1);
  });
});

describe('an owner whom an admin nudges', () => {
  const nudged = { at: NOW + MINUTE, jobId: 'nudge-1' };
  const quiet = (userName: string, changes: Partial<IamUser> = {}) =>
    userAt('due', { userName, notifiedAt: NOW, ...changes });

  beforeEach(() => world.goTo(NOW + HOUR));

  it('is reminded of what they were told of already, once', async () => {
    await world.save(quiet('ci'));
    await remind();
    expect(world.sent).toEqual([]);
    await world.ports.users.save({ ...(await world.load('ci')), nudged });
    await remind('remind-2');
    world.goTo(MONDAY);
    await remind('remind-3');
    expect(world.sent.map(({ userNames }) => userNames)).toEqual([['ci']]);
  });

  it('is not reminded any more of what they have acted on since', async () => {
    const entry = {
      ...seen('due'),
      what: 'switchKey',
      by: { kind: 'person', slackId: ANA, as: 'owner' },
    } as const;
    await world.save(
      quiet('ci', { nudged, rotation: { ...rotationAt('due'), history: [entry] }, toldEntries: 1 }),
    );
    await remind();
    expect(world.sent).toEqual([]);
  });
});

describe('when Slack', () => {
  it('refuses, it is a failure on record, and tried again on the next working morning', async () => {
    await world.save(told('ci'));
    world.faults.slack = refusedBySlack();
    await remind();
    expect(await world.load('ci')).toMatchObject({
      failure: { since: NOW, what: 'message', code: 'account_inactive' },
      quietUntil: MONDAY,
      notifiedAt: NOW - DAY,
    });
    world.faults.slack = undefined;
    world.goTo(MONDAY);
    await remind('remind-2');
    expect(world.sent).toMatchObject([{ userNames: ['ci'], isFirst: true }]);
    expect((await world.load('ci')).failure).toBeUndefined();
  });

  it.each([
    ['the same job', 'remind-1'],
    ['another one', 'remind-2'],
  ])('does not answer, %s tries again, and nothing was noted as told', async (_, id) => {
    await world.save(fresh('ci'));
    world.faults.slack = lostAnswer();
    await expect(remind()).rejects.toMatchObject({ outcome: 'unknown' });
    expect(contactedAt(await world.load('ci'))).toBeUndefined();
    world.faults.slack = undefined;
    await remind(id);
    expect(world.sent).toMatchObject([{ userNames: ['ci'], isFirst: true }]);
    expect(contactedAt(await world.load('ci'))).toBe(NOW);
  });

  it('takes the place of the list before, and leaves nobody out who has no other message', async () => {
    for (const name of ['a', 'b', 'c']) await world.save({ ...told(name), messages: [] });
    await world.save({ ...told('other'), messages: [CARD], notifiedAt: NOW });
    await remind();
    expect(world.sent[0]).toMatchObject({ userNames: ['a', 'b', 'c'] });
    world.goTo(TUESDAY);
    // Nothing is due about the one: its owner has taken time.
    const quiet = await world.load('c');
    await world.ports.users.save({ ...quiet, quietUntil: TUESDAY + 3 * DAY });
    await remind('remind-2');
    expect(world.sent[1]).toMatchObject({ userNames: expect.arrayContaining(['a', 'b', 'c']) });
    expect(world.removed).toContainEqual(sentCard());
  });

  it('does not answer, the list of before is still removed once there is a new one', async () => {
    for (const name of ['a', 'b']) await world.save(told(name));
    await remind();
    world.goTo(TUESDAY);
    world.faults.slack = lostAnswer();
    await expect(remind('remind-2')).rejects.toMatchObject({ outcome: 'unknown' });
    world.faults.slack = undefined;
    await remind('remind-2');
    expect(world.removed).toMatchObject([sentCard()]);
  });
});

it('a crash before the message is sent keeps it from no delivery of its own job, and from every other today', async () => {
  await world.save(told('ci'));
  const { send } = world.ports.messenger;
  world.ports.messenger.send = () => Promise.reject(new Error('out of memory'));
  await expect(remind()).rejects.toThrow('out of memory');
  world.ports.messenger.send = send;
  world.goTo(NOW + 6 * MINUTE);
  await remind();
  expect(world.sent).toHaveLength(1);
  world.goTo(NOW + HOUR);
  await world.save(told('another'));
  await remind('remind-2');
  expect(world.sent).toHaveLength(1);
});

it('a second delivery of the job while the message is being sent waits, and sends nothing', async () => {
  await world.save(told('ci'));
  const { messenger } = world.ports;
  messenger.send = before(messenger.send, () => expect(remind()).rejects.toMatchObject({ name: 'TryLater' }));
  await remind();
  await remind();
  expect(world.sent).toHaveLength(1);
});

it('a second delivery of the job while the message is being noted does not take it for an older one', async () => {
  await world.save(told('ci'));
  const { users, messenger } = world.ports;
  messenger.send = before(messenger.send, () => {
    world.ports.users = { ...users, save: before(users.save, remindAgain) };
  });
  const remindAgain = async () => {
    world.ports.users = users;
    await remind();
  };
  await remind();
  expect(world.sent).toHaveLength(1);
  expect(world.removed).not.toContainEqual(sentCard());
  expect(cards(await world.load('ci'))).toEqual([sentCard()]);
});

function before<Args extends unknown[], Answer>(
  does: (...args: Args) => Promise<Answer>,
  happens: () => unknown,
): (...args: Args) => Promise<Answer> {
  return async (...args) => {
    await happens();
    return does(...args);
  };
}

describe('a message that was sent and could not be noted', () => {
  /** The table refuses so many writes from the moment that the message is sent, after some that it takes. */
  function refuses(writes: number, { after = 0 } = {}): void {
    const { users, records, messenger } = world.ports;
    let left = Number.POSITIVE_INFINITY;
    const failing = <Args extends unknown[], Answer>(write: (...args: Args) => Promise<Answer>) => {
      return async (...args: Args): Promise<Answer> => {
        left -= 1;
        if (left < writes && left >= 0) throw lostAnswer();
        return write(...args);
      };
    };
    const starting = <Args extends unknown[], Answer>(send: (...args: Args) => Promise<Answer>) => {
      return async (...args: Args): Promise<Answer> => {
        left = Math.min(left, writes + after);
        return send(...args);
      };
    };
    world.ports.users = { ...users, save: failing(users.save) };
    world.ports.records = { ...records, saveOwner: failing(records.saveOwner) };
    world.ports.messenger = {
      ...messenger,
      send: starting(messenger.send),
      sendDigest: starting(messenger.sendDigest),
    };
  }

  async function isSentAndNotNoted({ after = 1, id = 'remind-1' } = {}): Promise<void> {
    refuses(1, { after });
    await expect(remind(id)).rejects.toMatchObject({ outcome: 'unknown' });
  }

  it('is noted by the same job, and not sent again', async () => {
    await world.save(told('ci'));
    await isSentAndNotNoted();
    await remind();
    expect(world.sent).toHaveLength(1);
    expect(await world.load('ci')).toMatchObject({ notifiedAt: NOW, messages: [sentCard()] });
    // Nobody knows what was changed while it was not on record.
    expect(world.redrawn).toEqual(['ci']);
  });

  it('is noted at once with its user when only the owner’s record cannot be written', async () => {
    await world.save(told('ci'));
    refuses(1);
    await remind();
    expect(cards(await world.load('ci'))).toEqual([sentCard()]);
  });

  it('is taken back when neither can be written, and sent anew', async () => {
    await world.save(told('ci'));
    refuses(2);
    await expect(remind()).rejects.toMatchObject({ outcome: 'unknown' });
    expect(world.removed).toMatchObject([sentCard()]);
    world.goTo(NOW + 6 * MINUTE);
    await remind();
    expect(cards(await world.load('ci'))).toEqual([sentCard(1)]);
  });

  it('is noted with the rest of several when it could be noted with some', async () => {
    for (const name of ['one', 'two', 'three']) await world.save(told(name));
    await isSentAndNotNoted({ after: 2 });
    await remind();
    expect(world.sent).toHaveLength(1);
    for (const name of ['one', 'two', 'three'])
      expect(await world.load(name)).toMatchObject({ notifiedAt: NOW });
  });

  it('is noted by the next job where its own never came again, and not sent again', async () => {
    await world.save(told('ci'));
    await isSentAndNotNoted();
    world.goTo(MONDAY);
    await expect(remind('remind-2')).rejects.toMatchObject({ name: 'TryLater' });
    await remind('remind-2');
    expect(world.sent).toHaveLength(1);
    expect(cards(await world.load('ci'))).toEqual([sentCard()]);
  });

  it('of a rotation that had ended is noted as well, and its end is told once', async () => {
    const ended = rotationAt('resolved');
    const rotation = { ...ended, history: [seen('resolved', ended.closedAt)] };
    for (const name of ['ci', 'two']) await world.save(told(name, { rotation }));
    world.goTo(rotation.closedAt + HOUR);
    await isSentAndNotNoted({ after: 2 });
    await remind();
    for (const name of ['ci', 'two'])
      expect(await world.load(name)).toMatchObject({ toldEntries: 1, notifiedAt: rotation.closedAt + HOUR });
    expect(world.sent).toHaveLength(1);
  });

  it('counts as told for nobody of several to whom something happened since: that is news for tomorrow', async () => {
    for (const name of ['one', 'two']) await world.save(told(name));
    await isSentAndNotNoted({ after: 2 });
    const rotation = { ...rotationAt('retired', 0), history: [seen('retired')] };
    await world.ports.users.save({ ...(await world.load('two')), rotation });
    await remind();
    expect(await world.load('two')).toMatchObject({ toldEntries: 0, notifiedAt: NOW - DAY });
    expect(await world.load('one')).toMatchObject({ notifiedAt: NOW });
  });

  it('is noted with all others when the record of one cannot be read any more', async () => {
    for (const name of ['one', 'two']) await world.save(told(name));
    await isSentAndNotNoted();
    const { users } = world.ports;
    world.ports.users = {
      ...users,
      load: async (id) => (id.userName === 'one' ? Promise.reject(new Error('unreadable')) : users.load(id)),
    };
    await remind();
    expect(await users.load({ account: ACCOUNT, userName: 'two' })).toMatchObject({ notifiedAt: NOW });
    expect((await world.ports.records.owner(ANA))?.sent).toBeUndefined();
  });

  it('removes the list before it all the same', async () => {
    for (const name of ['one', 'two']) await world.save(told(name));
    await remind();
    world.goTo(TUESDAY);
    await isSentAndNotNoted({ id: 'remind-2' });
    await remind('remind-2');
    expect(world.removed).toMatchObject([sentCard()]);
  });

  it('is taken back when another card was asked for before it was noted', async () => {
    await world.save(told('ci'));
    await isSentAndNotNoted();
    const shown = { ...CARD, ts: '77' };
    const current = await world.load('ci');
    await world.ports.users.save({ ...current, notifiedAt: NOW + 1, messages: [shown] });
    await remind();
    expect(world.removed).toMatchObject([sentCard()]);
    expect((await world.load('ci')).messages).toEqual([shown]);
  });

  it('is forgotten when an earlier version of keyrotate, rolled back to, has written to them since', async () => {
    await world.save(told('ci'));
    await isSentAndNotNoted();
    const held = await world.ports.records.owner(ANA);
    if (held) await world.ports.records.saveOwner({ ...held, notifiedAt: NOW + HOUR, jobId: 'of-before' });
    world.goTo(MONDAY);
    await remind('remind-2');
    expect(world.sent).toHaveLength(2);
    expect(cards(await world.load('ci'))).toEqual([sentCard(1)]);
    expect((await world.ports.records.owner(ANA))?.sent).toBeUndefined();
  });

  it.each([
    ['has another owner', { owner: fresh('bens', 83, BEN).owner }],
    ['is at its end', { rotation: { ...rotationAt('deleted'), closedAt: NOW + MINUTE } }],
  ])('is taken back when what it told of %s by then', async (_, changes) => {
    await world.save(told('ci'));
    await isSentAndNotNoted();
    await world.ports.users.save({ ...(await world.load('ci')), ...changes });
    await remind();
    expect(world.removed).toMatchObject([sentCard()]);
    expect((await world.load('ci')).notifiedAt).toBe(NOW - DAY);
  });
});

it('a press at the very moment of the message is not lost under the note that they were told', async () => {
  await world.save(told('ci'));
  const { send } = world.ports.messenger;
  world.ports.messenger.send = async (...args) => {
    const card = await send(...args);
    const pressed = await world.load('ci');
    await world.ports.users.save({ ...pressed, rotation: rotationAt('retired', 0) });
    return card;
  };
  await remind();
  expect(await world.load('ci')).toMatchObject({
    rotation: { stage: 'retired', contactedAt: NOW - 7 * DAY },
    notifiedAt: NOW,
  });
  // What was sent shows what was before the press.
  expect(world.redrawn).toContain('ci');
});

describe('a message that is overtaken while it is sent', () => {
  /** What happens between its leaving and its being noted. */
  function meanwhile(happens: (current: IamUser) => IamUser): void {
    const { send, sendDigest } = world.ports.messenger;
    const happensTo = async (users: readonly IamUser[]) => {
      for (const { userName } of users) await world.ports.users.save(happens(await world.load(userName)));
    };
    world.ports.messenger.send = async (user, to, isFirst) => {
      const card = await send(user, to, isFirst);
      await happensTo([user]);
      return card;
    };
    world.ports.messenger.sendDigest = async (users, to, isFirst) => {
      const card = await sendDigest(users, to, isFirst);
      await happensTo(users);
      return card;
    };
  }
  const toBen = (user: IamUser): IamUser => ({
    ...user,
    owner: { kind: 'person', slackId: BEN, from: 'link', timeZone: 'Europe/Madrid' },
  });

  it('by a press, is redrawn at once: it shows what was before', async () => {
    await world.save(told('ci'));
    meanwhile((user) => ({ ...user, rotation: { ...rotationAt('postponed'), history: [] } }));
    await remind();
    expect(world.redrawn).toEqual(['ci']);
    expect(await world.load('ci')).toMatchObject({
      rotation: { stage: 'postponed' },
      messages: [sentCard()],
    });
  });

  it('by another owner, is taken back, and counts for nobody', async () => {
    await world.save(fresh('ci'));
    meanwhile(toBen);
    await remind();
    const user = await world.load('ci');
    expect(contactedAt(user)).toBeUndefined();
    expect(user.notifiedAt).toBeUndefined();
    expect(user.messages).toEqual([]);
    expect(world.removed).toMatchObject([sentCard()]);
  });

  it('by another owner, counts for nobody where it lists several users, either', async () => {
    for (const name of ['one', 'two']) await world.save(fresh(name));
    meanwhile((user) => (user.userName === 'one' ? toBen(user) : { ...user, keysSeenAt: NOW + 1 }));
    await remind();
    expect(contactedAt(await world.load('one'))).toBeUndefined();
    expect(contactedAt(await world.load('two'))).toBe(NOW);
  });

  it('by another rotation of the same key, counts for nobody', async () => {
    await world.save(fresh('ci'));
    meanwhile((user) => ({
      ...user,
      ...(user.rotation && { rotation: { ...user.rotation, openedAt: NOW } }),
    }));
    await remind();
    expect(contactedAt(await world.load('ci'))).toBeUndefined();
    expect(world.removed).toMatchObject([sentCard()]);
  });

  it('by the end of its rotation, is taken back', async () => {
    await world.save(told('ci'));
    meanwhile((user) => ({ ...user, rotation: rotationAt('deleted') }));
    await remind();
    expect(world.removed).toMatchObject([sentCard()]);
    expect((await world.load('ci')).messages).toEqual([CARD]);
  });
});

it('first contacts of a message that was never begun are given back to the day', async () => {
  await startAnew(world, { ...POLICY, maxNewPerDay: 2 });
  for (const name of ['a', 'b']) await world.save(fresh(name));
  const { records } = world.ports;
  world.ports.records = { ...records, saveOwner: () => Promise.reject(lostAnswer()) };
  await expect(remind()).rejects.toThrow();
  world.ports.records = records;
  await remind();
  expect(world.sent).toMatchObject([{ userNames: ['a', 'b'] }]);
});

it('first contacts that failed are given back to the day', async () => {
  await startAnew(world, { ...POLICY, maxNewPerDay: 3 });
  for (const name of ['a', 'b']) await world.save(fresh(name));
  await world.save(fresh('c', 83, BEN));
  for (const fault of [lostAnswer(), lostAnswer()]) {
    world.faults.slack = fault;
    await expect(remind()).rejects.toThrow();
  }
  world.faults.slack = undefined;
  await remind();
  await remind('remind-2', BEN);
  expect(world.sent.flatMap(({ userNames }) => userNames).sort()).toEqual(['a', 'b', 'c']);
});
