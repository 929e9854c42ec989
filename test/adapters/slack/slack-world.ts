// A local Slack with Ana in it and the real WebClient in front, for the tests of what talks to Slack.
import { LogLevel, WebClient } from '@slack/web-api';
import { onTestFinished } from 'vitest';
import { type Clock, sandboxClock } from '../../sandbox/clock.ts';
import { slackBackend } from '../../sandbox/servers/slack/web-api.ts';
import {
  addChannel,
  addMember,
  createWorkspace,
  type Member,
  type Workspace,
} from '../../sandbox/servers/slack/workspace.ts';
import { type Fault, startWire, type Wire } from '../../sandbox/servers/wire.ts';
import { NOW } from './fixtures.ts';

export interface SlackWorld {
  workspace: Workspace;
  clock: Clock;
  wire: Wire;
  client: WebClient;
  ana: Member;
  bo: Member;
  /** The admins' channel. */
  channel: string;
  /** What the calls to one method carried, oldest first. */
  calls(action: string): Record<string, unknown>[];
  /** The next call to this method goes wrong. */
  spoil(action: string, fault: Fault): void;
}

const SILENT = {
  ...{ debug() {}, info() {}, warn() {}, error() {}, setLevel() {}, setName() {} },
  getLevel: () => LogLevel.ERROR,
};

/** `timeout`: ms; whatever is asked is answered before it ends, on a busy machine, too. */
export async function slackWorld(timeout = 30_000): Promise<SlackWorld> {
  const workspace = createWorkspace();
  const clock = sandboxClock(new Date(NOW));
  const wire = await startWire(clock, slackBackend(workspace, clock));
  onTestFinished(() => wire.close());
  const client = new WebClient(workspace.bot.token, {
    slackApiUrl: `${wire.url}/api/`,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout,
    logger: SILENT,
  });
  return {
    ...{ workspace, clock, wire, client },
    ana: addMember(workspace, {
      name: 'ana',
      real_name: 'Ana Lima',
      email: 'Ana@Example.com',
      tz: 'Europe/Berlin',
    }),
    bo: addMember(workspace, { name: 'bo' }),
    channel: addChannel(workspace, { name: 'aws-keys' }).id,
    calls: (action) => wire.calls.filter((call) => call.action === action).map(({ input }) => input),
    spoil(action, fault) {
      let left = 1;
      wire.interfere((call) => (call.action === action && left-- > 0 ? fault : undefined));
    },
  };
}
