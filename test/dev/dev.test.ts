// `npm run dev` on a Slack that speaks to it over a WebSocket: what people do there, and what happens to the connection.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { DAY } from '../sandbox/clock.ts';
import { buttons, keysOf } from '../sandbox/play/play.ts';
import { inbox, visibleMessages } from '../sandbox/servers/slack/conversations.ts';
import { pressables } from '../sandbox/servers/slack/pressables.ts';
import { plainText } from '../sandbox/servers/slack/transcript.ts';
import type { Message } from '../sandbox/servers/slack/workspace.ts';
import { type SlackWithSockets, startSlack, type Tried, tried, until } from './slack-with-sockets.ts';

let slack: SlackWithSockets;
let run: Tried;
let sam: string;

beforeAll(async () => {
  slack = await startSlack();
  ({ sam } = slack.persons);
  run = await tried(slack, slack.settings);
});
afterAll(async () => {
  await run.dev?.close();
  await slack.close();
});

const printed = () => run.printed.join('\n');
const deployed = () => {
  if (!run.dev) throw new Error(printed());
  return run.dev.deployed;
};
const keys = (user: string) => keysOf(deployed(), user);

/** Opened from the list that the command shows. */
async function cardOf(user: string): Promise<Message> {
  await slack.types(sam, '');
  const list = await slack.reads(sam, 'access keys to rotate');
  const rows = pressables(list).filter(({ label }) => label === 'Open');
  const nth = rows.findIndex(({ element }) => 'value' in element && element.value?.includes(`/${user}`));
  const since = slack.workspace.lastTs;
  await slack.presses(sam, list, 'Open', nth + 1);
  return until(() =>
    inbox(slack.workspace, sam).find((one) => one.ts > since && buttons(one).includes('I need more time')),
  );
}

it('says that it is connected, what it does, and what to try', () => {
  expect(printed()).toBe(
    [
      'Connected to Slack.',
      'Live, on an AWS that is make-believe: owners are asked, and keys are changed when they press.',
      'In Slack /keyrotate shows your keys, with their buttons.',
      'Ctrl+C ends it.',
    ].join('\n'),
  );
});

describe('what people do in Slack', () => {
  it('is answered: a command, a press on what it shows, and a key is made', async () => {
    await slack.presses(sam, await cardOf('ci-deploy'), 'Create new key');
    await until(() => (keys('ci-deploy').length === 2 ? true : undefined));
    await slack.reads(sam, /ci-deploy[\s\S]*\/iam\/keys\//);
    expect(printed()).toMatch(/^\/keyrotate: 200 after \d+ ms$/m);
    expect(printed()).toMatch(/^block_actions: 200 after \d+ ms$/m);
  });

  it('a form that names a day gone by complains, and stays open', async () => {
    await slack.presses(sam, await cardOf('legacy-etl'), 'I need more time');
    const form = await slack.form(sam);
    const gone = new Date(Date.now() - 3 * DAY).toISOString().slice(0, 10);
    expect(await slack.submits(form, { 'Until when?': gone, 'Why?': 'x' })).not.toEqual([]);
    expect(slack.workspace.modals.has(form.id)).toBe(true);
    const later = new Date(Date.now() + 3 * DAY).toISOString().slice(0, 10);
    expect(await slack.submits(form, { 'Until when?': later, 'Why?': 'x' })).toEqual([]);
    expect(slack.workspace.modals.has(form.id)).toBe(false);
  });

  it('an event is acknowledged: what somebody writes, and Home', async () => {
    const message = slack.people.write({ user: sam, text: 'hello?' });
    const event = slack.people.sent({ message });
    if (event) await slack.socket.send(event);
    await slack.reads(sam, /help/);
    await slack.socket.send(slack.people.appHomeOpened({ user: sam }));
    await until(() => slack.workspace.homes.get(sam));
    expect(printed()).toMatch(/^message: 200/m);
    expect(printed()).not.toContain('hello?');
  });
});

it('does not acknowledge what the slack function turns away: Slack then says so to whoever typed it', async () => {
  const typed = { user: sam, channel: slack.adminChannel, text: '' };
  const foreign = slack.people.slashCommand({ ...typed, forge: { teamId: 'T000000002' } });
  const sent = slack.socket.send(foreign);
  await until(() => run.printed.find((line) => /^\/keyrotate: 403 /.test(line)));
  slack.socket.timeOut();
  await expect(sent).rejects.toThrow('dispatch_failed');
});

describe('when Slack ends the connection', () => {
  it('in the middle of an event, it connects anew, takes what comes again, and answers once', async () => {
    const { functions, aws } = deployed();
    const { invoke } = functions.slack;
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const deliveries: { retry: string | undefined; done: Promise<unknown> }[] = [];
    functions.slack.invoke = (event) => {
      const retry = (event as { headers: Record<string, string> }).headers['x-slack-retry-num'];
      const ready = deliveries.length === 0 ? released : Promise.resolve();
      const done = ready.then(() => invoke(event));
      deliveries.push({ retry, done });
      return done;
    };
    const message = slack.people.write({ user: sam, text: 'how are my keys doing' });
    const event = slack.people.sent({ message });
    const before = run.printed.length;
    const sent = event && slack.socket.send(event);
    await until(() => deliveries[0]);
    slack.socket.disconnect('refresh_requested');
    expect(await sent).toEqual({ statusCode: 200, body: '' });
    release();
    await Promise.all(deliveries.map(({ done }) => done));
    functions.slack.invoke = invoke;
    expect(deliveries.map(({ retry }) => retry)).toEqual([undefined, '1']);
    expect(run.printed.slice(before)).toContain('The connection to Slack ended. Connecting anew…');
    const queued = () => [...aws.sqs.state.queues.values()].flatMap(({ messages }) => messages).length;
    await until(() => (queued() === 0 ? true : undefined));
    const answers = visibleMessages(slack.workspace, message.channel, sam).filter(
      ({ user, ts }) => user !== sam && ts > message.ts,
    );
    expect(answers).toHaveLength(1);
  });
});

describe('beside another connection of the same app', () => {
  it('it says so: presses go to either one', async () => {
    const url = await slack.ticket();
    const other = new WebSocket(url);
    await until(() => (slack.socket.connections() === 2 ? true : undefined));
    const second = await tried(slack, slack.settings);
    expect(second.printed.join('\n')).toContain(
      'This app has 3 connections: Slack gives each press to any one',
    );
    await second.dev?.close();
    other.terminate();
  });
});

it('started anew knows nothing of what was before: an old card says so, and does nothing', async () => {
  const old = await cardOf('legacy-etl');
  await run.dev?.close();
  run = await tried(slack, slack.settings);
  const [button = ''] = buttons(old);
  await slack.presses(sam, old, button);
  await slack.reads(sam, 'This message is out of date, so nothing was changed');
  expect(keys('legacy-etl').map(({ status }) => status)).toEqual(['Active']);
});

it('never tells a token, nor what somebody wrote', () => {
  const seen = visibleMessages(slack.workspace, slack.adminChannel, sam).map(plainText).join('\n');
  for (const secret of [slack.settings.SLACK_BOT_TOKEN, slack.settings.SLACK_APP_TOKEN])
    expect(printed() + seen).not.toContain(secret);
});
