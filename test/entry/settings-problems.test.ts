// What stops a deployment at the desk: every setting that is missing, misspelt, or of no use, told at once.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settingsProblems } from '../../src/entry/settings-problems.ts';
import { readServerlessFile } from '../sandbox/deployment/serverless-file.ts';

const FEWEST = {
  MODE: 'preview',
  SLACK_TEAM_ID: 'T0123456789',
  SLACK_APP_ID: 'A0123456789',
  ADMIN_CHANNEL: 'C0123456789',
  ADMINS: 'U0123456789',
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyrotate-settings-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a deployment from `folder` is told, with these settings in the shell, or these names given. */
function problemsWith(env: Record<string, string>, given: string[] = [], place: object = {}): string[] {
  const { provider, custom } = readServerlessFile({ env: { ...FEWEST, ...env } });
  const { environment } = provider;
  const asked = { folder, stage: 'prod', region: 'eu-central-1', given, environment };
  return settingsProblems({ ...asked, deployment: custom.deployment, ...place });
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
    ['SLACK_TEAM_ID', 'E0123456789'],
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
    ['MODE', 'live '],
    ['ACCOUNTS', '111122223333,444455556666'],
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
      'SECRET_KMS_KEY_ID is of the account 444455556666, which ACCOUNTS does not name',
    ]);
  });

  it('is a mode for one account, because the one role works in all of them', () => {
    const account = '111122223333';
    expect(problemsWith({ ACCOUNTS: `${account}:prod`, MODE: `${account}:live` })).toEqual([
      expect.stringContaining('MODE must be preview or live, for all accounts'),
    ]);
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
});

describe('a name that is no setting', () => {
  it('is told with the one that was meant, also one of an earlier version', () => {
    expect(problemsWith({}, ['maxKeyAgeDays', 'MAX_KEY_AGE', 'GARCE_DAYS', 'colour', 'STAGE'])).toEqual([
      'maxKeyAgeDays is no setting: did you mean MAX_KEY_AGE_DAYS?',
      'MAX_KEY_AGE is no setting: did you mean MAX_KEY_AGE_DAYS?',
      'GARCE_DAYS is no setting: did you mean GRACE_DAYS?',
      'colour is no setting; README.md lists them all',
      'STAGE is no setting; README.md lists them all',
    ]);
  });

  it('is found in .env, where what is meant for other tools is left alone', () => {
    writeFileSync(
      join(folder, '.env'),
      '# who and where\nQUIET_HOUR: 3\njust words\nGRACE_DAY=3\nAWS_PROFILE=ops\nexport ADMINS=U0123456789\nADMINS=U0123456780\n',
    );
    expect(problemsWith({})).toEqual([
      'QUIET_HOUR in .env is no setting: did you mean QUIET_HOURS?',
      'just words in .env is no setting; README.md lists them all',
      'GRACE_DAY in .env is no setting: did you mean GRACE_DAYS?',
      'ADMINS stands in .env more than once, and only the last would count',
    ]);
  });
});
