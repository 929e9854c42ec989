// Tools like this trust Slack to ask once and to wait. Here a press has one effect, and its answer waits for nothing.
import { describe, expect, it } from 'vitest';
import { card, deliver, drain, whispers } from '../../sandbox/play/play.ts';
import type { Call } from '../../sandbox/servers/wire.ts';
import { guard, queue, someoneDue } from '../mortal-world.ts';
import { refusal } from './strikes.ts';
import { CREATE, sharedWorld, stage, statuses, told, UNNEEDED } from './telling.ts';

const world = sharedWorld();

describe('danger 26: a double click', () => {
  it.each([
    ['twice the same', CREATE, CREATE],
    ['two that exclude each other', CREATE, UNNEEDED],
    ['twice the other', UNNEEDED, UNNEEDED],
  ])('has one effect, also in cold containers: %s', async (_, first, second) => {
    const userName = await someoneDue(world);
    const { sandbox, ana } = world;
    const message = card(sandbox, ana, userName);
    const clicks = [first, second].map((button) =>
      sandbox.slack.people.click({ user: ana, message, button }),
    );
    for (const click of clicks) await deliver(sandbox, click);
    expect(queue(sandbox, 'clicks').messages).toHaveLength(2);
    guard(world, (call) => {
      if (call.action === 'users.info') sandbox.functions.worker.restart();
      return undefined;
    });
    await drain(sandbox);
    expect(await stage(world, userName)).toBe(first === CREATE ? 'issued' : 'retired');
    expect(statuses(world, userName)).toEqual(first === CREATE ? ['Active', 'Active'] : ['Inactive']);
    expect(whispers(sandbox, ana)).toHaveLength(1);
    expect(told(world)).toContain('does not fit any more');
  });
});

describe('danger 27: work done before the ack', () => {
  it('answers a press from a cold start while nothing but the queue answers, and does it afterwards', async () => {
    const { sandbox, ana } = world;
    const userName = await someoneDue(world);
    const message = card(sandbox, ana, userName);
    sandbox.functions.slack.restart();
    // Slack's secret is read once, to know that the press comes from Slack.
    const isNeeded = ({ action }: Call) => ['GetSecretValue', 'SendMessageBatch'].includes(action);
    guard(world, (call) => (isNeeded(call) ? undefined : refusal('internal_error', 500)));
    const [aws, slack] = [sandbox.aws.wire.calls.length, sandbox.slack.wire.calls.length];
    const press = sandbox.slack.people.click({ user: ana, message, button: CREATE });
    expect(await deliver(sandbox, press)).toMatchObject({ statusCode: 200 });
    const calls = [...sandbox.aws.wire.calls.slice(aws), ...sandbox.slack.wire.calls.slice(slack)];
    expect(calls.map(({ action }) => action)).toEqual(['GetSecretValue', 'SendMessageBatch']);
    expect(statuses(world, userName)).toEqual(['Active']);
    guard(world, undefined);
    await drain(sandbox);
    expect(await stage(world, userName)).toBe('issued');
  });
});
