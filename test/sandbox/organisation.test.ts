// The people and channels that every sandbox begins with.
import { expect, it } from 'vitest';
import { foundOrganisation } from './organisation.ts';
import { createWorkspace } from './servers/slack/workspace.ts';

it('everybody has a time zone', () => {
  const workspace = createWorkspace();
  const { people } = foundOrganisation(workspace);
  const zones = Object.entries(people).map(([name, id]) => [name, workspace.members.get(id)?.tz]);
  expect(Object.fromEntries(zones)).toEqual({
    ana: 'Europe/Madrid',
    ben: 'Europe/London',
    chloe: 'Europe/Paris',
    dan: 'America/New_York',
    sam: 'Europe/Madrid',
    gus: 'Europe/Madrid',
    lena: 'Europe/Berlin',
  });
});

it('a team has a private channel, with the bot in it', () => {
  const workspace = createWorkspace();
  const { people, teamChannel, adminChannel } = foundOrganisation(workspace);
  expect(teamChannel).not.toBe(adminChannel);
  expect(workspace.channels.get(teamChannel)).toMatchObject({
    name: 'payments-team',
    is_private: true,
    members: [people.ana, people.ben, workspace.bot.userId],
  });
});
