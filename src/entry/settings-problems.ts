// What is wrong with the settings of a deployment, found before anything is built.
import { distance } from 'fastest-levenshtein';
import * as z from 'zod/mini';
import { comesSoon, isSchedule } from '../adapters/schedules.ts';
import { isZone } from '../domain/working-hours.ts';
import { listedAccounts } from './accounts-file.ts';
import { arnProblems, configProblems } from './config.ts';
import { Environment, partsOf, TO_BE_A_ZONE } from './environment.ts';
import { settingsFiles } from './settings-file.ts';

export interface SettingsAsked {
  /** The project's folder, where `.env` is. */
  folder: string;
  /** As `--stage` and `--region` gave them. */
  stage: string | undefined;
  region: string | undefined;
  /** Those that the framework deploys to. */
  regions: readonly string[];
  /** The one that is deployed to; undefined: AWS was not asked. */
  account?: string;
  /** The names given with `--param`, or in the blocks of serverless.yml. */
  given: readonly string[];
  /** Of the functions; CloudFormation's functions still stand in it. */
  environment: Readonly<Record<string, unknown>>;
  /** Of the deployment alone. */
  deployment: Readonly<Record<string, unknown>>;
}

type Place = Partial<Pick<SettingsAsked, 'stage' | 'region'>>;

/** As it was typed: what keeps a command from its settings, or from its deployment. One sentence for each. */
export function commandProblems(
  [command = '', ...more]: readonly string[],
  { param = [], ...place }: Place & { param?: readonly string[] },
): string[] {
  const script = { check: 'doctor', package: 'package' }[command];
  return [
    ...(script && more.length > 0
      ? [
          `“${more.join(' ')}” stands alone: write --stage and --region, and behind npm run a -- before them, as in npm run ${script} -- --stage prod --region eu-central-1`,
        ]
      : []),
    ...param
      .filter((pair) => !/^[^=]+=./.test(pair))
      .map(
        (pair) => `--param ${pair} has no value: write --param ${pair.replace(/=$/, '')}=…, or leave it out`,
      ),
    ...(ASK_AWS.includes(command) ? missingPlace(place) : []),
  ];
}

/** Those of the framework that go on without settings; serverless.yml has a stage and a region for those that do not. */
const ASK_AWS = ['info', 'invoke', 'logs', 'metrics', 'remove', 'rollback'];

/** One sentence for each problem; none when it can be packaged. */
export function settingsProblems(asked: SettingsAsked): string[] {
  const notTexts = Object.entries({ ...asked.environment, ...asked.deployment })
    .filter(([, value]) => !isText(value))
    .map(([name]) => name);
  const problems = [...environmentProblems(asked), ...deploymentProblems(asked)];
  return [
    ...placeProblems(asked),
    ...unknownNames(asked),
    ...examples(asked),
    ...modeOverruled(asked),
    ...notTexts.map((name) => `${name} must be one text in quotes, its parts separated by commas`),
    ...problems
      .filter((problem) => !notTexts.includes(firstWord(problem)))
      .map((problem) => withValue(problem, asked)),
  ];
}

/** What is as it may be, and yet not as somebody who looks at the file would think. One sentence for each. */
export function settingsNotes(asked: SettingsAsked): string[] {
  const { read, ignored } = settingsFiles(asked.folder, asked.stage);
  const why = read ? `${read} is, and no other` : `its name is not .env or .env.${asked.stage}`;
  return [
    ...ignored.map((name) => `${name} is not read: ${why}`),
    ...overruled(asked)
      .filter(({ name }) => name !== 'MODE')
      .map(({ told }) => told),
  ];
}

/** What an operator typed once decides nothing for long: the next deployment without it would turn the mode back, in silence. */
function modeOverruled(asked: SettingsAsked): string[] {
  return overruled(asked)
    .filter(({ name }) => name === 'MODE')
    .map(({ told }) => `${told}. Mend .env, or take the line out: a mode must not be forgotten`);
}

/** What stands in the file of settings, and counts for nothing. */
function overruled({ folder, stage, environment, deployment }: SettingsAsked) {
  const { read, lines = [] } = settingsFiles(folder, stage);
  const counting = new Map(textsOf({ ...environment, ...deployment }));
  return lines
    .filter(({ name, value }) => value !== undefined && value !== (counting.get(name) ?? value))
    .map(({ name, value }) => ({
      name,
      told: `${name}=${value} in ${read} does not count: it is ${JSON.stringify(counting.get(name))} in the shell, by --param, or for the stage in serverless.yml`,
    }));
}

function missingPlace({ stage, region }: Place): string[] {
  return [
    ...(stage ? [] : ['--stage is missing: say which deployment this is, such as --stage prod']),
    ...(region ? [] : ['--region is missing: say where it runs, such as --region eu-central-1']),
  ];
}

function placeProblems({ stage, region, regions }: SettingsAsked): string[] {
  return [
    ...missingPlace({ stage, region }),
    ...(stage && !isShaped('STAGE', stage)
      ? ['--stage must be letters, digits and hyphens, 44 at most']
      : []),
    ...(region && !regions.includes(region)
      ? [`--region must be an AWS region such as eu-central-1; it is ${JSON.stringify(region)}`]
      : []),
  ];
}

function isShaped(name: 'STAGE' | 'AWS_REGION', text: string | undefined): boolean {
  return Environment.shape[name].safeParse(text).success;
}

const firstWord = (problem: string) => problem.split(' ')[0] ?? '';

/** A space at its end, or a quote too many, is seen only when it is shown. None of these settings is a secret. */
function withValue(problem: string, { environment, deployment }: SettingsAsked): string {
  const name = firstWord(problem);
  const value = new Map(textsOf({ ...environment, ...deployment })).get(name);
  return problem.startsWith(`${name} must `) && value
    ? `${problem}; it is ${JSON.stringify(value.slice(0, 80))}`
    : problem;
}

/** A misspelt setting would be ignored, and its default would rule. */
function unknownNames({ folder, stage, given, environment, deployment }: SettingsAsked): string[] {
  const settings = Object.keys({ ...environment, ...deployment }).filter((name) => !OUR_OWN.test(name));
  const { read, lines } = settingsFiles(folder, stage);
  if (lines === undefined) return [`${read} is no text in UTF-8: save it as such, and nothing but that`];
  const inFile = lines.map(({ name }) => name);
  const twice = new Set(inFile.filter((name, nth) => inFile.indexOf(name) < nth));
  return [
    ...given.filter((name) => !settings.includes(name)).map((name) => noSetting(name, '', settings)),
    ...inFile
      .filter((name) => !settings.includes(name) && (OUR_OWN.test(name) || !FOR_TOOLS.test(name)))
      .map((name) => noSetting(name, ` in ${read}`, settings)),
    ...lines
      .filter(({ name, value }) => value === undefined && settings.includes(name))
      .map(({ name }) => `${name} in ${read} has no value: write ${name}=…, or take the line out`),
    ...lines
      .filter(({ name, isCut }) => isCut && settings.includes(name))
      .map(({ name }) =>
        /_CHANNEL$/.test(name)
          ? `${name} in ${read} ends before its #, where a comment begins: write the channel's id, such as C0ACME12345`
          : `${name} in ${read} ends before its #, where a comment begins: put the whole value in quotes`,
      ),
    ...[...twice].map((name) => `${name} stands in ${read} more than once, and only the last would count`),
  ];
}

function noSetting(name: string, where: string, settings: readonly string[]): string {
  if (OUR_OWN.test(name)) {
    const option = { STAGE: '--stage', AWS_REGION: '--region' }[name];
    return `${name}${where} is set by the deployment itself: take it out${option ? `, and give ${option}` : ''}`;
  }
  if (SECRETS.test(name))
    return `${name}${where} is a secret, and does not belong there: put it into Secrets Manager, as README.md says in step 2, and take it out`;
  const meant = settingsMeant(name, settings).join(' or ');
  return `${name}${where} is no setting${meant ? `: did you mean ${meant}?` : '; README.md lists them all'}`;
}

/** What the deployment itself tells its functions. */
const OUR_OWN = /^(STAGE|AWS_REGION|AWS_LAMBDA_FUNCTION_NAME|HUB_ACCOUNT)$|_QUEUE_URLS?$/;

/** Slack's token and signing secrets, by whatever name. */
const SECRETS = /TOKEN|SIGNING/i;

/** With a letter or two too many, missing, or another; or a part of the name. */
function settingsMeant(name: string, settings: readonly string[]): string[] {
  const typed = letters(name);
  const slips = (setting: string) => distance(typed, letters(setting));
  const fewest = Math.min(...settings.map(slips));
  if (fewest <= Math.min(MOST_SLIPS, typed.length / 3))
    return settings.filter((setting) => slips(setting) === fewest);
  const longer = settings.filter((setting) => letters(setting).includes(typed));
  return longer.length <= MOST_NAMED ? longer : [];
}

const MOST_SLIPS = 2;
const MOST_NAMED = 3;

/** What the AWS SDK, the Serverless Framework and Node.js read for themselves. */
const FOR_TOOLS = /^(AWS|SLS|SERVERLESS|NODE|HTTPS?_PROXY|NO_PROXY)(_|$)/;

function letters(name: string): string {
  return name.replace(/[^A-Za-z]/g, '').toUpperCase();
}

/** As README.md has them: they are well-formed, and nobody's. */
function examples({ environment }: SettingsAsked): string[] {
  return textsOf(environment)
    .filter(([, value]) => /\b[A-Z]0123456789\b/.test(value))
    .map(([name, value]) => `${name} is the example of README.md, ${value}: write your own in its place`);
}

function environmentProblems({ folder, region, environment, account }: SettingsAsked): string[] {
  // Where it is wrong, nothing is said to be of another region.
  const AWS_REGION = region !== undefined && isShaped('AWS_REGION', region) ? region : '';
  const env: Record<string, string> = { ...Object.fromEntries(textsOf(environment, account)), AWS_REGION };
  const problems = configProblems(env, folder).filter(
    (problem) => !['STAGE', 'AWS_REGION'].includes(firstWord(problem)),
  );
  const isTold = (name: string) => problems.some((problem) => problem.startsWith(`${name} `));
  const empty = Object.keys(environment).filter(
    (name) => env[name] === '' && !OPTIONAL.includes(name) && !isTold(name),
  );
  return [
    ...problems,
    ...(isTold('ACCOUNTS') ? [] : accountsProblems(env, folder, account)),
    ...scheduleProblems(env),
    ...(isTold('TIME_ZONE') || isZone(env.TIME_ZONE || 'UTC') ? [] : [`TIME_ZONE ${TO_BE_A_ZONE}`]),
    ...empty.map((name) => `${name} is empty: leave it out, and its default counts`),
  ];
}

/** What only the deployment makes wrong. `hub`: the account that is deployed to; undefined: AWS was not asked. */
function accountsProblems(
  { ACCOUNTS: setting = '', SECRET_KMS_KEY_ID = '' }: Record<string, string>,
  folder: string,
  hub: string | undefined,
): string[] {
  const { accounts } = listedAccounts(setting, folder);
  const own = hub && partsOf(accounts).find((entry) => entry.startsWith(hub));
  const [, , mode, region] = own?.split(':') ?? [];
  const keyOf = SECRET_KMS_KEY_ID.split(':')[4];
  return [
    ...(mode || region
      ? [
          `ACCOUNTS gives ${hub}, which is deployed to, a mode or a region: it has MODE, and the region of the deployment`,
        ]
      : []),
    ...(hub && keyOf && keyOf !== hub && accounts.includes(keyOf)
      ? [
          `SECRET_KMS_KEY_ID is of the account ${keyOf}, not of ${hub}, which is deployed to: secrets of other accounts lie under AWS's own key there`,
        ]
      : []),
    ...(setting.length > MOST_OF_ACCOUNTS
      ? [
          `ACCOUNTS is longer than ${MOST_OF_ACCOUNTS} characters: Lambda has room for no more. Write them into a file, an account on each line, and set ACCOUNTS to its name`,
        ]
      : []),
  ];
}

/** "Lambda quotas": 4 KB for all variables together; the others may take as much as this leaves. */
const MOST_OF_ACCOUNTS = 1500;

function scheduleProblems({ SWEEP_AT = '', SUMMARY_AT = '' }: Record<string, string>): string[] {
  const isDaily = /^cron\(\S+ \S+ (\* \* \?|\? \* \*) \*\)$/.test(SWEEP_AT);
  return [
    ...(SWEEP_AT === '' || (isSchedule(SWEEP_AT) && isDaily)
      ? []
      : [
          'SWEEP_AT must be a schedule for every day, such as cron(0 3 * * ? *): an alarm expects one in 36 hours',
        ]),
    ...(SUMMARY_AT === '' || (isSchedule(SUMMARY_AT) && comesSoon(SUMMARY_AT, Date.now()))
      ? []
      : ['SUMMARY_AT must be a schedule that comes within a year, such as cron(0 9 ? * MON *)']),
  ];
}

/** Every other setting has a default, or must be given. */
const OPTIONAL = [
  ...[
    'HELP_CHANNEL',
    'PULL_COMMAND',
    'ADMINS',
    'ADMIN_GROUP',
    'SECRET_READERS',
    'SECRET_KMS_KEY_ID',
    'EXTERNAL_ID',
  ],
];

const A_QUEUE = 'https://sqs.example.com/queue';

/** As the functions will see them. */
function textsOf(values: Readonly<Record<string, unknown>>, account?: string): [string, string][] {
  return Object.entries(values).map(([name, value]) => [name, deployed(value, account ?? accountIn(values))]);
}

/** What `deployed` makes a text of. In a stage's block of serverless.yml there may be anything. */
function isText(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  const { Ref, 'Fn::If': either, 'Fn::Sub': text } = value as Record<string, unknown>;
  return typeof text === 'string' || (text === undefined && (Ref ?? either) !== undefined);
}

/** What only AWS knows stands in as something well-formed; what is no text at all, as its parts. */
function deployed(value: unknown, account: string): string {
  if (typeof value !== 'object' || value === null) return String(value ?? '');
  const { 'Fn::Sub': text, 'Fn::If': either } = value as { 'Fn::Sub'?: unknown; 'Fn::If'?: unknown };
  if (!isText(value)) return String(Array.isArray(value) ? value : (text ?? ''));
  if (typeof text !== 'string') return either ? 'keyrotate' : A_QUEUE;
  return text.replaceAll(/\$\{AWS::AccountId\}/g, account).replaceAll(/\$\{\w+Letters\}/g, A_QUEUE);
}

/** Before AWS was asked: the readers and the KMS key must be of one account, and it is the one that is deployed to. */
function accountIn({ SECRET_READERS, SECRET_KMS_KEY_ID }: Readonly<Record<string, unknown>>): string {
  return /:(\d{12}):/.exec(`${SECRET_READERS} ${SECRET_KMS_KEY_ID}`)?.[1] ?? '000000000000';
}

const wholeNumber = (min: number, max: number) =>
  z.string().check(
    z.refine((text) => /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max, {
      error: `must be a whole number from ${min} to ${max}`,
    }),
  );

/** Those that CloudWatch Logs takes. */
const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** What only the deployment knows. */
export const Deployment = z.object({
  ALARM_TOPIC: z
    .string()
    .check(
      z.regex(
        /^(arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]+)?$/,
        "must be a standard SNS topic's ARN, such as arn:aws:sns:eu-central-1:111122223333:alarms; alarms cannot tell a FIFO topic",
      ),
    ),
  TABLE_NAME: z
    .string()
    .check(z.regex(/^([\w.-]{3,255})?$/, 'must be the name of a DynamoDB table that exists, not its ARN')),
  TICK_EVERY: z.string().check(
    z.regex(/^rate\(([2-9]|1[0-5]) minutes\)$|^rate\(1 minute\)$/, {
      error: 'must be rate(1 minute) to rate(15 minutes): an alarm expects one in 20 minutes',
    }),
  ),
  LOG_RETENTION_DAYS: z
    .string()
    .check(
      z.refine((days) => RETENTIONS.map(String).includes(days), `must be one of ${RETENTIONS.join(', ')}`),
    ),
  UPKEEP_CONCURRENCY: wholeNumber(2, 1000),
  REQUESTS_PER_SECOND: wholeNumber(1, 10_000),
});

function deploymentProblems({ deployment, region }: SettingsAsked): string[] {
  const texts = Object.fromEntries(textsOf(deployment));
  const issues = Deployment.safeParse(texts).error?.issues ?? [];
  return [
    ...issues.map(({ path, message }) => `${path.join('.')} ${message}`),
    ...(isShaped('AWS_REGION', region) ? arnProblems('ALARM_TOPIC', texts.ALARM_TOPIC, region) : []),
  ];
}
