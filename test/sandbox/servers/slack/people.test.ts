// What people do, as Bolt's own receiver takes it.
import { App, AwsLambdaReceiver, LogLevel } from '@slack/bolt';
import type { KnownBlock } from '@slack/types';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Clock, sandboxClock } from '../../clock.ts';
import { showCommandAnswer, showModalAnswer } from './ack.ts';
import { addMessage } from './chat.ts';
import { withIds } from './content.ts';
import { openDm } from './conversations.ts';
import { type People, people } from './people.ts';
import { pressables } from './pressables.ts';
import type { Forgery } from './signed-request.ts';
import {
  addMember,
  createWorkspace,
  type Member,
  type Message,
  type Modal,
  type ShownView,
  type Workspace,
} from './workspace.ts';

const signingSecret = 'sandbox-signing-secret';
const plain = (text: string) => ({ type: 'plain_text' as const, text });

const CARD: KnownBlock[] = [
  {
    ...{ type: 'section', block_id: 'facts', text: { type: 'mrkdwn', text: 'Clé &amp; co' } },
    accessory: { type: 'button', action_id: 'info', text: plain('Why me?') },
  },
  {
    ...{ type: 'actions', block_id: 'moves' },
    elements: [
      {
        type: 'button',
        action_id: 'createKey',
        text: plain('Create new key'),
        value: 'é-1',
        style: 'primary',
      },
      { type: 'overflow', action_id: 'more', options: [{ text: plain('Not mine'), value: 'notMine' }] },
    ],
  },
];

let workspace: Workspace;
let clock: Clock;
let ana: Member;
let act: People;
let message: Message;

beforeEach(() => {
  workspace = createWorkspace();
  clock = sandboxClock(new Date());
  ana = addMember(workspace, { name: 'ana' });
  act = people({ workspace, clock, signingSecret, slackUrl: 'http://slack.test' });
  message = post({ text: 'card', blocks: structuredClone(CARD) });
});

function post(content: { text: string; blocks: KnownBlock[] }, ephemeralTo?: string): Message {
  const dm = openDm(workspace, ana.id);
  return addMessage({ workspace, clock }, dm, content, ephemeralTo ? { ephemeralTo } : {});
}

/** The status that Bolt answers with, and the bodies its listeners saw. */
async function received(event: APIGatewayProxyEventV2) {
  const receiver = new AwsLambdaReceiver({ signingSecret, logLevel: LogLevel.ERROR });
  const { token, botId, userId: botUserId } = workspace.bot;
  const app = new App({
    token,
    botId,
    botUserId,
    receiver,
    logLevel: LogLevel.ERROR,
    deferInitialization: false,
  });
  const bodies: Record<string, unknown>[] = [];
  const listener = async ({ body, ack }: { body: unknown; ack?: (() => Promise<void>) | undefined }) => {
    bodies.push(body as Record<string, unknown>);
    await ack?.();
  };
  app.action(/.*/, listener);
  app.command(/.*/, listener);
  app.event('app_home_opened', listener);
  app.view(/.*/, listener);
  app.view({ type: 'view_closed', callback_id: /.*/ }, listener);
  const { statusCode } = await receiver.toHandler()(event, {});
  return { statusCode, body: bodies[0] };
}

describe('clicks', () => {
  it('reach an action listener with what Slack sends', async () => {
    const { statusCode, body } = await received(
      act.click({ user: ana.id, message, button: 'Create new key' }),
    );
    expect(statusCode).toBe(200);
    expect(body).toMatchObject({
      ...{
        type: 'block_actions',
        api_app_id: workspace.appId,
        team: { id: workspace.team.id, domain: 'example' },
      },
      user: { id: ana.id, username: 'ana', team_id: workspace.team.id },
      container: {
        type: 'message',
        message_ts: message.ts,
        channel_id: message.channel,
        is_ephemeral: false,
      },
      channel: { id: message.channel, name: 'directmessage' },
      message: { ts: message.ts, text: 'card', blocks: CARD },
      response_url: expect.stringMatching(/^http:\/\/slack\.test\/response\/R/),
      actions: [
        { type: 'button', action_id: 'createKey', block_id: 'moves', value: 'é-1', style: 'primary' },
      ],
    });
    expect(workspace.triggers.get(String(body?.trigger_id))).toMatchObject({ user: ana.id, used: false });
  });

  it('choose from a menu, and press a button beside a text', async () => {
    const menu = await received(act.click({ user: ana.id, message, button: 'Not mine' }));
    expect(menu.body?.actions).toMatchObject([{ type: 'overflow', selected_option: { value: 'notMine' } }]);
    const beside = await received(act.click({ user: ana.id, message, button: 'Why me?' }));
    expect(beside.body?.actions).toMatchObject([{ action_id: 'info', block_id: 'facts' }]);
  });

  it('choose an option of a select, and tell what every menu holds', async () => {
    const option = (name: string) => ({ text: plain(name), value: name.toLowerCase() });
    const menu = { type: 'static_select' as const, placeholder: plain('Who?') };
    const elements = ['Ana', 'Ben'].map((name) => ({ ...menu, action_id: name, options: [option(name)] }));
    const asking = post({ text: 'whose?', blocks: [{ type: 'actions', block_id: 'owner', elements }] });

    const { body } = await received(act.click({ user: ana.id, message: asking, button: 'Ben' }));

    expect(body?.actions).toEqual([
      {
        ...{ type: 'static_select', action_id: 'Ben', block_id: 'owner', action_ts: expect.any(String) },
        ...{ selected_option: option('Ben'), placeholder: plain('Who?') },
      },
    ]);
    const held = (selected_option: object | null) => ({ type: 'static_select', selected_option });
    expect(body?.state).toEqual({ values: { owner: { Ana: held(null), Ben: held(option('Ben')) } } });
  });

  it('do not choose in an input', () => {
    expect(pressables(shownModal().view)).toEqual([]);
  });

  it('carry no message when it is ephemeral', async () => {
    const shown = post({ text: 'psst', blocks: structuredClone(CARD) }, ana.id);
    const { body } = await received(act.click({ user: ana.id, message: shown, button: 'Why me?' }));
    expect(body).toMatchObject({ container: { is_ephemeral: true } });
    expect(body).not.toHaveProperty('message');
  });

  it('are not possible on what is not there', () => {
    const click =
      (button: string, user = ana.id) =>
      () =>
        act.click({ user, message, button });
    expect(click('Delete')).toThrow('no button “Delete”; there is “Why me?”, “Create new key”, “Not mine”');
    expect(click('Why me?', addMember(workspace, { name: 'bob' }).id)).toThrow('is not in');
    message.deleted = true;
    expect(click('Why me?')).toThrow('is deleted');
  });

  it('say which one is meant when several read the same', async () => {
    const rows = ['one', 'two'].map((value): KnownBlock => {
      return { type: 'actions', elements: [{ type: 'button', text: plain('Create'), value }] };
    });
    const digest = post({ text: 'digest', blocks: withIds(rows, workspace) });
    expect(() => act.click({ user: ana.id, message: digest, button: 'Create' })).toThrow(
      '2 buttons read “Create”',
    );
    const { body } = await received(act.click({ user: ana.id, message: digest, button: 'Create', nth: 2 }));
    expect(body?.actions).toMatchObject([{ value: 'two' }]);
  });
});

function shownModal(): ShownView<Modal> {
  const element = { type: 'datepicker' as const, action_id: 'date' };
  const blocks: KnownBlock[] = [{ type: 'input', block_id: 'until', label: plain('Until'), element }];
  const view: Modal = { type: 'modal', callback_id: 'postpone', title: plain('More time'), blocks };
  const shown = { id: 'V2', hash: '1', user: ana.id, view };
  workspace.modals.set(shown.id, shown);
  return shown;
}

describe('the answer', () => {
  const show = (body: string, statusCode = 200) => {
    const to = { user: ana.id, channel: message.channel };
    return showCommandAnswer({ workspace, clock }, to, { statusCode, body });
  };

  it('to a slash command is shown to the person alone', () => {
    expect(show('')).toBeUndefined();
    expect(show('All good')).toMatchObject({ text: 'All good', ephemeralTo: ana.id });
    expect(show(JSON.stringify({ text: 'x', blocks: CARD }))).toMatchObject({
      blocks: CARD,
      ephemeralTo: ana.id,
    });
    expect(() => show(JSON.stringify({ blocks: [{ type: 'sectionn' }] }))).toThrow('invalid_blocks');
    expect(() => show('', 500)).toThrow('dispatch_failed');
  });

  it('to a modal keeps it open when an input is wrong, and closes it otherwise', () => {
    const view = shownModal();
    const body = JSON.stringify({ response_action: 'errors', errors: { until: 'Too late' } });
    expect(showModalAnswer({ workspace, clock }, view, { body })).toEqual({ until: 'Too late' });
    expect(workspace.modals.has(view.id)).toBe(true);
    const blocks = [{ type: 'section', text: plain('Wait') }];
    const next = { type: 'modal', title: plain('Next'), blocks, external_id: 'mine' };
    const update = JSON.stringify({ response_action: 'update', view: next });
    expect(showModalAnswer({ workspace, clock }, view, { body: update })).toEqual({});
    expect(workspace.modals.get(view.id)?.view).toMatchObject({ title: plain('Next'), external_id: 'mine' });
    expect(showModalAnswer({ workspace, clock }, view, { body: '' })).toEqual({});
    expect(workspace.modals.has(view.id)).toBe(false);
  });
});

describe('the request itself', () => {
  const clickWith = (forge: Forgery) => act.click({ user: ana.id, message, button: 'Why me?', forge });

  it('is an HTTP API event whose forms are in base64', () => {
    const event = clickWith({});
    expect(event).toMatchObject({ version: '2.0', rawPath: '/slack/events', isBase64Encoded: true });
    expect(Buffer.from(event.body ?? '', 'base64').toString()).toMatch(/^payload=%7B/);
    expect(act.appHomeOpened({ user: ana.id })).toMatchObject({ isBase64Encoded: false });
    expect(clickWith({ base64: false }).body).toMatch(/^payload=%7B/);
  });

  it('says what can be pressed, and what Slack asks first', () => {
    const confirm = { title: plain('Sure?'), text: plain('Really') };
    const blocks: KnownBlock[] = [
      { type: 'actions', elements: [{ type: 'button', text: plain('Go'), confirm }] },
    ];
    expect(pressables({ blocks })).toMatchObject([{ label: 'Go', confirm }]);
  });
});
