// What `npm run dev` says where something is missing or wrong, before it starts anything.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type SlackWithSockets, startSlack, tried, until } from './slack-with-sockets.ts';

let slack: SlackWithSockets;
let settings: Record<string, string>;

beforeAll(async () => {
  slack = await startSlack();
});
beforeEach(() => {
  settings = { ...slack.settings };
});
afterAll(() => slack.close());

/** What it prints, and that it starts nothing. */
async function refusal(): Promise<string> {
  const { dev, printed } = await tried(slack, settings);
  await dev?.close();
  expect(dev).toBeUndefined();
  return printed.join('\n');
}

describe('settings', () => {
  it('all that are missing are told at once, with where to get them and which manifest to paste', async () => {
    settings = {};
    const said = await refusal();
    for (const name of ['SLACK_APP_TOKEN', 'SLACK_BOT_TOKEN', 'ADMIN_CHANNEL'])
      expect(said).toContain(`✗ ${name} is missing: `);
    expect(said).toContain('with the scope connections:write');
    expect(said).toContain('✗ ADMINS or ADMIN_GROUP must be set');
    expect(said).toContain('npm run --silent manifest -- --socket');
  });

  it('a token of another kind is told apart, and not shown', async () => {
    settings.SLACK_APP_TOKEN = 'xoxb-of-the-bot';
    settings.SLACK_BOT_TOKEN = 'xoxp-of-a-person';
    const said = await refusal();
    expect(said).toContain(
      '✗ SLACK_APP_TOKEN must be an app-level token (xapp-…), with the scope connections:write, not a bot token.',
    );
    expect(said).toContain('✗ SLACK_BOT_TOKEN must be a bot token (xoxb-…). ');
    expect(said).not.toMatch(/of-the-bot|of-a-person/);
  });

  it('a value that is malformed and a name that is none here are told in one go with what Slack refuses', async () => {
    Object.assign(settings, { MAX_KEY_AGE_DAYS: 'many', MODE: 'live', SLACK_BOT_TOKEN: 'xoxb-old' });
    const said = await refusal();
    expect(said).toContain('✗ MAX_KEY_AGE_DAYS must be a whole number of days');
    expect(said).toContain('✗ MODE in .env.dev is no setting of npm run dev: take it out');
    expect(said).toContain('✗ Slack does not take SLACK_BOT_TOKEN (invalid_auth)');
  });

  it('the shell counts before the file', async () => {
    const shell = { SLACK_API_URL: `${slack.wire.url}/api/`, ADMIN_CHANNEL: '#general' };
    const { dev, printed } = await tried(slack, settings, { shell });
    expect(dev).toBeUndefined();
    expect(printed.join('\n')).toContain('✗ ADMIN_CHANNEL must be the admin channel');
  });
});

describe('the Slack app', () => {
  it('whose app-level token may not open connections is told which scope to give it', async () => {
    slack.workspace.appToken.scopes = [];
    expect(await refusal()).toContain('✗ SLACK_APP_TOKEN lacks the scope connections:write: ');
    slack.workspace.appToken.scopes = ['connections:write'];
  });

  it('that lacks scopes, is in no admin channel and has no admin is told what to do about each', async () => {
    const { bot, channels } = slack.workspace;
    const { scopes } = bot;
    const channel = channels.get(slack.adminChannel);
    const members = channel?.members ?? [];
    bot.scopes = scopes.filter((scope) => scope !== 'im:history');
    Object.assign(channel ?? {}, { members: members.filter((member) => member !== bot.userId) });
    settings.ADMINS = slack.persons.gus;
    const said = await refusal();
    expect(said).toContain('✗ Slack app: The app lacks 1 scope: `im:history`.');
    expect(said).toContain('✗ Admin channel: I am not in the admin channel');
    expect(said).toContain('✗ Admins: ');
    bot.scopes = scopes;
    Object.assign(channel ?? {}, { members });
  });

  it('whose two tokens are of two apps ends it, since every press would be turned away', async () => {
    const { appId } = slack.workspace;
    slack.workspace.appId = 'A000000002';
    const bot = slack.wire;
    bot.interfere(({ action }) =>
      action === 'bots.info'
        ? {
            kind: 'answer',
            reply: { status: 200, body: JSON.stringify({ ok: true, bot: { app_id: appId } }) },
          }
        : undefined,
    );
    const { dev, givenUp } = await tried(slack, settings);
    bot.interfere(undefined);
    expect(givenUp).toEqual([
      `SLACK_APP_TOKEN is of the app A000000002, SLACK_BOT_TOKEN of ${appId}: take both from one app.`,
    ]);
    slack.workspace.appId = appId;
    await dev?.close();
  });

  it('whose Socket Mode is turned off meanwhile ends it, and says where to turn it on', async () => {
    const { dev, givenUp } = await tried(slack, settings);
    slack.socket.disconnect('link_disabled');
    expect(await until(() => givenUp[0])).toContain('Socket Mode is off for this app: turn it on');
    await dev?.close();
  });
});

describe('as it is typed', () => {
  const typed = (...args: string[]) => {
    const script = fileURLToPath(new URL('start-dev.ts', import.meta.url));
    const env = {
      PATH: process.env.PATH,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    };
    return spawnSync(process.execPath, ['--import', 'tsx', script, ...args], { encoding: 'utf8', env });
  };

  it('live on a real account is refused, together with all that is missing', () => {
    const { stdout, status } = typed('--mode', 'live', '--profile', 'mine', '--region', 'eu-west-1');
    expect(status).toBe(1);
    expect(stdout).toContain('✗ --mode live needs a deployment where the account is real: ');
    expect(stdout).toContain('✗ There are no AWS credentials for the profile mine: log in');
    expect(stdout).toContain('✗ SLACK_APP_TOKEN is missing');
  });

  it('a mode that there is not is answered with how to type it', () => {
    const { stderr, status } = typed('--mode', 'test');
    expect(status).toBe(2);
    expect(stderr).toContain('--mode is preview or live, not test\nUsage: npm run dev');
  });
});
