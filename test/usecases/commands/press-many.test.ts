// One press for many: what an earlier delivery did or asked is told by the record, and one that fails stops none of the others.
import { expect, it } from 'vitest';
import { HOUR } from '../../../src/domain/time.ts';
import { drawingFor } from '../../../src/domain/wanted.ts';
import { answerCommand } from '../../../src/usecases/commands/answer-command.ts';
import type { PressedMany } from '../../../src/usecases/commands/answers.ts';
import { OutsideError, TryLater } from '../../../src/usecases/errors.ts';
import type { Drawn, MoveOfMany } from '../../../src/usecases/jobs.ts';
import { NOW, oldKey, POLICY, usedHoursAgo, userAt } from '../../domain/given.ts';
import { ACCOUNT, ANA, worldForEach } from '../usecase-world.ts';

const world = worldForEach();
const NAMES = ['one', 'two', 'three'];

async function given(): Promise<Drawn[]> {
  const drawn: Drawn[] = [];
  for (const userName of NAMES) {
    // In use: each is asked about.
    world.addIamUser(userName, { keys: [oldKey({ lastUse: usedHoursAgo(2) })] });
    await world.save(userAt('due', { userName }));
    const user = await world.load(userName);
    drawn.push({
      account: ACCOUNT,
      userName,
      drawing: drawingFor({ as: 'owner', id: '' }, user, POLICY, NOW),
    });
  }
  return drawn;
}

const presses = (move: MoveOfMany, users: Drawn[]) =>
  answerCommand(
    {
      ...{ kind: 'command', id: 'command/V1', askedAt: NOW, personId: ANA, place: { channel: 'DANA' } },
      command: { name: 'pressMany', move, users },
    },
    world.ports,
  );
const answered = () => (world.answers.at(-1) as { pressed: PressedMany }).pressed;

it('goes on with the others where one cannot be asked about', async () => {
  const users = await given();
  const keys = world.ports.keys(ACCOUNT);
  world.ports.keys = () => ({
    ...keys,
    list: (userName) =>
      userName === 'one'
        ? Promise.reject(new OutsideError('busy', 'ListAccessKeys', 'Throttling'))
        : keys.list(userName),
  });
  await presses('retire', users);
  expect(answered().refused).toEqual([expect.objectContaining({ userName: 'one' })]);
  expect(answered()).toMatchObject({ done: 0, asked: 2 });
});

it('asks about one once, and counts it once, when its job comes back for the rest', async () => {
  const users = await given();
  let left = 1;
  world.ports.timeLeft = () => (left-- > 0 ? 60_000 : 1000);
  await expect(presses('retire', users)).rejects.toThrow(TryLater);
  const asked = (await world.load('one')).question;
  world.goTo(NOW + HOUR);
  world.ports.timeLeft = () => 60_000;
  await presses('retire', users);
  expect((await world.load('one')).question).toEqual(asked);
  const { done, asked: waiting, refused, open } = answered();
  expect({ done, waiting, refused, open: open.length }).toEqual({
    done: 0,
    waiting: 3,
    refused: [],
    open: 3,
  });
});
