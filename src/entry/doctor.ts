// `npm run doctor -- --stage … --region …`: whether the settings, the Slack app and the account are as they must be, asked with
// an operator's own credentials, before the first deployment and after it.
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { iamCredentialReports } from '../adapters/aws/credential-report.ts';
import { type OperatorView, operatorView } from '../adapters/aws/operator-view.ts';
import { fetchSlackCredentials } from '../adapters/aws/slack-credentials.ts';
import { readersOf } from '../adapters/aws/vault-policy.ts';
import { findingWords, titleOf } from '../adapters/slack/wording/health/health-text.ts';
import { isAmong } from '../domain/protected-users.ts';
import { ifFailed, ifRefused, type OutsideError } from '../usecases/errors.ts';
import { accountFindings, deployments, protectedUsers } from '../usecases/health/account-findings.ts';
import { askedHealth, slackFindings } from '../usecases/health/check-health.ts';
import { type Check, type Finding, type Found, orUnknown } from '../usecases/health/findings.ts';
import type { Log } from '../usecases/ports.ts';
import { noCredentials } from './aws-profiles.ts';
import { composeBase, connect } from './compose-base.ts';
import { composeSlack, composeWorker, surroundingsOf } from './compose-worker.ts';
import { actIn, type Config, readConfig } from './config.ts';
import { settingsFiles } from './settings-file.ts';
import { type SettingsAsked, settingsNotes, settingsProblems } from './settings-problems.ts';

/** The same settings as those that would be deployed. */
export type DoctorAsked = SettingsAsked & {
  /** The name of the stack. */
  stack: string;
  /** As `--aws-profile` gave it. */
  profile: string | undefined;
};

const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const MARKS: Record<Finding['state'], string> = { fine: '✓', wrong: '✗', unknown: '?', unset: '○' };

/** Tells line by line. Returns whether nothing is wrong. */
export async function examine(asked: DoctorAsked, tell: (line: string) => void): Promise<boolean> {
  for (const note of settingsNotes(asked)) tell(`○ ${note}`);
  const problems = settingsProblems(asked);
  if (problems.length > 0) {
    tell('Mend these settings first:');
    for (const problem of problems) tell(`✗ ${problem}`);
    return false;
  }
  const { read } = settingsFiles(asked.folder, asked.stage);
  tell(`✓ Every setting is well-formed${read ? `, as ${read} has it` : ''}.`);
  const found = await ifFailed(findingsOf(asked), (error) => {
    tell(`✗ ${whyNotAsked(error)}`);
    return undefined;
  });
  if (!found) return false;
  if ('problems' in found) {
    for (const problem of found.problems) tell(`✗ In this account: ${problem}`);
    return false;
  }
  const { findings, accountName } = found;
  for (const finding of findings)
    tell(`${MARKS[finding.state]} ${titleOf(finding.check)}: ${plain(findingWords(finding, accountName))}`);
  return findings.every(({ state }) => state !== 'wrong');
}

function whyNotAsked({ operation, code, outcome }: OutsideError): string {
  if (code === 'CredentialsProviderError') return noCredentials('set AWS_PROFILE, and ask again');
  return outcome === 'refused'
    ? `These AWS credentials may not call ${operation} (${code}). Ask again with those of an operator.`
    : `AWS did not answer ${operation} (${code}). Ask again.`;
}

async function findingsOf(asked: DoctorAsked) {
  const elsewhere = actIn(asked.region ?? '', asked.profile);
  const iam = new IAMClient();
  const view = operatorView({
    iam,
    stacks: new CloudFormationClient(),
    tables: new DynamoDBClient(),
    schedules: new SchedulerClient(),
    topics: new SNSClient(),
  });
  const account = await view.account();
  const stack = await view.stack(asked.stack);
  const environment = { ...environmentOf(asked, account, stack), ...elsewhere };
  const problems = settingsProblems({ ...asked, account });
  if (problems.length > 0) return { problems };
  const config = readConfig(environment, asked.folder);
  // A first deployment that failed leaves a stack with the framework's bucket in it.
  const isDeployed = stack?.has('ClicksQueue') ?? false;
  // With these credentials nobody looks into another account: /keyrotate check does.
  const readers = readersOf(account, config.vault.readers);
  const surroundings = surroundingsOf({ ...config, vault: { ...config.vault, readers } }, () => iam);
  const table = await tableSide(asked, view);
  const findings: Finding[] = [
    { check: 'stack', state: isDeployed ? 'fine' : 'unknown', names: [asked.stack] },
    await orUnknown('deployments', deployments(surroundings)),
    await orUnknown('report', report(iam)),
    ...(await accountFindings(surroundings)),
    await orUnknown('protectedUsers', protectedNow(config, view)),
    ...(isDeployed ? [await orUnknown('schedules', schedules(stack, view))] : []),
    await orUnknown('alarmTopic', alarmTopic(asked, view)),
    ...table,
    ...(await slackSide(config, isDeployed && table.every(({ state }) => state === 'fine'))),
  ];
  return { findings, accountName: (id: string) => config.accounts.get(id)?.name };
}

/** CloudFormation's functions, as far as serverless.yml uses them here. */
interface Intrinsic {
  Ref?: string;
  'Fn::Sub'?: string;
  'Fn::If'?: unknown[];
}

/** What the functions will see: of what is deployed, its own names. */
function environmentOf(
  { environment, deployment, region = '' }: DoctorAsked,
  account: string,
  stack = new Map<string, string>(),
): Record<string, string> {
  const named = (id: string) => (id === 'AWS::AccountId' ? account : (stack.get(id) ?? notThere(id)));
  const told = (value: unknown): string => {
    if (typeof value !== 'object' || value === null) return String(value ?? '');
    const { Ref, 'Fn::Sub': text = '', 'Fn::If': either } = value as Intrinsic;
    // The one condition there is on what functions see: whether the stack makes the table.
    if (either) return told(either[deployment.TABLE_NAME ? 2 : 1]);
    return Ref === undefined ? text.replace(/\$\{([\w:]+)\}/g, (_, id) => named(id)) : named(Ref);
  };
  const texts = Object.entries(environment).map(([name, value]) => [name, told(value)]);
  return { ...Object.fromEntries(texts), AWS_REGION: region };
}

/** Well-formed all the same: nothing asks for it before it is deployed. */
function notThere(id: string): string {
  return id === 'Table' ? 'not-deployed' : 'https://not-deployed';
}

async function report(iam: IAMClient): Promise<Found> {
  return { state: (await iamCredentialReports(iam).fetch()) === 'notReady' ? 'unknown' : 'fine' };
}

async function protectedNow({ protectedUsers: paths }: Config, view: OperatorView): Promise<Found> {
  return protectedUsers([(await view.userNames()).filter((user) => isAmong(paths, user)).length]);
}

/** `names`: those that start nothing. */
async function schedules(stack = new Map<string, string>(), view: OperatorView): Promise<Found> {
  const all = [...stack].filter(([id]) => /Schedule\d+$/.test(id)).map(([, name]) => name);
  const names: string[] = [];
  for (const name of all) if (!(await view.isScheduled(name))) names.push(name);
  return { state: names.length > 0 ? 'wrong' : 'fine', names, count: all.length };
}

async function alarmTopic({ deployment }: DoctorAsked, view: OperatorView): Promise<Found> {
  const arn = String(deployment.ALARM_TOPIC);
  if (arn === '') return { state: 'unset' };
  const count = await view.subscriptions(arn);
  if (count === undefined) return { state: 'wrong', code: 'NotFound' };
  return { state: count > 0 ? 'fine' : 'wrong', count };
}

/** One that the stack makes itself is there as soon as the stack is. */
async function tableSide({ deployment }: DoctorAsked, view: OperatorView): Promise<Finding[]> {
  const name = String(deployment.TABLE_NAME);
  if (name === '') return [];
  const looking = view
    .hasTable(name)
    .then((isThere): Found => ({ state: isThere ? 'fine' : 'wrong', names: [name] }));
  return [await orUnknown('table', looking)];
}

const ASKED_FIRST: Check[] = ['deployments', 'readers', 'kmsKey', 'protectedUsers'];

/** As Slack gives them out. The functions take any: what it signs with is Slack's to say. */
const SIGNS_FOR_SLACK = /^[0-9a-f]{32}$/;

/** Without the secret nothing can be asked of Slack. */
async function slackSide(config: Config, isDeployed: boolean): Promise<Finding[]> {
  const { credentials } = config.slack;
  const names = 'secretId' in credentials ? [credentials.secretId] : [];
  const fetching = fetchSlackCredentials(new SecretsManagerClient(), names[0] ?? '');
  const stored = await ifRefused(
    fetching,
    ({ code }): Finding => ({ check: 'slackSecret', state: 'wrong', names, code }),
  );
  if ('check' in stored) return [stored];
  const secret: Finding = SIGNS_FOR_SLACK.test(stored.signingSecrets[0]?.reveal() ?? '')
    ? { check: 'slackSecret', state: 'fine', names }
    : { check: 'slackSecret', state: 'wrong', names, code: 'SigningSecret' };
  if (!isDeployed) {
    const { installation } = composeSlack(config, stored.token, composeBase(config, SILENT));
    return [secret, ...(await slackFindings({ installation, now: Date.now }))];
  }
  const { aws, slack } = composeWorker(config, SILENT, connect());
  const ports = { ...aws, ...(await slack()).ports, log: SILENT, timeLeft: () => Number.POSITIVE_INFINITY };
  const seen = await askedHealth(ports);
  // What was asked already, without the deployment.
  return [secret, ...seen.filter(({ check }) => !ASKED_FIRST.includes(check))];
}

/** Slack's marks and tokens, as a terminal shows them. */
export function plain(text: string): string {
  return text
    .replace(/<!date\^[^|]*\|([^>]*)>/g, '$1')
    .replace(/<[#@!]([^>|]*)(?:\|[^>]*)?>/g, '$1')
    .replace(/\*([^*]+)\*/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
