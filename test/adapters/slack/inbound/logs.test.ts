// Nothing that people write or Slack sends is found in a log line, whatever becomes of the request.
import { beforeEach, describe, expect, it } from 'vitest';
import { jsonLog } from '../../../../src/adapters/json-log.ts';
import { BUTTON, type Door, door } from './door.ts';

const CANARY = 'canary-in-the-payload';

let at: Door;

beforeEach(() => {
  at = door();
  Object.assign(at.ana, { name: CANARY, real_name: CANARY });
});

const card = () => {
  const { blocks } = at.message();
  return at.message({ text: CANARY, blocks });
};
const press = (forge = {}) => at.act.click({ user: at.ana.id, message: card(), button: BUTTON, forge });
const command = (text: string, forge = {}) =>
  at.act.slashCommand({ user: at.ana.id, channel: at.channel, text: `${text}${CANARY}`, forge });
const json = (payload: object, forge = {}) => at.signed('application/json', JSON.stringify(payload), forge);
const ours = () => ({ api_app_id: at.workspace.appId, team: { id: at.workspace.team.id } });

const submission = (date = '2026-12-24') => ({
  type: 'view_submission',
  user: { id: at.ana.id, name: CANARY },
  view: {
    id: 'V1',
    callback_id: 'move:postpone',
    private_metadata: JSON.stringify({ account: '111122223333', userName: 'ci', channel: 'D1' }),
    state: {
      values: {
        until: { until: { type: 'datepicker', selected_date: date } },
        text: { text: { type: 'plain_text_input', value: CANARY } },
      },
    },
  },
});

/** What would be written, with the masking left out of account. */
function logLines(): string[] {
  const lines: string[] = [];
  const log = jsonLog({ write: (line) => lines.push(line), now: at.clock.now, functionName: 'slack' });
  for (const { level, event, facts } of at.logged) log[level](event, facts);
  return lines;
}

describe.each(['the queue works', 'the queue is down'])('what a payload says, while %s,', (state) => {
  beforeEach(() => {
    if (state === 'the queue is down') at.fakes.put = () => Promise.reject(new Error('down'));
  });

  it.each([
    ['a press', () => press()],
    ['a forged press', () => press({ signingSecret: 'x' })],
    ['a stale press', () => press({ timestampShift: -400 })],
    ['a press for another app', () => press({ appId: CANARY })],
    ['a press in another workspace', () => press({ teamId: CANARY })],
    ['a form', () => json({ ...ours(), ...submission() })],
    ['a form with a complaint', () => json({ ...ours(), ...submission('2020-01-01') })],
    ['a form that nobody knows', () => json({ ...ours(), ...submission(CANARY) })],
    ['a command', () => command('sweep ')],
    ['a command nobody knows', () => command('')],
    ['a forged command', () => command('', { signature: `v0=${CANARY}` })],
    ['a command of another content type', () => command('', { headers: { 'content-type': CANARY } })],
    ['broken JSON', () => at.signed('application/json', `{"${CANARY}`)],
    ['an unknown kind', () => json({ ...ours(), type: CANARY })],
    ['a known kind that is not handled', () => json({ ...ours(), type: 'shortcut', callback_id: CANARY })],
    ['an event', () => json({ ...ours(), type: 'event_callback', event: { type: 'message', text: CANARY } })],
    ['an unsigned text', () => ({ headers: { [CANARY]: CANARY }, body: CANARY })],
    ['no request', () => ({ body: CANARY })],
  ])('is not found in the log after %s', async (_, event) => {
    const reply = await at.receive(event());
    expect(at.logged.length).toBeGreaterThanOrEqual(reply.statusCode === 200 ? 0 : 1);
    expect(logLines().join('\n')).not.toContain(CANARY);
    expect(JSON.stringify(reply.headers ?? {})).not.toContain(CANARY);
  });
});
