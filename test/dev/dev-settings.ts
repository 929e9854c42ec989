// What `npm run dev` is told: in .env.dev, or in the shell, which counts before it. Whatever is missing or wrong is told at once.
import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { configProblems } from '../../src/entry/config.ts';
import { Environment } from '../../src/entry/environment.ts';
import { readEnvironment } from '../sandbox/deployment/serverless-file.ts';

export const FILE = '.env.dev';

/** By name, as the shell has them. */
export type Values = Record<string, string | undefined>;

export interface DevSettings {
  botToken: string;
  appToken: string;
  /** What else was set, by its name in README.md. */
  env: Record<string, string>;
  /** Another server in Slack's place, as `https://…/api/`. */
  slackApiUrl: string | undefined;
  /** One sentence each. */
  problems: string[];
}

interface Token {
  kind: string;
  needs: string;
  prefix: string;
  where: string;
}

const TOKENS: Record<'SLACK_APP_TOKEN' | 'SLACK_BOT_TOKEN', Token> = {
  SLACK_APP_TOKEN: {
    ...{ kind: 'an app-level token', needs: ', with the scope connections:write', prefix: 'xapp-' },
    where: 'Basic Information → App-Level Tokens → Generate Token and Scopes',
  },
  SLACK_BOT_TOKEN: {
    ...{ kind: 'a bot token', needs: '', prefix: 'xoxb-' },
    where: 'Install App',
  },
};

/** Slack tells them, or nothing here is deployed that they would be for. */
const NOT_HERE =
  /^(MODE|STAGE|ACCOUNTS|TABLE_NAME|AWS_.*|SLACK_.*|.*_QUEUE_URLS?|SECRET_READERS|SECRET_KMS_KEY_ID)$/;

const POLICY = Object.keys(Environment.shape).filter((name) => !NOT_HERE.test(name));

export function readSettings(folder: string, shell: Values): DevSettings {
  const path = `${folder}/${FILE}`;
  const file: Values = existsSync(path) ? parseEnv(readFileSync(path, 'utf8')) : {};
  const values = { ...file, ...shell };
  const known = [...POLICY, ...Object.keys(TOKENS)];
  const given = POLICY.flatMap((name) => (values[name] ? [[name, values[name]]] : []));
  const env: Record<string, string> = Object.fromEntries(given);
  return {
    botToken: values.SLACK_BOT_TOKEN ?? '',
    appToken: values.SLACK_APP_TOKEN ?? '',
    env,
    slackApiUrl: shell.SLACK_API_URL,
    problems: [
      ...Object.entries(TOKENS).flatMap(([name, token]) => tokenProblems(name, token, values[name])),
      ...settingProblems(env),
      ...Object.keys(file)
        .filter((name) => !known.includes(name))
        .map((name) => `${name} in ${FILE} is no setting of npm run dev: take it out`),
    ],
  };
}

/** Of a token only its kind is told. */
function tokenProblems(name: string, { kind, needs, prefix, where }: Token, value = ''): string[] {
  if (value.startsWith(prefix)) return [];
  const from = `It is in the Slack app’s settings under ${where}`;
  if (value === '') return [`${name} is missing: ${kind} (${prefix}…)${needs}. ${from}`];
  const other = Object.values(TOKENS).find((one) => value.startsWith(one.prefix));
  return [`${name} must be ${kind} (${prefix}…)${needs}${other ? `, not ${other.kind}` : ''}. ${from}`];
}

/** As the functions would tell them; what Slack or the account says is not known yet. */
function settingProblems(env: Record<string, string>): readonly string[] {
  const known = { SLACK_TEAM_ID: 'T000', SLACK_APP_ID: 'A000', AWS_REGION: 'us-east-1' };
  return configProblems({ ...readEnvironment({ mode: 'preview', env }), ...known });
}

export const HOW_TO = `Make the Slack app at api.slack.com/apps: Create New App → From a manifest, and paste what this prints:
  npm run --silent manifest -- --socket
Install it to a workspace, invite it to a channel for admins, and write to ${FILE}:
  SLACK_APP_TOKEN=xapp-…
  SLACK_BOT_TOKEN=xoxb-…
  ADMIN_CHANNEL=C…
  ADMINS=U…`;
