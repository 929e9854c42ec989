// Owners for many at once: what a plan holds, and how it is carried out when time runs out or somebody is faster.
import { expect, it } from 'vitest';
import type { IamUser } from '../../../src/domain/iam-user.ts';
import type { Owner } from '../../../src/domain/owner.ts';
import { readOwnerRules } from '../../../src/domain/owner-rules.ts';
import { HOUR } from '../../../src/domain/time.ts';
import { answerCommand } from '../../../src/usecases/commands/answer-command.ts';
import type { OwnersAssigned, OwnersPreview } from '../../../src/usecases/commands/answers.ts';
import { OutsideError, TryLater } from '../../../src/usecases/errors.ts';
import type { Command } from '../../../src/usecases/jobs.ts';
import { userAt } from '../../domain/given.ts';
import { ACCOUNT, ANA, BEN, mailOf, SAM, worldForEach } from '../usecase-world.ts';

const NOBODY: Owner = { kind: 'nobody', why: 'none', named: [] };
const world = worldForEach();
const RULE = `* -> ${mailOf(BEN)}`;

async function given(number: number, changes: Partial<IamUser> = {}): Promise<string[]> {
  const names = Array.from({ length: number }, (_, nth) => `app-${String(nth).padStart(4, '0')}`);
  for (const userName of names) {
    world.addIamUser(userName);
    await world.save(userAt('due', { userName, owner: NOBODY, ...changes }));
  }
  return names;
}

const asks = (command: Command, { by = SAM, id = 'order-1' } = {}) =>
  answerCommand(
    { kind: 'command', id, askedAt: world.ports.now(), personId: by, place: { channel: 'CADMINS' }, command },
    world.ports,
  );
const plans = async (text: string, id = 'plan-1'): Promise<OwnersPreview> => {
  await asks({ name: 'planOwners', rules: readOwnerRules(text, () => []) }, { id });
  return (world.answers.at(-1) as { preview: OwnersPreview }).preview;
};
const assigned = () => (world.answers.at(-1) as { assigned: OwnersAssigned }).assigned;
const owners = async (names: readonly string[]) =>
  Promise.all(names.map(async (name) => (await world.load(name)).owner));

it('goes on where it stopped when time ran out, and tells of all that was done', async () => {
  const names = await given(60);
  const { planId } = await plans(RULE);
  let left = 2;
  world.ports.timeLeft = () => (left-- > 0 ? 60_000 : 1000);
  await expect(asks({ name: 'assignOwners', planId })).rejects.toThrow(TryLater);
  expect((await owners(names)).filter(({ kind }) => kind === 'person')).toHaveLength(50);
  world.ports.timeLeft = () => 60_000;
  await asks({ name: 'assignOwners', planId });
  expect(assigned()).toEqual({
    parts: [{ to: { kind: 'person', slackId: BEN }, users: 60 }],
    passedOver: [],
  });
  const histories = await Promise.all(names.map(async (name) => (await world.load(name)).rotation?.history));
  expect(histories.flat().filter((entry) => entry?.what === 'assign')).toHaveLength(60);
});

it('undoes nothing that was decided since the plan was shown, however late it is pressed again', async () => {
  const [name = ''] = await given(1);
  const { planId } = await plans(RULE);
  world.goTo(world.ports.now() + HOUR);
  const user = await world.load(name);
  await world.ports.users.save({
    ...user,
    disowned: { slackId: ANA, why: 'Not mine', at: world.ports.now() },
  });
  world.goTo(world.ports.now() + HOUR);
  await asks({ name: 'assignOwners', planId });
  expect(assigned()).toMatchObject({ parts: [], passedOver: [{ userName: name, why: 'decided' }] });
});

it('gives the others their owner where AWS does not say whether one of them is there', async () => {
  const names = await given(3);
  const { planId } = await plans(RULE);
  const keys = world.ports.keys(ACCOUNT);
  world.ports.keys = () => ({
    ...keys,
    describeUser: (userName) =>
      userName === names[0]
        ? Promise.reject(new OutsideError('refused', 'GetUser', 'AccessDenied'))
        : keys.describeUser(userName),
  });
  await asks({ name: 'assignOwners', planId });
  expect(assigned()).toMatchObject({
    parts: [{ users: 2 }],
    passedOver: [{ userName: names[0], why: 'unseen' }],
  });
});

it('does not overrule whoever writes at the same moment', async () => {
  const [name = ''] = await given(1);
  const { planId } = await plans(RULE);
  const { save } = world.ports.users;
  world.ports.users.save = async (user) => {
    world.ports.users.save = save;
    await save({ ...(await world.load(name)), owner: { kind: 'person', slackId: ANA, from: 'ownerTag' } });
    return save(user);
  };
  await asks({ name: 'assignOwners', planId });
  expect(await owners([name])).toMatchObject([{ slackId: ANA }]);
  expect(assigned().passedOver).toMatchObject([{ userName: name, why: 'another' }]);
});

it('plans a thousand at a time, and forty owners', async () => {
  await given(1003);
  const { lines, left, tooMany } = await plans(RULE);
  expect([lines[0]?.users.length, left.length, tooMany]).toEqual([1000, 3, 3]);
  const rules = Array.from({ length: 41 }, (_, nth) => `app-${nth} -> p${nth}@example.com`);
  const preview = await plans(rules.join('\n'), 'plan-2');
  expect(preview.lines.map(({ problem }) => problem)).toEqual([...Array(40).fill('nobody'), 'tooMany']);
}, 60_000);

it('is for admins, every part of it', async () => {
  const names = await given(2);
  const { planId } = await plans(RULE);
  const commands: Command[] = [
    { name: 'owners' },
    { name: 'ownersTable' },
    { name: 'summaryTable' },
    { name: 'mendPlan', planId },
    { name: 'planOwners', rules: readOwnerRules('x -> y', () => []) },
    { name: 'planPicked', picked: 'all', to: { kind: 'person', slackId: ANA } },
    { name: 'assignOwners', planId },
  ];
  const told = world.answers.length;
  for (const command of commands) await asks(command, { by: ANA });
  expect(world.refused).toEqual(commands.map(() => ({ kind: 'adminsOnly' })));
  expect(world.answers).toHaveLength(told);
  expect((await owners(names)).every(({ kind }) => kind === 'nobody')).toBe(true);
});
