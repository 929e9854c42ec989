// A table that is taken over: every function works on it, with rights on no other.
import { expect, it, onTestFinished } from 'vitest';
import { allItems } from '../sandbox/play/items.ts';
import { run } from '../sandbox/play/play.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import { ANAS, beginIn } from './story.ts';

it('a deployment goes on with the table that TABLE_NAME names', async () => {
  const sandbox = await startSandbox({ seed: 'nobody', params: { TABLE_NAME: 'keyrotate-of-old' } });
  // Throws if a function lacked a right.
  onTestFinished(() => sandbox.close());
  const users = [{ name: 'ci-deploy', tags: ANAS, keys: [{ age: 83, usedHoursAgo: 30 }] }];
  const { people, presses, types, rotation } = await beginIn(sandbox, users);
  await presses(people.ana, 'ci-deploy', 'Create new key');
  expect(await types(people.ana, 'status')).toContain('ci-deploy');
  await run(sandbox, 'summary');
  expect((await rotation('ci-deploy'))?.stage).toBe('issued');
  expect(sandbox.environment.TABLE_NAME).toBe('keyrotate-of-old');
  expect((await allItems(sandbox)).length).toBeGreaterThan(3);
  const tables = sandbox.aws.decisions.filter(({ action }) => action.startsWith('dynamodb:'));
  expect(new Set(tables.map(({ resource }) => resource.split(/[/]/)[1]))).toEqual(
    new Set(['keyrotate-of-old']),
  );
});
