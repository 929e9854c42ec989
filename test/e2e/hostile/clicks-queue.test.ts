// Somebody in the account may send to the queue for presses, or has kept what once stood on it. Only what Slack signed counts.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PRESS_AGAIN } from '../../../src/adapters/slack/wording/commands/commands.ts';
import { DAY, MINUTE, SECOND } from '../../sandbox/clock.ts';
import { deliver, drain, keysOf, liveCard, passDays, run, whispers } from '../../sandbox/play/play.ts';
import { type Sandbox, SIGNING_SECRET } from '../../sandbox/sandbox.ts';
import type { Message } from '../../sandbox/servers/aws/queue-message.ts';
import { inbox } from '../../sandbox/servers/slack/conversations.ts';
import { type Forgery, sign, signedRequest } from '../../sandbox/servers/slack/signed-request.ts';
import { queue } from '../mortal-world.ts';
import { ANAS, begin, type Story } from '../story.ts';

const USER = 'ci-deploy';
const CREATE = 'Create new key';
const FORM = 'application/x-www-form-urlencoded';

let story: Story;
let sandbox: Sandbox;
let ana: string;

beforeEach(async () => {
  story = await begin([{ name: USER, tags: ANAS, keys: [{ age: 83, usedHoursAgo: 40 }] }]);
  sandbox = story.sandbox;
  ana = story.people.ana;
});

afterEach(() => story.end());

const clicked = (button = CREATE, forge: Forgery = {}) =>
  sandbox.slack.people.click({ user: ana, message: liveCard(sandbox, ana, USER), button, forge });

const typed = (text: string) =>
  sandbox.slack.people.slashCommand({ user: story.people.sam, channel: story.adminChannel, text });

/** What the slack function queues for a request, taken off the queue before the worker has it. */
async function queuedFor(event: unknown): Promise<Message> {
  expect((await deliver(sandbox, event)).statusCode).toBe(200);
  const clicks = queue(sandbox, 'clicks');
  const [message] = clicks.messages;
  if (!message) throw new Error('nothing was queued');
  clicks.purge();
  return message;
}

/** Put on the queue by somebody who may. */
function send(body: string, senderId = 'AIDAMALLORY'): void {
  const ids = { groupId: 'any', deduplicationId: crypto.randomUUID() };
  queue(sandbox, 'clicks').send({ body, ...ids, senderId });
}

interface Event {
  headers: Record<string, string | undefined>;
  body?: string | undefined;
  isBase64Encoded: boolean;
}

/** In the shape in which the slack function would have queued it. */
function asQueued({ headers, body = '', isBase64Encoded }: Event): string {
  return JSON.stringify({ v: 2, headers, body, isBase64Encoded });
}

const turnedAway = () =>
  sandbox.functions.worker.logs
    .map((line) => JSON.parse(line))
    .filter(({ event }) => event === 'press.turnedAway');

/** It is consumed, logged and counted once, and nobody but SQS and Slack's own secret was asked for anything. */
async function expectRefused(body: string, code: string, said: string[] = []): Promise<void> {
  const before = {
    calls: sandbox.aws.wire.calls.length,
    slack: sandbox.slack.wire.calls.length,
    logged: turnedAway().length,
    keys: keysOf(sandbox, USER).map(({ id, status }) => [id, status]),
  };
  send(body);
  await drain(sandbox);
  const asked = sandbox.aws.wire.calls.slice(before.calls).map(({ service, action }) => [service, action]);
  expect(asked.filter(([service]) => service !== 'sqs').flat()).not.toContain('iam');
  expect(asked.filter(([service]) => !['sqs', 'secretsmanager'].includes(service ?? ''))).toEqual([]);
  expect(sandbox.slack.wire.calls.slice(before.slack).map(({ input }) => input.text)).toEqual(said);
  expect(turnedAway().slice(before.logged)).toMatchObject([
    { level: 'error', code, sender: 'AIDAMALLORY', pressesTurnedAway: 1 },
  ]);
  expect(keysOf(sandbox, USER).map(({ id, status }) => [id, status])).toEqual(before.keys);
  for (const name of ['clicks', 'clicks-dead'] as const) expect(queue(sandbox, name).messages).toEqual([]);
}

describe('what stands on the queue', () => {
  it('is Slack’s request as it came, and the worker does what it asks for', async () => {
    const event = clicked();
    const { body } = await queuedFor(event);
    const { headers, ...rest } = JSON.parse(body);
    expect(rest).toEqual({
      ...{ v: 2, isBase64Encoded: false },
      body: Buffer.from(event.body ?? '', 'base64').toString(),
    });
    expect(headers).toEqual({
      'content-type': FORM,
      'x-slack-request-timestamp': event.headers['x-slack-request-timestamp'],
      'x-slack-signature': sign(SIGNING_SECRET, headers['x-slack-request-timestamp'], rest.body),
    });
    send(body);
    await drain(sandbox);
    expect(keysOf(sandbox, USER)).toHaveLength(2);
  });

  it('may be a command', async () => {
    const { body } = await queuedFor(typed(`assign ${USER} <@${story.people.ben}>`));
    send(body);
    await drain(sandbox);
    expect((await story.user(USER))?.owner).toMatchObject({ slackId: story.people.ben });
  });

  it('needs no fresh signature: what comes back from the dead letters after two weeks is done', async () => {
    const { body } = await queuedFor(typed(`assign ${USER} <@${story.people.ben}>`));
    sandbox.clock.advance(14 * DAY);
    send(body);
    await drain(sandbox);
    expect((await story.user(USER))?.owner).toMatchObject({ slackId: story.people.ben });
  });

  it('counts for nothing after a month', async () => {
    const { body } = await queuedFor(clicked());
    sandbox.clock.advance(30 * DAY + SECOND);
    await expectRefused(body, 'not_signed');
  });
});

describe('what Slack has not signed', () => {
  it.each<[string, Forgery]>([
    ['signed with a guessed secret', { signingSecret: 'guessed' }],
    ['signed with an empty secret', { signingSecret: '' }],
    ['without a signature', { signature: '' }],
    ['with the signature of nothing', { signature: `v0=${'0'.repeat(64)}` }],
    ['with another time stamp', { headers: { 'x-slack-request-timestamp': '1' } }],
  ])('is neither done nor retried: a press %s', (_, forge) =>
    expectRefused(asQueued(clicked(CREATE, forge)), 'not_signed'),
  );

  it('nor with another person in it than the one who pressed', async () => {
    const { body } = await queuedFor(clicked());
    expect(body).toContain(ana);
    await expectRefused(body.replaceAll(ana, story.people.sam), 'not_signed');
  });

  it('nor is a command with another owner in it', async () => {
    const { body } = await queuedFor(typed(`assign ${USER} <@${story.people.ben}>`));
    await expectRefused(body.replaceAll(story.people.ben, story.people.dan), 'not_signed');
  });

  it.each([
    ['of another workspace', { teamId: 'T000000099' }],
    ['of another app', { appId: 'A000000099' }],
  ])('nor a press that is well signed, but %s', (_, forge) =>
    expectRefused(asQueued(clicked(CREATE, forge)), 'foreign'),
  );

  it('nor JSON that is passed off as a form: its content type is not signed', async () => {
    const payload = new URLSearchParams(Buffer.from(clicked().body ?? '', 'base64').toString()).get(
      'payload',
    );
    // What somebody writes in Slack comes to an app that hears events as JSON, with Slack's signature.
    const event = JSON.stringify({ text: `&payload=${encodeURIComponent(payload ?? '')}&` });
    const signer = { signingSecret: SIGNING_SECRET, clock: sandbox.clock };
    const heard = signedRequest(signer, 'application/json', event);
    heard.headers['content-type'] = FORM;
    await expectRefused(asQueued(heard), 'foreign');
  });

  it.each(['', 'rubbish', '{}', '[]', '{"v":2}', '{"v":2,"headers":{},"body":"","isBase64Encoded":true}'])(
    'nor anything else: %s',
    (body) => expectRefused(body, 'not_signed'),
  );
});

describe('a job as the version before queued it, signed by nobody', () => {
  const job = (responseUrl?: string) => {
    const place = { channel: 'D0ANA', ...(responseUrl && { responseUrl }) };
    const press = { kind: 'click', id: 'click/1', account: story.account, userName: USER, move: 'retire' };
    return JSON.stringify({ v: 1, ...press, insist: true, personId: ana, place });
  };

  it('is not done, and whoever pressed is told to press again', async () => {
    const payload = JSON.parse(
      new URLSearchParams(Buffer.from(clicked().body ?? '', 'base64').toString()).get('payload') ?? '',
    );
    await expectRefused(job(payload.response_url), 'earlier_version', [PRESS_AGAIN]);
    expect(whispers(sandbox, ana).at(-1)).toContain('please press or type that again');
    await story.presses(ana, USER, CREATE);
    expect(keysOf(sandbox, USER)).toHaveLength(2);
  });

  it('tells nobody where it names no address of Slack’s', async () => {
    await expectRefused(job(), 'earlier_version');
    await expectRefused(job('https://example.com/response/R1'), 'earlier_version');
    await expectRefused(job('no address'), 'earlier_version');
  });

  it('is gone also when its address does not answer any more', async () => {
    const url = `${sandbox.slack.wire.url}/response/R404`;
    await expectRefused(job(url), 'earlier_version', [PRESS_AGAIN]);
    expect(inbox(sandbox.slack.workspace, ana)).toHaveLength(1);
  });
});

describe('a signing secret that is changed while a press waits', () => {
  const stores = (previousSigningSecret?: string) =>
    sandbox.aws.putSlackSecret(sandbox.environment.SLACK_SECRET_ID ?? '', {
      ...{ botToken: sandbox.slack.workspace.bot.token, signingSecret: 'the-next-signing-secret' },
      ...(previousSigningSecret && { previousSigningSecret }),
    });

  it('still takes what was signed with the one before, which is stored beside it', async () => {
    const { body } = await queuedFor(clicked());
    await stores(SIGNING_SECRET);
    sandbox.clock.advance(11 * MINUTE);
    send(body);
    await drain(sandbox);
    expect(keysOf(sandbox, USER)).toHaveLength(2);
  });

  it('is read at once for what is signed with it, however lately the container has read the last one', async () => {
    await run(sandbox, 'tick');
    await stores(SIGNING_SECRET);
    sandbox.clock.advance(30 * SECOND);
    send(asQueued(clicked(CREATE, { signingSecret: 'the-next-signing-secret' })));
    await drain(sandbox);
    expect(keysOf(sandbox, USER)).toHaveLength(2);
  });

  it('takes nothing from before when that was not stored', async () => {
    const { body } = await queuedFor(clicked());
    await stores();
    sandbox.clock.advance(11 * MINUTE);
    await expectRefused(body, 'not_signed');
  });

  it('that cannot be read now makes the press wait, and loses nothing', async () => {
    const { body } = await queuedFor(clicked());
    // Another container, which holds none.
    sandbox.functions.worker.restart();
    let times = 0;
    sandbox.aws.wire.interfere(({ action }) => {
      if (action !== 'GetSecretValue' || times >= 3) return undefined;
      times += 1;
      return { kind: 'refuse', status: 500, code: 'InternalServiceError' };
    });
    send(body);
    await drain(sandbox);
    sandbox.aws.wire.interfere(undefined);
    expect(times).toBe(3);
    expect(sandbox.functions.worker.logs.join()).toContain('job.postponed');
    expect(turnedAway()).toEqual([]);
    expect(keysOf(sandbox, USER)).toHaveLength(2);
  });
});

describe('somebody who has kept what stood on the queue', () => {
  const state = async () => ({
    keys: keysOf(sandbox, USER).map(({ id, status }) => [id, status]),
    stage: (await story.rotation(USER))?.stage,
    history: await story.history(USER),
  });

  it('changes no key with a press of earlier, at whatever stage: each stands on a drawing that is gone', async () => {
    const kept: string[] = [];
    const replaysAll = async () => {
      const before = await state();
      for (const body of kept) send(body);
      await drain(sandbox);
      expect(await state()).toEqual(before);
    };
    const asks = async (event: unknown) => {
      const { body } = await queuedFor(event);
      kept.push(body);
      send(body);
      await drain(sandbox);
      await replaysAll();
    };
    const submits = async (button: string) => {
      await deliver(sandbox, clicked(button));
      const [view] = [...sandbox.slack.workspace.modals.values()].slice(-1);
      if (view) await asks(sandbox.slack.people.submit({ view, values: {} }));
    };

    await asks(clicked(CREATE));
    await submits('I replaced it everywhere');
    await asks(clicked('Turn off the old key'));
    await asks(clicked('Turn off anyway'));
    await asks(clicked('Turn it back on'));
    await submits('I replaced it everywhere');
    // The same button on the same keys, and nothing to doubt any more: what was pressed before still counts for nothing.
    await story.uses(story.keyIds(USER)[1] ?? '');
    await replaysAll();
    await asks(clicked('Turn off the old key'));
    await passDays(sandbox, 8);
    await asks(clicked('Delete for good'));
    expect((await state()).keys).toEqual([[expect.any(String), 'Active']]);
    expect(kept).toHaveLength(8);

    // The next rotation, of the key that was made then.
    await passDays(sandbox, 20);
    await replaysAll();
    expect((await state()).keys).toHaveLength(1);
  });

  it('may make a press that was only answered with a question once more, at that very step: it is judged anew', async () => {
    await story.presses(ana, USER, CREATE);
    await story.presses(ana, USER, 'I replaced it everywhere');
    const { body } = await queuedFor(clicked('Turn off the old key'));
    const replays = async () => {
      send(body);
      await drain(sandbox);
      return story.offered(ana, USER)[0];
    };
    expect(await replays()).toBe('Check again');
    expect(await replays()).toBe('Check again');
    await story.uses(story.keyIds(USER)[1] ?? '');
    await story.presses(ana, USER, 'Check again');
    expect(story.offered(ana, USER)[0]).toBe('Turn off the old key');
    expect(await replays()).toBe('Turn it back on');
    // Once done, it is done.
    await story.presses(ana, USER, 'Turn it back on');
    expect(await replays()).toBe('I replaced it everywhere');
    expect((await state()).keys.map(([, status]) => status)).toEqual(['Active', 'Active']);
  });

  it('undoes nothing with a command of the last 30 days: what was decided since outweighs it', async () => {
    const { body } = await queuedFor(typed(`assign ${USER} <@${story.people.ben}>`));
    for (const text of [`assign ${USER} <@${story.people.dan}>`, undefined]) {
      sandbox.clock.advance(MINUTE);
      if (text !== undefined) await deliver(sandbox, typed(text));
      else send(body);
      await drain(sandbox);
    }
    expect((await story.user(USER))?.owner).toMatchObject({ slackId: story.people.dan });
  });
});
