// What the sandbox reads out of serverless.yml. That AWS would get the same is held by test/entry/package.test.ts.
import { describe, expect, test } from 'vitest';
import { bundleHandlers } from './bundle.ts';
import {
  readDeadLettersOf,
  readEnvironment,
  readQueues,
  readRolePolicies,
  readSchedules,
  readServerlessFile,
  readTable,
} from './serverless-file.ts';

function actions(statements: { Effect: string; Action: string | string[] }[], effect: string): string[] {
  return statements.filter(({ Effect }) => Effect === effect).flatMap(({ Action }) => Action);
}

describe('the environment', () => {
  test('is complete without any setting: policy has defaults, identifiers are empty', () => {
    expect(readEnvironment()).toMatchObject({
      MODE: '',
      ACCOUNTS: '111122223333:main',
      HUB_ACCOUNT: '111122223333',
      EXTERNAL_ID: '',
      SLACK_TEAM_ID: '',
      SECRET_PREFIX: '/iam/keys',
      OWNER_TAG: 'keyrotate:owner',
      MAX_KEY_AGE_DAYS: '90',
      REMIND_DAYS_BEFORE: '14,7,3,1,0',
    });
  });

  test('names the queues and the table that exist', () => {
    const { TABLE_NAME, CLICKS_QUEUE_URL } = readEnvironment({ sqsUrl: 'http://127.0.0.1:4566' });
    expect(TABLE_NAME).toBe(readTable().TableName);
    expect(CLICKS_QUEUE_URL).toBe('http://127.0.0.1:4566/111122223333/keyrotate-dev-clicks.fifo');
  });

  test('takes what the operator sets, a parameter before a variable', () => {
    const env = { SLACK_TEAM_ID: 'T1', ACCOUNTS: '444455556666:prod' };
    expect(readEnvironment({ env, params: { SLACK_TEAM_ID: 'T2' } })).toMatchObject({
      SLACK_TEAM_ID: 'T2',
      ACCOUNTS: '444455556666:prod',
    });
  });
});

describe('the table', () => {
  test('has the three indexes the app reads', () => {
    expect(readTable().GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName)).toEqual([
      'byOwner',
      'byAccount',
      'byNextAt',
    ]);
  });
});

describe('the queues', () => {
  const working = readQueues().filter(({ wakes }) => wakes !== undefined);

  test('are two ordered ones for the worker and one for the sweeper, each message on its own', () => {
    const one = { batchSize: 1, reportsItemFailures: true };
    expect(working).toMatchObject([
      { fifo: true, wakes: { ...one, function: 'worker' } },
      { fifo: true, wakes: { ...one, function: 'worker' } },
      { fifo: false, wakes: { ...one, function: 'sweeper' } },
    ]);
  });

  test('wake a few at once for what nobody waits for, and as many as it takes for clicks', () => {
    const atOnce = working.map(({ name, wakes }) => [name, wakes?.maximumConcurrency]);
    expect(atOnce).toEqual([
      ['keyrotate-dev-clicks.fifo', undefined],
      ['keyrotate-dev-upkeep.fifo', 4],
      ['keyrotate-dev-sweeps', 2],
    ]);
  });

  test('leave three of the ten containers that a new account has to whoever presses', () => {
    const scheduler = 1;
    const taken = working.reduce((sum, { wakes }) => sum + (wakes?.maximumConcurrency ?? 0), scheduler);
    expect(10 - taken).toBeGreaterThanOrEqual(3);
  });

  test('hide a message for at least six times its function’s timeout', () => {
    const { functions } = readServerlessFile();
    for (const { visibilitySeconds, wakes } of working)
      expect(visibilitySeconds).toBeGreaterThanOrEqual(6 * functions[wakes?.function ?? 'worker'].timeout);
  });

  test('set what fails eighty times aside in a queue of the same kind', () => {
    for (const { fifo, redrive } of working) {
      const deadLetters = readQueues().find(({ arn }) => arn === redrive?.deadLetterArn);
      expect(deadLetters).toMatchObject({ fifo, wakes: undefined });
      expect(redrive?.maxReceiveCount).toBe(80);
    }
  });

  test('are encrypted, and keep what was set aside as long as SQS can', () => {
    const aside = readQueues().filter(({ name }) => /-dead(\.fifo)?$/.test(name));
    expect(aside).toHaveLength(4);
    for (const { retentionSeconds } of aside) expect(retentionSeconds).toBe(14 * 24 * 3600);
    expect(readQueues().filter(({ isEncrypted }) => !isEncrypted)).toEqual([]);
  });
});

describe('the schedules', () => {
  test('tick, check, sweep and sum up through the scheduler', () => {
    const at = '<aws.scheduler.scheduled-time>';
    expect(readSchedules()).toMatchObject([
      { function: 'scheduler', rate: 'rate(5 minutes)', input: { task: 'tick' } },
      { function: 'scheduler', rate: 'rate(5 minutes)', input: { task: 'check', at } },
      { function: 'scheduler', rate: 'cron(0 3 * * ? *)', input: { task: 'sweep', at } },
      { function: 'scheduler', rate: 'cron(0 9 ? * MON *)', input: { task: 'summary', at } },
    ]);
  });

  test('put aside what could not be started where the scheduler’s failures are', () => {
    const asides = new Set(readSchedules().map(({ deadLetterArn }) => deadLetterArn));
    expect([...asides]).toEqual([readDeadLettersOf('scheduler')]);
    expect(readQueues().map(({ arn }) => arn)).toContain(readDeadLettersOf('scheduler'));
  });
});

describe('the roles', () => {
  test('let the function that faces the internet do three things', () => {
    expect(readRolePolicies('live').slack).toEqual([
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: 'arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/keyrotate-dev-slack:*',
      },
      {
        Effect: 'Allow',
        Action: 'secretsmanager:GetSecretValue',
        Resource: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:keyrotate/slack-??????',
      },
      {
        Effect: 'Allow',
        Action: 'sqs:SendMessage',
        Resource: 'arn:aws:sqs:eu-central-1:111122223333:keyrotate-dev-clicks.fifo',
      },
    ]);
  });

  test('give nobody a right to change IAM or the vault in preview', () => {
    const allowed = Object.values(readRolePolicies('preview')).flatMap((role) => actions(role, 'Allow'));
    expect(allowed.filter((action) => /^(iam|secretsmanager|kms):/.test(action)).toSorted()).toEqual([
      'iam:GenerateCredentialReport',
      'iam:GetAccessKeyLastUsed',
      'iam:GetAccountAuthorizationDetails',
      'iam:GetAccountAuthorizationDetails',
      'iam:GetCredentialReport',
      'iam:GetUser',
      'iam:ListAccessKeys',
      'iam:ListRoles',
      'secretsmanager:DescribeSecret',
      'secretsmanager:GetSecretValue',
      'secretsmanager:GetSecretValue',
      'secretsmanager:ListSecrets',
    ]);
  });

  test('differ between the modes for the worker, and for the sweeper in what it looks at', () => {
    const { worker: previewWorker, sweeper: previewSweeper, ...preview } = readRolePolicies('preview');
    const { worker: liveWorker, sweeper: liveSweeper, ...live } = readRolePolicies('live');
    expect(live).toEqual(preview);
    expect(liveSweeper).toEqual([
      ...previewSweeper,
      { Effect: 'Allow', Action: 'iam:ListRoles', Resource: '*' },
    ]);
    expect(actions(liveWorker, 'Allow')).toContain('iam:CreateAccessKey');
    expect(liveWorker.slice(0, previewWorker.length)).toEqual(previewWorker);
  });

  test.each(['preview', 'live'] as const)('never let the worker read a key out of the vault (%s)', (mode) => {
    expect(readRolePolicies(mode).worker).toContainEqual({
      Effect: 'Deny',
      Action: 'secretsmanager:GetSecretValue',
      Resource: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:/iam/keys/*',
    });
  });

  test('keep the worker’s hands off protected users', () => {
    const params = { PROTECTED_USERS: '/vip/*, ci-root' };
    expect(readRolePolicies('live', { params }).worker).toContainEqual({
      Effect: 'Deny',
      Action: ['iam:CreateAccessKey', 'iam:UpdateAccessKey', 'iam:DeleteAccessKey'],
      Resource: ['arn:aws:iam::111122223333:user/vip/*', 'arn:aws:iam::111122223333:user/ci-root'],
    });
  });

  test('let the worker encrypt with a key of the operator’s only when there is one', () => {
    const SECRET_KMS_KEY_ID = 'arn:aws:kms:eu-central-1:111122223333:key/1';
    expect(actions(readRolePolicies('live').worker, 'Allow')).not.toContain('kms:Decrypt');
    const params = { SECRET_KMS_KEY_ID };
    expect(readRolePolicies('live', { params }).worker).toContainEqual(
      expect.objectContaining({
        Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
        Resource: SECRET_KMS_KEY_ID,
      }),
    );
    expect(actions(readRolePolicies('preview', { params }).worker, 'Allow')).not.toContain('kms:Decrypt');
  });

  test('let the worker look at the KMS key that is named, in every mode', () => {
    const Resource = 'arn:aws:kms:eu-central-1:111122223333:key/1';
    for (const mode of ['preview', 'live'] as const) {
      const { worker } = readRolePolicies(mode, { params: { SECRET_KMS_KEY_ID: Resource } });
      expect(worker).toContainEqual({ Effect: 'Allow', Action: 'kms:DescribeKey', Resource });
      expect(actions(readRolePolicies(mode).worker, 'Allow')).not.toContain('kms:DescribeKey');
    }
  });

  test('name every resource, but for what looks at whole accounts and knows none', () => {
    const everywhere = Object.values(readRolePolicies('live'))
      .flat()
      .filter(({ Resource }) => Resource === '*');
    expect(actions(everywhere, 'Allow').toSorted()).toEqual([
      'iam:GenerateCredentialReport',
      'iam:GetAccountAuthorizationDetails',
      'iam:GetAccountAuthorizationDetails',
      'iam:GetCredentialReport',
      'iam:ListRoles',
      'iam:ListRoles',
      'secretsmanager:ListSecrets',
    ]);
  });
});

describe('the bundles', () => {
  test('are built once, one for each function', async () => {
    const bundles = await bundleHandlers();
    expect(await bundleHandlers()).toBe(bundles);
    expect(
      Object.values(bundles)
        .map(({ file }) => file)
        .toSorted(),
    ).toEqual([
      'src/entry/scheduler-handler.cjs',
      'src/entry/slack-handler.cjs',
      'src/entry/sweeper-handler.cjs',
      'src/entry/worker-handler.cjs',
    ]);
  });

  // Their size is most of what a cold start takes: whoever imports something large is to notice.
  test.each([
    ['slack', 386_000],
    // 24 KB of each are the client of STS: what reaches other accounts. KMS's, for one question, takes 27.
    ['worker', 816_000],
    ['sweeper', 421_000],
    ['scheduler', 283_000],
  ] as const)('stay small: that of %s has no more than %i bytes', async (name, most) => {
    const { code } = (await bundleHandlers())[name];
    expect(Buffer.byteLength(code)).toBeLessThan(most);
  });
});
