// Whatever arrives: no exception, no server error, and no job unless Slack signed a press, a form or a command of ours.
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Door, door } from './door.ts';

let at: Door;

beforeEach(() => {
  at = door();
  // Bolt waits three seconds for an acknowledgement, and would keep thousands of timers.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterEach(() => vi.useRealTimers());

/** `npm run thorough` tries them all; `npm test` a share. */
const share = (all: number) => ({ numRuns: process.env.THOROUGH ? all : all / 4 });
const runs = share(2000);
const jsonValue = fc.jsonValue({ maxDepth: 3 });
const contentType = fc.constantFrom<'application/json' | 'application/x-www-form-urlencoded'>(
  'application/json',
  'application/x-www-form-urlencoded',
);
const text = fc.string({ unit: 'binary', maxLength: 60 });

/** Mostly `value`, now and then anything at all, or nothing. */
const mostly = <T>(value: T) =>
  fc.option(fc.oneof({ weight: 6, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: jsonValue }), {
    nil: undefined,
    freq: 12,
  });

const NOWHERE = ['event', 'name', 'view', 'enterprise', 'channel', 'authorizations', 'function_data'];

/** Something like what Slack sends, with any part of it bent or missing. */
const almostPayload = fc.record({
  type: mostly('block_actions'),
  api_app_id: mostly('A000000001'),
  team: mostly({ id: 'T000000001' }),
  user: fc.oneof(
    fc.record({ id: mostly('U0ANA'), team_id: mostly('T000000001') }),
    jsonValue as fc.Arbitrary<unknown>,
  ),
  trigger_id: mostly('1.2.abc'),
  response_url: mostly('https://hooks.slack.com/actions/x'),
  container: fc.record({ type: mostly('message'), channel_id: mostly('D1'), message_ts: mostly('1.000001') }),
  actions: mostly([{ type: 'button', action_id: 'move:delete', value: '111122223333/ci' }]),
  more: fc.dictionary(fc.constantFrom('command', 'text', 'response_urls', 'state', ...NOWHERE), jsonValue, {
    maxKeys: 1,
  }),
});

/** The same of a form that is submitted. */
const almostSubmission = fc.record({
  type: mostly('view_submission'),
  api_app_id: mostly('A000000001'),
  team: mostly({ id: 'T000000001' }),
  user: fc.record({ id: mostly('U0ANA') }),
  trigger_id: mostly('1.2.abc'),
  view: fc.record({
    id: mostly('V1'),
    callback_id: mostly('move:notMine'),
    private_metadata: mostly('{"account":"111122223333","userName":"ci","channel":"D1"}'),
    state: fc.record({
      values: fc.record({
        text: mostly({ text: { value: 'Ben' } }),
        until: mostly({ until: { selected_date: '2026-12-24' } }),
      }),
    }),
  }),
  more: fc.dictionary(fc.constantFrom('response_urls', 'hash', 'actions'), jsonValue, { maxKeys: 1 }),
});

const payloadText = fc
  .oneof(almostPayload, almostSubmission)
  .map(({ more, ...payload }) => JSON.stringify({ ...payload, ...more }));

const fields = fc.dictionary(
  fc.constantFrom('command', 'text', 'user_id', 'channel_id', 'trigger_id', 'response_url', ...NOWHERE),
  fc.oneof(text, fc.constantFrom('/keyrotate', 'sweep', 'status <@U1|x>')),
);

it('the door takes any event at all without an exception or a server error, and queues nothing', async () => {
  const header = fc.constantFrom('x-slack-signature', 'X-Slack-Request-Timestamp', 'content-type', 'host');
  const lookalike = fc.record(
    {
      headers: fc.oneof(fc.dictionary(header, text), fc.anything()),
      body: fc.oneof(text, payloadText, fc.anything()),
      isBase64Encoded: fc.oneof(fc.boolean(), fc.anything()),
    },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.anything(), lookalike), async (event) => {
      const { statusCode } = await at.receive(event);
      expect([400, 401, 413]).toContain(statusCode);
      expect(at.queued).toEqual([]);
    }),
    runs,
  );
});

it('the door takes any signed body without an exception or a server error', async () => {
  const body = fc.oneof(
    text,
    jsonValue.map((value) => JSON.stringify(value)),
    jsonValue.map((value) => new URLSearchParams({ payload: JSON.stringify(value) }).toString()),
    payloadText,
    payloadText.map((payload) => new URLSearchParams({ payload }).toString()),
    fields.map((given) =>
      new URLSearchParams({ api_app_id: 'A000000001', team_id: 'T000000001', ...given }).toString(),
    ),
  );
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(contentType, body, fc.boolean(), async (type, signedBody, base64) => {
      at.queued.length = 0;
      const { statusCode } = await at.receive(at.signed(type, signedBody, { base64 }));
      expect([200, 400, 403]).toContain(statusCode);
      if (at.queued.length > 0) accepted += 1;
      if (at.queued.length > 0) expectOurs(signedBody);
    }),
    share(5000),
  );
  // Otherwise this would hold for a door that is shut.
  expect(accepted).toBeGreaterThan(10);
});

/** One job that the worker can read, from a body that names this app, this workspace and a person. */
function expectOurs(body: string): void {
  expect(at.queued).toHaveLength(1);
  const [job] = at.queued;
  const form = new URLSearchParams(body);
  const said = form.has('payload') || !form.has('command') ? form.get('payload') || body : undefined;
  if (said === undefined) {
    expect(job).toMatchObject({ kind: 'command', personId: form.get('user_id') });
    return;
  }
  const { api_app_id, user, actions, view, type, command, user_id } = JSON.parse(said);
  expect(api_app_id).toBe('A000000001');
  if (job?.kind === 'command') expect([command !== undefined, job.personId]).toEqual([true, user_id]);
  else {
    const asked = type === 'view_submission' ? view.callback_id : actions[0].action_id;
    expect(job).toMatchObject({
      ...{ kind: 'click', personId: user.id, account: '111122223333', userName: 'ci' },
      move: asked.slice('move:'.length),
    });
  }
}

it('the door takes no press that Slack did not sign, however well it is made', async () => {
  const wrongSecret = fc.string({ maxLength: 20 }).filter((secret) => !secret.startsWith('the-signing'));
  await fc.assert(
    fc.asyncProperty(payloadText, wrongSecret, contentType, async (payload, signingSecret, type) => {
      const body = type === 'application/json' ? payload : new URLSearchParams({ payload }).toString();
      expect(await at.receive(at.signed(type, body, { signingSecret }))).toMatchObject({ statusCode: 401 });
      expect(at.queued).toEqual([]);
    }),
    runs,
  );
});
