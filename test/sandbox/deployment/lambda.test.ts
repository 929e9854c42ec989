// How a handler fares in the sandbox's Lambda.
import { describe, expect, test } from 'vitest';
import { MINUTE, sandboxClock } from '../clock.ts';
import { ContainerDied, FunctionError, type LambdaSettings, lambdaFunction } from './lambda.ts';

const START = new Date('2026-11-02T09:00:00Z');

function lambdaOf(code: string, settings: Partial<LambdaSettings> = {}) {
  const clock = settings.clock ?? sandboxClock(START);
  return lambdaFunction({ name: 'sample', code, env: { AWS_REGION: 'eu-central-1' }, ...settings, clock });
}

describe('an invocation', () => {
  test('gets the event as JSON and answers as JSON', async () => {
    const echo = lambdaOf('exports.handler = async (event) => ({ event, gone: undefined })');
    expect(await echo.invoke({ at: START, left: undefined })).toEqual({ event: { at: START.toISOString() } });
  });

  test('answers null when the handler returns nothing', async () => {
    expect(await lambdaOf('exports.handler = async () => {}').invoke({})).toBeNull();
  });

  test('tells the handler who it is and how long it has', async () => {
    const clock = sandboxClock(START);
    const lambda = lambdaOf(
      `exports.handler = async (event, context) =>
        [context.awsRequestId, context.functionName, context.getRemainingTimeInMillis()]`,
      { clock, timeoutSeconds: 10 },
    );
    expect(await lambda.invoke({})).toEqual(['00000000-0000-4000-8000-000000000001', 'sample', 10_000]);
    expect(await lambda.invoke({})).toEqual(['00000000-0000-4000-8000-000000000002', 'sample', 10_000]);
  });

  test('fails with the handler’s error, and the function goes on', async () => {
    const lambda = lambdaOf(
      'let n = 0; exports.handler = async () => { if (n++ === 0) throw new RangeError("too far"); return n }',
    );
    await expect(lambda.invoke({})).rejects.toMatchObject({
      constructor: FunctionError,
      errorType: 'RangeError',
      message: 'too far',
    });
    expect(await lambda.invoke({})).toBe(2);
    expect(JSON.parse(lambda.logs.at(-1) ?? '')).toMatchObject({
      level: 'ERROR',
      message: { errorType: 'RangeError', errorMessage: 'too far' },
    });
  });
});

describe('a container', () => {
  const counting = 'let n = 0; exports.handler = async () => ++n';

  test('stays warm from one invocation to the next', async () => {
    const lambda = lambdaOf(counting);
    expect([await lambda.invoke({}), await lambda.invoke({})]).toEqual([1, 2]);
  });

  test('starts cold after a restart', async () => {
    const lambda = lambdaOf(counting);
    await lambda.invoke({});
    lambda.restart();
    expect(await lambda.invoke({})).toBe(1);
  });

  test('starts cold with other code once that is deployed', async () => {
    const lambda = lambdaOf(counting);
    await lambda.invoke({});
    lambda.update(counting.replace('n = 0', 'n = 10'));
    expect([await lambda.invoke({}), await lambda.invoke({})]).toEqual([11, 12]);
  });

  test('sits through no pause, and waits for another timer until it is told to give up', async () => {
    const lambda = lambdaOf(
      `exports.handler = (pauses) => new Promise((resolve) => {
         clearTimeout(setTimeout(resolve, 60_000, 'cleared'));
         setTimeout(resolve, 60_000 + Number(pauses), 'waited');
       })`,
      { isPause: (ms) => ms === 60_001 },
    );
    expect(await lambda.invoke(true)).toBe('waited');
    const stuck = lambda.invoke(false);
    lambda.giveUp();
    expect(await stuck).toBe('waited');
  });

  test('takes one invocation at a time: two at once get a container each', async () => {
    const lambda = lambdaOf(
      'let n = 0; exports.handler = async () => { n += 1; await new Promise(setImmediate); return n }',
    );
    expect(await Promise.all([lambda.invoke({}), lambda.invoke({})])).toEqual([1, 1]);
  });

  test('that dies in the middle fails its invocation, and the next one starts cold', async () => {
    const lambda = lambdaOf(
      'let n = 0; exports.handler = (stuck) => { n += 1; return stuck ? new Promise(() => {}) : n }',
    );
    await lambda.invoke(false);
    const death = new AbortController();
    const invocation = lambda.invoke(true, { signal: death.signal });
    death.abort();
    await expect(invocation).rejects.toBeInstanceOf(ContainerDied);
    expect(await lambda.invoke(false)).toBe(1);
  });
});

describe('the handler’s surroundings', () => {
  test('show the sandbox’s time however it is asked for', async () => {
    const clock = sandboxClock(START);
    const lambda = lambdaOf(
      `class Later extends Date {}
       exports.handler = async () => [Date.now(), new Date().getTime(), new Later().getTime(), Date.parse(Date())]`,
      { clock },
    );
    clock.advance(90 * MINUTE);
    expect(await lambda.invoke({})).toEqual(Array(4).fill(START.getTime() + 90 * MINUTE));
  });

  test('leave dates otherwise as they are', async () => {
    const lambda = lambdaOf(
      `const { statSync } = require('node:fs');
       class Later extends Date {}
       exports.handler = async () => [
         new Date(0).toISOString(), new Date(2026, 0, 1).getMonth(), Date.UTC(1970, 0, 2),
         statSync('/').mtime instanceof Date, new Date() instanceof Date, new Later() instanceof Later,
       ]`,
    );
    expect(await lambda.invoke({})).toEqual(['1970-01-01T00:00:00.000Z', 0, 86_400_000, true, true, true]);
  });

  test('show only the environment given, from either name of process', async () => {
    const lambda = lambdaOf('exports.handler = async () => [process.env, require("node:process").env]');
    const own = { AWS_REGION: 'eu-central-1' };
    expect(await lambda.invoke({})).toEqual([own, own]);
  });

  test('keep what the handler sets to the container', async () => {
    const lambda = lambdaOf(
      'exports.handler = async () => { const was = process.env.SET; process.env.SET = "yes"; return was ?? "no" }',
    );
    expect([await lambda.invoke({}), await lambda.invoke({})]).toEqual(['no', 'yes']);
    lambda.restart();
    expect(await lambda.invoke({})).toBe('no');
    expect(process.env).not.toHaveProperty('SET');
  });

  test('catch what is logged, and pass it on', async () => {
    const passedOn: string[] = [];
    const lambda = lambdaOf(
      `exports.handler = async () => {
         console.log('a', { b: 1 }); console.error('c'); process.stdout.write('{"d":2}\\n');
       }`,
      { stdout: (entry) => passedOn.push(entry) },
    );
    await lambda.invoke({});
    const words = `${START.toISOString()}\tINFO\t`;
    expect(lambda.logs).toEqual([`${words}a { b: 1 }`, `${words}c`, '{"d":2}']);
    expect(passedOn).toEqual(lambda.logs);
  });

  test('have Node’s modules and no others', async () => {
    const lambda = lambdaOf('exports.handler = async (id) => typeof require(id)');
    expect(await lambda.invoke('node:crypto')).toBe('object');
    await expect(lambda.invoke('zod')).rejects.toThrow("Cannot find module 'zod'");
  });
});

describe('a bundle that Lambda could not run', () => {
  test('fails every invocation when it throws while loading', async () => {
    const lambda = lambdaOf('throw new Error("TABLE_NAME is missing")');
    await expect(lambda.invoke({})).rejects.toThrow('TABLE_NAME is missing');
    await expect(lambda.invoke({})).rejects.toThrow('TABLE_NAME is missing');
  });

  test.each([
    ['no handler', 'exports.other = 1', 'not exported'],
    ['a handler with a callback', 'exports.handler = (event, context, done) => done()', 'callback'],
  ])('is refused when it has %s', async (_, code, reason) => {
    await expect(lambdaOf(code).invoke({})).rejects.toThrow(reason);
  });
});
