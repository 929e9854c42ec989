// What is not from Slack, not for this app, or not readable: it changes nothing and holds nobody up.
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DAY, SECOND } from '../sandbox/clock.ts';
import { command, deliver, drain, keysOf, liveCard, run } from '../sandbox/play/play.ts';
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

  it.each<[string, number, Forgery]>([
    ['signed with a guessed secret', 401, { signingSecret: 'guessed' }],
    ['without a signature', 401, { signature: '' }],
    ['of six minutes ago', 401, { timestampShift: -6 * 60 }],
    ['of another workspace, though well signed,', 403, { teamId: 'T000000099' }],
    ['of another app, though well signed,', 403, { appId: 'A000000099' }],
  ])('%s is turned away', async (_, status, forge) => {
    const typed = { user: ana, channel: sandbox.organisation.adminChannel, text: 'sweep', forge };
    expect(await nothingComesOf(clicks(forge))).toBe(status);
    expect(await nothingComesOf(sandbox.slack.people.slashCommand(typed))).toBe(status);
  });

  it('is let in at once when it is signed with the secret that has just been stored', async () => {
    const signingSecret = 'the-next-signing-secret';
    expect((await deliver(sandbox, clicks({ signingSecret }))).statusCode).toBe(401);
    await sandbox.aws.putSlackSecret(sandbox.environment.SLACK_SECRET_ID ?? '', {
      botToken: sandbox.slack.workspace.bot.token,
      signingSecret,
      previousSigningSecret: SIGNING_SECRET,
    });
    sandbox.clock.advance(30 * SECOND);
    const help = { user: ana, channel: sandbox.organisation.adminChannel, text: 'help' };
    for (const secret of [signingSecret, SIGNING_SECRET]) {
      const typed = sandbox.slack.people.slashCommand({ ...help, forge: { signingSecret: secret } });
      expect((await deliver(sandbox, typed)).statusCode).toBe(200);
    }
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
    [...sandbox.aws.sqs.state.queues].find(([name]) => name.includes(part))?.[1];
  const put = (part: string, body: string) =>
    queueNamed(part)?.send({
      ...{ body, groupId: `user/111122223333/${USER}` },
      ...{ deduplicationId: crypto.randomUUID(), senderId: 'operator' },
    });

  it('does not hold up the reminders, nor the sweeps', async () => {
    sandbox.clock.advance(4 * DAY);
    put('upkeep.fifo', '{}');
    put('-sweeps', '{}');
    await run(sandbox, 'sweep');
    expect(queueNamed('upkeep-dead')?.messages.map(({ body }) => body)).toEqual(['{}']);
    expect(queueNamed('sweeps-dead')?.messages.map(({ body }) => body)).toEqual(['{}']);
    expect(liveCard(sandbox, ana, USER).text).toContain('87 days old');
  });

  it('that names an account which may not be touched leads to nothing', async () => {
    const wake = { kind: 'inspect', id: 'x', account: '999988887777', userName: USER };
    put('upkeep.fifo', JSON.stringify(wake));
    const before = sandbox.aws.wire.calls.filter(({ service }) => service === 'iam').length;
    await drain(sandbox);
    expect(sandbox.aws.wire.calls.filter(({ service }) => service === 'iam')).toHaveLength(before);
  });

  it('does not keep an admin from getting an answer', async () => {
    put('clicks.fifo', 'rubbish');
    const { adminChannel, people } = sandbox.organisation;
    await command(sandbox, people.sam, 'summary', adminChannel);
    const answers = sandbox.slack.workspace.channels.get(adminChannel)?.messages ?? [];
    expect(answers.at(-1)?.text).toContain('Access keys on');
  });
});
