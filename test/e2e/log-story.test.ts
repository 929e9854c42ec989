// What the functions write to their logs: lines of JSON and nothing else, with what AWS and Slack said of a failure.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { run } from '../sandbox/play/play.ts';
import { ANAS, begin, type Story } from './story.ts';

let story: Story;

beforeEach(async () => {
  story = await begin([{ name: 'ci', tags: ANAS, keys: [{ age: 83 }] }]);
});

afterEach(async () => {
  story.sandbox.aws.wire.interfere(undefined);
  story.sandbox.slack.wire.interfere(undefined);
  await story.end();
});

const presses = (button: string) => story.presses(story.people.ana, 'ci', button);

interface Line {
  level: string;
  event: string;
  functionName: string;
  requestId?: string;
  error?: { code?: string; operation?: string; cause?: { requestId?: string } };
}

const lines = (): Line[] => story.sandbox.logs().map((line) => JSON.parse(line));
const about = (event: string) => lines().filter((line) => line.event === event);

it('each line is JSON, and says how grave it is and which function of which deployment wrote it', async () => {
  await presses('Create new key');
  for (const task of ['sweep', 'summary'] as const) await run(story.sandbox, task);
  expect(new Set(lines().map(({ functionName }) => functionName))).toEqual(
    new Set(['slack', 'worker', 'sweeper', 'scheduler'].map((name) => `keyrotate-dev-${name}`)),
  );
  for (const { level, requestId } of lines()) {
    expect(level).toMatch(/^(info|warn|error)$/);
    expect(requestId ?? '').not.toBe('undefined');
  }
});

it.each([
  ['the vault', 'CreateSecret'],
  ['the vault, after the key was made', 'PutSecretValue'],
  ['IAM', 'CreateAccessKey'],
  ['IAM, before anything was done', 'GetUser'],
])('a move that %s refuses is logged with what AWS said, and the id of its call', async (_, refused) => {
  story.sandbox.aws.wire.interfere(({ action }) =>
    action === refused ? { kind: 'refuse', status: 403, code: 'AccessDenied' } : undefined,
  );
  await presses('Create new key');
  const events = refused === 'GetUser' ? 'user.lookRefused' : 'move.awsFailed';
  expect(about(events)[0]).toMatchObject({
    level: 'warn',
    error: { operation: refused, code: 'AccessDenied', cause: { requestId: expect.any(String) } },
  });
});

it('somebody whom Slack does not tell about is refused, and the log says what Slack said', async () => {
  story.sandbox.slack.wire.interfere(({ action }) =>
    action === 'users.info' ? { kind: 'refuse', status: 200, code: 'missing_scope' } : undefined,
  );
  await presses('Create new key');
  expect(about('person.lookRefused')[0]?.error).toMatchObject({
    operation: 'users.info',
    code: 'missing_scope',
  });
});
