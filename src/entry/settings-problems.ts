// What is wrong with the settings of a deployment, found before anything is built.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { closest, distance } from 'fastest-levenshtein';
import * as z from 'zod';
import { comesSoon, isSchedule } from '../adapters/schedules.ts';
import { configProblems } from './config.ts';

export interface SettingsAsked {
  /** The project's folder, where `.env` is. */
  folder: string;
  /** As `--stage` and `--region` gave them. */
  stage: string | undefined;
  region: string | undefined;
  /** The names given with `--param`, or in the blocks of serverless.yml. */
  given: readonly string[];
  /** Of the functions; CloudFormation's functions still stand in it. */
  environment: Readonly<Record<string, unknown>>;
  /** Of the deployment alone. */
  deployment: Readonly<Record<string, unknown>>;
}

/** One sentence for each problem; none when it can be packaged. */
export function settingsProblems(asked: SettingsAsked): string[] {
  const { stage, region } = asked;
  return [
    ...(stage ? [] : ['--stage is missing: say which deployment this is, such as --stage prod']),
    ...(stage && !STAGE.test(stage) ? ['--stage must be letters, digits and hyphens, 44 at most'] : []),
    ...(region ? [] : ['--region is missing: say where it runs, such as --region eu-central-1']),
    ...unknownNames(asked),
    ...[...environmentProblems(asked), ...deploymentProblems(asked)].map((problem) =>
      withValue(problem, asked),
    ),
  ];
}

/** The longest name of a function, `keyrotate-<stage>-scheduler`, may have 64. */
const STAGE = /^[A-Za-z0-9-]{1,44}$/;

/** A space at its end, or a quote too many, is seen only when it is shown. None of these settings is a secret. */
function withValue(problem: string, { environment, deployment }: SettingsAsked): string {
  const [name = ''] = problem.split(' ');
  const value = { ...environment, ...deployment }[name];
  return problem.startsWith(`${name} must `) && typeof value === 'string' && value !== ''
    ? `${problem}; it is ${JSON.stringify(value.slice(0, 80))}`
    : problem;
}

/** A misspelt setting would be ignored, and its default would rule. */
function unknownNames({ folder, stage, given, environment, deployment }: SettingsAsked): string[] {
  const settings = Object.keys({ ...environment, ...deployment }).filter((name) => !OUR_OWN.test(name));
  const problem = (name: string, where: string) => {
    const meant = settingMeant(name, settings);
    return `${name}${where} is no setting${meant ? `: did you mean ${meant}?` : '; README.md lists them all'}`;
  };
  const file = settingsFiles({ folder, stage })[0];
  const inFile = file ? namesIn(join(folder, file)) : [];
  const twice = new Set(inFile.filter((name, nth) => inFile.indexOf(name) < nth));
  return [
    ...given.filter((name) => !settings.includes(name)).map((name) => problem(name, '')),
    ...inFile
      .filter((name) => !settings.includes(name) && !FOR_TOOLS.test(name))
      .map((name) => problem(name, ` in ${file}`)),
    ...[...twice].map((name) => `${name} stands in ${file} more than once, and only the last would count`),
  ];
}

/** Those that are there; the framework reads the first, and no other. */
export function settingsFiles({ folder, stage }: Pick<SettingsAsked, 'folder' | 'stage'>): string[] {
  return [`.env.${stage}`, '.env'].filter((name) => existsSync(join(folder, name)));
}

/** What the deployment itself tells its functions. */
const OUR_OWN = /^STAGE$|_QUEUE_URLS?$/;

/** Cut short, or with a letter or two too many, missing, or another. */
function settingMeant(name: string, settings: readonly string[]): string | undefined {
  const typed = letters(name);
  const longer = settings.find((setting) => letters(setting).startsWith(typed));
  const near = settings.find((setting) => letters(setting) === closest(typed, settings.map(letters)));
  return longer ?? (near && distance(typed, letters(near)) <= MOST_SLIPS ? near : undefined);
}

const MOST_SLIPS = 2;

/** What the AWS SDK, the Serverless Framework and Node.js read for themselves. */
const FOR_TOOLS = /^(AWS|SLS|SERVERLESS|NODE|HTTPS?_PROXY|NO_PROXY)(_|$)/;

function letters(name: string): string {
  return name.replace(/[^A-Za-z]/g, '').toUpperCase();
}

function namesIn(path: string): string[] {
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(/^\s*(?:export\s+)?([^\s#=:][^\n#=:]*?)\s*(?:[=:]|$)/gm)].map(
    ([, name = '']) => name,
  );
}

function environmentProblems({ region, environment }: SettingsAsked): string[] {
  const lists = Object.keys(environment).filter((name) => Array.isArray(environment[name]));
  if (lists.length > 0) return lists.map((name) => `${name} must be one text, its parts separated by commas`);
  const texts = Object.entries(environment).map(([name, value]) => [name, deployed(value, environment)]);
  const env: Record<string, string> = { ...Object.fromEntries(texts), AWS_REGION: region ?? 'us-east-1' };
  const problems = configProblems(env);
  const isAlone = !env.ACCOUNTS?.includes(',');
  const isTold = (name: string) => problems.some((problem) => problem.startsWith(`${name} `));
  const empty = Object.keys(env).filter(
    (name) => env[name] === '' && !OPTIONAL.includes(name) && !isTold(name),
  );
  return [
    ...problems,
    ...(isAlone
      ? []
      : ['ACCOUNTS must name the account that is deployed to, and no other: the roles reach none yet']),
    ...scheduleProblems(env),
    ...empty.map((name) => `${name} is empty: leave it out, and its default counts`),
  ];
}

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
const OPTIONAL = ['HELP_CHANNEL', 'ADMINS', 'ADMIN_GROUP', 'SECRET_READERS', 'SECRET_KMS_KEY_ID'];

const A_QUEUE = 'https://sqs.example.com/queue';

/** As the function will see it. What only AWS knows stands in as something well-formed. */
function deployed(value: unknown, environment: Readonly<Record<string, unknown>>): string {
  if (typeof value !== 'object' || value === null) return String(value ?? '');
  const { 'Fn::Sub': text, 'Fn::If': either } = value as { 'Fn::Sub'?: string; 'Fn::If'?: unknown };
  if (text === undefined) return either ? 'keyrotate' : A_QUEUE;
  // Where no account is named, it is the one deployed to; readers and key must be of that one.
  const { SECRET_READERS, SECRET_KMS_KEY_ID } = environment;
  const [, account = '000000000000'] = /:(\d{12}):/.exec(`${SECRET_READERS} ${SECRET_KMS_KEY_ID}`) ?? [];
  return text.replaceAll(/\$\{AWS::AccountId\}/g, account).replaceAll(/\$\{\w+Letters\}/g, A_QUEUE);
}

/** A number in serverless.yml, or a text in the shell. */
const wholeNumber = (min: number, max: number) =>
  z.coerce.string().refine((text) => /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max, {
    error: `must be a whole number from ${min} to ${max}`,
  });

/** Those that CloudWatch Logs takes. */
const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** What only the deployment knows. */
export const Deployment = z.object({
  MODE: z
    .string()
    .regex(/^[^:]*$/, 'must be preview or live, for all accounts: the rights of the role follow it'),
  ALARM_TOPIC: z.string().regex(/^(arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w.-]+)?$/, "must be an SNS topic's ARN"),
  TABLE_NAME: z.coerce
    .string()
    .regex(/^([\w.-]{3,255})?$/, 'must be the name of a DynamoDB table that exists, not its ARN'),
  TICK_EVERY: z.string().regex(/^rate\(([2-9]|1[0-5]) minutes\)$|^rate\(1 minute\)$/, {
    error: 'must be rate(1 minute) to rate(15 minutes): an alarm expects one in 20 minutes',
  }),
  LOG_RETENTION_DAYS: z.coerce
    .string()
    .refine((days) => RETENTIONS.map(String).includes(days), `must be one of ${RETENTIONS.join(', ')}`),
  UPKEEP_CONCURRENCY: wholeNumber(2, 1000),
  REQUESTS_PER_SECOND: wholeNumber(1, 10_000),
});

function deploymentProblems({ deployment, region }: SettingsAsked): string[] {
  const parsed = Deployment.safeParse(deployment);
  const issues = parsed.error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`) ?? [];
  const [, topicRegion = region] = /^arn:[\w-]+:sns:([\w-]+):/.exec(String(deployment.ALARM_TOPIC)) ?? [];
  const elsewhere =
    topicRegion === region ? [] : [`ALARM_TOPIC is of the region ${topicRegion}, not of ${region}`];
  return [...issues, ...elsewhere];
}
