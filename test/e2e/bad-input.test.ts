// What is not from Slack, not for this app, or not readable: it changes nothing and holds nobody up.
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DAY, MINUTE } from '../sandbox/clock.ts';
import { alteredPress, command, deliver, drain, keysOf, liveCard, run } from '../sandbox/play/play.ts';
import { type Sandbox, SIGNING_SECRET } from '../sandbox/sandbox.ts';
import { inbox } from '../sandbox/servers/slack/conversations.ts';
import { type Forgery, signedRequest } from '../sandbox/servers/slack/signed-request.ts';
import { ANAS, begin } from './story.ts';

const USER = 'ci-deploy';
const CREATE = 'Create new key';

let sandbox: Sandbox;
let ana: string;

async function given(): Promise<void> {
  ({ sandbox } = await begin([{ name: USER, tags: ANAS, keys: [{ age: 83, usedHoursAgo: 40 }] }]));
  ana = sandbox.organisation.people.ana;
}
const end = () => sandbox.close();

const clicks = (forge: Forgery = {}): APIGatewayProxyEventV2 =>
  sandbox.slack.people.click({ user: ana, message: liveCard(sandbox, ana, USER), button: CREATE, forge });
const sender = () => ({ signingSecret: SIGNING_SECRET, clock: sandbox.clock });
const form = (body: string, forge?: Forgery) =>
  signedRequest(sender(), 'application/x-www-form-urlencoded', body, forge);
const jobsSent = () => sandbox.aws.wire.calls.filter(({ action }) => action === 'SendMessageBatch').length;
const plain = (event: APIGatewayProxyEventV2) => Buffer.from(event.body ?? '', 'base64').toString('utf8');

describe('a request to the slack function', () => {
  // Nothing comes of any of them, so they share one sandbox.
  beforeAll(given);
  afterAll(end);

  /** Delivers it and makes sure that nothing came of it; what it was answered. */
  async function nothingComesOf(event: unknown): Promise<number> {
    const before = jobsSent();
    const messages = inbox(sandbox.slack.workspace, ana).length;
    const { statusCode } = await deliver(sandbox, event);
    await drain(sandbox);
    expect(jobsSent()).toBe(before);
    expect(keysOf(sandbox, USER)).toHaveLength(1);
    expect(inbox(sandbox.slack.workspace, ana)).toHaveLength(messages);
    return statusCode;
  }

  it.each<[string, Forgery]>([
    ['signed with a guessed secret', { signingSecret: 'guessed' }],
    ['signed with no secret at all', { signingSecret: '' }],
    ['without a signature', { signature: '' }],
    ['with a signature of another version', { signature: `v1=${'0'.repeat(64)}` }],
    ['with a signature cut short', { signature: 'v0=abcdef' }],
    ['of six minutes ago', { timestampShift: -6 * 60 }],
    ['from six minutes ahead', { timestampShift: 6 * 60 }],
    ['with a time that is no number', { headers: { 'x-slack-request-timestamp': 'now' } }],
    ['with another time than the signed one', { headers: { 'x-slack-request-timestamp': '1' } }],
  ])('%s is turned away', async (_, forge) => {
    expect(await nothingComesOf(clicks(forge))).toBe(401);
  });

  it('that was signed with other words in it is turned away', async () => {
    const event = clicks();
    const body = plain(event).replace(encodeURIComponent(USER), 'other-app');
    expect(body).not.toBe(plain(event));
    expect(await nothingComesOf({ ...event, body: Buffer.from(body).toString('base64') })).toBe(401);
  });

  it('of another workspace or another app is turned away, though well signed', async () => {
    expect(await nothingComesOf(clicks({ teamId: 'T000000099' }))).toBe(403);
    expect(await nothingComesOf(clicks({ appId: 'A000000099' }))).toBe(403);
    const typed = { user: ana, channel: sandbox.organisation.adminChannel, text: 'sweep' };
    for (const forge of [{ teamId: 'T000000099' }, { appId: 'A000000099' }])
      expect(await nothingComesOf(sandbox.slack.people.slashCommand({ ...typed, forge }))).toBe(403);
  });

  it('that is late is turned away even if it was good when it was sent', async () => {
    const event = clicks();
    sandbox.clock.advance(5 * MINUTE + 1000);
    expect(await nothingComesOf(event)).toBe(401);
  });

  it.each([
    ['an empty body', ''],
    ['a payload that is no JSON', 'payload=%7Bnot+json'],
    ['a payload that is a list', 'payload=%5B1%2C2%5D'],
    ['a payload that is null', 'payload=null'],
    ['no payload and no command', 'hello=world'],
    ['bytes that are no text', '\u0000\uFFFD%FF%FE'],
  ])('with %s changes nothing', async (_, body) => {
    expect(await nothingComesOf(form(body))).toBeGreaterThanOrEqual(400);
  });

  it('of a size that Slack never sends is turned away', async () => {
    expect(await nothingComesOf(form(`payload=${'x'.repeat(300_000)}`))).toBe(413);
  });

  it.each([
    [undefined],
    [null],
    [{}],
    ['hello'],
    [{ body: 42 }],
    [{ Records: [] }],
    [{ headers: {}, body: '' }],
  ])('that is no request at all (%j) is turned away', async (event) => {
    const status = await nothingComesOf(event);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });

  it.each<[string, (payload: { actions: Record<string, unknown>[]; [field: string]: unknown }) => void]>([
    ['no action', (payload) => payload.actions.splice(0)],
    ['two actions', (payload) => payload.actions.push({ ...payload.actions[0] })],
    ['an unknown move', (payload) => Object.assign(payload.actions[0] ?? {}, { action_id: 'move:explode' })],
    [
      'a move of all objects',
      (payload) => Object.assign(payload.actions[0] ?? {}, { action_id: 'move:toString' }),
    ],
    [
      'an account that is none',
      (payload) => Object.assign(payload.actions[0] ?? {}, { value: 'prod/ci-deploy' }),
    ],
    ['no value', (payload) => delete payload.actions[0]?.value],
    ['a value that is a list', (payload) => Object.assign(payload.actions[0] ?? {}, { value: ['a', 'b'] })],
    ['nobody who pressed', (payload) => delete payload.user],
    ['no place', (payload) => delete payload.container],
    ['a type that nobody knows', (payload) => Object.assign(payload, { type: 'block_suggestion' })],
  ])('with %s is taken and left at that', async (_, change) => {
    expect(await nothingComesOf(alteredPress(sandbox, clicks(), change))).toBeLessThan(500);
  });

  it('of a kind that the app does not use is acknowledged and left at that', async () => {
    expect(await nothingComesOf(sandbox.slack.people.appHomeOpened({ user: ana }))).toBe(200);
    expect(await nothingComesOf(form('ssl_check=1&token=legacy'))).toBe(200);
  });

  it('leaves nothing of what was sent in the log but why it was turned away', async () => {
    await nothingComesOf(clicks({ signingSecret: 'guessed' }));
    await nothingComesOf(clicks({ teamId: 'T000000099' }));
    await nothingComesOf(form('payload={"trigger_id":'));
    const turnedAway = sandbox.functions.slack.logs.filter((line) => line.includes('slack.turnedAway'));
    expect(turnedAway.length).toBeGreaterThanOrEqual(3);
    for (const line of sandbox.functions.slack.logs) {
      expect(line).not.toMatch(/payload=|trigger_id|response_url|xoxb-|v0=/);
      expect(line.length).toBeLessThan(4000);
    }
  });
});

describe('a request that is good', () => {
  beforeEach(given);
  afterEach(end);

  it('goes through, and as plain text too', async () => {
    await deliver(sandbox, clicks({ base64: false }));
    await drain(sandbox);
    expect(keysOf(sandbox, USER)).toHaveLength(2);
  });
});

describe('a message that cannot be read', () => {
  beforeEach(given);
  afterEach(end);

  const queueNamed = (part: string) =>
    [...sandbox.aws.sqs.state.queues].find(([name]) => name.includes(part))?.[1].messages ?? [];

  async function put(url: string | undefined, body: string, fifo = true): Promise<void> {
    const group = `user/111122223333/${USER}`;
    const operator = new SQSClient({
      region: sandbox.organisation.region,
      endpoint: sandbox.aws.wire.url,
      credentials: sandbox.aws.iam.session('administrator', 'operator'),
      systemClockOffset: sandbox.clock.now() - Date.now(),
    });
    await operator.send(
      new SendMessageCommand({
        QueueUrl: url,
        MessageBody: body,
        ...(fifo && { MessageGroupId: group, MessageDeduplicationId: crypto.randomUUID() }),
      }),
    );
    operator.destroy();
  }

  it('reaches the dead letters at once, and the press behind it is carried out', async () => {
    const bodies = [
      'not json at all',
      '{"kind":"click","id":"x"}',
      JSON.stringify({ kind: 'explode', id: 'x', account: '111122223333', userName: USER }),
    ];
    for (const body of bodies) await put(sandbox.environment.CLICKS_QUEUE_URL, body);
    await deliver(sandbox, clicks());
    const before = sandbox.clock.now();
    await drain(sandbox);

    expect(sandbox.clock.now()).toBe(before);
    expect(queueNamed('clicks-dead').map(({ body }) => body)).toEqual(bodies);
    expect(queueNamed('clicks.fifo')).toEqual([]);
    expect(keysOf(sandbox, USER)).toHaveLength(2);
    const unreadable = sandbox.functions.worker.logs.filter((line) => line.includes('"job.unreadable"'));
    expect(unreadable.length).toBeGreaterThanOrEqual(bodies.length);
    expect(unreadable.every((line) => JSON.parse(line).level === 'error')).toBe(true);
    expect(unreadable.join()).not.toContain('explode');
  });

  it('does not hold up the reminders, nor the sweeps', async () => {
    sandbox.clock.advance(4 * DAY);
    await put(sandbox.environment.UPKEEP_QUEUE_URL, '{}');
    await put(sandbox.environment.SWEEPS_QUEUE_URL, '{}', false);
    await run(sandbox, 'sweep');
    expect(queueNamed('upkeep-dead').map(({ body }) => body)).toEqual(['{}']);
    expect(queueNamed('sweeps-dead').map(({ body }) => body)).toEqual(['{}']);
    expect(liveCard(sandbox, ana, USER).text).toContain('87 days old');
  });

  it('that names an account which may not be touched leads to nothing', async () => {
    const wake = { kind: 'inspect', id: 'x', account: '999988887777', userName: USER };
    await put(sandbox.environment.UPKEEP_QUEUE_URL, JSON.stringify(wake));
    const before = sandbox.aws.wire.calls.filter(({ service }) => service === 'iam').length;
    await drain(sandbox);
    expect(sandbox.aws.wire.calls.filter(({ service }) => service === 'iam')).toHaveLength(before);
  });

  it('does not keep an admin from getting an answer', async () => {
    await put(sandbox.environment.CLICKS_QUEUE_URL, 'rubbish');
    const { adminChannel, people } = sandbox.organisation;
    await command(sandbox, people.sam, 'summary', adminChannel);
    const answers = sandbox.slack.workspace.channels.get(adminChannel)?.messages ?? [];
    expect(answers.at(-1)?.text).toContain('Access keys:');
  });
});
