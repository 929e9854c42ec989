// What becomes of a job that somebody waits for when Slack or AWS plainly says no.
import { expect, it } from 'vitest';
import { doJob } from '../../src/usecases/do-job.ts';
import { OutsideError } from '../../src/usecases/errors.ts';
import type { CommandJob } from '../../src/usecases/jobs.ts';
import { mailOf, SAM, worldForEach } from './usecase-world.ts';

const world = worldForEach();
const show: CommandJob = {
  ...{ kind: 'command', id: 'c1', askedAt: 0, personId: SAM, place: { channel: 'D1' } },
  command: { name: 'show', target: { userName: 'ci' } },
};

it('a plain no about people is told at once to whoever typed a command', async () => {
  world.addIamUser('ci', { tags: { mail: mailOf(SAM) } });
  const error = new OutsideError('refused', 'users.lookupByEmail', 'missing_scope');
  world.ports.directory.personOfEmail = () => Promise.reject(error);
  await doJob(show, world.ports);
  expect(world.refused).toEqual([{ kind: 'slackRefused', code: 'missing_scope' }]);
});

it('a plain no after something was written is not told as if nothing had been changed', async () => {
  world.addIamUser('ci', { tags: { mail: mailOf(SAM) } });
  const error = new OutsideError('refused', 'chat.postMessage', 'is_archived');
  world.ports.messenger.sendToAdmin = () => Promise.reject(error);
  await expect(doJob(show, world.ports)).rejects.toBe(error);
  expect(await world.isOnRecord('ci')).toBe(true);
  expect(world.refused).toEqual([]);
});

it('what may pass by itself is left to be tried again', async () => {
  world.addIamUser('ci', { tags: { mail: mailOf(SAM) } });
  const error = new OutsideError('busy', 'users.lookupByEmail', 'ratelimited');
  world.ports.directory.personOfEmail = () => Promise.reject(error);
  await expect(doJob(show, world.ports)).rejects.toBe(error);
  expect(world.refused).toEqual([]);
});
