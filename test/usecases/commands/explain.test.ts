// What can be typed, for whoever asks: by what they may do, and with an IAM user that they know.
import { describe, expect, it } from 'vitest';
import { answerCommand } from '../../../src/usecases/commands/answer-command.ts';
import { OutsideError } from '../../../src/usecases/errors.ts';
import { userAt } from '../../domain/given.ts';
import { ANA, ANAS, BEN, commandJob, SAM, worldForEach } from '../usecase-world.ts';

const world = worldForEach();

const help = (by: string) => answerCommand(commandJob({ name: 'help' }, by), world.ports);

describe('the help', () => {
  it('takes one of somebody’s own IAM users for its examples, and only admins see theirs', async () => {
    await world.save(userAt('due', { owner: ANAS }));
    await help(ANA);
    expect(world.answers).toMatchObject([{ help: { isAdmin: false, example: { userName: 'ci-deploy' } } }]);
  });

  it('takes any for an admin, and none of other people’s for anybody else', async () => {
    await world.save(userAt('due', { owner: ANAS }));
    await help(SAM);
    await help(BEN);
    expect(world.answers).toMatchObject([
      { help: { isAdmin: true, example: { userName: 'ci-deploy' } } },
      { help: { isAdmin: false } },
    ]);
    expect(world.answers[1]).not.toHaveProperty('help.example');
  });

  it('is told all the same when Slack does not say who is an admin', async () => {
    world.ports.directory.isAdmin = () =>
      Promise.reject(new OutsideError('unknown', 'usergroups.users.list', 'ETIMEDOUT'));
    await help(SAM);
    expect(world.answers).toEqual([{ help: { isAdmin: false } }]);
  });
});

describe('nothing behind `/keyrotate`', () => {
  const keys = (by: string) => answerCommand(commandJob({ name: 'keys' }, by), world.ports);

  it('shows what there is to do', async () => {
    await world.save(userAt('due', { owner: ANAS }));
    await keys(ANA);
    expect(world.answers).toMatchObject([{ lines: [{ userName: 'ci-deploy' }] }]);
  });

  it('tells an admin, and nobody else, where to see more than their own', async () => {
    await world.save(userAt('due', { owner: ANAS }));
    await keys(ANA);
    expect(world.answers[0]).not.toHaveProperty('isAdmins');
    await keys(SAM);
    expect(world.answers[1]).toMatchObject({ users: [], isAdmins: true });
  });

  it('shows all that somebody has, where nothing is to do', async () => {
    world.addIamUser('reports');
    await keys(ANA);
    expect(world.answers).toMatchObject([{ users: [{ userName: 'reports' }] }]);
  });
});
