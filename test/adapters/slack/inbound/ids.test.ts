// Slack's ids go on to Slack, the queue and the table: what could not be written there is not let in.
import { expect, it } from 'vitest';
import { answered } from '../../../../src/adapters/slack/asked/answered.ts';

const press = {
  type: 'block_actions',
  trigger_id: '1.2.abc',
  user: { id: 'U123' },
  container: { channel_id: 'D123', message_ts: '1.000001' },
  actions: [{ action_id: 'move:createKey', value: '111122223333/ci' }],
};
const submission = {
  type: 'view_submission',
  user: { id: 'U123' },
  view: { id: 'V123', callback_id: 'move:notMine', private_metadata: '', state: { values: {} } },
};

it('lets in a press and a form as Slack sends them', () => {
  expect(answered(press)).toMatchObject(press);
  expect(answered(submission)).toMatchObject(submission);
});

it.each(['\ud800', 'U1\n', 'U 1', 'é', ''])('lets in no id like %j', (id) => {
  const container = { ...press.container, channel_id: id };
  expect(answered({ ...press, user: { id } })).toBeUndefined();
  expect(answered({ ...press, container })).toBeUndefined();
  expect(answered({ ...press, container: { ...press.container, message_ts: id } })).toBeUndefined();
  expect(answered({ ...press, trigger_id: id })).toBeUndefined();
  expect(answered({ ...submission, user: { id } })).toBeUndefined();
  expect(answered({ ...submission, view: { ...submission.view, id } })).toBeUndefined();
});
