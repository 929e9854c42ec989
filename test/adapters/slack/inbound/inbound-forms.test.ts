// Forms: a press opens one instead of acting, and what is filled in becomes the job that the press would have been.
import { beforeEach, describe, expect, it } from 'vitest';
import { buildCard } from '../../../../src/adapters/slack/blocks/card.ts';
import { DAY, HOUR } from '../../../../src/domain/time.ts';
import { OutsideError } from '../../../../src/usecases/errors.ts';
import { showModalAnswer } from '../../../sandbox/servers/slack/ack.ts';
import { openDm } from '../../../sandbox/servers/slack/conversations.ts';
import {
  addMember,
  type Message,
  type Modal,
  type ShownView,
} from '../../../sandbox/servers/slack/workspace.ts';
import { NOW, userAt, viewOf } from '../fixtures.ts';
import { type SlackWorld, slackWorld } from '../slack-world.ts';
import { type Door, door } from './door.ts';

let at: Door;

beforeEach(() => {
  at = door();
});

const MORE_TIME = 'I need more time';
const NOT_MINE = 'Not mine';
const REPLACED = 'I replaced it everywhere';

const issued = (): Message => at.message(buildCard(viewOf(userAt('issued'))));
const pressing = (button: string, message = button === REPLACED ? issued() : at.message()) =>
  at.receive(at.act.click({ user: at.ana.id, message, button }));

async function opened(button: string, message?: Message): Promise<ShownView<Modal>> {
  await pressing(button, message);
  const view = at.form();
  if (!view) throw new Error(`“${button}” opened no form`);
  return view;
}

/** Submits, and returns the complaints by block. */
async function filling(button: string, values: Record<string, string>): Promise<Record<string, string>> {
  const view = await opened(button);
  const reply = await at.receive(at.act.submit({ view, values }));
  return showModalAnswer(at, view, reply);
}

const inDays = (days: number) => new Date(NOW + days * DAY).toISOString().slice(0, 10);

describe('a press that needs words', () => {
  it.each([MORE_TIME, NOT_MINE, REPLACED])('opens a form, and queues nothing: %s', async (button) => {
    expect(await pressing(button)).toEqual({ statusCode: 200, body: '' });
    expect(at.form()?.user).toBe(at.ana.id);
    expect(at.queued).toEqual([]);
    expect(at.events()).toEqual([]);
  });

  it('carries along what the answer needs, and nothing else', async () => {
    const message = at.message();
    await pressing(MORE_TIME, message);
    expect(at.form()?.view.callback_id).toBe('move:postpone');
    expect(JSON.parse(at.form()?.view.private_metadata ?? '')).toEqual({
      ...{ account: '111122223333', userName: 'ci-deploy' },
      ...{ channel: openDm(at.workspace, at.ana.id).id, ts: message.ts, drawing: 'd1.e2' },
    });
  });

  it('goes to the worker as it is when the account is not watched: there it is refused in words', async () => {
    const text = { type: 'plain_text' as const, text: 'Not mine' };
    const button = { type: 'button' as const, text, action_id: 'move:notMine', value: '999988887777/ci' };
    const message = at.message({ text: 'm', blocks: [{ type: 'actions', elements: [button] }] });
    await pressing('Not mine', message);
    expect(at.form()).toBeUndefined();
    expect(at.jobs()).toMatchObject([{ kind: 'click', move: 'notMine', account: '999988887777' }]);
  });
});

describe('a row that is handed over', () => {
  const button = {
    ...{ type: 'button' as const, text: { type: 'plain_text' as const, text: 'Hand over' } },
    ...{ action_id: 'handOver:silence:abc1', value: '111122223333/ci' },
  };
  const open = async () => {
    const message = at.message({ text: 'm', blocks: [{ type: 'actions', elements: [button] }] });
    return { view: await opened('Hand over', message), message };
  };

  it('asks to whom, and becomes a job with whoever was chosen', async () => {
    const { view, message } = await open();
    expect(at.jobs()).toEqual([]);
    const ben = addMember(at.workspace, { name: 'ben' });
    const reply = await at.receive(at.act.submit({ view, values: { 'To whom?': ben.id } }));
    expect(showModalAnswer(at, view, reply)).toEqual({});
    const [job] = at.jobs();
    expect(job).toEqual({
      ...{ kind: 'command', id: `command/${view.id}`, askedAt: at.clock.now(), personId: at.ana.id },
      command: {
        name: 'handOver',
        row: { of: { account: '111122223333', userName: 'ci' }, matter: 'silence', mark: 'abc1' },
        to: { kind: 'person', slackId: ben.id },
      },
      place: { channel: openDm(at.workspace, at.ana.id).id, ts: message.ts },
    });
  });

  it('is not submitted for nobody, or for somebody who is not there', async () => {
    const { view } = await open();
    expect(() => at.act.submit({ view })).toThrow('must be filled in');
    expect(() => at.act.submit({ view, values: { 'To whom?': 'U0NOBODY' } })).toThrow('nobody can choose');
  });
});

describe('a form that cannot be opened', () => {
  let slack: SlackWorld;

  beforeEach(async () => {
    slack = await slackWorld();
    slack.wire.interfere(() => ({ kind: 'answer', reply: { status: 200, body: '' } }));
    at = door(slack.wire.url);
    at.fakes.openForm = () => Promise.reject(new OutsideError('refused', 'views.open', 'expired_trigger_id'));
  });

  const said = () => slack.calls('response_url');

  it('is no server error: the person is told, alone, to press again', async () => {
    expect(await pressing(MORE_TIME)).toEqual({ statusCode: 200, body: '' });
    expect(said()).toMatchObject([
      { response_type: 'ephemeral', text: 'The form could not be opened. Please press again.' },
    ]);
    expect(at.logged).toMatchObject([
      { level: 'warn', event: 'slack.formNotOpened', facts: { userName: 'ci-deploy', move: 'postpone' } },
    ]);
    expect(at.queued).toEqual([]);
  });

  it('is no server error either when nobody can be told', async () => {
    slack.spoil('response_url', { kind: 'refuse', status: 500, code: 'x' });
    expect(await pressing(NOT_MINE)).toEqual({ statusCode: 200, body: '' });
    expect(at.events()).toEqual(['slack.formNotOpened', 'slack.notTold']);
  });

  it('tells nobody through an address that is not Slack’s', async () => {
    at.fakes.openForm = () => Promise.reject(new Error('down'));
    const event = at.act.click({ user: at.ana.id, message: at.message(), button: MORE_TIME });
    const payload = JSON.parse(
      new URLSearchParams(Buffer.from(event.body ?? '', 'base64').toString()).get('payload') ?? '{}',
    );
    const elsewhere = { ...payload, response_url: 'https://example.com/response/R1' };
    expect(await at.receive(at.signed('application/json', JSON.stringify(elsewhere)))).toMatchObject({
      statusCode: 200,
    });
    expect(said()).toEqual([]);
    expect(at.events()).toEqual(['slack.formNotOpened']);
  });
});

describe('a form that is submitted', () => {
  it('becomes the job that the press would have been, with what was filled in', async () => {
    const message = at.message();
    const view = await opened(MORE_TIME, message);
    const values = { 'Until when?': inDays(20), 'Why?': '  The vendor ships next week  ' };
    const reply = await at.receive(at.act.submit({ view, values }));
    expect(reply).toEqual({ statusCode: 200, body: '' });
    expect(at.queued).toEqual([
      {
        kind: 'click',
        id: `click/${view.id}`,
        move: 'postpone',
        insist: false,
        input: { text: 'The vendor ships next week', until: Date.parse(`${inDays(20)}T10:00:00Z`) },
        account: '111122223333',
        userName: 'ci-deploy',
        personId: at.ana.id,
        place: { channel: openDm(at.workspace, at.ana.id).id, ts: message.ts, drawing: 'd1.e2' },
      },
    ]);
  });

  it('proposes a day after the latest deadline that there can be', async () => {
    await filling(MORE_TIME, { 'Why?': 'Holidays' });
    expect(at.jobs()).toMatchObject([{ input: { until: Date.parse('2026-12-05T10:00:00Z') } }]);
  });

  it.each(['Pacific/Honolulu', 'America/Los_Angeles', 'Europe/Madrid', 'Asia/Tokyo', 'Pacific/Auckland'])(
    'means the day that was chosen, also to whoever reads it in %s',
    async (timeZone) => {
      await filling(MORE_TIME, { 'Why?': 'Holidays', 'Until when?': '2026-12-01' });
      const [job] = at.jobs();
      const until = job?.kind === 'click' ? job.input?.until : undefined;
      expect(new Intl.DateTimeFormat('sv-SE', { timeZone }).format(until)).toBe('2026-12-01');
    },
  );

  it('says whose it is', async () => {
    expect(await filling(NOT_MINE, { 'Whose is it, if you know?': 'Team Blue' })).toEqual({});
    expect(at.jobs()).toMatchObject([{ move: 'notMine', input: { text: 'Team Blue' } }]);
    expect(at.jobs()[0]).not.toHaveProperty('input.until');
  });

  it('loses half a character, which no record can keep', async () => {
    await filling(NOT_MINE, { 'Whose is it, if you know?': 'Team \ud800Blue 🔑' });
    expect(at.jobs()).toMatchObject([{ input: { text: 'Team Blue 🔑' } }]);
  });

  it('may leave out where the key was replaced', async () => {
    await filling(REPLACED, {});
    await filling(REPLACED, { 'Where did you replace it?': 'GitHub org/app\nweb-1' });
    expect(at.jobs()).toMatchObject([
      { move: 'confirmMigration' },
      { move: 'confirmMigration', input: { text: 'GitHub org/app\nweb-1' } },
    ]);
    expect(at.jobs()[0]).not.toHaveProperty('input');
  });

  it('delivered twice has one id: the queue takes the second for a duplicate', async () => {
    const view = await opened(NOT_MINE);
    const event = at.act.submit({ view, values: { 'Whose is it, if you know?': 'Ben’s' } });
    await at.receive(event);
    await at.receive(event);
    expect(new Set(at.jobs().map(({ id }) => id)).size).toBe(1);
  });

  it('stays open when its job cannot be queued', async () => {
    at.fakes.put = () => Promise.reject(new OutsideError('unknown', 'SendMessageBatch', 'ETIMEDOUT'));
    const view = await opened(NOT_MINE);
    const values = { 'Whose is it, if you know?': 'Ben’s' };
    expect(await at.receive(at.act.submit({ view, values }))).toMatchObject({ statusCode: 500 });
    expect(at.events()).toContain('slack.listenerFailed');
  });
});

describe('a form with something in it that cannot be', () => {
  const why = { 'Why?': 'Holidays' };
  beforeEach(() => at.clock.advance(HOUR));

  it.each([
    ['a day gone by', inDays(-1)],
    ['today, after ten', inDays(0)],
    ['a day more than a year ahead', inDays(367)],
  ])('stays open and says so: %s', async (_, day) => {
    expect(await filling(MORE_TIME, { ...why, 'Until when?': day })).toEqual({
      until: 'Choose a day in the future, at most a year ahead.',
    });
    expect(at.form()).toBeDefined();
    expect(at.queued).toEqual([]);
  });

  it.each([1, 366])('takes a day within a year: %s days ahead', async (days) => {
    expect(await filling(MORE_TIME, { ...why, 'Until when?': inDays(days) })).toEqual({});
    expect(at.queued).toHaveLength(1);
  });

  it('may be mended and submitted again', async () => {
    const view = await opened(MORE_TIME);
    await at.receive(at.act.submit({ view, values: { ...why, 'Until when?': inDays(-1) } }));
    await at.receive(at.act.submit({ view, values: { ...why, 'Until when?': inDays(9) } }));
    expect(at.jobs()).toMatchObject([{ id: `click/${view.id}` }]);
  });

  it.each([MORE_TIME, NOT_MINE])('asks for words that are more than spaces: %s', async (button) => {
    const label = button === MORE_TIME ? 'Why?' : 'Whose is it, if you know?';
    const words = 'Write a few words, at most 300 characters.';
    expect(await filling(button, { [label]: '   ' })).toEqual({ text: words });
    expect(await filling(button, { [label]: 'x'.repeat(301) })).toEqual({ text: words });
    expect(at.queued).toEqual([]);
  });

  it('keeps secrets out of Slack, the queue and the table', async () => {
    const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
    const id = 'AKIAIOSFODNN7EXAMPLE';
    const beside = [`${id}/${secret}`, `${id}:${secret}`, `${secret}/${id}`];
    for (const text of [secret, `it is ${secret}.`, `aws_secret_access_key=${secret}`, ...beside])
      expect(await filling(REPLACED, { 'Where did you replace it?': text })).toEqual({
        text: 'This looks like a secret access key. Leave it out: secrets never go into Slack.',
      });
    expect(JSON.stringify([at.queued, at.logged])).not.toContain(secret);
  });

  it('does not take a commit for a secret', async () => {
    const commit = '44315d0a44315d0a44315d0a44315d0a44315d0a';
    expect(await filling(REPLACED, { 'Where did you replace it?': `deployed with ${commit}` })).toEqual({});
  });
});

describe('a form that was not made here', () => {
  const metadata = { account: '111122223333', userName: 'ci', channel: 'D1', ts: '1.000001' };
  const submission = (changes: object) => {
    const view = {
      id: 'V1',
      callback_id: 'move:notMine',
      private_metadata: JSON.stringify(metadata),
      state: { values: { text: { text: { type: 'plain_text_input', value: 'Ben’s' } } } },
      ...changes,
    };
    const payload = {
      ...{ type: 'view_submission', api_app_id: at.workspace.appId, team: { id: at.workspace.team.id } },
      ...{ user: { id: at.ana.id }, view },
    };
    return at.signed('application/json', JSON.stringify(payload));
  };

  it.each([
    ['no move', { callback_id: 'dismiss' }],
    ['a move that takes no form', { callback_id: 'move:delete' }],
    ['a press that insists', { callback_id: 'insist:delete' }],
    ['no metadata', { private_metadata: '' }],
    ['metadata that are none', { private_metadata: '[]' }],
    ['an account that is none', { private_metadata: JSON.stringify({ ...metadata, account: '1234' }) }],
    ['a path for a name', { private_metadata: JSON.stringify({ ...metadata, userName: '../ci' }) }],
    ['no channel', { private_metadata: JSON.stringify({ ...metadata, channel: '' }) }],
    ['another state', { state: { values: { other: {} } } }],
    ['a number for words', { state: { values: { text: { text: { value: 7 } } } } }],
  ])('is acknowledged and left at that: %s', async (_, changes) => {
    expect(await at.receive(submission(changes))).toEqual({ statusCode: 200, body: '' });
    expect(at.queued).toEqual([]);
    expect(at.events()).toEqual(['slack.noForm']);
  });

  it.each([
    ['metadata without end', { private_metadata: `${JSON.stringify(metadata)}${' '.repeat(3000)}` }],
    ['no state', { state: undefined }],
    ['no id', { id: '' }],
  ])('does not get through the door: %s', async (_, changes) => {
    expect(await at.receive(submission(changes))).toEqual({ statusCode: 200, body: '' });
    expect(at.queued).toEqual([]);
    expect(at.events()).toEqual(['slack.unhandled']);
  });

  it('says who submits by the signed payload, whatever the metadata say', async () => {
    const forged = JSON.stringify({ ...metadata, personId: 'U0BEN', account: '999988887777' });
    await at.receive(submission({ private_metadata: forged }));
    expect(at.jobs()).toMatchObject([{ personId: at.ana.id, account: '999988887777' }]);
  });
});
