// What a terminal gets to see: no secret, unless it was asked for.
import { expect, it } from 'vitest';
import { readArguments } from '../../src/pull/arguments.ts';
import { pull, type Surroundings } from '../../src/pull/pull.ts';

const NOWHERE: Surroundings = {
  files: { credentials: '/nowhere/credentials', config: '/nowhere/config' },
  profile: undefined,
  hasOwnCredentials: false,
  printsToTerminal: true,
  clock: { now: () => 0, pause: async () => undefined },
  say: () => undefined,
  print: (text) => expect.unreachable(text),
};

const typed = (...more: string[]) => {
  const asked = readArguments(['pull', '--secret-id', '/iam/keys/x', ...more]);
  if (asked === 'help') throw new Error('was taken for a question');
  return asked;
};

it('lines for the environment are not shown on a terminal', async () => {
  await expect(pull(typed('--print', 'env'), NOWHERE)).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringContaining('send it into a pipe or a file, or say --show-secret'),
  });
});

it('unless somebody says so: then it goes on to fetch', async () => {
  const asked = typed('--print', 'env', '--show-secret', '--profile', 'none', '--region', 'eu-central-1');
  await expect(pull(asked, NOWHERE)).rejects.toMatchObject({ kind: 'secret' });
});
