// Slack's signing secret changes while presses wait: none is taken for a forgery that Slack has signed.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../sandbox/clock.ts';
import { deliver, drain, keysOf, liveCard, run } from '../../sandbox/play/play.ts';
import { type Sandbox, SIGNING_SECRET } from '../../sandbox/sandbox.ts';
import { ANAS, begin, type Story } from '../story.ts';

const USER = 'ci-deploy';
const NEXT = 'the-next';

let story: Story;
let sandbox: Sandbox;
beforeEach(async () => {
  story = await begin([{ name: USER, tags: ANAS, keys: [{ age: 83, usedHoursAgo: 40 }] }]);
  sandbox = story.sandbox;
});
afterEach(() => story.end());

/** As the runbook says: the next one, and the one before beside it. */
const stores = () =>
  sandbox.aws.putSlackSecret(sandbox.environment.SLACK_SECRET_ID ?? '', {
    botToken: sandbox.slack.workspace.bot.token,
    ...{ signingSecret: NEXT, previousSigningSecret: SIGNING_SECRET },
  });

async function presses(): Promise<void> {
  const user = story.people.ana;
  const message = liveCard(sandbox, user, USER);
  const forge = { signingSecret: NEXT };
  const event = sandbox.slack.people.click({ user, message, button: 'Create new key', forge });
  expect((await deliver(sandbox, event)).statusCode).toBe(200);
}

it('a press waits while the worker cannot read the new secret, and is done then', async () => {
  await run(sandbox, 'tick');
  await stores();
  sandbox.clock.advance(MINUTE);
  await presses();
  sandbox.aws.wire.interfere(({ action }) =>
    action === 'GetSecretValue' ? { kind: 'refuse', status: 500, code: 'InternalServiceError' } : undefined,
  );
  await sandbox.queues.pump();
  expect(keysOf(sandbox, USER)).toHaveLength(1);
  sandbox.aws.wire.interfere(undefined);
  sandbox.clock.advance(5 * MINUTE);
  await drain(sandbox);
  expect(keysOf(sandbox, USER)).toHaveLength(2);
});

it('a press is done by a worker that read the secrets a moment before they changed', async () => {
  sandbox.clock.advance(11 * MINUTE);
  await run(sandbox, 'sweep');
  await stores();
  sandbox.clock.advance(5 * SECOND);
  await presses();
  await drain(sandbox);
  expect(keysOf(sandbox, USER)).toHaveLength(2);
});

it('a press is taken by a container that could not read the secret as it started', async () => {
  await run(sandbox, 'tick');
  sandbox.functions.slack.restart();
  // As often as the client tries.
  let refusals = 2;
  sandbox.aws.wire.interfere(({ action }) => {
    if (action !== 'GetSecretValue' || refusals === 0) return undefined;
    refusals -= 1;
    return { kind: 'refuse', status: 500, code: 'InternalServiceError' };
  });
  const message = liveCard(sandbox, story.people.ana, USER);
  const event = sandbox.slack.people.click({ user: story.people.ana, message, button: 'Create new key' });
  expect((await deliver(sandbox, event)).statusCode).toBe(200);
});
