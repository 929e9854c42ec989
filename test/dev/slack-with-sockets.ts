// A Slack by itself, in real time and with Socket Mode, and `npm run dev` connected to it.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { WebClient } from '@slack/web-api';
import manifest from '../../manifest.json' with { type: 'json' };
import { foundOrganisation } from '../sandbox/organisation.ts';
import { showCommandAnswer, showModalAnswer } from '../sandbox/servers/slack/ack.ts';
import { visibleMessages } from '../sandbox/servers/slack/conversations.ts';
import { people as slackPeople } from '../sandbox/servers/slack/people.ts';
import { startSocketMode } from '../sandbox/servers/slack/socket-mode.ts';
import { plainText } from '../sandbox/servers/slack/transcript.ts';
import { slackBackend } from '../sandbox/servers/slack/web-api.ts';
import { createWorkspace, type Message, type ShownView } from '../sandbox/servers/slack/workspace.ts';
import { startWire } from '../sandbox/servers/wire.ts';
import { type DevOptions, SYSTEM_CLOCK, startDev } from './dev.ts';

export type SlackWithSockets = Awaited<ReturnType<typeof startSlack>>;

export async function startSlack() {
  const clock = SYSTEM_CLOCK;
  const workspace = createWorkspace({ bot: { scopes: [...manifest.oauth_config.scopes.bot] } });
  const { people: persons, adminChannel } = foundOrganisation(workspace);
  const wire = await startWire(clock, slackBackend(workspace, clock));
  const socket = startSocketMode(workspace, wire);
  // Nobody looks at a signature here.
  const people = slackPeople({ workspace, clock, signingSecret: 'none', slackUrl: wire.url });
  const slack = { workspace, clock };
  return {
    ...{ workspace, wire, socket, people, persons, adminChannel },
    settings: {
      SLACK_APP_TOKEN: workspace.appToken.token,
      SLACK_BOT_TOKEN: workspace.bot.token,
      ADMIN_CHANNEL: adminChannel,
      ADMINS: persons.sam,
    } as Record<string, string>,
    /** In the admin channel. */
    async types(user: string, text: string): Promise<void> {
      const answer = await socket.send(people.slashCommand({ user, channel: adminChannel, text }));
      showCommandAnswer(slack, { user, channel: adminChannel }, answer);
    },
    async presses(user: string, message: Message, button: string, nth?: number): Promise<void> {
      await socket.send(people.click({ user, message, button, ...(nth && { nth }) }));
    },
    /** What the form then complains of. */
    async submits(view: ShownView, values: Record<string, string>): Promise<string[]> {
      return Object.values(showModalAnswer(slack, view, await socket.send(people.submit({ view, values }))));
    },
    /** The address of one more connection of the same app. */
    async ticket(): Promise<string> {
      const { token } = workspace.appToken;
      const { apps } = new WebClient(token, { slackApiUrl: `${wire.url}/api/` });
      return (await apps.connections.open({})).url ?? '';
    },
    form: (user: string) =>
      until(() => [...workspace.modals.values()].findLast((shown) => shown.user === user)),
    /** The newest message that somebody sees anywhere and that says so. */
    reads: (user: string, words: string | RegExp) =>
      until(() =>
        [...workspace.channels.keys()]
          .flatMap((channel) => visibleMessages(workspace, channel, user))
          .findLast((one) => plainText(one).search(words) >= 0),
      ),
    async close() {
      socket.close();
      await wire.close();
    },
  };
}

/** For what never comes, not for what is slow. */
const TIMEOUT_MS = 60_000;
const LOOK_MS = 20;

/** What is there in the end: the functions run in real time. */
export async function until<Found>(look: () => Found | undefined): Promise<Found> {
  for (let waited = 0; waited < TIMEOUT_MS; waited += LOOK_MS) {
    const found = look();
    if (found !== undefined) return found;
    await pause(LOOK_MS);
  }
  throw new Error(`it did not come: ${look}`);
}

export interface Tried {
  dev: Awaited<ReturnType<typeof startDev>>;
  /** What it prints. */
  printed: string[];
  givenUp: string[];
}

/** As somebody would start it who has written this to .env.dev. */
export async function tried(
  { wire }: SlackWithSockets,
  settings: Record<string, string>,
  more: Partial<DevOptions> = {},
): Promise<Tried> {
  const folder = mkdtempSync(join(tmpdir(), 'keyrotate-dev-'));
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(join(folder, '.env.dev'), lines.join(''));
  const printed: string[] = [];
  const givenUp: string[] = [];
  const dev = await startDev({
    ...{ folder, shell: { SLACK_API_URL: `${wire.url}/api/` }, mode: 'live' },
    tell: (line) => void printed.push(line),
    giveUp: (why) => void givenUp.push(why),
    ...more,
  });
  return { dev, printed, givenUp };
}
