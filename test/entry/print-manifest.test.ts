// What an operator gets from `npm run manifest`.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { filledManifest } from '../../src/entry/print-manifest.ts';

const EVENTS_URL = 'https://abc.execute-api.eu-central-1.amazonaws.com/slack/events';

function printManifest(...args: string[]) {
  const script = fileURLToPath(new URL('../../src/entry/print-manifest.ts', import.meta.url));
  return spawnSync(process.execPath, ['--import', 'tsx', script, ...args], { encoding: 'utf8' });
}

describe('npm run manifest', () => {
  test('fills the address into everything Slack calls', () => {
    const manifest = JSON.parse(filledManifest(EVENTS_URL));
    expect(manifest.settings.interactivity.request_url).toBe(EVENTS_URL);
    expect(manifest.features.slash_commands.map(({ url }: { url: string }) => url)).toEqual([EVENTS_URL]);
    expect(filledManifest(EVENTS_URL)).not.toContain('example.invalid');
  });

  test.each([
    ['a host', 'https://abc.execute-api.eu-central-1.amazonaws.com', EVENTS_URL],
    ['a host and a slash', 'https://abc.execute-api.eu-central-1.amazonaws.com/', EVENTS_URL],
    ['the full address', EVENTS_URL, EVENTS_URL],
    ['the full address and a slash', `${EVENTS_URL}/`, EVENTS_URL],
    ['a path in front', 'https://bots.example.com/keys', 'https://bots.example.com/keys/slack/events'],
    ['a port', 'https://bots.example.com:8443', 'https://bots.example.com:8443/slack/events'],
  ])('takes %s', (_, given, filledIn) => {
    expect(JSON.parse(filledManifest(given)).settings.interactivity.request_url).toBe(filledIn);
  });

  test('prints nothing where its own file was emptied, as by a redirection into it, and says how to get it back', () => {
    expect(() => filledManifest(EVENTS_URL, '')).toThrow('git checkout manifest.json');
  });

  test('for Socket Mode has no address anywhere, and is the same app', () => {
    const { stdout, status } = printManifest('--socket');
    expect(status).toBe(0);
    expect(stdout).not.toMatch(/"(request_)?url"|https?:/);
    const socket = JSON.parse(stdout);
    expect(socket.settings).toMatchObject({
      socket_mode_enabled: true,
      interactivity: { is_enabled: true },
      event_subscriptions: { bot_events: ['app_home_opened', 'message.im'] },
    });
    expect(socket.features.slash_commands[0].command).toBe('/keyrotate');
    expect(socket.oauth_config).toEqual(JSON.parse(filledManifest(EVENTS_URL)).oauth_config);
  });

  test('prints JSON and nothing else', () => {
    const { stdout, stderr, status } = printManifest('--url', EVENTS_URL);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(JSON.parse(stdout).display_information.name).toBe('keyrotate');
  });

  test.each([
    ['no address', [], '--url is missing'],
    ['an empty address', ['--url', ''], '--url is missing'],
    ['no URL', ['--url', 'keyrotate'], '--url is not a URL: keyrotate'],
    ['plain http', ['--url', 'http://a.example.com'], '--url must start with https://'],
    ['a query', ['--url', 'https://a.example.com/?x=1'], '--url must be host and path only'],
    ['a password', ['--url', 'https://u:p@a.example.com'], '--url must be host and path only'],
    [
      'an address beside Socket Mode',
      ['--socket', '--url', EVENTS_URL],
      '--url and --socket exclude each other',
    ],
    ['an unknown option', ['--address', 'https://a.example.com'], '--address'],
  ])('refuses %s, says why and how, and exits with 2', (_, args, reason) => {
    const { stdout, stderr, status } = printManifest(...args);
    expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
    expect(stderr).toContain(reason);
    expect(stderr).toContain('npm run --silent manifest -- --url');
    expect(stderr.trimEnd().split('\n')).toHaveLength(2);
  });
});
