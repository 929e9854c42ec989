// A function that is started with settings that it cannot use: admins hear of it once, as far as there is a way.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MINUTE } from '../sandbox/clock.ts';
import { drain, run } from '../sandbox/play/play.ts';
import { redeployed } from '../sandbox/redeployed.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { inbox } from '../sandbox/servers/slack/conversations.ts';
import { plainText } from '../sandbox/servers/slack/transcript.ts';
import { sharedSandbox } from '../sandbox/shared.ts';

let sandbox: Sandbox;

beforeEach(async () => {
  const opening = { name: 'a check', play: (fresh: Sandbox) => run(fresh, 'check') };
  sandbox = await sharedSandbox({ seed: 'nobody', mode: 'preview' }, opening);
});

afterEach(() => sandbox.close());

const channel = () => sandbox.slack.workspace.channels.get(sandbox.organisation.adminChannel);
const posted = () => (channel()?.messages ?? []).map(plainText);
const toSam = () => inbox(sandbox.slack.workspace, sandbox.organisation.people.sam).map(plainText);
const told = () => posted().filter((text) => text.includes('cannot use its settings'));
const deploys = (settings: Record<string, string>) => redeployed(sandbox, 'preview', 'stay', settings);

/** A worker that cannot use its settings, for whatever it was to do. */
const starts = ({ functions }: Sandbox) => functions.worker.invoke({ Records: [] }).catch(() => undefined);

/** What the schedules do in half an hour. */
async function halfAnHour(world: Sandbox): Promise<void> {
  for (let i = 0; i < 6; i += 1) {
    for (const task of ['tick', 'check'])
      await world.functions.scheduler.invoke({ task }).catch(() => undefined);
    await world.queues.pump();
    sandbox.clock.advance(5 * MINUTE);
  }
}

const WRONG = { ADMINS: '@sam', GRACE_DAYS: 'a week' };

describe('a scheduler that cannot use its settings', () => {
  it('has the worker tell what is wrong, once, and that it is over', async () => {
    const { scheduler } = (await deploys(WRONG)).functions;
    const right = sandbox.functions.scheduler;
    sandbox.functions.scheduler = scheduler;
    await halfAnHour(sandbox);
    expect(told()).toHaveLength(1);
    expect(told()[0]).toContain('keyrotate-dev-scheduler does nothing');
    expect(told()[0]).toContain('• ADMINS must be Slack user ids');
    expect(told()[0]).toContain('• GRACE_DAYS must be a whole number of days from 1 to 365');
    sandbox.functions.scheduler = right;
    await halfAnHour(sandbox);
    await halfAnHour(sandbox);
    expect(told()).toHaveLength(1);
    expect(posted().at(-1)).toMatch(/^All is well with keyrotate again\./);
  });
});

describe('where no function can use its settings', () => {
  it('the worker tells what is wrong, once, and that it is over', async () => {
    await halfAnHour(await deploys(WRONG));
    expect(told()).toHaveLength(1);
    expect(told()[0]).toContain('keyrotate-dev-worker does nothing');
    expect(told()[0]).toContain('• ADMINS must be Slack user ids');
    await halfAnHour(await deploys(WRONG));
    expect(told()).toHaveLength(1);
    for (let i = 0; i < 3; i += 1) await halfAnHour(sandbox);
    await drain(sandbox);
    expect(posted().at(-1)).toMatch(/^All is well with keyrotate again\./);
  });

  it('a container tells it once also where the table’s name is missing', async () => {
    await halfAnHour(await deploys({ TABLE_NAME: '' }));
    expect(told()).toHaveLength(1);
    expect(told()[0]).toContain('• TABLE_NAME is missing');
  });

  it('it is told as soon as Slack takes a message, when it did not at first', async () => {
    const wrong = await deploys(WRONG);
    let isAway = true;
    sandbox.slack.wire.interfere(({ action }) =>
      isAway && action === 'chat.postMessage' ? { kind: 'refuse', status: 503, code: 'away' } : undefined,
    );
    await halfAnHour(wrong);
    expect(told()).toEqual([]);
    isAway = false;
    await halfAnHour(wrong);
    expect(told()).toHaveLength(1);
    await halfAnHour(await deploys(WRONG));
    expect(told()).toHaveLength(1);
  });

  it('what could not be told before it was mended is told no more', async () => {
    sandbox.clock.advance(5 * MINUTE);
    sandbox.slack.wire.interfere(() => ({ kind: 'refuse', status: 503, code: 'away' }));
    await starts(await deploys(WRONG));
    sandbox.slack.wire.interfere(undefined);
    await halfAnHour(sandbox);
    expect(told()).toEqual([]);
  });

  it('of two containers one tells it, however soon the other comes', async () => {
    sandbox.clock.advance(5 * MINUTE);
    await Promise.all([await deploys(WRONG), await deploys(WRONG)].map(starts));
    expect(told()).toHaveLength(1);
  });

  it('each admin that the settings name is told once where the channel is archived', async () => {
    Object.assign(channel() ?? {}, { is_archived: true });
    for (let i = 0; i < 2; i += 1) await halfAnHour(await deploys({ GRACE_DAYS: 'a week' }));
    expect(toSam()).toHaveLength(1);
    expect(toSam()[0]).toContain('• GRACE_DAYS must be a whole number of days from 1 to 365');
    expect(toSam()[0]).toContain('Slack takes no message from me in the admin channel (is_archived).');
  });

  it('each admin is told where the settings name no channel, and the function still fails for the alarm', async () => {
    const wrong = await deploys({ ADMIN_CHANNEL: '' });
    await expect(wrong.functions.worker.invoke({ Records: [] })).rejects.toThrow('ADMIN_CHANNEL is missing');
    await halfAnHour(wrong);
    expect(told()).toEqual([]);
    expect(toSam()).toHaveLength(1);
    expect(toSam()[0]).toContain('• ADMIN_CHANNEL is missing');
  });

  it('nobody can be told with neither a channel nor an admin', async () => {
    const wrong = await deploys({ ADMIN_CHANNEL: '', ADMINS: '@sam' });
    await expect(wrong.functions.worker.invoke({ Records: [] })).rejects.toThrow('ADMIN_CHANNEL is missing');
    await halfAnHour(wrong);
    expect([...told(), ...toSam()]).toEqual([]);
  });
});
