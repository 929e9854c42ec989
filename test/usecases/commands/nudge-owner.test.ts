// An admin nudges: the owner's next message of a day tells of all that they have to do, and nothing comes of it otherwise.
import { beforeEach, describe, expect, it } from 'vitest';
import { owesReminder } from '../../../src/domain/agenda.ts';
import type { IamUser } from '../../../src/domain/iam-user.ts';
import type { Owner } from '../../../src/domain/owner.ts';
import { ownerMark } from '../../../src/domain/owner.ts';
import { DAY, HOUR } from '../../../src/domain/time.ts';
import { answerCommand } from '../../../src/usecases/commands/answer-command.ts';
import { remindOwner } from '../../../src/usecases/messages/remind-owner.ts';
import { MORE_TIME, NOW, POLICY, rotationAt, userAt } from '../../domain/given.ts';
import { ACCOUNT, ANA, ANAS, BEN, SAM, startAnew, worldForEach } from '../usecase-world.ts';

/** A Friday, a week past the deadline: 10 o'clock in Madrid. */
const LATE = NOW + 14 * DAY;
const MONDAY = Date.parse('2026-12-07T08:00:00Z');
const BENS: Owner = { ...ANAS, slackId: BEN };

const world = worldForEach();

beforeEach(() => {
  world.goTo(LATE);
});

const silent = (userName: string, changes: Partial<IamUser> = {}) =>
  world.save(userAt('due', { userName, notifiedAt: LATE - HOUR, owner: ANAS, ...changes }));
const nudge = (personId = SAM, id = 'nudge-1', first = 'one') =>
  answerCommand(
    {
      ...{
        kind: 'command',
        id,
        askedAt: world.ports.now(),
        personId,
        place: { channel: 'CADMINS', ts: '1' },
      },
      command: {
        name: 'nudge',
        row: { of: { account: ACCOUNT, userName: first }, matter: 'silence', mark: ownerMark(ANAS) },
      },
    },
    world.ports,
  );
const remind = (id: string) => remindOwner({ kind: 'remind', id, ownerId: ANA }, world.ports);
const answered = () => world.answers.at(-1);

it('goes out now, about all that they have to do, listed or not', async () => {
  for (const name of ['one', 'two', 'not-listed']) await silent(name);
  await world.listAsSilent('one', 'two');
  await nudge();
  expect(answered()).toEqual({ nudged: { owner: ANAS, users: 3, hadTodays: false, passedOver: [] } });
  expect(world.put).toMatchObject([{ kind: 'remind', ownerId: ANA }]);
  await remind('remind-1');
  expect(world.sent).toMatchObject([{ to: ANA, userNames: { length: 3 } }]);
});

it('waits for the next working morning when they had today’s message', async () => {
  await silent('one');
  await world.ports.records.saveOwner({ ownerId: ANA, version: 0, notifiedAt: LATE - HOUR, jobId: 'before' });
  await nudge();
  expect(answered()).toMatchObject({ nudged: { users: 1, at: MONDAY, hadTodays: true } });
  expect(world.put).toEqual([]);
  await remind('remind-1');
  expect(world.sent).toEqual([]);
  world.goTo(MONDAY);
  await remind('remind-2');
  await remind('remind-3');
  expect(world.sent).toHaveLength(1);
});

it('waits for their working hours', async () => {
  await silent('one');
  world.goTo(LATE + 12 * HOUR);
  await nudge();
  expect(answered()).toMatchObject({ nudged: { users: 1, at: MONDAY, hadTodays: false } });
  await remind('remind-1');
  expect(world.sent).toEqual([]);
});

it('passes over what waits for an admin, was put off, was never asked, is another’s, or is under a move', async () => {
  const { contactedAt: _, ...untold } = rotationAt('due');
  const claim: IamUser['claim'] = {
    ...{
      jobId: 'j',
      move: 'retire',
      actor: { kind: 'person', slackId: 'U0ANA', as: 'owner' },
      at: LATE,
      leaseUntil: LATE + HOUR,
    },
    knownKeyIds: [],
  };
  await silent('one');
  await silent('asking', { rotation: { ...rotationAt('due'), request: MORE_TIME } });
  await silent('later', { rotation: { ...rotationAt('postponed'), until: LATE + DAY } });
  await silent('untold', { rotation: { ...untold, openedAt: NOW - 60 * DAY } });
  await silent('bens', { owner: BENS });
  await silent('moving', { claim });
  const names = ['one', 'asking', 'later', 'untold', 'bens', 'moving'];
  await world.listAsSilent(...names);
  await nudge();
  expect(answered()).toMatchObject({
    nudged: {
      users: 1,
      passedOver: [
        { userName: 'asking', why: 'settled' },
        { userName: 'later', why: 'settled' },
        { userName: 'untold', why: 'neverAsked' },
        { userName: 'bens', why: 'another' },
        { userName: 'moving', why: 'nothingNow' },
      ],
    },
  });
  for (const name of names.slice(1)) expect((await world.load(name)).nudged).toBeUndefined();
});

it('of somebody to whom nothing belongs any more reminds nobody', async () => {
  await silent('one', { owner: BENS });
  await world.listAsSilent('one');
  await nudge();
  expect(answered()).toMatchObject({
    nudged: { users: 0, passedOver: [{ userName: 'one', why: 'another' }] },
  });
  expect(world.put).toEqual([]);
});

it('says the same again when the job comes again, and reminds once', async () => {
  await silent('one');
  await nudge();
  await remind('remind-1');
  world.goTo(LATE + HOUR);
  await nudge();
  expect(answered()).toMatchObject({ nudged: { users: 1, hadTodays: false } });
  expect(answered()).not.toHaveProperty('nudged.at');
  expect(owesReminder(await world.load('one'), POLICY, LATE + HOUR)).toBe(false);
});

describe('refused', () => {
  it('to whoever is no admin', async () => {
    await silent('one');
    await nudge(BEN);
    expect(world.refused).toEqual([{ kind: 'adminsOnly' }]);
    expect((await world.load('one')).nudged).toBeUndefined();
  });

  it('while another deployment was there first, for this one writes to no owner', async () => {
    world.surroundings.deployments = async () => [{ name: 'prod in us-east-1', since: 0, isPreview: false }];
    await silent('one');
    await nudge();
    expect(world.refused).toEqual([{ kind: 'standsBack', deployment: 'prod in us-east-1' }]);
  });

  it('in an account that is only watched', async () => {
    await startAnew(world, { ...POLICY, mode: 'preview' });
    await silent('one');
    await nudge();
    expect(world.refused).toEqual([{ kind: 'previewOnly' }]);
  });
});
