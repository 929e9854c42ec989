// Who is let in: what Slack signed, now, for this app and this workspace.
import { beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../../src/usecases/secret.ts';
import { type Forgery, sign } from '../../../sandbox/servers/slack/signed-request.ts';
import { NOW } from '../fixtures.ts';
import { BUTTON, type Door, door, PREVIOUS_SECRET, SIGNING_SECRET } from './door.ts';

let at: Door;

beforeEach(() => {
  at = door();
});

const press = (forge: Forgery = {}) =>
  at.act.click({ user: at.ana.id, message: at.message(), button: BUTTON, forge });

const command = (forge: Forgery = {}) =>
  at.act.slashCommand({ user: at.ana.id, channel: at.channel, text: 'sweep', forge });

async function expectTurnedAway(event: unknown, statusCode: number, code: string): Promise<void> {
  expect(await at.receive(event)).toEqual({ statusCode, body: '' });
  expect(at.queued).toEqual([]);
  expect(at.logged).toEqual([{ level: 'warn', event: 'slack.turnedAway', facts: { code } }]);
}

describe('the signature', () => {
  // With all that Slack's own request has, an operator hears of it: the secret stored may be another than Slack's.
  it.each<[string, Forgery]>([
    ['is made with another secret', { signingSecret: 'guessed' }],
    ['is made with an empty secret', { signingSecret: '' }],
    ['is all zeros', { signature: `v0=${'0'.repeat(64)}` }],
    ['is for another second', { headers: { 'x-slack-request-timestamp': `${NOW / 1000 + 1}` } }],
  ])('counts for nothing, and is told apart, when it %s', (_, forge) =>
    expectTurnedAway(press(forge), 401, 'ours_not_signed'),
  );

  it.each<[string, () => unknown]>([
    ['for another app', () => press({ signingSecret: 'guessed', appId: 'A000ELSE' })],
    ['from another workspace', () => command({ signingSecret: 'guessed', teamId: 'T000ELSE' })],
    ['that cannot be read', () => at.signed('application/json', '{"type":', { signingSecret: 'guessed' })],
  ])('made with another secret counts for nothing, and is told of with all others, %s', (_, event) =>
    expectTurnedAway(event(), 401, 'not_signed'),
  );

  it.each<[string, Forgery]>([
    ['is left out', { signature: '' }],
    ['is no signature', { signature: 'v0=' }],
    ['has another version', { signature: `v1=${'0'.repeat(64)}` }],
    ['is longer than any bytes that match', { signature: `v0=${'é'.repeat(32)}` }],
    ['has a time stamp that is none', { headers: { 'x-slack-request-timestamp': 'soon' } }],
    ['has no time stamp', { headers: { 'x-slack-request-timestamp': '' } }],
    ['has a time stamp with a sign', { headers: { 'x-slack-request-timestamp': `+${NOW / 1000}` } }],
  ])('counts for nothing when it %s', (_, forge) => expectTurnedAway(press(forge), 401, 'not_signed'));

  it('counts for nothing when a byte of the body is another one', async () => {
    const event = press({ base64: false });
    const body = event.body?.replace('createKey', 'delete');
    await expectTurnedAway({ ...event, body }, 401, 'ours_not_signed');
  });

  it('counts when it is made with the previous secret, during a change', async () => {
    expect(await at.receive(press({ signingSecret: PREVIOUS_SECRET }))).toMatchObject({ statusCode: 200 });
    expect(at.queued).toHaveLength(1);
  });

  it('counts when the secret was changed since it was last read, at the first request', async () => {
    at.fakes.signingSecrets = async (which) =>
      which === 'newest' ? [new Secret('the-next-signing-secret')] : [new Secret(SIGNING_SECRET)];
    expect(await at.receive(press({ signingSecret: 'the-next-signing-secret' }))).toMatchObject({
      statusCode: 200,
    });
    expect(await at.receive(press({ signingSecret: 'guessed' }))).toMatchObject({ statusCode: 401 });
    expect(at.queued).toHaveLength(1);
  });

  it('made with an empty secret counts for nothing even where an empty secret is stored', async () => {
    at.fakes.signingSecrets = async () => [new Secret(SIGNING_SECRET), new Secret('')];
    await expectTurnedAway(press({ signingSecret: '' }), 401, 'ours_not_signed');
  });

  it('covers the bytes and not the characters of the body', async () => {
    const body = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]);
    const timestamp = String(Math.floor(at.clock.now() / 1000));
    const signature = sign(SIGNING_SECRET, timestamp, body.toString('utf8'));
    const headers = { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature };
    const event = { headers, body: body.toString('base64'), isBase64Encoded: true };
    await expectTurnedAway(event, 401, 'not_signed');
  });

  it('cannot be checked without the secrets: Slack is told to count that as a failure', async () => {
    at.fakes.signingSecrets = () => Promise.reject(new Error('throttled'));
    expect(await at.receive(press())).toEqual({ statusCode: 500, body: '' });
    expect(at.queued).toEqual([]);
    expect(at.events()).toEqual(['slack.failed']);
  });
});

describe('the time stamp', () => {
  it.each([
    ['exactly five minutes old', -300, 0],
    ['exactly five minutes ahead', 300, 0],
    ['a moment less than five minutes old', -299, 999],
  ])('counts when it is %s', async (_, timestampShift, later) => {
    const event = press({ timestampShift });
    at.clock.advance(later);
    expect(await at.receive(event)).toMatchObject({ statusCode: 200 });
    expect(at.queued).toHaveLength(1);
  });

  it.each([
    ['a millisecond more than five minutes old', -300, 1],
    ['a second more than five minutes ahead', 301, 0],
    ['a day old', -86_400, 0],
    ['a day ahead', 86_400, 0],
    ['in milliseconds', NOW, 0],
  ])('counts for nothing when it is %s', async (_, timestampShift, later) => {
    const event = press({ timestampShift });
    at.clock.advance(later);
    await expectTurnedAway(event, 401, 'not_signed');
  });
});

describe('a request of Slack’s for somebody else', () => {
  it.each([
    ['a press from another workspace', () => press({ teamId: 'T000ELSE' })],
    ['a press for another app', () => press({ appId: 'A000ELSE' })],
    ['a command from another workspace', () => command({ teamId: 'T000ELSE' })],
    ['a command for another app', () => command({ appId: 'A000ELSE' })],
    ['an event from another workspace', () => opened({ teamId: 'T000ELSE' })],
    ['a JSON object that names neither', () => at.signed('application/json', '{"type":"block_actions"}')],
  ])('is turned away: %s', (_, event) => expectTurnedAway(event(), 403, 'foreign'));

  const opened = (forge: Forgery) => at.act.appHomeOpened({ user: at.ana.id, forge });
});

describe('a press in an organisation, whose team is null', () => {
  const pressFrom = (team_id: string) => {
    const payload = {
      ...{ type: 'block_actions', api_app_id: at.workspace.appId, team: null, trigger_id: '1.2' },
      enterprise: { id: 'E000000001' },
      user: { id: at.ana.id, team_id },
      container: { type: 'message', message_ts: '1.000001', channel_id: 'D1' },
      actions: [{ type: 'button', action_id: 'move:createKey', value: '111122223333/ci-deploy' }],
    };
    const form = new URLSearchParams({ payload: JSON.stringify(payload) });
    return at.signed('application/x-www-form-urlencoded', form.toString());
  };

  it('counts when the person’s own team is ours', async () => {
    expect(await at.receive(pressFrom(at.workspace.team.id))).toMatchObject({ statusCode: 200 });
    expect(at.jobs()).toMatchObject([{ kind: 'click', personId: at.ana.id }]);
  });

  it('is turned away when that is another one', () =>
    expectTurnedAway(pressFrom('T000ELSE'), 403, 'foreign'));
});
