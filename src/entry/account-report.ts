// `npm run report`: the access keys of an account as they stand, and what keyrotate would do about each. It only reads.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { IAMClient } from '@aws-sdk/client-iam';
import { iamUsers } from '../adapters/aws/access-keys.ts';
import { iamCredentialReports } from '../adapters/aws/credential-report.ts';
import { forecast, type UnnamedUser } from '../domain/forecast.ts';
import { OutsideError } from '../usecases/errors.ts';
import type { ReadReport } from '../usecases/ports.ts';
import { noCredentials } from './aws-profiles.ts';
import { actIn, BadConfiguration, readRules } from './config.ts';
import { progressOn } from './progress.ts';
import { type AccountReport, asCsv, asJson, asTable } from './report-table.ts';

/** All that it asks of AWS. */
export const REPORTS_ACTIONS: readonly string[] = [
  'iam:GenerateCredentialReport',
  'iam:GetAccountAuthorizationDetails',
  'iam:GetCredentialReport',
];

const USAGE = `Usage: npm run --silent report -- [--profile NAME] [--region REGION] [--json | --csv]
It needs no Slack and no deployment, changes nothing, and asks AWS for no more than
${REPORTS_ACTIONS.map((action) => `  ${action}`).join('\n')}
MAX_KEY_AGE_DAYS, OWNER_TAG and the other settings of the policy are read from the shell.`;

const POLL_MS = 2000;

async function report(client: IAMClient, progress: (words: string) => void): Promise<AccountReport> {
  const rules = readRules();
  const { rows, rootKeys, unreadable } = await reportWhenReady(client, progress);
  const account = rows[0]?.account;
  const users: UnnamedUser[] = [];
  if (account !== undefined) {
    const reported = new Map(rows.map((row) => [row.userName, row]));
    let read = 0;
    for await (const { userName, tags } of iamUsers({ client, account }).all()) {
      read += 1;
      progress(`${bar(read / rows.length)} ${read} of ${rows.length} IAM users`);
      const row = reported.get(userName);
      if (row) users.push({ userName, path: row.path, tags, keys: row.keys });
    }
  }
  const at = Date.now();
  return {
    ...{ account, at, rules, rows: forecast(users, rules, at) },
    rootKeys: rootKeys.filter(({ active }) => active).length,
    unreadable: unreadable.length,
  };
}

async function reportWhenReady(client: IAMClient, progress: (words: string) => void): Promise<ReadReport> {
  for (;;) {
    const answer = await iamCredentialReports(client).fetch();
    if (answer !== 'notReady') return answer;
    progress('AWS is making the credential report…');
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

const BAR = 20;

function bar(share: number): string {
  const full = Math.round(Math.min(1, share) * BAR);
  return '█'.repeat(full) + '░'.repeat(BAR - full);
}

function failed(error: unknown): string {
  if (error instanceof BadConfiguration) return error.message;
  if (!(error instanceof OutsideError)) throw error;
  const { code, operation, outcome } = error;
  if (code === 'CredentialsProviderError') return noCredentials('name a profile with --profile');
  return outcome === 'refused'
    ? `These AWS credentials may not call ${operation} (${code}). What it needs:\n${REPORTS_ACTIONS.map((action) => `  ${action}`).join('\n')}`
    : `AWS did not answer ${operation} (${code}). Try again.`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      profile: { type: 'string' },
      region: { type: 'string', default: 'us-east-1' },
      json: { type: 'boolean', default: false },
      csv: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  if (values.json && values.csv) throw new TypeError('--json and --csv exclude each other');
  actIn(values.region, values.profile);
  const progress = progressOn(process.stderr);
  const answer = await report(new IAMClient(), progress).finally(() => progress(''));
  process.stdout.write(values.json ? asJson(answer) : values.csv ? asCsv(answer) : asTable(answer));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await main();
  } catch (error) {
    const isUsage = error instanceof TypeError;
    console.error(isUsage ? `${error.message}\n${USAGE}` : failed(error));
    process.exitCode = isUsage ? 2 : 1;
  }
}
