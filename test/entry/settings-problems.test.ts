// What stops a deployment at the desk: every setting that is missing, misspelt, or of no use, told at once.
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  commandProblems,
  type SettingsAsked,
  settingsNotes,
  settingsProblems,
} from '../../src/entry/settings-problems.ts';
import { readServerlessFile } from '../sandbox/deployment/serverless-file.ts';

const FEWEST = {
  MODE: 'preview',
  SLACK_TEAM_ID: 'T0ACME56789',
  SLACK_APP_ID: 'A0ACME56789',
  ADMIN_CHANNEL: 'C0ACME56789',
  ADMINS: 'U0ACME56789',
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyrotate-settings-'));
});
afterEach(() => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a deployment from `folder` asks, with these settings in the shell, or these names given. */
function asked(env: Record<string, string>, given: string[] = [], place: object = {}): SettingsAsked {
  const { provider, custom } = readServerlessFile({ env: { ...FEWEST, ...env } });
  return {
    ...{ folder, stage: 'prod', region: 'eu-central-1', given, environment: provider.environment },
    regions: ['eu-central-1', 'us-east-1', 'us-gov-west-1'],
    deployment: custom.deployment,
    ...place,
  };
}

const problemsWith = (...settings: Parameters<typeof asked>) => settingsProblems(asked(...settings));
const notesWith = (...settings: Parameters<typeof asked>) => settingsNotes(asked(...settings));
const write = (text: string | Buffer, name = '.env') => writeFileSync(join(folder, name), text);

/** Settings as a stage's block of serverless.yml may have them. */
function problemsInBlock(block: Record<string, unknown>): string[] {
  const { environment, deployment } = asked({});
  const over = (values: object) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, block[name] ?? value]));
  return problemsWith({}, [], { environment: over(environment), deployment: over(deployment) });
}

it('nothing stops the fewest settings that there may be', () => {
  expect(problemsWith({})).toEqual([]);
});

it('every identifier that is missing is told, and who is to be admin', () => {
  const none = { MODE: '', SLACK_TEAM_ID: '', SLACK_APP_ID: '', ADMIN_CHANNEL: '', ADMINS: '' };
  const problems = problemsWith(none, [], { stage: undefined, region: undefined });
  expect(problems.map((problem) => problem.split(/ (?:is missing|must)/)[0])).toEqual([
    ...[
      '--stage',
      '--region',
      'MODE',
      'SLACK_TEAM_ID',
      'SLACK_APP_ID',
      'ADMIN_CHANNEL',
      'ADMINS or ADMIN_GROUP',
    ],
  ]);
});

describe('a value that could never work', () => {
  it.each([
    ['MODE', 'Live'],
    ['SLACK_TEAM_ID', 'acme-corp'],
    ['SLACK_TEAM_ID', 'E0ACME56789'],
    ['ADMIN_CHANNEL', 'keyrotate-admins'],
    ['ADMINS', '@sam'],
    ['SLACK_SECRET_ID', 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:keyrotate/slack-AbCdEf'],
    ['SLACK_SECRET_ID', '/iam/keys/slack'],
    ['SECRET_READERS', 'arn:aws:iam::111122223333:role/*'],
    ['SECRET_READERS', 'arn:aws:iam::111122223333:role/break-glas?'],
    ['SECRET_KMS_KEY_ID', 'alias/keyrotate'],
    ['SECRET_KMS_KEY_ID', 'arn:aws:kms:eu-central-1:111122223333:alias/keyrotate'],
    ['SECRET_KMS_KEY_ID', 'arn:aws:s3:eu-central-1:111122223333:key/1'],
    ['SECRET_KMS_KEY_ID', 'arn:aws:kms:us-east-1:111122223333:key/1'],
    ['SECRET_PREFIX', ''],
    ['PROTECTED_USERS', ''],
    ['PROTECTED_USERS', 'the CI users'],
    ['ALARM_TOPIC', 'keyrotate-alarms'],
    ['ALARM_TOPIC', 'arn:aws:sns:eu-central-1:111122223333:alarms.fifo'],
    ['ALARM_TOPIC', 'arn:aws-us-gov:sns:eu-central-1:111122223333:alarms'],
    ['TABLE_NAME', 'arn:aws:dynamodb:eu-central-1:111122223333:table/keyrotate-prod'],
    ['TABLE_NAME', 'my table'],
    ['TICK_EVERY', 'rate(1 hour)'],
    ['SWEEP_AT', 'at night'],
    ['SUMMARY_AT', '0 9 * * 1'],
    ['SWEEP_AT', 'cron(0 3 ? * MON *)'],
    ['SWEEP_AT', 'cron(0 3 1 * ? *)'],
    ['SWEEP_AT', 'cron(0 3 * JAN ? *)'],
    ['UPKEEP_CONCURRENCY', '1'],
    ['UPKEEP_CONCURRENCY', 'many'],
    ['REQUESTS_PER_SECOND', '0'],
    ['LOG_RETENTION_DAYS', '100'],
    ['TIME_ZONE', 'Madrid'],
    ['TIME_ZONE', 'PST'],
    ['TIME_ZONE', 'Europe/Madird'],
    ['MODE', 'live '],
    ['ACCOUNTS', '111122223333:{Foo}'],
    ['ALARM_TOPIC', 'arn:aws:sns:us-east-1:111122223333:alarms'],
    ['PROTECTED_USERS', '/'],
    ['PROTECTED_USERS', '/protected/'],
    ['PROTECTED_USERS', 'user/ci'],
    ['SWEEP_AT', 'rate(1 days)'],
    ['SWEEP_AT', 'cron(a b c d e f)'],
    ['SWEEP_AT', 'cron(0 3 * * * *)'],
    ['SUMMARY_AT', 'cron(0 25 ? * MON *)'],
    ['SUMMARY_AT', 'cron(0 9 ? * 8 *)'],
    ['LOG_RETENTION_DAYS', 'forever'],
  ])('is told by its name: %s=%s', (name, value) => {
    expect(problemsWith({ [name]: value })).toEqual([expect.stringContaining(name)]);
  });

  it('is a role or a key of another partition, or of an account that is not served', () => {
    const reader = 'arn:aws-cn:iam::111122223333:role/break-glass';
    expect(problemsWith({ SECRET_READERS: reader })).toEqual([
      'SECRET_READERS is of the partition aws-cn, eu-central-1 of aws',
    ]);
    const key = 'arn:aws:kms:eu-central-1:444455556666:key/1';
    expect(problemsWith({ ACCOUNTS: '111122223333:prod', SECRET_KMS_KEY_ID: key })).toEqual([
      'SECRET_KMS_KEY_ID is of the account 444455556666, not of 111122223333, which is deployed to',
    ]);
  });

  it('is a reader of an account that is not among several', () => {
    const SECRET_READERS = 'arn:aws:iam::777788889999:role/break-glass';
    expect(problemsWith({ ACCOUNTS: '111122223333,444455556666', SECRET_READERS })).toEqual([
      'SECRET_READERS is of the account 777788889999, which ACCOUNTS does not name',
    ]);
  });

  it('is a file of accounts that is not there, or in which lines are none', () => {
    expect(problemsWith({ ACCOUNTS: 'accounts.txt' })).toEqual([
      'ACCOUNTS names the file accounts.txt, which cannot be read',
    ]);
    write('111122223333\tMain, of all\n\n# new\n4444-5555-6666\n444455556666:pay:on\n', 'accounts.txt');
    expect(problemsWith({ ACCOUNTS: 'accounts.txt' })).toEqual([
      expect.stringMatching(
        /^ACCOUNTS: line 4 of accounts.txt must be an account's id, .* it is "4444-5555-6666"$/,
      ),
      expect.stringMatching(/^ACCOUNTS: line 5 of accounts.txt .* it is "444455556666:pay:on"$/),
    ]);
  });

  it('is judged in a file as in the setting', () => {
    const ids = Array.from({ length: 200 }, (_, nth) => `${111_122_220_000 + nth}\tname ${nth}`);
    write(ids.join('\n'), 'accounts.txt');
    const ACCOUNTS = 'accounts.txt';
    expect(problemsWith({ ACCOUNTS })).toEqual([]);
    expect(problemsWith({ ACCOUNTS, SECRET_READERS: 'arn:aws:iam::777788889999:role/a' })).toEqual([
      'SECRET_READERS is of the account 777788889999, which ACCOUNTS does not name',
    ]);
    write('111122223333\n111122223333:twice\n444455556666:x:live', 'accounts.txt');
    expect(problemsWith({ ACCOUNTS })).toEqual([
      'ACCOUNTS names account 111122223333 more than once',
      expect.stringMatching(/^ACCOUNTS says live of 444455556666/),
    ]);
  });

  it('is a list of accounts for which the functions have no room', () => {
    const ids = Array.from({ length: 120 }, (_, nth) => String(111_122_220_000 + nth));
    expect(problemsWith({ ACCOUNTS: ids.join() })).toEqual([
      expect.stringContaining('ACCOUNTS is longer than 1500 characters'),
    ]);
    expect(problemsWith({ ACCOUNTS: ids.slice(0, 100).join() })).toEqual([]);
  });

  it('is one of two readers of different accounts, where none is named: it cannot be the one deployed to', () => {
    const SECRET_READERS = 'arn:aws:iam::111122223333:role/a,arn:aws:iam::444455556666:role/b';
    expect(problemsWith({ SECRET_READERS })).toHaveLength(1);
  });
});

it.each([
  ['SECRET_KMS_KEY_ID', 'arn:aws:kms:eu-central-1:111122223333:key/mrk-11112222333344445555666677778888'],
  ['ACCOUNTS', '012345678901'],
  ['PROTECTED_USERS', '/protected/*, ops/ci-root,'],
  ['SWEEP_AT', 'cron(0/30 3,15 ? * * *)'],
  ['SUMMARY_AT', 'cron(0/30 3,15 1 JAN-DEC ? 2027-2030)'],
  ['UPKEEP_CONCURRENCY', '2'],
  ['SUMMARY_AT', 'cron(0 9 ? * MON-FRI *)'],
  ['TIME_ZONE', 'America/Argentina/Buenos_Aires'],
  ['ADMIN_GROUP', ''],
  ['TABLE_NAME', ''],
  ['TABLE_NAME', 'keyrotate-prod-Table-1ABCDEFGHIJKL'],
])('a value that works is taken: %s=%s', (name, value) => {
  expect(problemsWith({ [name]: value })).toEqual([]);
});

it('what is wrong is shown with its value, where a space at its end would not be seen', () => {
  expect(problemsWith({ MODE: 'live ' })).toEqual([expect.stringMatching(/^MODE must .*; it is "live "$/)]);
  const ACCOUNTS = '1111-2222-3333';
  expect(problemsWith({ ACCOUNTS })).toEqual([
    expect.stringMatching(/^ACCOUNTS must .*; it is "1111-2222-3333"$/),
  ]);
});

describe('where it is to run', () => {
  it.each(['frankfurt', 'eu-central-9', 'EU-CENTRAL-1'])(
    'is told by the name of the option: --region %s',
    (region) => {
      expect(problemsWith({}, [], { region })).toEqual([
        `--region must be an AWS region such as eu-central-1; it is "${region}"`,
      ]);
    },
  );

  it('makes nothing else wrong while it is missing', () => {
    const SECRET_KMS_KEY_ID = 'arn:aws:kms:eu-central-1:111122223333:key/1';
    const ALARM_TOPIC = 'arn:aws:sns:eu-central-1:111122223333:alarms';
    expect(problemsWith({ SECRET_KMS_KEY_ID, ALARM_TOPIC }, [], { region: undefined })).toEqual([
      expect.stringMatching(/^--region is missing/),
    ]);
  });

  it('is told once', () => {
    const stage = 's'.repeat(45);
    const { environment } = asked({});
    expect(problemsWith({}, [], { stage, environment: { ...environment, STAGE: stage } })).toEqual([
      expect.stringMatching(/^--stage must/),
    ]);
  });
});

describe('in a stage’s block of serverless.yml', () => {
  it('a list hides nothing else', () => {
    expect(
      problemsInBlock({ ADMINS: ['U0ACME56789'], PROTECTED_USERS: ['ci'], GRACE_DAYS: 'a week' }),
    ).toEqual([
      'ADMINS must be one text in quotes, its parts separated by commas',
      'PROTECTED_USERS must be one text in quotes, its parts separated by commas',
      'GRACE_DAYS must be a whole number of days from 1 to 365; it is "a week"',
    ]);
  });

  it.each([
    ['ALARM_TOPIC', true],
    ['ALARM_TOPIC', { Ref: 'Topic', on: 1 }],
    ['TICK_EVERY', 5],
    ['MODE', true],
    ['MODE', { mode: 'live' }],
    ['ADMIN_CHANNEL', 7],
    ['ACCOUNTS', { 'Fn::Sub': 111122223333 }],
    ['ACCOUNTS', { 'Fn::Sub': ['111122223333'] }],
    ['LOG_RETENTION_DAYS', [90]],
  ])('what is no text is told in a sentence for people: %s: %j', (name, value) => {
    const problems = problemsInBlock({ [name]: value });
    expect(problems).toEqual([expect.stringMatching(new RegExp(`^${name} must be `))]);
    expect(problems[0]).not.toMatch(/expected|received|\[object/);
  });

  it('a number is as good as a text', () => {
    expect(problemsInBlock({ GRACE_DAYS: 14, UPKEEP_CONCURRENCY: 10, LOG_RETENTION_DAYS: 30 })).toEqual([]);
  });
});

describe('a command', () => {
  const place = { stage: 'prod', region: 'eu-central-1' };

  it('whose setting has no value is told so, with what to write', () => {
    const param = ['GRACE_DAYS', 'MODE=', 'ADMINS=U1'];
    expect(commandProblems(['deploy'], { ...place, param })).toEqual([
      '--param GRACE_DAYS has no value: write --param GRACE_DAYS=…, or leave it out',
      '--param MODE= has no value: write --param MODE=…, or leave it out',
    ]);
  });

  it('whose options npm kept for itself is told how to hand them on', () => {
    expect(commandProblems(['check', 'prod', 'eu-central-1'], {})).toEqual([
      expect.stringContaining('npm run doctor -- --stage prod --region eu-central-1'),
    ]);
    expect(commandProblems(['deploy', 'list'], place)).toEqual([]);
  });

  it.each(['remove', 'info', 'rollback', 'logs'])(
    '%s never goes to a deployment that was not named',
    (command) => {
      expect(commandProblems([command], { stage: 'prod' })).toEqual([
        expect.stringMatching(/^--region is missing/),
      ]);
      expect(commandProblems([command], {})).toHaveLength(2);
      expect(commandProblems([command], place)).toEqual([]);
    },
  );
});

describe('a name that is no setting', () => {
  it('is told with the one that was meant, also one of an earlier version', () => {
    expect(problemsWith({}, ['maxKeyAgeDays', 'MAX_KEY_AGE', 'GARCE_DAYS', 'colour', 'DAYS'])).toEqual([
      'maxKeyAgeDays is no setting: did you mean MAX_KEY_AGE_DAYS?',
      'MAX_KEY_AGE is no setting: did you mean MAX_KEY_AGE_DAYS?',
      'GARCE_DAYS is no setting: did you mean GRACE_DAYS?',
      'colour is no setting; README.md lists them all',
      'DAYS is no setting; README.md lists them all',
    ]);
  });

  it.each([
    ['ADMIN', 'ADMINS'],
    ['ZONE', 'TIME_ZONE'],
    ['TEAM_ID', 'SLACK_TEAM_ID'],
    ['CHANNEL', 'ADMIN_CHANNEL or HELP_CHANNEL'],
    ['KMS_KEY', 'SECRET_KMS_KEY_ID'],
  ])('is told with the nearest, or with those that it is a part of: %s', (name, meant) => {
    expect(problemsWith({}, [name])).toEqual([`${name} is no setting: did you mean ${meant}?`]);
  });

  it('but is set by the deployment itself, or a secret, is told what to do with it', () => {
    write(
      'STAGE=prod\nAWS_REGION=eu-west-1\nAWS_LAMBDA_FUNCTION_NAME=x\nCLICKS_QUEUE_URL=y\nSLACK_BOT_TOKEN=xoxb-1\nSIGNING_SECRET=z\n',
    );
    const secret =
      'is a secret, and does not belong there: put it into Secrets Manager, as README.md says in step 2, and take it out';
    expect(problemsWith({})).toEqual([
      'STAGE in .env is set by the deployment itself: take it out, and give --stage',
      'AWS_REGION in .env is set by the deployment itself: take it out, and give --region',
      'AWS_LAMBDA_FUNCTION_NAME in .env is set by the deployment itself: take it out',
      'CLICKS_QUEUE_URL in .env is set by the deployment itself: take it out',
      `SLACK_BOT_TOKEN in .env ${secret}`,
      `SIGNING_SECRET in .env ${secret}`,
    ]);
  });

  it('is found in .env, where what is meant for other tools is left alone', () => {
    write(
      '# who and where\nQUIET_HOUR: 3\njust words\nGRACE_DAY=3\nAWS_PROFILE=ops\nexport ADMINS=U0ACME56789\nADMINS=U0ACME56789\n',
    );
    expect(problemsWith({})).toEqual([
      'QUIET_HOUR in .env is no setting: did you mean QUIET_HOURS?',
      'just words in .env is no setting; README.md lists them all',
      'GRACE_DAY in .env is no setting: did you mean GRACE_DAYS?',
      'ADMINS stands in .env more than once, and only the last would count',
    ]);
  });
});

describe('a file of settings', () => {
  it('may end its lines as Windows does, begin with its mark, and have quotes and comments', () => {
    write(
      `\uFEFF${Object.entries(FEWEST)
        .map(([name, value]) => `${name} = "${value}" # ${name}`)
        .join('\r\n')}\r\n`,
    );
    expect([...problemsWith({}), ...notesWith({})]).toEqual([]);
  });

  it.each(['GRACE_DAYS', 'GRACE_DAYS 14', 'GRACE_DAYS:14', '  GRACE_DAYS # 14'])(
    'has a line that would count for nothing: %s',
    (line) => {
      write(`MODE=preview\n${line}\nADMINS=U0ACME56789\n`);
      expect(problemsWith({})).toEqual([expect.stringMatching(/^GRACE_DAYS( 14)? in \.env .*GRACE_DAYS/)]);
    },
  );

  it.each([
    ['HELP_CHANNEL=#help', "HELP_CHANNEL .* write the channel's id, such as C0ACME12345"],
    ['OWNER_TAG=team#owner', 'OWNER_TAG .* put the whole value in quotes'],
    ["OWNER_TAG = 'team#owner'", undefined],
    ['OWNER_TAG="#owner"', undefined],
    ['GRACE_DAYS=7 # days, as in #keys or a#b', undefined],
    ['HELP_CHANNEL= # none', undefined],
  ])('has a value that a comment would cut short: %s', (line, told) => {
    write(`${line}\n`);
    const [what, todo] = told?.split(' .* ') ?? [];
    const problem = `${what} in .env ends before its #, where a comment begins: ${todo}`;
    expect(problemsWith({})).toEqual(told ? [problem] : []);
  });

  it('has a quote too many, which is shown, and not taken for an absent value', () => {
    write('ADMINS="U0ACME56789\n');
    expect(problemsWith({ ADMINS: '"U0ACME56789' })).toEqual([
      expect.stringContaining('it is "\\"U0ACME56789"'),
    ]);
  });

  it('is no text that the framework can read, as Windows PowerShell writes it', () => {
    write(Buffer.from('\uFEFFMODE=preview\r\n', 'utf16le'));
    expect(problemsWith({})).toEqual([expect.stringMatching(/^\.env is no text in UTF-8/)]);
  });

  it('is none where it leads nowhere', () => {
    symlinkSync(join(folder, 'nowhere'), join(folder, '.env.prod'));
    write('MODE=preview');
    expect([...problemsWith({}), ...notesWith({})]).toEqual([]);
  });

  it('is not read beside another, or because of its name', () => {
    write('MODE=preview');
    write('MODE=live', '.env.prod');
    expect(notesWith({ MODE: 'live' })).toEqual(['.env is not read: .env.prod is, and no other']);
    rmSync(join(folder, '.env'));
    rmSync(join(folder, '.env.prod'));
    write('MODE=preview', '.env.txt');
    expect(notesWith({})).toEqual(['.env.txt is not read: its name is not .env or .env.prod']);
  });

  it('has a value that does not count, for another was given elsewhere: both are named', () => {
    write('GRACE_DAYS=9\nACCOUNTS=111122223333\n');
    expect(notesWith({ ACCOUNTS: '111122223333:prod' })).toEqual([
      'GRACE_DAYS=9 in .env does not count: it is "7" in the shell, by --param, or for the stage in serverless.yml',
      expect.stringMatching(/^ACCOUNTS=111122223333 in .env does not count: it is "111122223333:prod"/),
    ]);
  });

  it('has another mode than was given elsewhere: the next deployment would turn it back', () => {
    write('MODE=preview\n');
    expect(problemsWith({ MODE: 'live' })).toEqual([
      expect.stringMatching(
        /^MODE=preview in .env does not count: it is "live" .* Mend .env, or take the line out/,
      ),
    ]);
    expect(notesWith({ MODE: 'live' })).toEqual([]);
  });
});

it('an example of README.md is no setting of anybody’s', () => {
  expect(problemsWith({ SLACK_TEAM_ID: 'T0123456789', ADMINS: 'U0ACME00001,U0123456789' })).toEqual([
    'SLACK_TEAM_ID is the example of README.md, T0123456789: write your own in its place',
    expect.stringMatching(/^ADMINS is the example/),
  ]);
});

const KEY_ELSEWHERE = 'arn:aws:kms:eu-central-1:111122223333:key/1';

describe('once it is known which account is deployed to', () => {
  const account = '444455556666';
  it.each([
    [
      { SECRET_READERS: 'arn:aws:iam::111122223333:role/break-glass' },
      'SECRET_READERS is of the account 111122223333',
    ],
    [
      { SECRET_KMS_KEY_ID: 'arn:aws:kms:eu-central-1:111122223333:key/1' },
      'SECRET_KMS_KEY_ID is of the account',
    ],
  ])('%j is of another', (settings, told) => {
    expect(problemsWith(settings)).toEqual([]);
    expect(problemsWith(settings, [], { account })).toEqual([expect.stringContaining(told)]);
    expect(problemsWith(settings, [], { account: '111122223333' })).toEqual([]);
  });

  it('has neither a mode nor a region of its own, and encrypts its own secrets alone', () => {
    const others = { ACCOUNTS: '111122223333:prod:preview,444455556666::live:eu-west-1', MODE: 'live' };
    expect(problemsWith(others)).toEqual([]);
    expect(problemsWith(others, [], { account })).toEqual([
      expect.stringMatching(/^ACCOUNTS gives 444455556666, which is deployed to, a mode or a region/),
    ]);
    const key = { ACCOUNTS: '111122223333,444455556666', SECRET_KMS_KEY_ID: KEY_ELSEWHERE };
    expect(problemsWith(key, [], { account })).toEqual([
      expect.stringMatching(/^SECRET_KMS_KEY_ID is of the account 111122223333, not of 444455556666/),
    ]);
  });
});
