// A whole local workspace, Slack and AWS, around the bundled handlers: what demos and end-to-end tests are played on.
import manifest from '../../manifest.json' with { type: 'json' };
import { type Clock, sandboxClock } from './clock.ts';
import { startDeployed } from './deployed.ts';
import { SANDBOX_ACCOUNT, SANDBOX_REGION } from './deployment/cloudformation.ts';
import type { Mode } from './deployment/serverless-yaml.ts';
import { accountsSetting, deployTemplate, type MemberAccount } from './members.ts';
import { foundOrganisation, seededUsers, seedIam } from './organisation.ts';
import { slackLimits } from './servers/slack/limits.ts';
import { people as slackPeople } from './servers/slack/people.ts';
import { slackBackend } from './servers/slack/web-api.ts';
import { createWorkspace } from './servers/slack/workspace.ts';
import { startWire } from './servers/wire.ts';

export const SIGNING_SECRET = '5a9d3b0c5a9d3b0c5a9d3b0c5a9d3b0c';
export const READER_ROLE = 'key-readers';

export interface SandboxOptions {
  mode?: Mode;
  start?: Date;
  /** In place of one that stands still from `start` on. */
  clock?: Clock;
  /** Other accounts that are watched. */
  members?: readonly MemberAccount[];
  /** What an operator would set besides: policy, readers, another owner tag. */
  params?: Record<string, string>;
  seed?: 'organisation' | 'nobody';
  /**
   * Clients wait as long as they would in production. Otherwise nobody sits through the pause before their next try, or
   * waits for an answer that will not come.
   */
  isPatient?: boolean;
}

export type Sandbox = Awaited<ReturnType<typeof startSandbox>>;

/** A Monday morning, 83 days after the demo's key was made. */
const START = new Date('2026-11-16T09:00:00Z');

/** A limit on waiting is a round number; how long a client pauses before its next try is drawn by lot. */
function isPause(ms: number): boolean {
  return ms < 3000 && ms % 100 !== 0;
}

export async function startSandbox(options: SandboxOptions = {}) {
  const { mode = 'live', start = START, params = {}, seed = 'organisation', isPatient = false } = options;
  const { clock = sandboxClock(start), members = [] } = options;
  // The bot may do what an installation of this very manifest may.
  const workspace = createWorkspace({ bot: { scopes: manifest.oauth_config.scopes.bot } });
  const organisation = foundOrganisation(workspace);
  const { people, adminChannel } = organisation;
  const limits = slackLimits(clock);
  const slackWire = await startWire(clock, slackBackend(workspace, clock, limits));
  const deployed = await startDeployed({
    ...{ clock, mode, slackUrl: slackWire.url },
    members: members.map(({ account, region = SANDBOX_REGION }) => ({ account, region })),
    params: {
      SECRET_READERS: `arn:aws:iam::${SANDBOX_ACCOUNT}:role/${READER_ROLE}`,
      ...(members.length > 0 && { ACCOUNTS: accountsSetting(members) }),
      ...params,
    },
    env: {
      SLACK_TEAM_ID: workspace.team.id,
      SLACK_APP_ID: workspace.appId,
      ADMIN_CHANNEL: adminChannel,
      ADMINS: people.sam,
    },
    ...(!isPatient && { impatience: { isPause, whenHopeless: slackWire.whenHopeless } }),
    async furnish({ iam, accounts, putSlackSecret }, { SLACK_SECRET_ID = '' }) {
      iam.addRole(READER_ROLE, [{ Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: '*' }]);
      for (const { account, template } of members) {
        const member = accounts.get(account);
        if (member) deployTemplate(member.iam, template);
      }
      iam.addRole('administrator', [{ Effect: 'Allow', Action: '*', Resource: '*' }]);
      await putSlackSecret(SLACK_SECRET_ID, {
        botToken: workspace.bot.token,
        signingSecret: SIGNING_SECRET,
      });
      if (seed === 'organisation') seedIam(iam, clock, seededUsers(people), SANDBOX_REGION);
    },
  });
  const { aws, functions } = deployed;
  return {
    ...deployed,
    clock,
    slack: {
      workspace,
      wire: slackWire,
      limits,
      people: slackPeople({ workspace, clock, signingSecret: SIGNING_SECRET, slackUrl: slackWire.url }),
    },
    organisation: { ...organisation, account: SANDBOX_ACCOUNT, region: SANDBOX_REGION },
    /** Everything the functions have written to their logs. */
    logs: () => Object.values(functions).flatMap((fn) => fn.logs),
    /** Forgets every call and log so far: whoever plays for long need not remember it all. */
    forget() {
      for (const { forgetLogs } of Object.values(functions)) forgetLogs();
      aws.wire.forget();
      slackWire.forget();
    },
    /** Throws as `refuseUngranted` does. */
    async close() {
      await slackWire.close();
      await deployed.close();
    },
  };
}
