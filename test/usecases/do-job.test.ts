// What becomes of a job that somebody waits for when Slack or AWS plainly says no.
import { expect, it } from 'vitest';
import { doJob } from '../../src/usecases/do-job.ts';
import { OutsideError } from '../../src/usecases/errors.ts';
import type { CommandJob } from '../../src/usecases/jobs.ts';
import { mailOf, SAM, worldForEach } from './usecase-world.ts';

const world = worldForEach();
const show: CommandJob = {
  ...{ kind: 'command', id: 'c1', personId: SAM, place: { channel: 'D1' } },
  command: { name: 'show', target: { userName: 'ci' } },
};

it.each([
  ['users.lookupByEmail', 'missing_scope', 'slackRefused'],
  ['PutItem', 'AccessDeniedException', 'awsRefused'],
])('a plain no of %s to a command is told to whoever typed it, at once', async (operation, code, kind) => {
  world.addIamUser('ci', { tags: { mail: mailOf(SAM) } });
  world.ports.directory.personByEmail = () => Promise.reject(new OutsideError('refused', operation, code));
  await doJob(show, world.ports);
  expect(world.refused).toEqual([{ kind, code }]);
});

it('what may pass by itself is left to be tried again', async () => {
  world.addIamUser('ci', { tags: { mail: mailOf(SAM) } });
  const error = new OutsideError('busy', 'users.lookupByEmail', 'ratelimited');
  world.ports.directory.personByEmail = () => Promise.reject(error);
  await expect(doJob(show, world.ports)).rejects.toBe(error);
  expect(world.refused).toEqual([]);
});
