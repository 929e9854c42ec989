// Who may read what was done to a user's keys, and what of it.
import { beforeEach, describe, expect, it } from 'vitest';
import { answerCommand } from '../../../src/usecases/commands/answer-command.ts';
import { rotationAt, userAt } from '../../domain/given.ts';
import { ANA, ANAS, BEN, commandJob, SAM, worldForEach } from '../usecase-world.ts';

const world = worldForEach();

const history = (by: string) =>
  answerCommand(commandJob({ name: 'history', target: { userName: 'ci' } }, by), world.ports);
const stages = () =>
  (world.answers as { history: { rotations: { rotation: { stage: string }; isOfAnother?: true }[] } }[]).map(
    (answer) =>
      answer.history.rotations.map(
        ({ rotation, isOfAnother }) => `${rotation.stage}${isOfAnother ? ' of another' : ''}`,
      ),
  );

describe('the history', () => {
  beforeEach(async () => {
    world.addIamUser('ci');
    const userId = world.iam.get('111122223333/ci')?.userId ?? '';
    const now = userAt('due', { userName: 'ci', owner: ANAS, userId });
    await world.save(now);
    const before = { ...rotationAt('deleted'), oldKeyId: 'AKIAEARLIER' };
    await world.ports.users.file(now, before);
    await world.ports.users.file({ ...now, userId: 'AIDAFORMER' }, { ...before, oldKeyId: 'AKIAFORMER' });
  });

  it('shows an admin all rotations under that name, the newest first', async () => {
    await history(SAM);
    expect(stages()[0]?.toSorted()).toEqual(['deleted', 'deleted of another', 'due']);
    expect(stages()[0]?.[0]).toBe('due');
  });

  it('shows the owner those of this very IAM user', async () => {
    await history(ANA);
    expect(stages()).toEqual([['due', 'deleted']]);
  });

  it('is refused to anybody else', async () => {
    await history(BEN);
    expect(world.answers).toEqual([]);
    expect(world.refused).toMatchObject([{ kind: 'notYours' }]);
  });
});

it('a closed rotation that was filed is told once', async () => {
  world.addIamUser('ci');
  const userId = world.iam.get('111122223333/ci')?.userId ?? '';
  const user = userAt('deleted', { userName: 'ci', owner: ANAS, userId });
  await world.save(user);
  await world.ports.users.file(user, rotationAt('deleted'));
  await history(SAM);
  expect(stages()).toEqual([['deleted']]);
});
