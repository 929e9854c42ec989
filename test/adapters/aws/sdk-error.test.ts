// What the errors of real SDK clients come to.
import { GetUserCommand, type IAMClient } from '@aws-sdk/client-iam';
import { beforeEach, describe, expect, test } from 'vitest';
import { calling, callingUnless, outsideError } from '../../../src/adapters/sdk-error.ts';
import type { OutsideError } from '../../../src/usecases/errors.ts';
import { startWorld, type World } from './aws-world.ts';

let world: World;
let client: IAMClient;

beforeEach(async () => {
  world = await startWorld();
  client = world.iamClient('worker', 1);
});

const ask = () => client.send(new GetUserCommand({ UserName: 'ci' }));

function failure(): Promise<OutsideError> {
  return calling('GetUser', ask()).then(
    () => {
      throw new Error('expected a failure');
    },
    (error) => error,
  );
}

describe('an answer of AWS', () => {
  test.each([
    [400, 'ValidationError', 'refused', 'ValidationError'],
    [403, 'AccessDenied', 'refused', 'AccessDenied'],
    [404, 'NoSuchEntity', 'refused', 'NoSuchEntity'],
    [409, 'LimitExceeded', 'refused', 'LimitExceeded'],
    [400, 'LimitExceededException', 'refused', 'LimitExceeded'],
    [409, 'EntityTemporarilyUnmodifiable', 'busy', 'EntityTemporarilyUnmodifiable'],
    [409, 'ConcurrentModification', 'busy', 'ConcurrentModification'],
    [400, 'Throttling', 'busy', 'Throttling'],
    [400, 'ThrottlingException', 'busy', 'Throttling'],
    [400, 'TooManyRequestsException', 'busy', 'TooManyRequests'],
    [400, 'ProvisionedThroughputExceededException', 'busy', 'ProvisionedThroughputExceeded'],
    [503, 'RequestLimitExceeded', 'busy', 'RequestLimitExceeded'],
    [503, 'SlowDown', 'busy', 'SlowDown'],
    [429, 'Whatever', 'busy', 'Whatever'],
    [400, 'RequestTimeout', 'unknown', 'RequestTimeout'],
    [500, 'ServiceFailure', 'unknown', 'ServiceFailure'],
    [503, 'ServiceUnavailable', 'unknown', 'ServiceUnavailable'],
  ])('%i %s is %s', async (status, name, outcome, code) => {
    world.wire.interfere(() => ({ kind: 'refuse', status, code: name }));
    expect(await failure()).toMatchObject({ outcome, code, operation: 'GetUser' });
  });

  test('that did not come leaves everything open', async () => {
    world.wire.interfere(() => ({ kind: 'hang', takesEffect: true }));
    expect(await failure()).toMatchObject({ outcome: 'unknown', code: 'ETIMEDOUT' });

    world.wire.interfere(() => ({ kind: 'lose' }));
    expect(await failure()).toMatchObject({ outcome: 'unknown', code: 'ECONNRESET' });

    await world.wire.close();
    expect(await failure()).toMatchObject({ outcome: 'unknown', code: 'ECONNREFUSED' });
  });

  test('that cannot be read leaves everything open, and is not quoted', () => {
    const garbled = Object.assign(new SyntaxError('Unexpected end of "wJalrXUtn"'), {
      $metadata: { httpStatusCode: 200, requestId: 'request-1' },
    });
    const error = outsideError('CreateAccessKey', garbled);
    expect(error).toMatchObject({ outcome: 'unknown', code: 'SyntaxError' });
    expect(error.cause).toEqual({ name: 'SyntaxError', requestId: 'request-1' });
  });

  test('to an aborted call leaves everything open', async () => {
    const aborted = client.send(new GetUserCommand({ UserName: 'ci' }), {
      abortSignal: AbortSignal.abort(),
    });
    await expect(calling('GetUser', aborted)).rejects.toMatchObject({
      outcome: 'unknown',
      code: 'AbortError',
    });
  });

  test('is undefined where that was expected, and only there', async () => {
    expect(await callingUnless(['NoSuchEntity'], 'GetUser', ask())).toBeUndefined();
    await expect(callingUnless(['AccessDenied'], 'GetUser', ask())).rejects.toMatchObject({
      outcome: 'refused',
      code: 'NoSuchEntity',
    });
  });
});

describe('the error', () => {
  test('tells the service’s words and the request’s id, and drags nothing else along', async () => {
    const { cause } = await failure();
    expect(cause).toEqual({
      name: 'NoSuchEntityException',
      message: 'The user with name ci cannot be found.',
      requestId: expect.any(String),
    });
  });

  test.each([undefined, 'text', { name: 'NotAnError' }])('made of %j leaves everything open', (thrown) => {
    expect(outsideError('GetUser', thrown)).toMatchObject({ outcome: 'unknown', code: 'Unknown' });
  });
});
