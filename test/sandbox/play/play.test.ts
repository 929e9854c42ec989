// Pressing what opens a form, as tests do it: in one go, or with a look at the form first.
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { beforeEach, describe, expect, it } from 'vitest';
import { only } from '../../only.ts';
import { sandboxClock } from '../clock.ts';
import type { LambdaFunction } from '../deployment/lambda.ts';
import type { Sandbox } from '../sandbox.ts';
import { addMessage } from '../servers/slack/chat.ts';
import { withIds } from '../servers/slack/content.ts';
import { openDm } from '../servers/slack/conversations.ts';
import { people } from '../servers/slack/people.ts';
import { viewMethods } from '../servers/slack/views.ts';
import { addMember, createWorkspace, type Message } from '../servers/slack/workspace.ts';
import { openModal, press, pressOnly, submit } from './play.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const button = (label: string) => ({ type: 'button' as const, text: plain(label) });
const asks = (label: string, optional: boolean) => ({
  ...{ type: 'input' as const, block_id: label, label: plain(label), optional },
  element: { type: 'plain_text_input' as const, action_id: 'text' },
});

const FORM = {
  ...{ type: 'modal', title: plain('More time'), submit: plain('Postpone') },
  blocks: [asks('Reason', false), asks('Note', true)],
};

let sandbox: Sandbox;
let ana: string;
let message: Message;
/** What the app was sent, and how it answers a form. */
let received: Record<string, unknown>[];
let answerToForm: { statusCode: number; body: string };
let settled: number;

beforeEach(() => {
  const workspace = createWorkspace();
  const slack = { workspace, clock: sandboxClock(new Date('2026-11-16T09:00:00Z')) };
  ana = addMember(workspace, { name: 'ana' }).id;
  const blocks = withIds([{ type: 'actions', elements: [button('Postpone'), button('Create')] }], workspace);
  message = addMessage(slack, openDm(workspace, ana), { text: 'card', blocks });
  received = [];
  answerToForm = { statusCode: 200, body: '' };
  settled = 0;

  async function app(event: unknown) {
    const payload = payloadOf(event as APIGatewayProxyEventV2);
    received.push(payload);
    if (payload.type === 'view_submission') return answerToForm;
    if (JSON.stringify(payload.actions).includes('Postpone'))
      viewMethods['views.open']?.run({ trigger_id: payload.trigger_id, view: FORM }, slack);
    return { statusCode: 200, body: 'pressed' };
  }

  const situation = { ...slack, signingSecret: 's', slackUrl: 'http://slack.test' };
  const fn = only<LambdaFunction>({ invoke: app });
  sandbox = only<Sandbox>({
    clock: slack.clock,
    slack: only<Sandbox['slack']>({ workspace, people: people(situation) }),
    functions: only<Sandbox['functions']>({ slack: fn }),
    queues: only<Sandbox['queues']>({
      async pump() {
        settled += 1;
        return 0;
      },
      nextVisibleAt: () => undefined,
    }),
  });
});

function payloadOf({ body = '' }: APIGatewayProxyEventV2): Record<string, unknown> {
  return JSON.parse(new URLSearchParams(Buffer.from(body, 'base64').toString('utf8')).get('payload') ?? '');
}

describe('a press', () => {
  it('that opens no form is answered, and that is all', async () => {
    expect(await press(sandbox, ana, message, 'Create')).toEqual({ statusCode: 200, body: 'pressed' });
    expect(received).toHaveLength(1);
    expect(settled).toBe(1);
    await expect(press(sandbox, ana, message, 'Create', { Reason: 'x' })).rejects.toThrow(
      '“Create” opened no form to fill in',
    );
  });

  it('that opens a form fills it in and submits it', async () => {
    expect(await press(sandbox, ana, message, 'Postpone', { Reason: 'holiday' })).toBe(answerToForm);
    expect(received.map(({ type }) => type)).toEqual(['block_actions', 'view_submission']);
    expect(received[1]?.view).toMatchObject({
      state: { values: { Reason: { text: { value: 'holiday' } }, Note: { text: { value: null } } } },
    });
    expect(openModal(sandbox, ana)).toBeUndefined();
    expect(settled).toBe(2);
  });

  it('says what must be filled in', async () => {
    await expect(press(sandbox, ana, message, 'Postpone')).rejects.toThrow('“Reason” must be filled in');
  });

  it('fails with what the form is answered, and leaves it open', async () => {
    const errors = { Reason: 'Say more.', Note: 'Say less.' };
    answerToForm = { statusCode: 200, body: JSON.stringify({ response_action: 'errors', errors }) };
    await expect(press(sandbox, ana, message, 'Postpone', { Reason: 'x' })).rejects.toThrow(
      'the form says: Say more. Say less.',
    );
    expect(openModal(sandbox, ana)).toBeDefined();

    answerToForm = { statusCode: 200, body: '' };
    await submit(sandbox, ana, { Reason: 'because of the holidays' });
    expect(openModal(sandbox, ana)).toBeUndefined();
    await expect(submit(sandbox, ana)).rejects.toThrow('has no form open');
  });

  it('can leave the form open to be looked at', async () => {
    await pressOnly(sandbox, ana, message, 'Postpone');
    expect(openModal(sandbox, ana)?.view.title.text).toBe('More time');
    expect(openModal(sandbox, 'U0')).toBeUndefined();
    expect(received).toHaveLength(1);
  });
});
