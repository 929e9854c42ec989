// The manifest stays within Slack's limits and asks for no more than the app uses.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SCOPES } from '../../src/adapters/slack/installation.ts';

const manifest = JSON.parse(readFileSync(new URL('../../manifest.json', import.meta.url), 'utf8'));

describe('the manifest', () => {
  test('fits the lengths Slack allows', () => {
    const { name, description, long_description } = manifest.display_information;
    expect(name.length).toBeLessThanOrEqual(35);
    expect(description.length).toBeLessThanOrEqual(140);
    expect(long_description.length).toBeGreaterThanOrEqual(175);
    expect(long_description.length).toBeLessThanOrEqual(4000);
    expect(manifest.features.bot_user.display_name.length).toBeLessThanOrEqual(80);
  });

  test('asks for exactly the scopes the app uses', () => {
    expect(manifest.oauth_config.scopes.bot).toEqual(SCOPES);
    expect(manifest.oauth_config.scopes).toEqual({
      bot: [
        'channels:read',
        'chat:write',
        'commands',
        'groups:read',
        'im:history',
        'usergroups:read',
        'users:read',
        'users:read.email',
      ],
    });
  });

  test('lets people press buttons in the direct message', () => {
    expect(manifest.features.app_home).toMatchObject({
      messages_tab_enabled: true,
      messages_tab_read_only_enabled: false,
    });
    expect(manifest.settings.interactivity.is_enabled).toBe(true);
  });

  test('has Slack send user and channel names as ids with the command', () => {
    expect(manifest.features.slash_commands).toMatchObject([{ command: '/keyrotate', should_escape: true }]);
  });

  test('hints at what everybody may type', () => {
    expect(manifest.features.slash_commands[0].usage_hint).toBe('status | list | rotate | help');
  });

  test('has a Home', () => {
    expect(manifest.features.app_home.home_tab_enabled).toBe(true);
  });

  test('has Slack send what people write to the bot, that they open Home, and no other event', () => {
    expect(manifest.settings.event_subscriptions).toEqual({
      request_url: manifest.settings.interactivity.request_url,
      bot_events: ['app_home_opened', 'message.im'],
    });
  });

  test('turns off what needs a server or more than one workspace', () => {
    expect(manifest.settings).toMatchObject({
      org_deploy_enabled: false,
      socket_mode_enabled: false,
      token_rotation_enabled: false,
    });
  });
});
