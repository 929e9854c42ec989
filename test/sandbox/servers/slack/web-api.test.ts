// The local Slack under the real, unmodified WebClient.
import {
  type Block,
  type KnownBlock,
  type Logger,
  LogLevel,
  type UsersConversationsArguments,
  WebClient,
} from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clock, MINUTE, SECOND, sandboxClock } from '../../clock.ts';
import { startWire, type Wire } from '../wire.ts';
import { inbox, visibleMessages } from './conversations.ts';
import { createResponseUrl } from './response-urls.ts';
import { slackBackend } from './web-api.ts';
import { addChannel, addMember, createWorkspace, type Member, type Workspace } from './workspace.ts';

const silent = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
};
const section = (text: string): KnownBlock => ({ type: 'section', text: { type: 'mrkdwn', text } });
const title = (text: string) => ({ type: 'plain_text' as const, text });

let workspace: Workspace;
let clock: Clock;
let wire: Wire;
let slack: WebClient;
let ana: Member;

function client(token?: string): WebClient {
  const logger: Logger = silent;
  return new WebClient(token, {
    slackApiUrl: `${wire.url}/api/`,
    retryConfig: { retries: 0 },
    logger,
    rejectRateLimitedCalls: true,
  });
}

/** The refusal's own data. */
async function refusal(call: Promise<unknown>): Promise<Record<string, unknown>> {
  const error = await call.then(
    () => undefined,
    (reason: { data?: Record<string, unknown> }) => reason,
  );
  return error?.data ?? {};
}

async function errorOf(call: Promise<unknown>): Promise<unknown> {
  return (await refusal(call)).error;
}

beforeEach(async () => {
  workspace = createWorkspace();
  clock = sandboxClock(new Date('2025-11-13T01:20:00Z'));
  ana = addMember(workspace, { name: 'ana', email: 'Ana@Example.com', real_name: 'Ana Lima' });
  wire = await startWire(clock, slackBackend(workspace, clock));
  slack = client(workspace.bot.token);
});

afterEach(() => wire.close());

describe('tokens and scopes', () => {
  it('refuses no token, a wrong one, and an unknown method', async () => {
    expect(await errorOf(client().auth.test())).toBe('not_authed');
    expect(await errorOf(client('xoxb-else').auth.test())).toBe('invalid_auth');
    expect(await errorOf(slack.apiCall('chat.shout'))).toBe('unknown_method');
  });

  it('says which scope is missing', async () => {
    workspace.bot.scopes = ['users:read', 'commands'];
    const expected = { error: 'missing_scope', needed: 'chat:write', provided: 'users:read,commands' };
    expect(await refusal(slack.chat.postMessage({ channel: ana.id, text: 'hi' }))).toMatchObject(expected);
  });
});

describe('messages', () => {
  it('changes a message, keeping blocks that are not mentioned', async () => {
    const { channel = '', ts = '' } = await slack.chat.postMessage({
      channel: ana.id,
      text: 'one',
      blocks: [section('one')],
    });
    await slack.chat.update({ channel, ts, text: 'two' });
    expect(inbox(workspace, ana.id)).toMatchObject([
      { ts, text: 'two', blocks: [section('one')], edited: {} },
    ]);
    await slack.chat.update({ channel, ts, text: 'two', blocks: [] });
    expect(inbox(workspace, ana.id)).toMatchObject([{ blocks: [] }]);
  });

  it('shows an ephemeral message to one person, who must be in the channel', async () => {
    const channel = addChannel(workspace, { name: 'general', members: [workspace.bot.userId, ana.id] });
    const bob = addMember(workspace, { name: 'bob' });
    const psst = { channel: channel.id, text: 'psst' };
    const { message_ts: ts = '' } = await slack.chat.postEphemeral({ ...psst, user: ana.id });
    expect(visibleMessages(workspace, channel.id, ana.id)).toHaveLength(1);
    expect(visibleMessages(workspace, channel.id, bob.id)).toEqual([]);
    const toBob = slack.chat.postEphemeral({ ...psst, user: bob.id });
    expect(await errorOf(toBob)).toBe('user_not_in_channel');
    expect(await errorOf(slack.chat.update({ ...psst, ts }))).toBe('message_not_found');
  });

  it('knows where the bot may write', async () => {
    const post = (channel: string) => errorOf(slack.chat.postMessage({ channel, text: 'hi' }));
    const open = addChannel(workspace, { name: 'open', members: [] });
    const hidden = addChannel(workspace, { name: 'hidden', members: [], is_private: true });
    const old = addChannel(workspace, { name: 'old', is_archived: true });
    const gone = addMember(workspace, { name: 'gone', deleted: true });
    expect(await post(open.id)).toBe('not_in_channel');
    expect(await post(hidden.id)).toBe('channel_not_found');
    expect(await post(old.id)).toBe('is_archived');
    expect(await post(gone.id)).toBe('channel_not_found');
    expect(await post('C404')).toBe('channel_not_found');
  });

  it('refuses what Slack would not show', async () => {
    const post = (more: { text?: string; blocks?: (KnownBlock | Block)[] }) =>
      refusal(slack.chat.postMessage({ channel: ana.id, text: '', ...more }));
    expect(await post({})).toMatchObject({ error: 'no_text' });
    expect(await post({ text: 'x'.repeat(4000) })).toEqual({});
    expect(await post({ text: 'x'.repeat(4001) })).toMatchObject({ error: 'msg_too_long' });
    expect(await post({ blocks: Array(5).fill(section('x'.repeat(2600))) })).toMatchObject({
      error: 'msg_blocks_too_long',
    });
    expect(await post({ blocks: [section('')] })).toMatchObject({
      error: 'invalid_blocks',
      errors: ['must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
      response_metadata: {
        messages: ['[ERROR] must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
      },
    });
    const words = slack.apiCall('chat.postMessage', { channel: ana.id, blocks: 'words' });
    expect(await errorOf(words)).toBe('invalid_blocks_format');
  });
});

it('lists no conversations of an unknown kind, on an odd page, or without the scope for it', async () => {
  const list = (given: UsersConversationsArguments) => errorOf(slack.users.conversations(given));
  expect(await list({ types: 'private_channel,group' })).toBe('invalid_types');
  expect(await list({ limit: 1000 })).toBe('invalid_limit');
  expect(await list({ cursor: 'nonsense' })).toBe('invalid_cursor');
  workspace.bot.scopes = ['groups:read'];
  expect(await list({ types: 'private_channel' })).toBeUndefined();
  expect(await list({ types: 'private_channel,im' })).toBe('missing_scope');
});

describe('views', () => {
  const modal = { type: 'modal' as const, title: title('Why'), blocks: [section('because')] };

  function trigger(): string {
    const id = `trigger-${workspace.triggers.size}`;
    workspace.triggers.set(id, { id, user: ana.id, createdAt: clock.now(), used: false });
    return id;
  }

  it('opens a modal for a fresh trigger, once, within three seconds', async () => {
    const [used, late] = [trigger(), trigger()];
    const { view } = await slack.views.open({ trigger_id: used, view: modal });
    expect([...workspace.modals.values()]).toMatchObject([{ id: view?.id, user: ana.id, view: modal }]);
    const open = (trigger_id: string) => errorOf(slack.views.open({ trigger_id, view: modal }));
    expect(await open(used)).toBe('exchanged_trigger_id');
    clock.advance(3 * SECOND + 1);
    expect(await open(late)).toBe('expired_trigger_id');
    expect(await open('x')).toBe('invalid_trigger_id');
  });

  it('puts another view in the place of one, by its id or the name it was given, which then is gone', async () => {
    const { view } = await slack.views.open({
      trigger_id: trigger(),
      view: { ...modal, external_id: 'mine' },
    });
    const update = (which: { view_id: string } | { external_id: string }, more: object = {}) =>
      errorOf(slack.views.update({ ...which, view: modal, ...more }));
    expect(await update({ view_id: view?.id ?? '' }, { hash: 'older' })).toBe('hash_conflict');
    expect(await update({ external_id: 'mine' })).toBeUndefined();
    expect(await update({ external_id: 'mine' })).toBe('not_found');
    expect(await update({ view_id: view?.id ?? '' })).toBeUndefined();
    expect(await update({ view_id: 'V404' })).toBe('not_found');
    expect([...workspace.modals.values()]).toMatchObject([{ id: view?.id, view: modal }]);
  });

  it('takes a name for one view at a time', async () => {
    const named = { ...modal, external_id: 'mine' };
    await slack.views.open({ trigger_id: trigger(), view: named });
    expect(await errorOf(slack.views.open({ trigger_id: trigger(), view: named }))).toBe(
      'duplicate_external_id',
    );
  });

  it('refuses a view that breaks the rules', async () => {
    const view = { ...modal, title: title('x'.repeat(25)), blocks: [section('')] };
    const { error, response_metadata } = await refusal(slack.views.open({ trigger_id: trigger(), view }));
    expect(error).toBe('invalid_arguments');
    expect(response_metadata).toMatchObject({
      messages: [
        '[ERROR] must be less than 25 characters [json-pointer:/view/title/text]',
        '[ERROR] must be more than 0 characters [json-pointer:/view/blocks/0/text/text]',
      ],
    });
  });
});

describe('Home', () => {
  const view = { type: 'home' as const, blocks: [section('hello')] };
  const publish = (given: object = {}) => slack.views.publish({ user_id: ana.id, view, ...given });

  it('is published for one person, over what the hash names and nothing else', async () => {
    const { view: first } = await publish();
    expect(workspace.homes.get(ana.id)).toMatchObject({
      id: first?.id,
      view: { blocks: [section('hello')] },
    });
    const { view: second } = await publish({ hash: first?.hash });
    expect(second?.id).toBe(first?.id);
    expect(await errorOf(publish({ hash: first?.hash }))).toBe('hash_conflict');
    expect(await errorOf(publish())).toBeUndefined();
  });

  it.each<[string, string, object]>([
    ['for nobody', 'invalid_arguments', { user_id: 'U0NOBODY' }],
    ['as a form', 'invalid_arguments', { view: { ...view, title: title('Why') } }],
    [
      'with more than a hundred blocks',
      'invalid_arguments',
      { view: { ...view, blocks: Array(101).fill(section('x')) } },
    ],
    [
      'of more than 250 KB',
      'view_too_large',
      { view: { ...view, blocks: Array(100).fill(section('x'.repeat(2900))) } },
    ],
  ])('is not published %s', async (_, code, given) => {
    expect(await errorOf(publish(given))).toBe(code);
  });

  it('takes charts once they have come to the workspace, and needs the app to have a Home', async () => {
    const data = [{ label: 'May', value: 93.5 }];
    const axis_config = { categories: ['May'], x_label: 'Month', y_label: '%' };
    const chart = { type: 'line', series: [{ name: 'Share', data }], axis_config };
    const blocks = [{ type: 'data_visualization', title: 'How it went', chart }];
    const withChart = () => errorOf(publish({ view: { type: 'home', blocks } }));
    expect(await withChart()).toBeUndefined();
    workspace.bot.takesCharts = false;
    expect(await withChart()).toBe('invalid_arguments');
    workspace.bot.hasHomeTab = false;
    expect(await errorOf(publish())).toBe('not_enabled');
  });
});

describe('response urls', () => {
  const post = (url: string, body: object) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  async function clickedUrl(): Promise<{ url: string; ts: string }> {
    const { channel = '', ts = '' } = await slack.chat.postMessage({ channel: ana.id, text: 'original' });
    return {
      url: wire.url + createResponseUrl({ workspace, clock }, { user: ana.id, channel, message: ts }),
      ts,
    };
  }

  const seen = () => inbox(workspace, ana.id).map(({ text, ephemeralTo }) => [text, ephemeralTo]);

  it('replaces the clicked message, also when nothing says otherwise', async () => {
    const { url } = await clickedUrl();
    await post(url, { text: 'new', replace_original: true });
    expect(seen()).toEqual([['new', undefined]]);
    await post(url, { text: 'newer' });
    expect(seen()).toEqual([['newer', undefined]]);
  });

  it('works five times', async () => {
    const { url } = await clickedUrl();
    for (let use = 0; use < 5; use += 1) expect((await post(url, { text: 'x' })).status).toBe(200);
    const sixth = await post(url, { text: 'x' });
    expect([sixth.status, await sixth.json()]).toEqual([404, { ok: false, error: 'used_url' }]);
  });

  it('works for thirty minutes', async () => {
    const { url } = await clickedUrl();
    clock.advance(30 * MINUTE);
    expect((await post(url, { text: 'x' })).status).toBe(200);
    clock.advance(1);
    expect(await (await post(url, { text: 'x' })).json()).toEqual({ ok: false, error: 'expired_url' });
  });

  it('refuses bad blocks', async () => {
    const { url } = await clickedUrl();
    const response = await post(url, { blocks: [{ type: 'sectionn' }] });
    expect([response.status, await response.json()]).toMatchObject([400, { error: 'invalid_blocks' }]);
  });
});
