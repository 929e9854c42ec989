// Reads the environment, the only place that does. Whatever is missing or malformed is told at once, all of it.
import type { Rules } from '../domain/forecast.ts';
import type { OwnerTags } from '../domain/owner.ts';
import type { Policy } from '../domain/policy.ts';
import { Secret } from '../usecases/secret.ts';
import { listedAccounts } from './accounts-file.ts';
import { Environment, partsOf, type Settings } from './environment.ts';

export interface Config {
  region: string;
  /** That it runs in. */
  account: string;
  /** What the roles of other accounts ask for, where they ask. */
  externalId?: string;
  /** `prod in eu-central-1`: which of those that there may be. */
  deployment: string;
  /** In any account. */
  isLive: boolean;
  /** With the deployment's name in it: `keyrotate-prod-worker`. */
  functionName: string;
  /** `region`: of the vault. */
  accounts: Map<string, { name: string; policy: Policy; region: string }>;
  slack: {
    teamId: string;
    appId: string;
    adminChannel: string;
    /** Where owners are told to ask. */
    helpChannel?: string;
    admins: string[];
    adminGroup?: string;
    /** Where the token and signing secrets are: a Secrets Manager secret, or plain variables in the sandbox. */
    credentials: { secretId: string } | { token: Secret; signingSecrets: Secret[] };
    /** Another server in Slack's place, as `https://…/api/`. */
    apiUrl?: string;
  };
  table: string;
  queues: {
    clicks: string;
    upkeep: string;
    sweeps: string;
    deadLetters: string[];
    scheduledDeadLetters: string;
  };
  /** What people type for `keyrotate pull`; absent where they have not got it. */
  pullCommand?: string;
  schedules: { sweep: string; summary: string; timeZone: string };
  vault: { prefix: string; readers: string[]; kmsKeyId?: string };
  ownerTags: OwnerTags;
  /** `protected/*`, as IAM matches a resource. */
  protectedUsers: string[];
  /** The same in every account: said in the summary. */
  maxKeyAgeDays: number;
}

type Variables = Record<string, string | undefined>;

export class BadConfiguration extends Error {
  /** `usable`: the settings that can be used, each by itself. */
  constructor(
    readonly problems: readonly string[],
    readonly usable: Partial<Settings> = {},
  ) {
    super(`The configuration is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'BadConfiguration';
  }
}

/**
 * Reads nothing but the file that ACCOUNTS may name, in `folder`. An empty variable counts as absent. Throws BadConfiguration
 * with every problem at once.
 */
export function readConfig(env: Variables = process.env, folder = env.LAMBDA_TASK_ROOT ?? '.'): Config {
  const present = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const listed = listedAccounts(present.ACCOUNTS ?? '', folder);
  if (present.ACCOUNTS) present.ACCOUNTS = listed.accounts;
  const parsed = Environment.safeParse(present);
  const issues = parsed.success ? [] : parsed.error.issues;
  const problems = [
    ...listed.problems,
    ...issues
      .filter(({ path }) => listed.problems.length === 0 || path[0] !== 'ACCOUNTS')
      .map(({ path, message }) => `${path.join('.')} ${message}`),
  ];
  problems.push(...acrossVariables(present));
  if (!parsed.success || problems.length > 0) throw new BadConfiguration(problems, usableOf(present));
  return fromSettings(parsed.data);
}

function usableOf(env: Variables): Partial<Settings> {
  const read = Object.entries(Environment.shape).map(([name, shape]) => [
    name,
    shape.safeParse(env[name]).data,
  ]);
  return Object.fromEntries(read.filter(([, value]) => value !== undefined));
}

/**
 * For a command on somebody's machine, where Lambda sets nothing: every client of AWS's goes by it.
 * Returns what may stand in Slack's place.
 */
export function actIn(region: string, profile?: string): { SLACK_API_URL?: string } {
  const { SLACK_API_URL } = process.env;
  process.env.AWS_REGION = region;
  if (profile) process.env.AWS_PROFILE = profile;
  // The framework runs on whatever Node.js the operator has; the functions do not.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  return SLACK_API_URL ? { SLACK_API_URL } : {};
}

/** The AWS profile by which such a command acts, and where profiles are written down, where that is not the usual place. */
export function awsProfile() {
  const { AWS_PROFILE, AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE } = process.env;
  return {
    profile: AWS_PROFILE || undefined,
    config: AWS_CONFIG_FILE,
    credentials: AWS_SHARED_CREDENTIALS_FILE,
  };
}

const NOBODYS_ACCOUNT = '0'.repeat(12);

/** Settings without a deployment: what only one has is made up. Throws BadConfiguration. */
function undeployed(env: Variables): Config {
  const url = 'https://example.com';
  return readConfig({
    ...{ AWS_REGION: 'us-east-1', STAGE: 'none', MODE: 'preview', TABLE_NAME: 'none' },
    ...{ ACCOUNTS: NOBODYS_ACCOUNT, HUB_ACCOUNT: NOBODYS_ACCOUNT },
    ...{ SLACK_TEAM_ID: 'T000', SLACK_APP_ID: 'A000', ADMIN_CHANNEL: 'C000', ADMINS: 'U000' },
    ...{ SLACK_SECRET_ID: 'none', CLICKS_QUEUE_URL: url, UPKEEP_QUEUE_URL: url, SWEEPS_QUEUE_URL: url },
    ...{ DEAD_LETTERS_QUEUE_URLS: url, SCHEDULED_DEAD_LETTERS_QUEUE_URL: url },
    ...env,
  });
}

/** The policy and the names of tags, for a look at an account. Throws BadConfiguration. */
export function readRules(env: Variables = process.env): Rules {
  const ofDeployment = (name: string) => OF_A_DEPLOYMENT.test(name);
  const { accounts, ownerTags, protectedUsers } = undeployed(
    Object.fromEntries(Object.entries(env).filter(([name]) => !ofDeployment(name))),
  );
  const policy = accounts.get(NOBODYS_ACCOUNT)?.policy;
  if (!policy) throw new Error('the account that was made up has no policy');
  return { policy, ownerTags, protectedUsers };
}

const OF_A_DEPLOYMENT =
  /^(AWS_REGION|STAGE|MODE|TABLE_NAME|\w*ACCOUNTS?|EXTERNAL_ID|ADMINS|\w+_CHANNEL|PULL_COMMAND|ADMIN_GROUP|SLACK_\w+|SECRET_READERS|SECRET_KMS_KEY_ID|\w+_QUEUE_URLS?)$/;

/** What the roles of other accounts go by. The shell counts before `file`. Throws BadConfiguration. */
export function readMemberSettings(file: Variables): {
  externalId: string | undefined;
  prefix: string;
  protectedUsers: readonly string[];
} {
  const names = ['EXTERNAL_ID', 'SECRET_PREFIX', 'PROTECTED_USERS'];
  const given = Object.fromEntries(names.map((name) => [name, process.env[name] || file[name]]));
  const { externalId, vault, protectedUsers } = undeployed(given);
  return { externalId, prefix: vault.prefix, protectedUsers };
}

/** What `readConfig` would throw about; none when it can be read. */
export function configProblems(env: Variables, folder?: string): readonly string[] {
  try {
    readConfig(env, folder);
    return [];
  } catch (error) {
    if (error instanceof BadConfiguration) return error.problems;
    throw error;
  }
}

/** What no single variable can tell: which of them need one another. A malformed one is told of elsewhere. */
function acrossVariables(env: Variables): string[] {
  const problems: string[] = [];
  const { ADMINS, REMIND_DAYS_BEFORE, MAX_KEY_AGE_DAYS } = Environment.shape;
  if (ADMINS.safeParse(env.ADMINS).data?.length === 0 && !env.ADMIN_GROUP)
    problems.push('ADMINS or ADMIN_GROUP must be set: somebody must be admin');
  if (!env.SLACK_SECRET_ID && !(env.SLACK_BOT_TOKEN && env.SLACK_SIGNING_SECRET))
    problems.push('SLACK_SECRET_ID must be set (or, outside AWS, SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET)');
  for (const name of ['SECRET_READERS', 'SECRET_KMS_KEY_ID'])
    problems.push(...arnProblems(name, env[name], env.AWS_REGION, accountsIn(env.ACCOUNTS ?? '')));
  problems.push(...accountProblems(env), ...secretProblems(env), ...tagProblems(env));
  const reminders = REMIND_DAYS_BEFORE.safeParse(env.REMIND_DAYS_BEFORE).data ?? [];
  const maxAge = MAX_KEY_AGE_DAYS.safeParse(env.MAX_KEY_AGE_DAYS).data;
  if (maxAge !== undefined && reminders.some((days) => Number(days) >= maxAge))
    problems.push('REMIND_DAYS_BEFORE must be less than MAX_KEY_AGE_DAYS: a new key would be due at once');
  return problems;
}

/** IAM takes the keys of tags in any case of letters: one tag cannot say two things. */
function tagProblems(env: Variables): string[] {
  const { OWNER_TAG, MAIL_TAG, EXEMPT_TAG } = Environment.shape;
  const shapes = { OWNER_TAG, MAIL_TAG, EXEMPT_TAG };
  const keys = Object.entries(shapes).map(([name, shape]) => shape.safeParse(env[name]).data?.toLowerCase());
  return new Set(keys).size < keys.length ? ['OWNER_TAG, MAIL_TAG and EXEMPT_TAG must be three tags'] : [];
}

/**
 * What in `text` is of another partition or region, or of none of `accounts`: a reader of another account would be left out of
 * every policy, and nobody would notice before they need it. Without `accounts`, or without a region, that is not judged.
 */
export function arnProblems(name: string, text = '', here = '', accounts?: readonly string[]): string[] {
  const partition = partitionOf(here);
  return [...text.matchAll(/arn:([\w-]+):\w+:([\w-]*):(\d{12}):/g)].flatMap(
    ([, foreign = '', region = '', account = '']) => [
      ...([partition ?? foreign].includes(foreign)
        ? []
        : [`${name} is of the partition ${foreign}, ${here} of ${partition}`]),
      ...(['', here].includes(region) || here === ''
        ? []
        : [`${name} is of the region ${region}, not of ${here}`]),
      ...((accounts ?? [account]).includes(account)
        ? []
        : [`${name} is of the account ${account}, ${notAmong(accounts)}`]),
    ],
  );
}

/** undefined: one that is not known here, and not judged. */
export function partitionOf(region: string): string | undefined {
  if (region === '' || /^(us-iso|eu-iso|eusc-)/.test(region)) return undefined;
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** The worker is denied to read whatever lies among the keys' secrets. */
function secretProblems({ SLACK_SECRET_ID, SECRET_PREFIX = '/iam/keys' }: Variables) {
  return SLACK_SECRET_ID?.startsWith(`${SECRET_PREFIX}/`)
    ? [`SLACK_SECRET_ID lies under SECRET_PREFIX, ${SECRET_PREFIX}, where the worker may read nothing`]
    : [];
}

function accountsIn(list: string): string[] {
  return partsOf(list).map((entry) => entry.slice(0, 12));
}

function notAmong(accounts: readonly string[] = []): string {
  return accounts.length > 1
    ? 'which ACCOUNTS does not name'
    : `not of ${accounts.join()}, which is deployed to`;
}

function accountProblems({ ACCOUNTS = '', MODE = '', AWS_REGION = '' }: Variables): string[] {
  const allowed = accountsIn(ACCOUNTS);
  const twice = allowed.filter((account, i) => account !== '' && allowed.indexOf(account) !== i);
  const entries = partsOf(ACCOUNTS).map((entry) => entry.split(':'));
  const live = entries.find(([, , mode]) => mode === 'live');
  const here = partitionOf(AWS_REGION);
  const far = entries.filter(([, , , region = '']) => ![undefined, here].includes(partitionOf(region)));
  return [
    ...[...new Set(twice)].map((account) => `ACCOUNTS names account ${account} more than once`),
    ...(MODE === 'preview' && live
      ? [`ACCOUNTS says live of ${live[0]}, and MODE is preview, which deploys no right to change anything`]
      : []),
    ...far.map(
      ([id, , , region]) =>
        `ACCOUNTS puts the vault of ${id} into ${region}, of another partition than ${AWS_REGION}`,
    ),
  ];
}

function fromSettings(settings: Settings): Config {
  const accounts = settings.ACCOUNTS.map((entry) => {
    const [id = '', name, mode, region] = entry.split(':');
    const policy = policyFor(mode === 'preview' ? mode : settings.MODE, settings);
    return [id, { name: name || id, policy, region: region || settings.AWS_REGION }] as const;
  });
  return {
    region: settings.AWS_REGION,
    account: settings.HUB_ACCOUNT,
    ...(settings.EXTERNAL_ID && { externalId: settings.EXTERNAL_ID }),
    isLive: accounts.some(([, { policy }]) => policy.mode === 'live'),
    deployment: `${settings.STAGE} in ${settings.AWS_REGION}`,
    functionName: settings.AWS_LAMBDA_FUNCTION_NAME,
    accounts: new Map(accounts),
    slack: {
      teamId: settings.SLACK_TEAM_ID,
      appId: settings.SLACK_APP_ID,
      adminChannel: settings.ADMIN_CHANNEL,
      admins: settings.ADMINS,
      credentials: credentialsOf(settings),
      ...(settings.HELP_CHANNEL && { helpChannel: settings.HELP_CHANNEL }),
      ...(settings.ADMIN_GROUP && { adminGroup: settings.ADMIN_GROUP }),
      ...(settings.SLACK_API_URL && { apiUrl: settings.SLACK_API_URL }),
    },
    table: settings.TABLE_NAME,
    queues: {
      clicks: settings.CLICKS_QUEUE_URL,
      upkeep: settings.UPKEEP_QUEUE_URL,
      sweeps: settings.SWEEPS_QUEUE_URL,
      deadLetters: settings.DEAD_LETTERS_QUEUE_URLS,
      scheduledDeadLetters: settings.SCHEDULED_DEAD_LETTERS_QUEUE_URL,
    },
    schedules: { sweep: settings.SWEEP_AT, summary: settings.SUMMARY_AT, timeZone: settings.TIME_ZONE },
    vault: {
      prefix: settings.SECRET_PREFIX,
      readers: settings.SECRET_READERS,
      ...(settings.SECRET_KMS_KEY_ID && { kmsKeyId: settings.SECRET_KMS_KEY_ID }),
    },
    protectedUsers: settings.PROTECTED_USERS,
    ...(settings.PULL_COMMAND && { pullCommand: settings.PULL_COMMAND }),
    ownerTags: {
      ownerTag: settings.OWNER_TAG,
      mailTag: settings.MAIL_TAG,
      exemptTag: settings.EXEMPT_TAG,
    },
    maxKeyAgeDays: settings.MAX_KEY_AGE_DAYS,
  };
}

function policyFor(mode: string, settings: Settings): Policy {
  return {
    mode: mode === 'live' ? 'live' : 'preview',
    maxKeyAgeDays: settings.MAX_KEY_AGE_DAYS,
    remindDaysBefore: settings.REMIND_DAYS_BEFORE.map(Number),
    remindEveryDaysOverdue: settings.REMIND_EVERY_DAYS_OVERDUE,
    remindEveryDaysUnderWay: settings.REMIND_EVERY_DAYS_UNDER_WAY,
    graceDays: settings.GRACE_DAYS,
    quietHours: settings.QUIET_HOURS,
    postponeDays: settings.POSTPONE_DAYS,
    escalateDays: settings.ESCALATE_DAYS,
    firstNoticeDays: settings.FIRST_NOTICE_DAYS,
    ...(settings.MAX_NEW_PER_DAY !== 'auto' && { maxNewPerDay: Number(settings.MAX_NEW_PER_DAY) }),
    timeZone: settings.TIME_ZONE,
  };
}

function credentialsOf(settings: Settings): Config['slack']['credentials'] {
  const {
    SLACK_BOT_TOKEN: token,
    SLACK_SIGNING_SECRET: signing,
    SLACK_PREVIOUS_SIGNING_SECRET: previous,
  } = settings;
  if (token && signing) {
    const signingSecrets = [signing, previous].filter((secret) => secret !== undefined);
    return { token: new Secret(token), signingSecrets: signingSecrets.map((secret) => new Secret(secret)) };
  }
  return { secretId: settings.SLACK_SECRET_ID ?? '' };
}
