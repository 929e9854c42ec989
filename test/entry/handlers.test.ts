// What Lambda calls: handlers without a callback. Whatever is wrong with the configuration is told when they are called.
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Environment } from '../../src/entry/environment.ts';
import { readEnvironment } from '../sandbox/deployment/serverless-file.ts';

const ENTRY = new URL('../../src/entry/', import.meta.url);
const IDS = { SLACK_TEAM_ID: 'T0ACME', SLACK_APP_ID: 'A0ACME', ADMIN_CHANNEL: 'C0ACME', ADMINS: 'U0ACME' };
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

// What Slack waits for begins before.
it.each(NAMES.filter((name) => name !== 'slack-handler.ts'))(
  '%s reads no configuration when it is imported',
  async (name) => {
    vi.resetModules();
    read.clear();
    await handlerOf(name);
    expect([...read].filter((variable) => VARIABLES.has(variable))).toEqual([]);
    expect(read).not.toContain('every variable');
  },
);

it('the scheduler refuses an event that is no task, so that an alarm tells', async () => {
  const handler = await handlerOf('scheduler-handler.ts');
  await expect(handler({ task: 'everything' }, { awsRequestId: 'r' } as Context)).rejects.toThrow('task');
});

it('the slack function has read Slack’s secret before anybody presses', async () => {
  const server = createServer((request, response) => {
    response.end(JSON.stringify({ SecretString: '{"botToken":"xoxb-1","signingSecret":"s"}' }));
    server.emit('asked', request.headers['x-amz-target']);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const asked = once(server, 'asked');
  const { port } = server.address() as AddressInfo;
  const credentials = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example' };
  const AWS_ENDPOINT_URL_SECRETS_MANAGER = `http://127.0.0.1:${port}`;
  Object.assign(process.env, readEnvironment({ mode: 'preview', env: IDS }), credentials, {
    AWS_REGION: 'eu-central-1',
    AWS_ENDPOINT_URL_SECRETS_MANAGER,
  });
  vi.resetModules();
  await handlerOf('slack-handler.ts');
  expect(await asked).toEqual(['secretsmanager.GetSecretValue']);
  server.close();
});
