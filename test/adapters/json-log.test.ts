// What a log line holds, and above all what it does not.
import { describe, expect, it } from 'vitest';
import { jsonLog } from '../../src/adapters/json-log.ts';
import { OutsideError } from '../../src/usecases/errors.ts';
import type { LogFacts } from '../../src/usecases/ports.ts';
import { Secret } from '../../src/usecases/secret.ts';

const NOW = Date.parse('2026-11-20T13:00:00Z');
// As AWS's documentation writes one: no secret of anybody.
const AWS_SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

function written(facts: LogFacts, requestId?: string): string {
  const lines: string[] = [];
  const write = (line: string) => lines.push(line);
  jsonLog({ write, now: () => NOW, functionName: 'worker', requestId }).error('something.happened', facts);
  expect(lines).toHaveLength(1);
  return lines[0] ?? '';
}

const errorIn = (error: unknown) => JSON.parse(written({ error })).error;
const messageOf = (text: string): string => errorIn(new Error(text)).message;

describe('a log line', () => {
  it('is JSON with the time, the level, the event, where it happened, and the facts', () => {
    const facts = { account: '111122223333', userName: 'ci', jobId: 'click/1.2', count: 3 };
    expect(JSON.parse(written(facts, 'request-1'))).toEqual({
      time: '2026-11-20T13:00:00.000Z',
      level: 'error',
      event: 'something.happened',
      functionName: 'worker',
      requestId: 'request-1',
      ...facts,
    });
  });

  it.each(['info', 'warn', 'error'] as const)('has the level %s', (level) => {
    const lines: string[] = [];
    const log = jsonLog({ write: (line) => lines.push(line), now: () => NOW, functionName: 'slack' });
    log[level]('x');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { time: '2026-11-20T13:00:00.000Z', level, event: 'x', functionName: 'slack' },
    ]);
  });

  it('is one line, whatever is in it', () => {
    const error = new Error('first\nsecond\r\nthird');
    expect(written({ userName: 'a\nb', error })).not.toMatch(/[\n\r]/);
  });

  it('holds no fact that is not on the list, even where the compiler lets a whole object pass', () => {
    const job = { account: '111122223333', place: { channel: 'canary' }, text: 'canary', time: 'canary' };
    expect(JSON.parse(written(job))).toMatchObject({ account: '111122223333', event: 'something.happened' });
    expect(written(job)).not.toContain('canary');
    // @ts-expect-error: there is no field for free text.
    written({ text: 'what somebody wrote' });
  });

  it('shows no secret, should one be passed all the same', () => {
    expect(written({ code: new Secret(AWS_SECRET) } as never)).not.toContain(AWS_SECRET);
  });

  it('holds no fact that is not plain text or a number', () => {
    const odd = { code: new Secret(AWS_SECRET), userName: { deep: 'canary' }, jobId: ['canary'] };
    expect(written(odd as never)).not.toMatch(/canary|wJalr|code|userName|jobId/);
  });
});

describe('an error', () => {
  it('is told by name, message, code, operation, outcome and stack', () => {
    const error = new OutsideError('busy', 'ListAccessKeys', 'Throttling');
    expect(errorIn(error)).toEqual({
      name: 'OutsideError',
      message: 'ListAccessKeys: Throttling',
      code: 'Throttling',
      operation: 'ListAccessKeys',
      outcome: 'busy',
      stack: expect.stringContaining('json-log.test.ts'),
    });
  });

  it('keeps nothing else: other properties may hold requests', () => {
    const request = { headers: { authorization: 'Bearer canary' } };
    const error = Object.assign(new Error('failed'), {
      request,
      config: request,
      code: { request },
      data: 'canary',
    });
    expect(written({ error })).not.toContain('canary');
  });

  it('is told with what caused it', () => {
    const error = new Error('outer', { cause: new TypeError('middle', { cause: new Error('inner') }) });
    expect(errorIn(error)).toMatchObject({
      message: 'outer',
      cause: { name: 'TypeError', message: 'middle', cause: { name: 'Error', message: 'inner' } },
    });
  });

  it('is told with what AWS said, which is kept as a plain object', () => {
    const cause = { name: 'AccessDenied', requestId: 'r-1', message: 'not authorized', $response: 'canary' };
    const told = errorIn(new OutsideError('refused', 'GetUser', 'AccessDenied', { cause }));
    expect(told.cause).toEqual({ name: 'AccessDenied', requestId: 'r-1', message: 'not authorized' });
  });

  it('is told with three causes at most', () => {
    const deepest: Error = new Error('cause 4');
    const error = [3, 2, 1].reduce((cause, depth) => new Error(`cause ${depth}`, { cause }), deepest);
    const line = written({ error: new Error('outer', { cause: error }) });
    expect(line).toContain('cause 3');
    expect(line).not.toContain('cause 4');
  });

  it('is cut where its words have no end', () => {
    expect(written({ error: new Error('y'.repeat(1_000_000)) }).length).toBeLessThan(10_000);
  });

  it('ends a chain of causes that goes round in circles', () => {
    const error = new Error('round');
    error.cause = error;
    expect(written({ error }).match(/"round"/g)?.length).toBeLessThanOrEqual(5);
  });

  it.each([
    ['a text', 'canary', 'string'],
    ['a number', 7, 'number'],
    ['null', null, 'object'],
    ['a function', () => 'canary', 'function'],
  ])('that is no error is told by its type: %s', (_, thrown, name) => {
    expect(errorIn(thrown)).toEqual({ name });
    expect(written({ error: thrown })).not.toContain('canary');
  });

  it.each([
    ['a message that is no text', { message: { circular: undefined as unknown } }],
    ['a stack that is no text', { stack: 7n }],
  ])('with %s does not keep the line from being written', (_, odd) => {
    const error = Object.assign(new Error('odd'), odd);
    if (typeof error.message === 'object') Object.assign(error.message, { circular: error });
    expect(JSON.parse(written({ error }))).toMatchObject({ event: 'something.happened' });
  });
});

describe('what looks secret is masked', () => {
  const secrets: [string, string, string][] = [
    ['a bot token', 'xoxb-12-34-abcDEF', '[slack token]'],
    ['a user token', 'xoxp-12-34-abcDEF', '[slack token]'],
    ['a rotating token', 'xoxe.xoxb-1-MiQabc', '[slack token]'],
    ['a refresh token', 'xoxe-1-My0xLabc', '[slack token]'],
    ['an app token', 'xapp-1-A01-123-abcdef', '[slack token]'],
    ['a response URL', 'https://hooks.slack.com/actions/T1/2/abc', '[response url]'],
    ['an access key id', 'AKIAIOSFODNN7EXAMPLE', '…MPLE'],
    ['a temporary key id', 'ASIAIOSFODNN7EXAMPLE', '…MPLE'],
    ['a signature of Slack’s', `v0=${'0a'.repeat(32)}`, '[signature]'],
    ['a secret key', AWS_SECRET, '[secret?]'],
    ['a secret key behind its id', `AKIAIOSFODNN7EXAMPLE/${AWS_SECRET}`, '[secret?]'],
  ];

  it.each(secrets)('%s, wherever it stands', (_, secret, mark) => {
    const surroundings: [string, string][] = [
      ['', ''],
      ['before ', ' after'],
      ['"', '"'],
      ["'", "'"],
      ['(', ')'],
      ['key=', '&x=y'],
      ['line\n', '\nline'],
      ['tab\t', '\ttab'],
      ['{"a":"', '"}'],
      ['\\', '\\'],
    ];
    for (const [before, after] of surroundings) {
      const message = messageOf(`${before}${secret}${after}`);
      expect(message, JSON.stringify(before)).not.toContain(secret);
      expect(message).toContain(mark);
    }
  });

  it('in every part of a line', () => {
    const error = new Error('outer', { cause: new Error('xoxb-canary') });
    error.stack = 'Error: xoxb-canary\n    at xoxb-canary';
    const facts = { userName: 'xoxb-canary', code: 'xoxb-canary', error };
    expect(written(facts, 'xoxb-canary')).not.toContain('canary');
  });

  it.each([
    ['a signature of a call to AWS', 'SignedHeaders=host, Signature=', 'f00d'.repeat(16)],
    ['a signature in an address', '?X-Amz-signature=', 'f00d'.repeat(16)],
    ['a session token', 'X-Amz-Security-Token: ', 'IQoJb3'.repeat(20)],
    ['a secret key without a digit', '"SecretAccessKey":"', AWS_SECRET.replace(/\d/g, 'x')],
    ['a secret key in an address', 'secret_access_key=', encodeURIComponent(AWS_SECRET)],
  ])('by its name: %s', (_, name, secret) => {
    expect(messageOf(`It was ${name}${secret}, it said`)).not.toContain(secret.slice(0, 16));
  });

  it('several at once', () => {
    expect(messageOf(`${AWS_SECRET} ${AWS_SECRET} AKIAIOSFODNN7EXAMPLE`)).toBe('[secret?] [secret?] …MPLE');
  });
});

describe('ordinary text stays as it is', () => {
  it.each([
    'arn:aws:iam::111122223333:user/ci-deploy',
    'arn:aws:secretsmanager:eu-central-1:111122223333:secret:/iam/keys/111122223333/ci-deploy/key-a1B2c3',
    'https://sqs.eu-central-1.amazonaws.com/111122223333/keyrotate-clicks.fifo',
    '7d3c1c4e-8f0a-5d0e-9d0a-0f3b5a1c2d3e',
    '/var/task/node_modules/@aws-sdk/client-iam/dist-cjs/index.js:123:45',
    '/var/task/src/entry/slack/handler/of/things',
    'file:///home/ana/keyrotate/src/usecases/moves/apply-move.ts',
    'AIDAIOSFODNN7EXAMPLE',
    'da39a3ee5e6b4b0d3255bfef95601890afd80709',
    `sha256:${'0a'.repeat(32)}`,
    'click/5839201.8392.c0ffee',
    'User is not authorized to perform iam:ListAccessKeys on resource user ci-deploy because no policy allows it',
    '2026-11-20T13:00:00.000Z',
    'xoxo',
    'maxapp-ci',
    'v0=short',
  ])('%s', (text) => expect(messageOf(text)).toBe(text));
});
