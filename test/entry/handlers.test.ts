// What Lambda calls: handlers without a callback, which read nothing before they are called.
import { readdirSync } from 'node:fs';
import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Environment } from '../../src/entry/environment.ts';

const ENTRY = new URL('../../src/entry/', import.meta.url);
const NAMES = readdirSync(ENTRY).filter((name) => name.endsWith('-handler.ts'));
const VARIABLES = new Set(Object.keys(Environment.shape));

type Handler = (event: unknown, context: Context) => Promise<unknown>;

const realEnvironment = process.env;
const read = new Set<string>();

beforeAll(() => {
  const without = Object.entries(realEnvironment).filter(([name]) => !VARIABLES.has(name));
  process.env = new Proxy(Object.fromEntries(without), {
    get(env, name) {
      read.add(String(name));
      return Reflect.get(env, name);
    },
    ownKeys(env) {
      read.add('every variable');
      return Reflect.ownKeys(env);
    },
  });
});

afterAll(() => {
  process.env = realEnvironment;
});

const handlerOf = async (name: string): Promise<Handler> => (await import(new URL(name, ENTRY).href)).handler;

it('there is one for each function', () => {
  expect(NAMES).toEqual([
    'scheduler-handler.ts',
    'slack-handler.ts',
    'sweeper-handler.ts',
    'worker-handler.ts',
  ]);
});

describe.each(NAMES)('%s', (name) => {
  it('exports a handler without a callback, which newer runtimes refuse', async () => {
    const handler = await handlerOf(name);
    expect(handler).toBeTypeOf('function');
    expect(handler.length).toBeLessThanOrEqual(2);
  });

  it('reads no configuration when it is imported', async () => {
    vi.resetModules();
    read.clear();
    await handlerOf(name);
    expect([...read].filter((variable) => VARIABLES.has(variable))).toEqual([]);
    expect(read).not.toContain('every variable');
  });

  it('tells all that is wrong with the configuration in one error, each time it is called', async () => {
    const handler = await handlerOf(name);
    const event = { task: 'tick', Records: [], headers: {}, body: '' };
    for (let i = 0; i < 2; i++) {
      const error = await handler(event, { awsRequestId: 'r' } as Context).catch((it: unknown) => it);
      expect(error).toMatchObject({ name: 'BadConfiguration' });
      for (const variable of ['ACCOUNTS', 'TABLE_NAME', 'SLACK_TEAM_ID', 'ADMINS', 'SLACK_SECRET_ID'])
        expect(String(error)).toContain(variable);
    }
  });
});

it('the scheduler refuses an event that is no task, so that an alarm tells', async () => {
  const handler = await handlerOf('scheduler-handler.ts');
  await expect(handler({ task: 'everything' }, { awsRequestId: 'r' } as Context)).rejects.toThrow('task');
});
