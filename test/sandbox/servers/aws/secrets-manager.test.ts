// Secrets Manager as the SDK's own client finds it, behind signatures and policies.
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutResourcePolicyCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { beforeEach, describe, expect, test } from 'vitest';
import { DAY, HOUR } from '../../clock.ts';
import { ACCOUNT, type AccountUnderTest, keyOf, REGION, startAccount } from './account-under-test.ts';
import type { Credentials } from './sigv4.ts';

const name = '/iam/keys/111122223333/ci-deploy/key';
const everyKey = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:/iam/keys/*`;

let world: AccountUnderTest;
let worker: SecretsManagerClient;

beforeEach(async () => {
  world = await startAccount({ start: new Date('2026-03-02T09:30:00Z') });
  world.iam.addRole('worker', [{ Effect: 'Allow', Action: 'secretsmanager:*', Resource: everyKey }]);
  worker = clientOf(world.iam.session('worker', 'job'));
});

const clientOf = (credentials: Credentials) =>
  world.following(new SecretsManagerClient(world.settings(credentials)));

const read = (client: SecretsManagerClient, more: object = {}) =>
  client.send(new GetSecretValueCommand({ SecretId: name, ...more }));

const described = () => worker.send(new DescribeSecretCommand({ SecretId: name }));

const token = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

const put = (n: number, value: string, stages?: string[]) =>
  worker.send(
    new PutSecretValueCommand({
      SecretId: name,
      ClientRequestToken: token(n),
      SecretString: value,
      VersionStages: stages,
    }),
  );

const labels = async () => (await described()).VersionIdsToStages;

const removeLabel = (VersionStage: string, from?: number) =>
  worker.send(
    new UpdateSecretVersionStageCommand({
      ...{ SecretId: name, VersionStage },
      RemoveFromVersionId: from === undefined ? from : token(from),
    }),
  );

describe('creating', () => {
  test('prepares an empty secret, whose first value is current whatever its label', async () => {
    const created = await worker.send(new CreateSecretCommand({ Name: name, Description: 'a key' }));

    expect(created.ARN).toMatch(
      new RegExp(`^arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${name}-\\w{6}$`),
    );
    expect(created.VersionId).toBeUndefined();
    expect(await labels()).toBeUndefined();
    await expect(read(worker)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });

    await put(1, 'first', ['AKIAONE']);

    expect(await labels()).toEqual({ [token(1)]: ['AKIAONE', 'AWSCURRENT'] });
  });

  test('takes a value along, and the name is taken', async () => {
    const secret = { Name: name, SecretString: 'value', ClientRequestToken: token(1) };

    expect(await worker.send(new CreateSecretCommand(secret))).toMatchObject({ VersionId: token(1) });

    for (const again of [{ ...secret, SecretString: 'other' }, { Name: name }])
      await expect(worker.send(new CreateSecretCommand(again))).rejects.toMatchObject({
        name: 'ResourceExistsException',
      });
  });

  test('keeps the tags, none of which may be one of AWS’s own', async () => {
    const Tags = [{ Key: 'user', Value: 'ci-deploy' }];
    await worker.send(new CreateSecretCommand({ Name: name, Tags }));

    expect((await described()).Tags).toEqual(Tags);
    const reserved = { Name: `${name}-2`, Tags: [{ Key: 'aws:x', Value: '' }] };
    await expect(worker.send(new CreateSecretCommand(reserved))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  test.each([
    ['/iam/keys/a,b', 'ValidationException'],
    ['/iam/keys/é', 'ValidationException'],
    [`/iam/keys/${'x'.repeat(510)}`, 'ValidationException'],
  ])('refuses the name %s', async (Name, code) => {
    await expect(worker.send(new CreateSecretCommand({ Name }))).rejects.toMatchObject({ name: code });
  });

  test('is allowed by a wildcard over names, and not outside of it', async () => {
    await expect(worker.send(new CreateSecretCommand({ Name: '/elsewhere/key' }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    expect(world.secrets.state.secrets.size).toBe(0);
  });
});

describe('versions and labels', () => {
  beforeEach(() => worker.send(new CreateSecretCommand({ Name: name })));

  test('an honest repeat changes nothing, another value under the same token is refused', async () => {
    await put(1, 'first');
    await put(2, 'second');

    expect(await put(1, 'first')).toMatchObject({ VersionId: token(1), VersionStages: ['AWSPREVIOUS'] });
    await expect(put(1, 'else')).rejects.toMatchObject({ name: 'ResourceExistsException' });
    expect(await labels()).toEqual({ [token(1)]: ['AWSPREVIOUS'], [token(2)]: ['AWSCURRENT'] });
  });

  test('a token that cannot be a version id is refused', async () => {
    await expect(
      worker.send(
        new PutSecretValueCommand({ SecretId: name, ClientRequestToken: 'short', SecretString: 'x' }),
      ),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  test('a new current version sends AWSPREVIOUS to the old one, and labels of their own stay', async () => {
    await put(1, 'first', ['AWSCURRENT', 'AKIAONE']);
    await put(2, 'second', ['AWSCURRENT', 'AKIATWO']);
    await put(3, 'third', ['AKIATHREE']);

    expect(await labels()).toEqual({
      [token(1)]: ['AKIAONE', 'AWSPREVIOUS'],
      [token(2)]: ['AWSCURRENT', 'AKIATWO'],
      [token(3)]: ['AKIATHREE'],
    });
    expect(await read(worker, { VersionStage: 'AKIAONE' })).toMatchObject({
      SecretString: 'first',
      VersionId: token(1),
      CreatedDate: new Date(world.clock.now()),
    });
  });

  test('a label is removed only from where it is said to be, and AWSCURRENT never', async () => {
    await put(1, 'first');
    await put(2, 'second', ['AWSCURRENT', 'AKIATWO']);

    for (const from of [undefined, 1])
      await expect(removeLabel('AKIATWO', from)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(removeLabel('AWSCURRENT', 2)).rejects.toThrow(/can only move/);
    await expect(removeLabel('AKIATWO', 9)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });

    expect(await labels()).toEqual({ [token(1)]: ['AWSPREVIOUS'], [token(2)]: ['AWSCURRENT', 'AKIATWO'] });
  });

  test('a version without its last label is no longer listed, but still there', async () => {
    await put(1, 'first');
    await put(2, 'second', ['AKIATWO']);

    await removeLabel('AKIATWO', 2);

    expect(await labels()).toEqual({ [token(1)]: ['AWSCURRENT'] });
    expect(await read(worker, { VersionId: token(2) })).toMatchObject({ SecretString: 'second' });
    await expect(removeLabel('AKIATWO', 2)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  test('twenty labels fit, AWSCURRENT and AWSPREVIOUS among them; one more is refused and nothing stored', async () => {
    await put(1, 'first');
    await put(2, 'second', ['AWSCURRENT', ...Array.from({ length: 18 }, (_, i) => `AKIA${i}`)]);

    await expect(put(3, 'third', ['ONE-TOO-MANY'])).rejects.toMatchObject({
      name: 'LimitExceededException',
    });
    await put(3, 'third', ['AKIA0']);

    expect((await labels())?.[token(3)]).toEqual(['AKIA0']);
  });

  test('beyond a hundred versions the oldest without a label go, none younger than a day', async () => {
    for (let n = 1; n <= 100; n += 1) await put(n, `value ${n}`);

    await expect(put(101, 'value 101')).rejects.toMatchObject({ name: 'LimitExceededException' });
    world.later(DAY);
    await put(101, 'value 101');

    const versions = world.secrets.state.secrets.get(name)?.versions;
    expect(versions?.size).toBe(100);
    expect(versions?.has(token(1))).toBe(false);
    expect(versions?.has(token(2))).toBe(true);
  });
});

test('the last access is known by day, and describing is no access', async () => {
  await worker.send(new CreateSecretCommand({ Name: name, SecretString: 'value' }));
  expect((await described()).LastAccessedDate).toBeUndefined();

  world.later(HOUR);
  const { ARN } = await described();
  await read(worker, { SecretId: ARN });

  expect((await described()).LastAccessedDate).toEqual(new Date('2026-03-02T00:00:00Z'));
});

test('only a read that succeeds is an access', async () => {
  await worker.send(new CreateSecretCommand({ Name: name, SecretString: 'value' }));
  const lastAccess = async () => (await described()).LastAccessedDate;

  world.iam.addUser('stranger');
  const stranger = clientOf(keyOf(world.iam.addKey('stranger')));
  await expect(read(stranger)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  await expect(read(worker, { VersionStage: 'AWSPREVIOUS' })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  world.wire.interfere(() => ({ kind: 'refuse', status: 500, code: 'InternalServiceError' }));
  await expect(read(worker)).rejects.toMatchObject({ name: 'InternalServiceError' });
  world.wire.interfere(undefined);
  expect(await lastAccess()).toBeUndefined();

  await read(worker);
  world.later(DAY);
  await expect(read(stranger)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  expect(await lastAccess()).toEqual(new Date('2026-03-02T00:00:00Z'));
  await read(worker);
  expect(await lastAccess()).toEqual(new Date('2026-03-03T00:00:00Z'));
});

test('a deleted secret keeps its name taken for thirty days, in which nothing of it can be read', async () => {
  await worker.send(new CreateSecretCommand({ Name: name, SecretString: 'value' }));

  const { DeletionDate } = await worker.send(new DeleteSecretCommand({ SecretId: name }));

  expect(DeletionDate).toEqual(new Date(world.clock.now() + 30 * DAY));
  for (const command of [
    new CreateSecretCommand({ Name: name }),
    new GetSecretValueCommand({ SecretId: name }),
    new DeleteSecretCommand({ SecretId: name }),
  ])
    await expect(worker.send(command as CreateSecretCommand)).rejects.toMatchObject({
      name: 'InvalidRequestException',
    });
  expect((await described()).DeletedDate).toBeDefined();
});

describe('the resource policy', () => {
  const allow = (principal: unknown, more: object = {}) => ({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: principal,
        Action: 'secretsmanager:GetSecretValue',
        Resource: '*',
        ...more,
      },
    ],
  });
  const attach = (policy: unknown) =>
    worker.send(
      new PutResourcePolicyCommand({
        SecretId: name,
        ResourcePolicy: typeof policy === 'string' ? policy : JSON.stringify(policy),
        BlockPublicPolicy: true,
      }),
    );

  beforeEach(() => worker.send(new CreateSecretCommand({ Name: name, SecretString: 'value' })));

  test('lets in the one user it names, and not somebody recreated under that name', async () => {
    const { arn } = world.iam.addUser('ci-deploy');
    const old = userClient();
    await attach(allow({ AWS: arn }));

    expect(await read(old)).toMatchObject({
      SecretString: 'value',
    });
    world.iam.console.recreateUser('ci-deploy');

    await expect(read(userClient())).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  test('follows somebody who is renamed', async () => {
    const { arn } = world.iam.addUser('ci-deploy');
    const app = userClient();
    await attach(allow({ AWS: arn }));

    world.iam.console.updateUser('ci-deploy', { userName: 'deploy', path: '/apps/' });

    expect(await read(app)).toMatchObject({
      SecretString: 'value',
    });
  });

  test('can keep everybody else out, even those whose own policies allow it', async () => {
    const { arn, userId } = world.iam.addUser('ci-deploy');
    await attach({
      Version: '2012-10-17',
      Statement: [
        ...allow({ AWS: arn }).Statement,
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 'secretsmanager:GetSecretValue',
          Resource: '*',
          Condition: { StringNotEquals: { 'aws:userid': userId } },
        },
      ],
    });

    await expect(read(worker)).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    expect(await read(userClient())).toMatchObject({ SecretString: 'value' });
  });

  test('may not open the secret to everybody', async () => {
    await expect(attach(allow('*'))).rejects.toMatchObject({ name: 'PublicPolicyException' });
    await expect(
      attach(allow({ AWS: '*' }, { Condition: { StringLike: { 'aws:userid': '*' } } })),
    ).rejects.toMatchObject({ name: 'PublicPolicyException' });

    await attach(allow('*', { Condition: { StringEquals: { 'aws:userid': 'AIDAEXAMPLE' } } }));
  });

  test.each([
    ['no JSON', '{'],
    ['no statement', '{"Version":"2012-10-17"}'],
    ['a user who does not exist', allow({ AWS: `arn:aws:iam::${ACCOUNT}:user/nobody` })],
    ['an action of another service', allow('*', { Action: 's3:GetObject' })],
  ])('is refused with %s', async (_, policy) => {
    await expect(attach(policy)).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException' });
  });

  function userClient() {
    return clientOf(keyOf(world.iam.addKey('ci-deploy')));
  }
});

describe('a secret with tags and a key of the operator’s', () => {
  const key = `arn:aws:kms:${REGION}:${ACCOUNT}:key/1`;
  const allow = (Action: string, Resource = everyKey, viaService = '') => ({
    Effect: 'Allow' as const,
    Action,
    Resource,
    ...(viaService && { Condition: { StringEquals: { 'kms:ViaService': viaService } } }),
  });
  const enough = [
    allow('secretsmanager:CreateSecret'),
    allow('secretsmanager:TagResource'),
    allow('kms:GenerateDataKey', key, `secretsmanager.${REGION}.amazonaws.com`),
    allow('kms:Decrypt', key, `secretsmanager.${REGION}.amazonaws.com`),
  ];
  const creates = (statements: typeof enough) => {
    world.iam.addRole('maker', statements);
    const command = new CreateSecretCommand({ Name: name, KmsKeyId: key, Tags: [{ Key: 'a', Value: 'b' }] });
    return clientOf(world.iam.session('maker', 'job')).send(command);
  };

  test('is made by whoever may tag it, and use the key through Secrets Manager', async () => {
    await expect(creates(enough)).resolves.toMatchObject({ Name: name });
  });

  test.each(enough.map(({ Action }) => Action))('is refused to whoever lacks %s', async (missing) => {
    const refused = creates(enough.filter(({ Action }) => Action !== missing));
    await expect(refused).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`not authorized to perform: ${missing} on resource`),
    });
  });

  test('is refused to whoever may use the key through another service only', async () => {
    const elsewhere = enough.map((statement) =>
      statement.Resource === key ? allow(statement.Action, key, `s3.${REGION}.amazonaws.com`) : statement,
    );
    await expect(creates(elsewhere)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  test('is read only by whoever may decrypt', async () => {
    await creates(enough);
    const value = { SecretId: name, SecretString: 'x', ClientRequestToken: token(1) };
    await expect(worker.send(new PutSecretValueCommand(value))).rejects.toThrow('kms:GenerateDataKey');
    await expect(read(worker)).rejects.toThrow('kms:Decrypt');
  });
});
