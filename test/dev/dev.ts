// keyrotate on a real Slack workspace over Socket Mode: the bundled functions, with make-believe AWS or a real account behind them.
import { randomBytes } from 'node:crypto';
import { readConfig } from '../../src/entry/config.ts';
import type { Clock } from '../sandbox/clock.ts';
import { type Deployed, startDeployed } from '../sandbox/deployed.ts';
import { SANDBOX_REGION } from '../sandbox/deployment/cloudformation.ts';
import { readEnvironment } from '../sandbox/deployment/serverless-file.ts';
import type { Mode } from '../sandbox/deployment/serverless-yaml.ts';
import { type SeededUser, seedIam } from '../sandbox/organisation.ts';
import type { Caller } from '../sandbox/servers/aws/service.ts';
import { startClockwork } from './clockwork.ts';
import { HOW_TO, readSettings, type Values } from './dev-settings.ts';
import { slackProblems, whoWeAre } from './dev-slack.ts';
import { type HttpReply, openSocket, type SocketOptions } from './dev-socket.ts';
import { type RealAccount, realAws } from './real-aws.ts';

export interface DevOptions extends Pick<SocketOptions, 'tell' | 'giveUp'> {
  /** Where .env.dev is. */
  folder: string;
  shell: Values;
  mode: Mode;
  /** A text says why it cannot be looked at. Without it AWS is make-believe. */
  real?: RealAccount | string | undefined;
  /** Every line of the functions' logs; otherwise warnings and errors. */
  showsLogs?: boolean;
}

export interface Dev {
  deployed: Deployed;
  close(): Promise<void>;
}

export const SYSTEM_CLOCK: Clock = {
  now: Date.now,
  advance: () => {
    throw new Error('nobody moves this clock');
  },
};

const NOBODY: Caller = { kind: 'role', accessKeyId: '', account: '', arn: '', principalArn: '', userId: '' };

/** What was done to a key must be on record for longer than a terminal is open, and by a role that may do no more. */
const NO_LIVE =
  '--mode live needs a deployment where the account is real: here what became of its keys would be on record in this process alone. Leave --profile out, or deploy as README.md says';

/** Tells what is in the way, and resolves to undefined, before anything is started. */
export async function startDev(options: DevOptions): Promise<Dev | undefined> {
  const { folder, shell, mode, real, tell, showsLogs = false } = options;
  const settings = readSettings(folder, shell);
  const { botToken, appToken, slackApiUrl } = settings;
  const { identity, problems } = await whoWeAre(settings);
  const missing = [
    ...(real && mode === 'live' ? [NO_LIVE] : []),
    ...(typeof real === 'string' ? [real] : []),
    ...settings.problems,
    ...problems,
  ];
  if (missing.length > 0 || !identity || typeof real === 'string')
    return refused(missing, settings.problems.length > 0, tell);

  const place = real && { account: real.account, region: real.region };
  const env = { ...settings.env, SLACK_TEAM_ID: identity.teamId, SLACK_APP_ID: identity.appId };
  const region = place?.region ?? SANDBOX_REGION;
  const signingSecret = randomBytes(16).toString('hex');
  const ours = {
    ...{ SLACK_BOT_TOKEN: botToken, SLACK_SIGNING_SECRET: signingSecret },
    ...(slackApiUrl && { SLACK_API_URL: slackApiUrl }),
  };
  const deployment = { mode, env, ...place };
  const environment = { ...readEnvironment(deployment), ...ours, AWS_REGION: region };
  const wrong = await slackProblems(environment, botToken);
  if (wrong.length > 0) return refused(wrong, false, tell);

  let isReady = false;
  const { admins } = readConfig(environment).slack;
  const deployed = await startDeployed({
    ...{ clock: SYSTEM_CLOCK, ...deployment, environment: ours, ...(place && { place }) },
    ...(real && { elsewhere: realAws(real) }),
    stdout(line) {
      if (showsLogs) tell(line);
      // Until then it warns that nothing was there before.
      else tellTrouble(line, isReady ? ['warn', 'error'] : ['error'], tell);
    },
    async furnish({ iam }) {
      if (real) return;
      seedIam(iam, SYSTEM_CLOCK, makeBelieveUsers(admins[0]), region);
      // AWS makes its report in a while; nobody wants to wait for one of an account that was made a moment ago.
      for (const _ of [1, 2, 3]) iam.actions.GenerateCredentialReport?.({}, NOBODY);
    },
  });
  const clockwork = startClockwork(deployed);
  const socket = await openSocket({
    ...options,
    ...{ appToken, slackApiUrl, appId: identity.appId, sender: { signingSecret, clock: SYSTEM_CLOCK } },
    async invoke(request) {
      const reply = (await deployed.functions.slack.invoke(request)) as HttpReply;
      clockwork.wake();
      return reply;
    },
  });
  await clockwork.ready;
  isReady = true;
  for (const line of welcome(mode, real)) tell(line);
  return {
    deployed,
    async close() {
      await socket.close();
      await clockwork.stop();
      await deployed.close();
    },
  };
}

/** A warning or an error of a function's, short; the rest is for --logs. */
function tellTrouble(line: string, levels: readonly string[], tell: (line: string) => void): void {
  const level = /^\{.*"level":"(\w+)"/.exec(line)?.[1]?.toLowerCase() ?? '';
  if (!levels.includes(level)) return;
  const { functionName = '', event, code, error, message } = JSON.parse(line);
  const why = code ?? error?.message ?? message?.errorMessage;
  tell(`${level}: ${[functionName, event, why].filter(Boolean).join(' ')}`);
}

function refused(problems: readonly string[], isNew: boolean, tell: (line: string) => void): undefined {
  tell('Not everything is as it must be:');
  for (const problem of problems) tell(`  ✗ ${problem}`);
  if (isNew) tell(`\n${HOW_TO}`);
}

function welcome(mode: Mode, real: RealAccount | undefined): string[] {
  if (mode === 'live')
    return [
      'Live, on an AWS that is make-believe: owners are asked, and keys are changed when they press.',
      'In Slack /keyrotate shows your keys, with their buttons.',
      'Ctrl+C ends it.',
    ];
  const [where, when] = real
    ? [`the account ${real.account}`, ', once AWS has made its report (a minute)']
    : ['an AWS that is make-believe', ''];
  return [
    `In preview, on ${where}: owners hear nothing, and no key is changed.`,
    `In Slack, as an admin, try /keyrotate summary and /keyrotate list${when}.`,
    'Ctrl+C ends it.',
  ];
}

/** All of one owner, so that whoever tries it sees every kind of card. */
function makeBelieveUsers(owner: string | undefined): SeededUser[] {
  const tags = owner ? { 'keyrotate:owner': owner } : {};
  const used = (age: number) => ({ age, usedHoursAgo: 2, service: 's3' });
  return [
    { name: 'ci-deploy', tags, keys: [used(83)] },
    { name: 'legacy-etl', tags, keys: [{ age: 212, usedHoursAgo: 100 * 24, service: 'sqs' }] },
    { name: 'two-keys', tags, keys: [used(95), { age: 12, usedHoursAgo: 1, service: 'ecr' }] },
    { name: 'fresh-app', tags, keys: [used(10)] },
    { name: 'no-owner', keys: [used(150)] },
  ];
}
