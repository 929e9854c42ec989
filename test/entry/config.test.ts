// The configuration: everything wrong is told at once, nothing is guessed, and no secret is shown.
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { BadConfiguration, configProblems, readConfig } from '../../src/entry/config.ts';
import { Environment } from '../../src/entry/environment.ts';
import { Deployment } from '../../src/entry/settings-problems.ts';
import { readServerlessFile } from '../sandbox/deployment/serverless-file.ts';

type Env = Record<string, string | undefined>;

const REQUIRED = {
  AWS_REGION: 'eu-central-1',
  MODE: 'preview',
  ACCOUNTS: '111122223333:prod,444455556666',
  SLACK_TEAM_ID: 'T012345',
  SLACK_APP_ID: 'A012345',
  ADMIN_CHANNEL: 'C012345',
  TABLE_NAME: 'keyrotate',
  CLICKS_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/111122223333/clicks.fifo',
  UPKEEP_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/111122223333/upkeep.fifo',
  SWEEPS_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/111122223333/sweeps',
  STAGE: 'prod',
  HUB_ACCOUNT: '111122223333',
  DEAD_LETTERS_QUEUE_URLS: 'https://sqs.eu-central-1.amazonaws.com/111122223333/clicks-dead',
  SCHEDULED_DEAD_LETTERS_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/111122223333/scheduled-dead',
};
/** As little as there may be. */
const LEAST = { ...REQUIRED, ADMINS: 'U012345', SLACK_SECRET_ID: 'keyrotate/slack' };

const PROD = '111122223333';
/** Slack's secrets as they are given outside AWS. */
const PLAIN = { SLACK_SECRET_ID: undefined, SLACK_BOT_TOKEN: 'xoxb-canary', SLACK_SIGNING_SECRET: 'canary' };

const problemsWith = (changes: Env) => configProblems({ ...LEAST, ...changes });
const configWith = (changes: Env) => readConfig({ ...LEAST, ...changes });

describe('the configuration', () => {
  it('is usable with as little as this', () => {
    const config = readConfig(LEAST);
    const policy = {
      mode: 'preview',
      maxKeyAgeDays: 90,
      remindDaysBefore: [14, 7, 3, 1, 0],
      remindEveryDaysOverdue: 2,
      remindEveryDaysUnderWay: 7,
      graceDays: 7,
      quietHours: 24,
      postponeDays: 14,
      escalateDays: 7,
      firstNoticeDays: 7,
      timeZone: 'UTC',
    };
    expect(config).toEqual({
      region: 'eu-central-1',
      account: PROD,
      deployment: 'prod in eu-central-1',
      isLive: false,
      functionName: 'keyrotate',
      accounts: new Map([
        ['111122223333', { name: 'prod', policy, region: 'eu-central-1' }],
        ['444455556666', { name: '444455556666', policy, region: 'eu-central-1' }],
      ]),
      slack: {
        teamId: 'T012345',
        appId: 'A012345',
        adminChannel: 'C012345',
        admins: ['U012345'],
        credentials: { secretId: 'keyrotate/slack' },
      },
      table: 'keyrotate',
      queues: {
        clicks: LEAST.CLICKS_QUEUE_URL,
        upkeep: LEAST.UPKEEP_QUEUE_URL,
        sweeps: LEAST.SWEEPS_QUEUE_URL,
        deadLetters: [LEAST.DEAD_LETTERS_QUEUE_URLS],
        scheduledDeadLetters: LEAST.SCHEDULED_DEAD_LETTERS_QUEUE_URL,
      },
      schedules: { sweep: 'cron(0 3 * * ? *)', summary: 'cron(0 9 ? * MON *)', timeZone: 'UTC' },
      vault: { prefix: '/iam/keys', readers: [] },
      protectedUsers: ['protected/*'],
      ownerTags: { ownerTag: 'keyrotate:owner', mailTag: 'mail', exemptTag: 'keyrotate:exempt' },
      maxKeyAgeDays: 90,
    });
  });

  it('takes every other setting that there is', () => {
    const reader = 'arn:aws:iam::111122223333:role/break-glass';
    const config = configWith({
      ...{
        MODE: 'live',
        HELP_CHANNEL: 'C0HELP',
        PULL_COMMAND: 'npx @acme/keyrotate pull',
        ADMIN_GROUP: 'S0ADMINS',
        SLACK_API_URL: 'http://slack/api/',
      },
      ...{
        SECRET_PREFIX: '/keys',
        SECRET_READERS: ` ${reader} , `,
        SECRET_KMS_KEY_ID: 'arn:aws:kms:eu-central-1:111122223333:key/1',
      },
      ...{ OWNER_TAG: 'Owner', MAIL_TAG: 'Mail', MAX_KEY_AGE_DAYS: '60', REMIND_DAYS_BEFORE: '10, 5' },
      ...{ REMIND_EVERY_DAYS_OVERDUE: '1', GRACE_DAYS: '14', QUIET_HOURS: '48' },
      ...{ EXEMPT_TAG: 'Exempt', REMIND_EVERY_DAYS_UNDER_WAY: '5', POSTPONE_DAYS: '0', ESCALATE_DAYS: '3' },
      ...{ FIRST_NOTICE_DAYS: '10', MAX_NEW_PER_DAY: '5', TIME_ZONE: 'Europe/Madrid' },
    });
    expect(config).toMatchObject({
      slack: { helpChannel: 'C0HELP', adminGroup: 'S0ADMINS', apiUrl: 'http://slack/api/' },
      vault: { prefix: '/keys', readers: [reader], kmsKeyId: 'arn:aws:kms:eu-central-1:111122223333:key/1' },
      ownerTags: { ownerTag: 'Owner', mailTag: 'Mail', exemptTag: 'Exempt' },
      maxKeyAgeDays: 60,
      pullCommand: 'npx @acme/keyrotate pull',
    });
    expect(config.accounts.get('111122223333')?.policy).toEqual({
      mode: 'live',
      maxKeyAgeDays: 60,
      remindDaysBefore: [10, 5],
      remindEveryDaysOverdue: 1,
      remindEveryDaysUnderWay: 5,
      graceDays: 14,
      quietHours: 48,
      postponeDays: 0,
      escalateDays: 3,
      firstNoticeDays: 10,
      maxNewPerDay: 5,
      timeZone: 'Europe/Madrid',
    });
  });

  it('depends on nothing but what it is given', () => {
    expect(() => readConfig({})).toThrow(BadConfiguration);
    expect(configWith({ PATH: '/bin', KEYROTATE: 'x' })).toEqual(readConfig(LEAST));
  });
});

describe('what is missing or malformed', () => {
  it('is told all at once', () => {
    const names = Object.keys(REQUIRED);
    const problems = configProblems({});
    for (const name of names)
      expect(problems.filter((it) => it.startsWith(`${name} is missing: `))).toHaveLength(1);
    expect(problems).toHaveLength(names.length + 2);
    expect(problems).toContainEqual(expect.stringContaining('ADMINS or ADMIN_GROUP must be set'));
    expect(problems).toContainEqual(expect.stringContaining('SLACK_SECRET_ID must be set'));
  });

  it.each<[string, Env, string]>([
    [
      'an account has two names',
      { ACCOUNTS: `${PROD}:prod,${PROD}:test` },
      `ACCOUNTS names account ${PROD} more than once`,
    ],
    [
      'an account is to be live, and the deployment is not',
      { ACCOUNTS: `${PROD},444455556666:test:live` },
      'ACCOUNTS says live of 444455556666, and MODE is preview, which deploys no right to change anything',
    ],
    [
      'a vault is to be in another partition',
      { ACCOUNTS: `${PROD},444455556666:::us-gov-west-1` },
      'ACCOUNTS puts the vault of 444455556666 into us-gov-west-1, of another partition than eu-central-1',
    ],
    [
      'a token is of another kind',
      { ...PLAIN, SLACK_BOT_TOKEN: 'xoxp-canary' },
      'SLACK_BOT_TOKEN must be a bot token, which starts with xoxb-',
    ],
  ])('is told when %s', (_, changes, problem) => expect(problemsWith(changes)).toEqual([problem]));

  it('is told in one error that people can read', () => {
    const { message } = new BadConfiguration(['A is missing', 'B must be C']);
    expect(message).toBe('The configuration is not usable:\n  - A is missing\n  - B must be C');
  });

  it.each(Object.keys(LEAST))('is told when it is %s', (name) => {
    expect(problemsWith({ [name]: undefined })).toEqual([expect.stringContaining(name)]);
    expect(problemsWith({ [name]: '' })).toEqual([expect.stringContaining(name)]);
  });

  it.each([
    ['AWS_REGION', ['frankfurt', 'eu-central-1a', 'EU-CENTRAL-1', ' ']],
    [
      'ACCOUNTS',
      [
        ...['1111', '111122223333:', '111122223333;444455556666', 'prod:111122223333', ','],
        ...['111122223333:a:', '111122223333:a:on', '111122223333:a:live:', '111122223333:a::frankfurt'],
      ],
    ],
    ['MODE', ['on', 'LIVE', 'live,preview', '111122223333', '111122223333:live', 'live,111122223333:live']],
    ['HUB_ACCOUNT', ['1111', 'prod']],
    ['EXTERNAL_ID', ['x', 'two words']],
    ['SLACK_TEAM_ID', ['012345', 't012345', 'C012345', 'T012345,T0ELSE']],
    ['SLACK_APP_ID', ['012345', 'T012345']],
    ['ADMIN_CHANNEL', ['#security', 'U012345']],
    ['HELP_CHANNEL', ['#help', 'U012345']],
    [
      'PULL_COMMAND',
      [
        ...['keyrotate', 'npx keyrotate pull', 'npx -y keyrotate pull', 'npm exec -- keyrotate@1 pull'],
        ...[
          'pnpm dlx keyrotate pull',
          'keyrotate `id` pull',
          'curl x | sh pull',
          'keyrotate  pull',
          '$(x) pull',
        ],
      ],
    ],
    ['ADMINS', ['@ana', 'ana@example.com', 'U012345;U023456', 'S012345', '*', ',', ' ']],
    ['ADMIN_GROUP', ['@admins', 'U012345']],
    ['SLACK_API_URL', ['slack.com/api', 'ftp://slack/api/']],
    ['TABLE_NAME', ['ab', 'a table', 'x'.repeat(256)]],
    ['CLICKS_QUEUE_URL', ['clicks.fifo']],
    ['UPKEEP_QUEUE_URL', ['arn:aws:sqs:eu-central-1:111122223333:upkeep.fifo']],
    ['SWEEPS_QUEUE_URL', ['https://']],
    ['DEAD_LETTERS_QUEUE_URLS', ['clicks-dead']],
    ['SCHEDULED_DEAD_LETTERS_QUEUE_URL', ['scheduled-dead']],
    ['STAGE', ['prod/eu', 'a'.repeat(45)]],
    ['SECRET_PREFIX', ['/iam/keys/', '/iam keys', '/', 'x'.repeat(201)]],
    ['SECRET_READERS', ['break-glass', 'arn:aws:iam::111122223333:user/ana', '*']],
    ['SECRET_KMS_KEY_ID', ['alias/keys']],
    ['MAX_KEY_AGE_DAYS', ['0', '-1', '1.5', 'ninety', '3651', '9e1', ' 90']],
    ['REMIND_DAYS_BEFORE', ['7;3', 'a week', '-1', '1.5', '90', '14,100']],
    ['REMIND_EVERY_DAYS_OVERDUE', ['0', '366']],
    ['GRACE_DAYS', ['0', '366', '']],
    ['QUIET_HOURS', ['0', '2161']],
    ['REMIND_EVERY_DAYS_UNDER_WAY', ['0', '366']],
    ['POSTPONE_DAYS', ['-1', '366']],
    ['ESCALATE_DAYS', ['0', '366']],
    ['FIRST_NOTICE_DAYS', ['0', '91']],
    ['MAX_NEW_PER_DAY', ['0', '100001']],
    ['TIME_ZONE', ['Madrid', 'CEST+', '+25:00']],
  ])('is told when %s is malformed', (name, values) => {
    for (const value of values.filter((it) => it !== ''))
      expect(problemsWith({ [name]: value }), value).toContainEqual(expect.stringContaining(name));
  });

  it('is told without the value, which may be a secret in the wrong place', () => {
    const names = Object.keys(Environment.shape);
    const canaries = Object.fromEntries(names.map((name) => [name, ' canary;']));
    const problems = configProblems(canaries);
    expect(problems.length).toBeGreaterThan(10);
    expect(problems.join()).not.toContain('canary');
  });
});

describe('the region', () => {
  it.each([
    'eu-central-1',
    'us-gov-west-1',
    'cn-northwest-1',
    'us-isob-east-1',
    'eu-isoe-west-1',
    'eusc-de-east-1',
  ])('may be of any of AWS’s partitions: %s', (AWS_REGION) => {
    expect(problemsWith({ AWS_REGION })).toEqual([]);
  });
});

describe('an empty variable', () => {
  it.each(Object.keys(Environment.shape))('counts as absent: %s', (name) => {
    expect(outcome({ [name]: '' })).toEqual(outcome({ [name]: undefined }));
  });

  const outcome = (changes: Env) => {
    const problems = problemsWith(changes);
    return problems.length > 0 ? problems : configWith(changes);
  };
});

describe('the mode', () => {
  const modes = (MODE: string, ACCOUNTS: string) =>
    [...configWith({ MODE, ACCOUNTS }).accounts.values()].map(({ policy }) => policy.mode);

  it.each([
    ['preview', '111122223333,444455556666', ['preview', 'preview']],
    ['live', '111122223333,444455556666', ['live', 'live']],
    ['live', '111122223333,444455556666::preview', ['live', 'preview']],
    ['live', '111122223333 , 444455556666:new:preview:eu-west-1', ['live', 'preview']],
    ['live', '111122223333:prod,444455556666:new:live', ['live', 'live']],
  ])('of each account, where it is %s and ACCOUNTS is %s', (mode, accounts, expected) => {
    expect(modes(mode, accounts)).toEqual(expected);
  });
});

describe('another account', () => {
  it('has a name, and its vault in a region of its own, or where keyrotate is', () => {
    const { accounts } = configWith({ ACCOUNTS: `${PROD}:prod,444455556666:::eu-west-1,777788889999` });
    expect([...accounts].map(([id, { name, region }]) => [id, name, region])).toEqual([
      [PROD, 'prod', 'eu-central-1'],
      ['444455556666', '444455556666', 'eu-west-1'],
      ['777788889999', '777788889999', 'eu-central-1'],
    ]);
  });
});

describe('reminders', () => {
  const tooEarly = 'REMIND_DAYS_BEFORE must be less than MAX_KEY_AGE_DAYS: a new key would be due at once';

  it.each<[Env, string[]]>([
    [{ REMIND_DAYS_BEFORE: '30', MAX_KEY_AGE_DAYS: '30' }, [tooEarly]],
    [{ REMIND_DAYS_BEFORE: '90' }, [tooEarly]],
    [{ MAX_KEY_AGE_DAYS: '14' }, [tooEarly]],
    [{ MAX_KEY_AGE_DAYS: '15' }, []],
    [{ REMIND_DAYS_BEFORE: '0', MAX_KEY_AGE_DAYS: '1' }, []],
  ])('start after a key is made, or a new key would be due at once: %j', (changes, problems) => {
    expect(problemsWith(changes)).toEqual(problems);
  });

  it('may be none but the one on the day', () => {
    expect(configWith({ REMIND_DAYS_BEFORE: '0' }).accounts.get('111122223333')?.policy).toMatchObject({
      remindDaysBefore: [0],
    });
  });
});

describe('Slack’s secrets', () => {
  it('may be plain variables outside AWS', () => {
    const { credentials } = configWith({ ...PLAIN, SLACK_PREVIOUS_SIGNING_SECRET: 'canary-before' }).slack;
    if (!('token' in credentials)) throw new Error('expected a token');
    expect(credentials.token.reveal()).toBe('xoxb-canary');
    expect(credentials.signingSecrets.map((it) => it.reveal())).toEqual(['canary', 'canary-before']);
  });

  it('are no empty previous secret when that variable is empty: anybody could sign with it', () => {
    const { credentials } = configWith({ ...PLAIN, SLACK_PREVIOUS_SIGNING_SECRET: '' }).slack;
    expect(credentials).toMatchObject({ signingSecrets: [expect.anything()] });
  });

  it.each(['SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET'])('are not complete without %s', (name) => {
    expect(problemsWith({ ...PLAIN, [name]: undefined })).toEqual([
      expect.stringContaining('SLACK_SECRET_ID must be set'),
    ]);
  });

  it('are never shown, however the configuration is printed', () => {
    const config = configWith({ ...PLAIN, SLACK_PREVIOUS_SIGNING_SECRET: 'canary-before' });
    const printed = [
      JSON.stringify(config),
      inspect(config, { depth: null, showHidden: true }),
      `${Object.values(config.slack.credentials)}`,
    ];
    expect(printed.join()).not.toContain('canary');
    expect(printed.join()).toContain('[secret]');
  });
});

describe('the README', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const [, configuration = ''] = /\n## Configuration\n([\s\S]*?)(?=\n## )/.exec(readme) ?? [];
  const rows = [...configuration.matchAll(/^\| `([A-Z_]+)` \| (.*?) \|/gm)].map(([, name, fallback]) => ({
    name: name ?? '',
    fallback: fallback ?? '',
  }));

  it('names every variable, and no other', () => {
    const named = [...configuration.matchAll(/`([A-Z][A-Z_]{3,})`/g)].map(([, name]) => name);
    // The AWS SDK's own, for other servers.
    const known = [...Object.keys(Environment.shape), ...Object.keys(Deployment.shape), 'AWS_ENDPOINT_URL'];
    expect([...new Set(named)].sort()).toEqual([...new Set(known)].sort());
  });

  it('tells the defaults that hold', () => {
    const told = rows.filter(({ fallback }) => fallback.startsWith('`'));
    const env = Object.fromEntries(told.map(({ name, fallback }) => [name, fallback.replaceAll('`', '')]));
    expect(told.length).toBeGreaterThan(8);
    expect(readConfig({ ...LEAST, ...env })).toEqual(readConfig(LEAST));
    const { provider, custom } = readServerlessFile();
    expect({ ...provider.environment, ...custom.deployment }).toMatchObject(env);
  });

  it('says of each variable in its table whether it is required', () => {
    const required = rows.filter(({ fallback }) => fallback === 'required').map(({ name }) => name);
    expect(required.length).toBeGreaterThan(0);
    for (const { name } of rows)
      if (required.includes(name)) expect(problemsWith({ [name]: undefined }), name).not.toEqual([]);
  });
});

describe('tags and protected users', () => {
  it.each([
    [
      { PROTECTED_USERS: ' , ' },
      'PROTECTED_USERS must name at least one IAM user, or a path such as protected/*',
    ],
    [{ PROTECTED_USERS: 'ops/*, *' }, 'PROTECTED_USERS must not name everybody: no key could be rotated'],
    [{ OWNER_TAG: 'aws:owner' }, "OWNER_TAG must be a tag's key"],
    [{ EXEMPT_TAG: 'own?er*' }, "EXEMPT_TAG must be a tag's key"],
    [{ EXEMPT_TAG: 'Keyrotate:Owner' }, 'OWNER_TAG, MAIL_TAG and EXEMPT_TAG must be three tags'],
    [{ OWNER_TAG: 'mail' }, 'OWNER_TAG, MAIL_TAG and EXEMPT_TAG must be three tags'],
  ])('could never work as %j', (changes, problem) => {
    expect(configProblems({ ...LEAST, ...changes })).toEqual([expect.stringContaining(problem)]);
  });
});
