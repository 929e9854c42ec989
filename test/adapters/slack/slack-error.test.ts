// What goes wrong with Slack is told in three words, and never with the token.
import { inspect } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { asking, slackError } from '../../../src/adapters/slack/slack-error.ts';
import { OutsideError } from '../../../src/usecases/errors.ts';
import type { Fault } from '../../sandbox/servers/wire.ts';
import { type SlackWorld, slackWorld } from './slack-world.ts';

let world: SlackWorld;

beforeEach(async () => {
  world = await slackWorld();
});

const failure = (fault: Fault) => {
  world.spoil('auth.test', fault);
  return asking('auth.test', world.client.auth.test()).then(
    () => undefined,
    (error: unknown) => error,
  );
};

const refuse = (status: number, code: string, headers?: Record<string, string>): Fault => {
  return { kind: 'refuse', status, code, ...(headers && { headers }) };
};

describe('an error of Slack', () => {
  it.each<[string, Fault, string, string]>([
    ['a plain no', refuse(200, 'channel_not_found'), 'refused', 'channel_not_found'],
    ['a word for "later"', refuse(200, 'ratelimited'), 'busy', 'ratelimited'],
    ['a token that may have been replaced', refuse(200, 'token_revoked'), 'busy', 'token_revoked'],
    ['429', refuse(429, 'ratelimited', { 'retry-after': '30' }), 'busy', 'ratelimited'],
    ['a failure of its own', refuse(200, 'fatal_error'), 'unknown', 'fatal_error'],
    ['a server error', refuse(503, 'x'), 'unknown', 'http_503'],
    ['another status', refuse(403, 'x'), 'refused', 'http_403'],
    ['code in place of a code', refuse(200, '<script> xoxb-1'), 'refused', 'unknown_error'],
  ])('is told apart: %s', async (_, fault, outcome, code) => {
    expect(await failure(fault)).toMatchObject({ outcome, code, operation: 'auth.test' });
  });

  it('that says "later" is told with the seconds that Slack asks for', async () => {
    const fault = refuse(429, 'ratelimited', { 'retry-after': '30' });
    expect(await failure(fault)).toMatchObject({ retryAfter: 30 });
    expect(await failure(refuse(200, 'ratelimited'))).toMatchObject({ retryAfter: undefined });
  });

  it('leaves open what happened when no answer comes', async () => {
    world = await slackWorld(300);
    expect(await failure({ kind: 'lose' })).toMatchObject({ outcome: 'unknown' });
    expect(await failure({ kind: 'hang', takesEffect: true })).toMatchObject({ outcome: 'unknown' });
  });

  it('never carries the token', async () => {
    for (const fault of [{ kind: 'lose' } as const, refuse(200, 'invalid_auth'), refuse(500, 'x')]) {
      const error = await failure(fault);
      expect(error).toBeInstanceOf(OutsideError);
      expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(world.workspace.bot.token);
    }
  });

  it('is translated once', () => {
    const error = new OutsideError('busy', 'x', 'y');
    expect(slackError('z', error)).toBe(error);
    expect(slackError('z', 'thrown')).toMatchObject({ outcome: 'unknown', code: 'unknown_error' });
  });
});
