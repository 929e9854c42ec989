// A press of a button becomes one job, and Slack hears "done" only once it is queued.
import type { KnownBlock } from '@slack/types';
import { beforeEach, describe, expect, it } from 'vitest';
import { assignId, pressId, showId } from '../../../../src/adapters/slack/blocks/press.ts';
import { isFormMove } from '../../../../src/domain/moves/rows.ts';
import { MOVE_NAMES } from '../../../../src/domain/transitions.ts';
import { OutsideError } from '../../../../src/usecases/errors.ts';
import { openDm } from '../../../sandbox/servers/slack/conversations.ts';
import { BUTTON, type Door, door } from './door.ts';

let at: Door;

beforeEach(() => {
  at = door();
});

/** A message with one button, as anybody who may post as the app could make it. */
function buttonWith(fields: object): { text: string; blocks: KnownBlock[] } {
  const text = { type: 'plain_text' as const, text: 'Press me' };
  return {
    text: 'message',
    blocks: [{ type: 'actions', block_id: 'b', elements: [{ type: 'button', text, ...fields }] }],
  };
}

const VALUE = '111122223333/ci';

const press = (fields: object, forge = {}) =>
  at.act.click({ user: at.ana.id, message: at.message(buttonWith(fields)), button: 'Press me', forge });

describe('a press', () => {
  it('becomes a job for the worker', async () => {
    const message = at.message();
    const reply = await at.receive(at.act.click({ user: at.ana.id, message, button: BUTTON }));
    expect(reply).toEqual({ statusCode: 200, body: '' });
    const [trigger] = at.workspace.triggers.keys();
    expect(at.queued).toEqual([
      {
        kind: 'click',
        id: `click/${trigger}`,
        move: 'createKey',
        insist: false,
        account: '111122223333',
        userName: 'ci-deploy',
        personId: at.ana.id,
        place: {
          channel: openDm(at.workspace, at.ana.id).id,
          ts: message.ts,
          drawing: 'd1.e2',
          responseUrl: expect.stringMatching(/^https:\/\/hooks\.slack\.com\/response\/R/),
        },
      },
    ]);
  });

  it.each(MOVE_NAMES)('of %s arrives as the worker reads it, with and without "anyway"', async (move) => {
    for (const insist of isFormMove(move) ? [true] : [false, true]) {
      await at.receive(press({ action_id: pressId(move, insist), value: '111122223333/a+b=c,d.e@f_g-h' }));
      expect(at.jobs().at(-1)).toMatchObject({ move, insist, userName: 'a+b=c,d.e@f_g-h' });
    }
  });

  it('has an id of its own each time: an honest second press is no duplicate', async () => {
    const message = at.message();
    for (let i = 0; i < 2; i++) await at.receive(at.act.click({ user: at.ana.id, message, button: BUTTON }));
    expect(new Set(at.jobs().map(({ id }) => id)).size).toBe(2);
  });

  it('delivered twice has one id: the queue takes the second for a duplicate', async () => {
    const event = press({ action_id: 'move:createKey', value: VALUE });
    await at.receive(event);
    await at.receive(event);
    expect(new Set(at.jobs().map(({ id }) => id)).size).toBe(1);
  });

  it('says who pressed by the signed payload, whatever the value says', async () => {
    await at.receive(press({ action_id: 'move:createKey', value: '999988887777/somebody-else' }));
    expect(at.jobs()).toMatchObject([{ personId: at.ana.id, account: '999988887777' }]);
  });
});

describe('a button that makes no move', () => {
  const place = expect.objectContaining({ channel: expect.any(String), ts: expect.any(String) });

  it('may ask for the card of an IAM user', async () => {
    await at.receive(press({ action_id: showId(), value: VALUE }));
    const [trigger] = at.workspace.triggers.keys();
    const target = { account: '111122223333', userName: 'ci' };
    expect(at.queued).toEqual([
      { kind: 'show', id: `show/${trigger}`, ...target, personId: at.ana.id, place },
    ]);
  });

  it.each([
    { kind: 'person' as const, slackId: 'U0BEN' },
    { kind: 'channel' as const, channelId: 'C0TEAM' },
  ])('may name an owner, as the command does: $kind', async (to) => {
    await at.receive(press({ action_id: assignId(to), value: VALUE }));
    const command = { name: 'assign', target: { account: '111122223333', userName: 'ci' }, to };
    expect(at.jobs()).toMatchObject([{ kind: 'command', command, personId: at.ana.id }]);
  });

  it('may nudge the owner of a row', async () => {
    await at.receive(press({ action_id: 'nudge:silence:abc1', value: VALUE }));
    const row = { of: { account: '111122223333', userName: 'ci' }, matter: 'silence', mark: 'abc1' };
    const command = { name: 'nudge', row };
    expect(at.jobs()).toMatchObject([{ kind: 'command', command, personId: at.ana.id, place }]);
  });

  it('may have secrets deleted, as many as the button said', async () => {
    await at.receive(press({ action_id: 'deleteSecrets:12', value: VALUE }));
    const command = { name: 'deleteSecrets', count: 12 };
    expect(at.jobs()).toMatchObject([{ kind: 'command', command, personId: at.ana.id, place }]);
  });

  it('may be one of many in a list to choose from', async () => {
    const text = (words: string) => ({ type: 'plain_text' as const, text: words });
    const options = [{ text: text('ci-deploy'), value: VALUE }];
    const select = {
      type: 'static_select' as const,
      action_id: showId(),
      placeholder: text('Open'),
      options,
    };
    const message = at.message({
      text: 'm',
      blocks: [{ type: 'actions', block_id: 'b', elements: [select] }],
    });
    await at.receive(at.act.click({ user: at.ana.id, message, button: 'ci-deploy' }));
    expect(at.jobs()).toMatchObject([{ kind: 'show', account: '111122223333', userName: 'ci', place }]);
  });
});

describe('what is pressed and asks for nothing', () => {
  it.each([
    ['a link', { action_id: 'open', url: 'https://example.com' }],
    ['a button of another kind', { action_id: 'dismiss', value: 'x' }],
    ['a move there is not', { action_id: 'move:destroy', value: VALUE }],
    ['a move of nobody', { action_id: 'move:delete' }],
    ['a menu that is none of ours', { action_id: 'more', value: 'move:delete' }],
    ['a card of nobody', { action_id: 'show', value: 'ci' }],
  ])('is acknowledged and left at that: %s', async (_, fields) => {
    expect(await at.receive(press(fields))).toEqual({ statusCode: 200, body: '' });
    expect(at.queued).toEqual([]);
    expect(at.events()).toEqual(['slack.noMove']);
  });
});

describe('the acknowledgement', () => {
  it('comes after the job is queued, never before', async () => {
    let isQueued = false;
    at.fakes.put = async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      isQueued = true;
    };
    await at.receive(press({ action_id: 'move:delete', value: VALUE }));
    expect(isQueued).toBe(true);
  });

  it('is a failure when the job cannot be queued: Slack shows it at the button, the log as it was thrown', async () => {
    const error = new OutsideError('unknown', 'SendMessageBatch', 'ETIMEDOUT');
    at.fakes.put = () => Promise.reject(error);
    const reply = await at.receive(press({ action_id: 'move:delete', value: VALUE }));
    expect(reply).toMatchObject({ statusCode: 500 });
    const failure = at.logged.find(({ event }) => event === 'slack.listenerFailed');
    expect(failure?.level).toBe('error');
    expect(failure?.facts.error).toBe(error);
  });

  it('of one press does not hang on the failure of another', async () => {
    at.fakes.put = () => Promise.reject(new Error('down'));
    await at.receive(press({ action_id: 'move:delete', value: VALUE }));
    at.fakes.put = async () => undefined;
    const reply = await at.receive(press({ action_id: 'move:delete', value: VALUE }));
    expect(reply).toMatchObject({ statusCode: 200 });
  });
});
