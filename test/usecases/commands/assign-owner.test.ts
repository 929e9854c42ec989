// An admin says who answers for an IAM user, and the tags say nothing against it.
import { beforeEach, describe, expect, it } from 'vitest';
import { owesReminder } from '../../../src/domain/agenda.ts';
import { mattersToTell } from '../../../src/domain/matters.ts';
import { MINUTE, SECOND } from '../../../src/domain/time.ts';
import { answerCommand } from '../../../src/usecases/commands/answer-command.ts';
import type { Command } from '../../../src/usecases/jobs.ts';
import { tellAdmins } from '../../../src/usecases/messages/tell-admins.ts';
import { attendUser } from '../../../src/usecases/night/attend-user.ts';
import { CARD, keysAt, NOW, newKey, POLICY, userAt } from '../../domain/given.ts';
import {
  ACCOUNT,
  ANA,
  BEN,
  commandJob,
  lostAnswer,
  mailOf,
  person,
  SAM,
  TEAM,
  TEST_ACCOUNT,
  type World,
  worldForEach,
} from '../usecase-world.ts';

type To = Extract<Command, { name: 'assign' }>['to'];

const toBen: To = { kind: 'person', slackId: BEN };
const toTeam: To = { kind: 'channel', channelId: TEAM };

const world = worldForEach();

beforeEach(() => {
  world.channels.set(TEAM, { mayOwn: true, members: [ANA] });
});

const assign = (to: To, by = SAM, target: { userName: string; account?: string } = { userName: 'ci' }) =>
  answerCommand(commandJob({ name: 'assign', target, to }, by), world.ports);
const look = (id = 'inspect-1') =>
  attendUser({ kind: 'inspect', id, account: ACCOUNT, userName: 'ci' }, world.ports);

describe('a user whose rotation is open', () => {
  beforeEach(async () => {
    await world.save(userAt('issued', { userName: 'ci' }));
    world.addIamUser('ci', { keys: keysAt('issued') });
  });

  it('is handed over: the new owner is to be told for the first time, and it is on record who said so', async () => {
    await assign(toBen);
    const user = await world.load('ci');
    expect(user).toMatchObject({
      owner: { kind: 'person', slackId: BEN, from: 'link', timeZone: 'Europe/Madrid' },
      link: { to: toBen, by: SAM, at: NOW },
      rotation: {
        stage: 'issued',
        history: [
          {
            ...{ what: 'assign', by: { kind: 'person', slackId: SAM, as: 'admin' } },
            ...{ from: 'issued', to: 'issued', owners: { before: ANA, after: BEN } },
          },
        ],
      },
    });
    expect(user.rotation).not.toHaveProperty('contactedAt');
    expect(owesReminder(user, POLICY, NOW)).toBe(true);
    expect(world.answers).toEqual([{ assigned: 'ci', to: toBen }]);
  });

  it('takes the card from whoever held it', async () => {
    await assign(toBen);
    expect(world.removed).toEqual([CARD]);
    expect((await world.load('ci')).messages).toEqual([]);
  });

  it('stays with them whatever the tags say', async () => {
    await assign(toBen);
    await look();
    const user = await world.load('ci');
    expect(user.owner).toMatchObject({ slackId: BEN, from: 'link' });
    expect(mattersToTell(user, POLICY, NOW)).toEqual([]);
  });

  it('is in doubt no longer, be it with the one before', async () => {
    world.addIamUser('ci', { tags: { mail: mailOf(BEN) }, keys: keysAt('issued') });
    await look();
    expect((await world.load('ci')).ownerChange).toBeDefined();
    await assign({ kind: 'person', slackId: ANA });
    await look('inspect-2');
    expect(await world.load('ci')).toMatchObject({ owner: { slackId: ANA, from: 'link' } });
    expect((await world.load('ci')).ownerChange).toBeUndefined();
  });

  it('is handed over once by a press whose answer was lost, and the admin hears so when the press comes again', async () => {
    world.addIamUser('ci', { tags: { mail: mailOf(BEN) }, keys: keysAt('issued') });
    await look();
    await tellAdmins({ kind: 'tellAdmins', id: 't', users: [await world.load('ci')] }, world.ports);
    const [notice = CARD] = (await world.load('ci')).messages.slice(-1);
    const command = { name: 'assign', target: { userName: 'ci', account: ACCOUNT }, to: toBen } as const;
    const press = { ...commandJob(command, SAM), place: notice };
    world.faults.slack = lostAnswer();
    await expect(answerCommand(press, world.ports)).rejects.toThrow();
    world.faults.slack = undefined;
    await answerCommand(press, world.ports);
    expect(world.refused).toEqual([]);
    expect(world.answers).toEqual([{ assigned: 'ci', to: toBen }]);
    expect((await world.load('ci')).rotation?.history).toMatchObject([{ what: 'assign' }]);
  });

  it('stays where it is when the button was drawn before the tags changed again, and the admin sees what is', async () => {
    world.addIamUser('ci', { tags: { mail: mailOf(BEN) }, keys: keysAt('issued') });
    await look();
    await tellAdmins({ kind: 'tellAdmins', id: 't', users: [await world.load('ci')] }, world.ports);
    const [notice = CARD] = (await world.load('ci')).messages.slice(-1);
    const drawn = world.redrawn.length;
    const command = { name: 'assign', target: { userName: 'ci', account: ACCOUNT }, to: toBen } as const;
    await answerCommand(
      { ...commandJob(command, SAM), place: { ...notice, drawing: 'before' } },
      world.ports,
    );
    expect(world.refused).toEqual([{ kind: 'outdatedCard' }]);
    expect(await world.load('ci')).toMatchObject({
      owner: { slackId: ANA },
      messages: [CARD, notice].map(({ ts }) => ({ ts })),
    });
    expect(world.redrawn).toHaveLength(drawn + 1);
  });

  it('may be a channel’s, and every member of it is an owner then', async () => {
    await assign(toTeam);
    expect((await world.load('ci')).owner).toEqual(toTeam);
  });
});

describe('a user that somebody disowned', () => {
  it('is theirs again when an admin insists', async () => {
    const disowned = { slackId: ANA, why: 'not mine', at: NOW };
    const owner = { kind: 'nobody', why: 'disowned', named: [ANA] } as const;
    await world.save(userAt('due', { userName: 'ci', disowned, owner: { ...owner, named: [ANA] } }));
    world.addIamUser('ci');
    await assign({ kind: 'person', slackId: ANA });
    expect(await world.load('ci')).toMatchObject({ owner: { kind: 'person', slackId: ANA } });
    expect((await world.load('ci')).disowned).toBeUndefined();
  });
});

describe('a user with nothing due', () => {
  it('is put on record with the link, and nobody is told of anything', async () => {
    world.addIamUser('ci', { keys: [newKey()] });
    await assign(toBen);
    expect(await world.load('ci')).toMatchObject({ link: { to: toBen }, owner: { slackId: BEN } });
    expect((await world.load('ci')).rotation).toBeUndefined();
    expect(world.sent).toEqual([]);
  });
});

describe('a link that is undone', () => {
  const unassign = (id = 'undo-1', by = SAM) =>
    answerCommand({ ...commandJob({ name: 'unassign', target: { userName: 'ci' } }, by), id }, world.ports);
  const given = async (tags: Record<string, string>, stage: 'issued' | 'deleted' = 'issued') => {
    await world.save(userAt(stage, { userName: 'ci' }));
    world.addIamUser('ci', { tags, keys: keysAt(stage) });
    await assign(toTeam);
  };

  it('gives it to whom the tags name, who is told as with any hand-over', async () => {
    await given({ mail: mailOf(BEN) });
    await unassign();
    const user = await world.load('ci');
    expect(user).toMatchObject({ owner: { slackId: BEN, from: 'mailTag' } });
    for (const field of ['link', 'ownerChange']) expect(user).not.toHaveProperty(field);
    expect(user.rotation).not.toHaveProperty('contactedAt');
    expect(user.rotation?.history).toMatchObject([
      { what: 'assign' },
      { what: 'assign', note: 'unassign', by: { slackId: SAM, as: 'admin' }, from: 'issued', to: 'issued' },
    ]);
    expect(world.answers.at(-1)).toMatchObject({ unassigned: 'ci', owner: { slackId: BEN } });
    await look();
    expect(await world.load('ci')).toMatchObject({ owner: { slackId: BEN } });
  });

  it('leaves it with nobody where the tags name nobody, and whoever had it loses the card', async () => {
    await given({});
    await unassign();
    expect(await world.load('ci')).toMatchObject({ owner: { kind: 'nobody', why: 'none' } });
    await look();
    expect(await world.load('ci')).toMatchObject({ owner: { kind: 'nobody', why: 'none' } });
  });

  it('changes nothing for whom both the link and the tags name', async () => {
    await world.save(userAt('issued', { userName: 'ci' }));
    world.addIamUser('ci', { keys: keysAt('issued') });
    await assign({ kind: 'person', slackId: ANA });
    await unassign();
    const user = await world.load('ci');
    expect(user).toMatchObject({ owner: { slackId: ANA, from: 'mailTag' } });
    expect(user.rotation).toHaveProperty('contactedAt');
  });

  it.each(['issued', 'deleted'] as const)(
    'is undone once: a command that comes again says who owns it (%s)',
    async (stage) => {
      await given({ mail: mailOf(BEN) }, stage);
      await unassign();
      await unassign();
      const answer = { unassigned: 'ci', owner: { slackId: BEN } };
      expect(world.answers.slice(-2)).toMatchObject([answer, answer]);
    },
  );

  it('need not exist: then the answer says who owns it, and an “assign” of before does not undo that', async () => {
    world.addIamUser('ci');
    await unassign();
    expect(world.answers).toMatchObject([{ unassigned: 'ci', owner: { slackId: ANA } }]);
    const before = { ...commandJob({ name: 'assign', target: { userName: 'ci' }, to: toBen }, SAM) };
    await answerCommand({ ...before, askedAt: NOW - MINUTE }, world.ports);
    expect(world.refused).toMatchObject([{ kind: 'overtaken', by: 'decision' }]);
    expect(await world.load('ci')).not.toHaveProperty('link');
  });

  it('is one that an admin undoes', async () => {
    await given({ mail: mailOf(BEN) });
    await unassign('undo-1', BEN);
    expect(world.refused).toEqual([{ kind: 'adminsOnly' }]);
    expect((await world.load('ci')).link?.to).toEqual(toTeam);
  });
});

describe('the admin hears', () => {
  it.each<[string, To, (world: World) => void]>([
    [
      'person',
      { kind: 'person', slackId: 'U0GUEST' },
      ({ people }) => people.set('U0GUEST', person('U0GUEST', { barred: 'guest' })),
    ],
    ['person', { kind: 'person', slackId: 'U0GHOST' }, () => {}],
    ['channel', toTeam, ({ channels }) => channels.set(TEAM, { mayOwn: false, members: [] })],
    ['channel', { kind: 'channel', channelId: 'C0UNKNOWN' }, () => {}],
  ])('that such a %s cannot own: %j', async (who, to, given) => {
    given(world);
    world.addIamUser('ci');
    await assign(to);
    expect(world.refused).toEqual([{ kind: 'cannotOwn', who }]);
    expect(await world.isOnRecord('ci')).toBe(false);
  });

  it('that nobody of this name is known', async () => {
    await assign(toBen);
    expect(world.refused).toEqual([{ kind: 'noSuchUser', userName: 'ci' }]);
  });

  it('which users of this name there are, and says which one is meant', async () => {
    world.addIamUser('ci');
    world.addIamUser('ci', { account: TEST_ACCOUNT });
    await assign(toBen);
    expect(world.answers).toEqual([{ which: [`${ACCOUNT}/ci`, `${TEST_ACCOUNT}/ci`] }]);
    await assign(toBen, SAM, { userName: 'ci', account: TEST_ACCOUNT });
    expect((await world.load('ci', TEST_ACCOUNT)).link?.to).toEqual(toBen);
    expect(await world.isOnRecord('ci')).toBe(false);
  });
});

it('nobody but an admin may say so', async () => {
  world.addIamUser('ci');
  await assign(toBen, BEN);
  expect(world.refused).toEqual([{ kind: 'adminsOnly' }]);
  expect(await world.isOnRecord('ci')).toBe(false);
});

describe.each(['issued', 'deleted'] as const)('of two hand-overs of one that is %s', (stage) => {
  it('the later one holds, also when the first comes again after it', async () => {
    await world.save(userAt(stage, { userName: 'ci' }));
    world.addIamUser('ci', { keys: keysAt(stage) });
    const job = (id: string, to: To, askedAt = NOW) => ({
      ...commandJob({ name: 'assign', target: { userName: 'ci' }, to }, SAM),
      ...{ id, askedAt },
    });
    await answerCommand(job('first', toBen), world.ports);
    await answerCommand(job('first', toBen), world.ports);
    await answerCommand(job('second', toTeam, NOW + SECOND), world.ports);
    expect(world.answers.at(-1)).toEqual({ assigned: 'ci', to: toTeam });
    await answerCommand(job('first', toBen), world.ports);
    expect(world.refused).toMatchObject([{ kind: 'overtaken', by: 'decision' }]);
    const user = await world.load('ci');
    expect(user.link?.to).toEqual(toTeam);
    const noted = user.rotation?.history.filter(({ what }) => what === 'assign') ?? [];
    expect(noted).toHaveLength(stage === 'issued' ? 2 : 0);
  });
});
