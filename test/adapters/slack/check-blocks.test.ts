// `npm run blocks`: whoever asks Slack about every message hears of each that it would not take.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sandboxClock } from '../../sandbox/clock.ts';
import { slackBackend } from '../../sandbox/servers/slack/web-api.ts';
import { createWorkspace } from '../../sandbox/servers/slack/workspace.ts';
import { startWire, type Wire } from '../../sandbox/servers/wire.ts';
import { askingSlack, checked } from './check-blocks.ts';

const workspace = createWorkspace({ bot: { scopes: [] } });
let wire: Wire;

beforeEach(async () => {
  const clock = sandboxClock(new Date('2026-11-16T09:00:00Z'));
  wire = await startWire(clock, slackBackend(workspace, clock));
});
afterEach(() => wire.close());

async function wrong(token = workspace.bot.token) {
  const client = askingSlack(token, `${wire.url}/api/`);
  const found: { name: string; wrong: string | undefined }[] = [];
  for await (const one of checked(client)) if (one.wrong !== undefined) found.push(one);
  return found;
}

it('each message and form is asked about once, without a scope, and nothing is posted', async () => {
  expect(await wrong()).toEqual([]);
  expect(wire.calls.length).toBeGreaterThan(300);
  expect(new Set(wire.calls.map(({ action }) => action))).toEqual(new Set(['blocks.validate']));
});

it('what Slack would not take is named, with its words', async () => {
  let asked = 0;
  wire.interfere(() => {
    asked += 1;
    return asked === 2 ? { kind: 'refuse', status: 200, code: 'invalid_message' } : undefined;
  });
  expect(await wrong()).toEqual([
    { name: expect.stringContaining('the card at due'), wrong: expect.stringContaining('invalid_message') },
  ]);
});

it('a token that Slack does not take ends it at once', async () => {
  await expect(wrong('xoxb-another')).rejects.toThrow('invalid_auth');
  expect(wire.calls).toHaveLength(1);
});

it('where nobody answers it gives up, instead of asking for half an hour', async () => {
  await wire.close();
  await expect(wrong()).rejects.toThrow('fetch failed');
});
