// What is wrong with the settings of a deployment, found before anything is built.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { BadConfiguration, readConfig } from './config.ts';

export interface SettingsAsked {
  /** The project's folder, where `.env` is. */
  folder: string;
  /** As `--stage` and `--region` gave them. */
  stage: string | undefined;
  region: string | undefined;
  /** The names given with `--param`, or in the stage's block of serverless.yml. */
  given: readonly string[];
  /** The name of every setting there is. */
  settings: readonly string[];
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
    ...(region ? [] : ['--region is missing: say where it runs, such as --region eu-central-1']),
    ...unknownNames(asked),
    ...environmentProblems(asked),
    ...deploymentProblems(asked),
  ];
}

/** A misspelt setting would be ignored, and its default would rule. */
function unknownNames({ folder, stage, given, settings }: SettingsAsked): string[] {
  const problem = (name: string, where: string) => {
    const meant = settings.find((setting) => letters(setting).startsWith(letters(name)));
    return `${name}${where} is no setting${meant ? `: did you mean ${meant}?` : '; README.md lists them all'}`;
  };
  // The framework reads the stage's own file, or the general one where there is none.
  const file = [`.env.${stage}`, '.env'].find((name) => existsSync(join(folder, name)));
  return [
    ...given.filter((name) => !settings.includes(name)).map((name) => problem(name, '')),
    ...(file ? namesIn(join(folder, file)) : [])
      .filter((name) => !settings.includes(name) && !FOR_TOOLS.test(name))
      .map((name) => problem(name, ` in ${file}`)),
  ];
}

/** What the AWS SDK, the Serverless Framework and Node.js read for themselves. */
const FOR_TOOLS = /^(AWS|SLS|SERVERLESS|NODE|HTTPS?_PROXY|NO_PROXY)(_|$)/;

function letters(name: string): string {
  return name.replace(/[^A-Za-z]/g, '').toUpperCase();
}

function namesIn(path: string): string[] {
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(/^\s*(?:export\s+)?([\w.-]+)\s*=/gm)].map(([, name = '']) => name);
}

function environmentProblems({ region, environment }: SettingsAsked): string[] {
  const texts = Object.entries(environment).map(([name, value]) => [name, deployed(value, environment)]);
  const env: Record<string, string> = { ...Object.fromEntries(texts), AWS_REGION: region ?? 'us-east-1' };
  const problems = problemsOf(env);
  const isTold = (name: string) => problems.some((problem) => problem.startsWith(`${name} `));
  const empty = Object.keys(env).filter(
    (name) => env[name] === '' && !OPTIONAL.includes(name) && !isTold(name),
  );
  return [...problems, ...empty.map((name) => `${name} is empty: leave it out, and its default counts`)];
}

/** Every other setting has a default, or must be given. */
const OPTIONAL = ['HELP_CHANNEL', 'ADMINS', 'ADMIN_GROUP', 'SECRET_READERS', 'SECRET_KMS_KEY_ID'];

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof BadConfiguration) return error.problems;
    throw error;
  }
}

/** As the function will see it. What only AWS knows stands in as something well-formed. */
function deployed(value: unknown, environment: Readonly<Record<string, unknown>>): string {
  if (typeof value !== 'object' || value === null) return String(value ?? '');
  const { 'Fn::Sub': text, Ref } = value as { 'Fn::Sub'?: string; Ref?: string };
  if (text === undefined) return Ref === 'Table' ? 'keyrotate' : 'https://sqs.example.com/queue';
  // Where no account is named, it is the one deployed to; readers and key must be of that one.
  const { SECRET_READERS, SECRET_KMS_KEY_ID } = environment;
  const [, account = '000000000000'] = /:(\d{12}):/.exec(`${SECRET_READERS} ${SECRET_KMS_KEY_ID}`) ?? [];
  return text.replaceAll(/\$\{AWS::AccountId\}/g, account);
}

const scheduled = z.string().regex(/^(cron\((\S+ ){5}\S+\)|rate\(\d+ \w+\))$/, {
  error: 'must be a schedule of EventBridge, such as cron(0 3 * * ? *)',
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
  PROTECTED_USERS: z
    .string()
    .regex(
      /^\s*[\w+=.@/*?-]+(\s*,\s*[\w+=.@/*?-]+)*\s*$/,
      'must be names or paths of IAM users, such as protected/*',
    ),
  TICK_EVERY: z.string().regex(/^rate\(([2-9]|1[0-5]) minutes\)$|^rate\(1 minute\)$/, {
    error: 'must be rate(1 minute) to rate(15 minutes): an alarm expects one in that time',
  }),
  SWEEP_AT: scheduled,
  SUMMARY_AT: scheduled,
  LOG_RETENTION_DAYS: z.coerce
    .number()
    .refine((days) => RETENTIONS.includes(days), `must be one of ${RETENTIONS.join(', ')}`),
});

function deploymentProblems({ deployment }: SettingsAsked): string[] {
  const parsed = Deployment.safeParse(deployment);
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
}
