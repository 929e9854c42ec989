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

test.each(['/iam/keys/a,b', '/iam/keys/é', `/iam/keys/${'x'.repeat(510)}`])(
  'the name %s is refused',
  async (Name) => {
    await expect(worker.send(new CreateSecretCommand({ Name }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  },
);

describe('versions and labels', () => {
  beforeEach(() => worker.send(new CreateSecretCommand({ Name: name })));

  test('the name is taken', async () => {
    await expect(worker.send(new CreateSecretCommand({ Name: name }))).rejects.toMatchObject({
      name: 'ResourceExistsException',
    });
  });

  test('nothing is stored once the secret is scheduled for deletion', async () => {
    await worker.send(new DeleteSecretCommand({ SecretId: name }));
    await expect(put(1, 'first')).rejects.toMatchObject({ name: 'InvalidRequestException' });
  });

  test('an honest repeat changes nothing, another value under the same token is refused', async () => {
    await put(1, 'first');
    await put(2, 'second');

    expect(await put(1, 'first')).toMatchObject({ VersionId: token(1), VersionStages: ['AWSPREVIOUS'] });
    await expect(put(1, 'else')).rejects.toMatchObject({ name: 'ResourceExistsException' });
    expect(await labels()).toEqual({ [token(1)]: ['AWSPREVIOUS'], [token(2)]: ['AWSCURRENT'] });
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
    await removeLabel('AWSPREVIOUS', 1);
    expect(await labels()).toEqual({ [token(2)]: ['AWSCURRENT', 'AKIATWO'] });
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
});

describe('the resource policy', () => {
  const attach = (principal: unknown, more: object = {}) => {
    const statement = { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: '*', ...more };
    const policy = { Version: '2012-10-17', Statement: [{ ...statement, Principal: principal }] };
    return worker.send(
      new PutResourcePolicyCommand({
        SecretId: name,
        ResourcePolicy: JSON.stringify(policy),
        BlockPublicPolicy: true,
      }),
    );
  };

  beforeEach(() => worker.send(new CreateSecretCommand({ Name: name, SecretString: 'value' })));

  test('follows somebody who is renamed', async () => {
    const { arn } = world.iam.addUser('ci-deploy');
    const app = clientOf(keyOf(world.iam.addKey('ci-deploy')));
    await attach({ AWS: arn });

    world.iam.console.updateUser('ci-deploy', { userName: 'deploy', path: '/apps/' });

    expect(await read(app)).toMatchObject({ SecretString: 'value' });
  });

  test('may not open the secret to everybody', async () => {
    const like = { Condition: { StringLike: { 'aws:userid': '*' } } };
    await expect(attach('*')).rejects.toMatchObject({ name: 'PublicPolicyException' });
    await expect(attach({ AWS: '*' }, like)).rejects.toMatchObject({ name: 'PublicPolicyException' });

    await attach('*', { Condition: { StringEquals: { 'aws:userid': 'AIDAEXAMPLE' } } });
  });
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
});
