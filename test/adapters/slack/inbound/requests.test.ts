// What API Gateway may hand over: other encodings of the same request are the same, and anything else is no request.
import { beforeEach, describe, expect, it } from 'vitest';
import { MOST_BYTES } from '../../../../src/adapters/slack/queued-request.ts';
import { BUTTON, type Door, door } from './door.ts';

let at: Door;

beforeEach(() => {
  at = door();
});

const press = (forge = {}) => at.act.click({ user: at.ana.id, message: at.message(), button: BUTTON, forge });

describe('the same press', () => {
  it.each([
    ['in base64', { base64: true }],
    ['as text', { base64: false }],
    [
      'with a charset in its content type',
      { headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' } },
    ],
    ['with a content type in capitals', { headers: { 'content-type': 'Application/X-WWW-Form-URLencoded' } }],
  ])('is taken %s', async (_, forge) => {
    expect(await at.receive(press(forge))).toMatchObject({ statusCode: 200, body: '' });
    expect(at.jobs()).toMatchObject([{ kind: 'click', move: 'createKey' }]);
  });

  it('is taken with header names as HTTP/1.1 writes them', async () => {
    const event = press();
    const headers = Object.fromEntries(
      Object.entries(event.headers).map(([name, value]) => [name.toUpperCase(), value]),
    );
    expect(await at.receive({ ...event, headers })).toMatchObject({ statusCode: 200 });
    expect(at.queued).toHaveLength(1);
  });
});

describe('a JSON body', () => {
  it.each([true, false])('keeps its accents (base64: %s)', async (base64) => {
    const body = JSON.stringify({ type: 'url_verification', challenge: 'é€🔑' });
    const reply = await at.receive(at.signed('application/json', body, { base64 }));
    expect(reply).toMatchObject({ statusCode: 200, headers: { 'Content-Type': 'application/json' } });
    expect(JSON.parse(reply.body)).toEqual({ challenge: 'é€🔑' });
  });

  it.each(['', 'null', '[]', '"x"', '7', '{', '{"a":1'])('is unreadable when it is %j', async (body) => {
    expect(await at.receive(at.signed('application/json', body))).toEqual({ statusCode: 400, body: '' });
  });

  it('is unreadable under any other content type', async () => {
    const headers = { 'content-type': 'text/plain' };
    expect(await at.receive(at.signed('application/json', '{}', { headers }))).toMatchObject({
      statusCode: 400,
    });
  });
});

describe('Slack’s check of the certificate', () => {
  const check = (forge = {}) =>
    at.signed('application/x-www-form-urlencoded', 'ssl_check=1&token=verification-token', forge);

  it('is answered when it is signed, and queues nothing', async () => {
    expect(await at.receive(check())).toEqual({ statusCode: 200, body: '' });
    expect(at.queued).toEqual([]);
  });

  it('is no way round the signature', async () => {
    expect(await at.receive(check({ signature: '' }))).toEqual({ statusCode: 401, body: '' });
    const padded = at.act.click({ user: at.ana.id, message: at.message(), button: BUTTON });
    const event = { ...padded, isBase64Encoded: false, body: 'payload=%7B%7D&ssl_check=1' };
    expect(await at.receive(event)).toEqual({ statusCode: 401, body: '' });
  });
});

describe('what is no request', () => {
  it.each([
    ['null', null],
    ['nothing', undefined],
    ['a text', 'payload'],
    ['an empty object', {}],
    ['one without headers', { body: '', isBase64Encoded: false }],
    ['one whose headers are null', { headers: null, body: '' }],
    ['one with a number for a header', { headers: { 'x-slack-request-timestamp': 1 }, body: '' }],
    ['one without a body', { headers: {} }],
    ['one whose body is an object', { headers: {}, body: {} }],
    ['one of a queue', { Records: [{ body: '{}', messageId: 'm' }] }],
  ])('is refused and logged: %s', async (_, event) => {
    expect(await at.receive(event)).toEqual({ statusCode: 400, body: '' });
    expect(at.logged).toEqual([{ level: 'warn', event: 'slack.turnedAway', facts: { code: 'no_request' } }]);
  });

  it('is refused by its size before anything is computed over it', async () => {
    at.fakes.signingSecrets = () => Promise.reject(new Error('nobody needs them'));
    const size = MOST_BYTES + 1;
    expect(await at.receive({ headers: {}, body: 'x'.repeat(size) })).toMatchObject({ statusCode: 413 });
    const base64 = Buffer.alloc(size).toString('base64');
    const encoded = { headers: {}, body: base64, isBase64Encoded: true };
    expect(await at.receive(encoded)).toMatchObject({ statusCode: 413 });
  });
});

describe('what Slack sends and this app does not know', () => {
  it.each([
    [
      'that somebody opened the conversation',
      () => at.act.appHomeOpened({ user: at.ana.id, tab: 'messages' }),
    ],
    ['a shortcut', () => interaction({ type: 'shortcut', callback_id: 'x', trigger_id: '1.2' })],
    ['a form of somebody else’s', () => interaction({ type: 'view_submission', view: { callback_id: 'x' } })],
    ['a form without a name', () => interaction({ type: 'view_submission', view: {} })],
    ['a closed form', () => interaction({ type: 'view_closed', view: { callback_id: 'move:postpone' } })],
    ['a menu that asks for its options', () => interaction({ type: 'block_suggestion', value: 'x' })],
    ['something of the future', () => interaction({ type: 'telepathy' })],
    ['something whose type is no text', () => interaction({ type: { toString: 1 } })],
    ['something without a type', () => interaction({})],
  ])('is acknowledged, so that nobody sees an error: %s', async (_, event) => {
    expect(await at.receive(event())).toMatchObject({ statusCode: 200, body: '' });
    expect(at.queued).toEqual([]);
  });

  const interaction = (fields: object) => {
    const payload = {
      ...{ api_app_id: at.workspace.appId, team: { id: at.workspace.team.id }, user: { id: at.ana.id } },
      ...fields,
    };
    const form = new URLSearchParams({ payload: JSON.stringify(payload) });
    return at.signed('application/x-www-form-urlencoded', form.toString());
  };
});

it('nested deeper than Slack ever nests is turned away before anything follows it down', async () => {
  const deep = '['.repeat(60_000) + ']'.repeat(60_000);
  const sender = '"api_app_id":"A000000001","team":{"id":"T000000001"},"user":{"id":"U0ANA"}';
  const press = '"type":"block_actions","actions":[{"action_id":"move:delete"}]';
  const at = door();
  const body = `{${sender},${press},"container":${deep}}`;
  expect(await at.receive(at.signed('application/json', body))).toMatchObject({ statusCode: 400 });
  expect(at.queued).toEqual([]);
});
