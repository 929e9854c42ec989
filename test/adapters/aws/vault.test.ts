// The vault, over real clients: what is stored, under which labels, and who can read it.
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  PutResourcePolicyCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { smtpPassword } from '../../../src/adapters/aws/smtp-password.ts';
import { secretsManagerVault } from '../../../src/adapters/aws/vault.ts';
import type { IamUser } from '../../../src/domain/iam-user.ts';
import { DAY, MINUTE } from '../../../src/domain/time.ts';
import { vaultPath } from '../../../src/domain/vault-path.ts';
import type { KeySecret, NewKey, Vault } from '../../../src/usecases/ports.ts';
import { Secret } from '../../../src/usecases/secret.ts';
import { ANYTHING } from '../../sandbox/servers/aws/account-under-test.ts';
import { ACCOUNT, recorded, startWorld, type World } from './aws-world.ts';

const READER = `arn:aws:iam::${ACCOUNT}:role/support/readers`;
const FOREIGN_READER = 'arn:aws:iam::999988887777:role/readers';
const DENIED = 'AccessDeniedException';

let world: World;
let vault: Vault;

beforeEach(async () => {
  world = await startWorld();
  world.iam.addRole('readers', [], '/support/');
  vault = vaultWith([READER, FOREIGN_READER]);
});

function vaultWith(readers: string[]): Vault {
  const { now } = world.clock;
  const client = world.secretsClient('worker');
  return secretsManagerVault({ client, changing: () => client, prefix: '/iam/keys', readers, now });
}

const token = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const keyId = (n: number) => `AKIA${String(n).padStart(16, '0')}`;

function newKey(id = keyId(2)): NewKey {
  const createdAt = Date.parse('2026-03-01T10:00:00Z');
  return { id, status: 'Active', createdAt, secret: new Secret(`wJalr/${id}`), requestId: 'request-1' };
}

const NOW = Date.parse('2026-03-02T09:30:00Z');
const asked = (jobId: string, askedAt = NOW) => ({ jobId, askedAt, at: askedAt });

function never(): never {
  throw new Error('there is no such user');
}

const pathOf = (user: IamUser) => vaultPath('/iam/keys', user);

async function storedFor(userName: string, path = '/'): Promise<{ user: IamUser; secretId: string }> {
  const user = recorded(world.iam.addUser(userName, { path }));
  await vault.prepare(user);
  await vault.store(user, newKey(), { id: keyId(1) }, token(1));
  return { user, secretId: pathOf(user) };
}

describe('what is stored', () => {
  test('is all that the owner needs, in the form of a credential process', async () => {
    const { secretId } = await storedFor('ci');
    expect(JSON.parse(await world.reads('readers', secretId))).toEqual({
      Version: 1,
      AccessKeyId: keyId(2),
      SecretAccessKey: `wJalr/${keyId(2)}`,
      UserName: 'ci',
      AccountId: ACCOUNT,
      CreatedAt: '2026-03-01T10:00:00.000Z',
      ReplacesKeyId: keyId(1),
    });
    const tags = world.secrets.state.secrets.get(secretId)?.tags;
    expect(Object.fromEntries(tags ?? [])).toEqual({
      'keyrotate:account': ACCOUNT,
      'keyrotate:iam-user': 'ci',
      'keyrotate:readers': expect.stringMatching(/^[0-9a-z]+ \d{4}-\d\d-\d\d$/),
    });
  });

  test('is found again by the key’s id, and a secret that is missing or empty holds none', async () => {
    const user = recorded(world.iam.addUser('ci'));
    expect(await vault.storedKeys(user)).toEqual(new Map());
    await vault.prepare(user);
    expect(await vault.storedKeys(user)).toEqual(new Map());

    await vault.store(user, newKey(keyId(2)), { id: keyId(1) }, token(1));
    await vault.store(user, newKey(keyId(3)), { id: keyId(2) }, token(2));

    expect(await vault.storedKeys(user)).toEqual(
      new Map([
        [keyId(2), token(1)],
        [keyId(3), token(2)],
      ]),
    );
    // One secret overwritten in place could not hold two live keys.
    expect(await world.reads('readers', pathOf(user), keyId(2))).toContain(keyId(2));
    expect(await world.reads('readers', pathOf(user))).toContain(keyId(3));
  });

  test('is stored once, however often it is asked for', async () => {
    const { user } = await storedFor('ci');
    expect(await vault.store(user, newKey(), { id: keyId(1) }, token(1))).toBe(token(1));
    expect(world.secrets.state.secrets.get(pathOf(user))?.versions.size).toBe(1);
  });

  test('has the SMTP password beside it where the old key sends mail through SES', async () => {
    const { user, secretId } = await storedFor('mailer');
    const replaced = { id: keyId(2), mailRegion: 'eu-central-1' };
    await vault.store(user, newKey(keyId(3)), replaced, token(2));
    const stored = JSON.parse((await world.reads('readers', secretId)) ?? '');
    expect(stored).toMatchObject({ AccessKeyId: keyId(3), SmtpRegion: 'eu-central-1' });
    expect(stored.SmtpPassword).toBe(smtpPassword(stored.SecretAccessKey, 'eu-central-1'));
    expect(JSON.parse((await world.reads('readers', secretId, keyId(2))) ?? '')).not.toHaveProperty(
      'SmtpPassword',
    );
  });

  test('is stored once when AWS’s answer is lost', async () => {
    const user = recorded(world.iam.addUser('ci'));
    await vault.prepare(user);
    world.failOnce('PutSecretValue', { kind: 'lose' });

    expect(await vault.store(user, newKey(), { id: keyId(1) }, token(1))).toBe(token(1));

    expect(world.sent('PutSecretValue')).toHaveLength(2);
    expect(world.secrets.state.secrets.get(pathOf(user))?.versions.size).toBe(1);
  });

  test('does not show in the error when AWS quotes what it refuses', async () => {
    const user = recorded(world.iam.addUser('ci'));
    await vault.prepare(user);
    world.wire.interfere(({ input }) => ({
      kind: 'refuse',
      status: 400,
      code: 'InvalidParameterException',
      message: `Bad value: ${input.SecretString}`,
    }));

    const error = await vault.store(user, newKey(), { id: keyId(1) }, token(1)).catch((thrown) => thrown);

    expect(error).toMatchObject({ outcome: 'refused', code: 'InvalidParameter' });
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain('wJalr');
  });
});

/** What the runbook says to add to a secret's policy. */
function byTheBook(): { ArnNotEquals: { 'aws:PrincipalArn': string[] } } {
  const page = readFileSync(new URL('../../../docs/RUNBOOK.md', import.meta.url), 'utf8');
  const [, json = ''] = /### Fetch a key when nobody can[\s\S]*?```json\n(.*)\n```/.exec(page) ?? [];
  return JSON.parse(json);
}

describe('who can read', () => {
  test.each(['/', '/teams/build/'])(
    'the user with its old key, under %s, and the configured readers',
    async (path) => {
      const { secretId } = await storedFor('ci', path);
      const oldKey = world.iam.addKey('ci');
      expect(await world.reads(oldKey, secretId)).toContain('SecretAccessKey');
      expect(await world.reads('readers', secretId)).toContain('SecretAccessKey');
    },
  );

  test('not keyrotate itself, not an administrator, not another user who may do anything', async () => {
    const { secretId } = await storedFor('ci');
    world.iam.addUser('root-like', { policies: [ANYTHING] });
    expect(await world.reads('worker', secretId)).toBe(DENIED);
    expect(await world.reads('admin', secretId)).toBe(DENIED);
    expect(await world.reads(world.iam.addKey('root-like'), secretId)).toBe(DENIED);
  });

  test('not somebody recreated under the same name, not even once a key is made for them', async () => {
    const { secretId } = await storedFor('ci');
    const recreated = world.iam.console.recreateUser('ci');
    recreated.policies.push(ANYTHING);
    const key = world.iam.addKey('ci');
    expect(await world.reads(key, secretId)).toBe(DENIED);

    await vault.prepare(recorded(recreated));

    expect(await world.reads(key, secretId)).toBe(DENIED);
  });

  test('not a reader who is no longer configured', async () => {
    const { user, secretId } = await storedFor('ci');
    await vaultWith([FOREIGN_READER]).prepare(user);
    expect(await world.reads('readers', secretId)).toBe(DENIED);
    expect(await world.reads(world.iam.addKey('ci'), secretId)).toContain('SecretAccessKey');
  });

  test.each([
    ['nobody was named', []],
    ['others were named', [FOREIGN_READER, READER]],
  ])('an administrator who changes the policy by the runbook, where %s', async (_, readers) => {
    const { user, secretId } = await storedFor('ci');
    await vaultWith(readers).prepare(user);
    const admin = world.secretsClient('admin');
    expect(await world.reads('admin', secretId)).toBe(DENIED);

    const policy = structuredClone(world.secrets.state.secrets.get(secretId)?.policy);
    const closed = policy?.Statement.find(({ Sid }) => Sid === 'NobodyElse')?.Condition ?? {};
    const [own = ''] = byTheBook().ArnNotEquals['aws:PrincipalArn'];
    const mine = own.replace('role/your-role', 'role/admin');
    closed.ArnNotEquals = {
      'aws:PrincipalArn': [closed.ArnNotEquals?.['aws:PrincipalArn'] ?? [], mine].flat(),
    };
    const changed = { SecretId: secretId, ResourcePolicy: JSON.stringify(policy), BlockPublicPolicy: true };
    await admin.send(new PutResourcePolicyCommand(changed));

    expect(await world.reads('admin', secretId)).toContain('SecretAccessKey');
    world.iam.addUser('root-like', { policies: [ANYTHING] });
    expect(await world.reads(world.iam.addKey('root-like'), secretId)).toBe(DENIED);
  });

  test('a user with a comma, each its own', async () => {
    const comma = await storedFor('smith,john');
    const escaped = await storedFor('smith=2Cjohn');
    expect(comma.secretId).not.toBe(escaped.secretId);
    const key = world.iam.addKey('smith,john');
    expect(await world.reads(key, comma.secretId)).toContain('smith,john');
    expect(await world.reads(key, escaped.secretId)).toBe(DENIED);
  });
});

describe('when it was last opened', () => {
  const today = () => Math.floor(world.clock.now() / DAY) * DAY;

  test('is nothing for a secret that is missing, empty, or only written by keyrotate', async () => {
    const nobody = recorded(world.iam.addUser('nobody'));
    expect(await vault.lastOpened(nobody)).toBeUndefined();
    const { user } = await storedFor('ci');
    await vault.storedKeys(user);
    expect(await vault.lastOpened(user)).toBeUndefined();
  });

  test('is the day on which somebody read it, and nothing that was refused counts', async () => {
    const { user, secretId } = await storedFor('ci');
    expect(await world.reads('worker', secretId)).toBe(DENIED);
    expect(await vault.lastOpened(user)).toBeUndefined();
    const opened = today();
    expect(await world.reads(world.iam.addKey('ci'), secretId)).toContain('SecretAccessKey');
    expect(await vault.lastOpened(user)).toBe(opened);
  });

  test('is not known, rather than never, when AWS refuses to tell', async () => {
    const user = recorded(world.iam.addUser('ci'));
    world.wire.interfere(() => ({ kind: 'refuse', status: 400, code: 'AccessDeniedException' }));
    await expect(vault.lastOpened(user)).rejects.toMatchObject({ outcome: 'refused', code: 'AccessDenied' });
  });
});

describe('preparing', () => {
  test('can be repeated, and survives a lost answer', async () => {
    const user = recorded(world.iam.addUser('ci'));
    world.failOnce('CreateSecret', { kind: 'lose' });
    await vault.prepare(user);
    await vault.prepare(user);
    expect(world.secrets.state.secrets.size).toBe(1);
    expect(world.sent('PutResourcePolicy')).toHaveLength(2);
  });

  test('restores a secret that is scheduled for deletion, with the keys that are in it', async () => {
    const { user, secretId } = await storedFor('ci');
    await vault.scheduleDeletion(user, asked('job-1'));
    await vault.prepare(user);
    await vault.store(user, newKey(keyId(3)), { id: keyId(2) }, token(2));
    for (const key of [keyId(2), keyId(3)])
      expect(await world.reads('readers', secretId, key)).toContain(`wJalr/${key}`);
  });

  test('breaks off before any key is made where the secret cannot be restored', async () => {
    const { user, secretId } = await storedFor('ci');
    await vault.scheduleDeletion(user, asked('job-1'));
    world.failOnce('RestoreSecret', { kind: 'refuse', status: 400, code: DENIED });
    await expect(vault.prepare(user)).rejects.toMatchObject({ outcome: 'refused', code: 'AccessDenied' });
    expect(world.secrets.state.secrets.get(secretId)?.deletedAt).toBeDefined();
  });

  test('refuses a user that does not exist, whoever else may read', async () => {
    const user = recorded(world.iam.addUser('ci'));
    world.iam.console.deleteUser('ci');
    for (const readers of [[], [READER]])
      await expect(vaultWith(readers).prepare(user)).rejects.toMatchObject({
        outcome: 'refused',
        code: 'MalformedPolicyDocument',
      });
  });
});

describe('readers', () => {
  const NOBODY = `arn:aws:iam::${ACCOUNT}:role/nobody`;

  test('of another account are not let in', async () => {
    const user = recorded(world.iam.addUser('ci'));
    await vault.prepare(user);
    for (const { requestBody } of world.sent('PutResourcePolicy'))
      expect(requestBody).not.toContain('999988887777');
  });

  test.each([[[NOBODY, READER]], [[READER, NOBODY]], [[NOBODY]]])(
    'that do not exist are left out: %j',
    async (readers) => {
      const user = recorded(world.iam.addUser('ci'));
      const some = vaultWith(readers);
      await some.prepare(user);
      await some.store(user, newKey(), { id: keyId(1) }, token(1));
      const isNamed = readers.includes(READER);
      expect(await world.reads('readers', pathOf(user))).toContain(isNamed ? 'SecretAccessKey' : DENIED);
      expect(await world.reads('admin', pathOf(user))).toBe(DENIED);
      expect(await world.reads(world.iam.addKey('ci'), pathOf(user))).toContain('SecretAccessKey');
    },
  );

  test('never are more than are configured, while those who do not exist are looked for', async () => {
    world.iam.addRole('support', []);
    const support = `arn:aws:iam::${ACCOUNT}:role/support`;
    await vaultWith([READER]).prepare(recorded(world.iam.addUser('ci')));
    const user = recorded(world.iam.state.users.get('ci') ?? never());
    await vaultWith([support, NOBODY]).admit(user, user.arn);
    const policies = world
      .sent('PutResourcePolicy')
      .slice(1)
      .map(({ requestBody }) => requestBody);
    expect(policies).toHaveLength(3);
    for (const policy of policies) expect(policy).not.toContain('role/support/readers');
  });

  test('who may read already are not shut out while others are looked for', async () => {
    const { user, secretId } = await storedFor('ci');
    let puts = 0;
    world.wire.interfere(({ action }) => {
      if (action === 'PutResourcePolicy') puts += 1;
      return puts > 2 ? { kind: 'refuse', status: 500, code: 'InternalServiceError' } : undefined;
    });
    await expect(vaultWith([READER, NOBODY]).admit(user, user.arn)).rejects.toMatchObject({
      outcome: 'unknown',
    });
    world.wire.interfere(undefined);
    expect(await world.reads('readers', secretId)).toContain('SecretAccessKey');
  });

  test('are changed for a secret that is there: who is named no longer reads no longer', async () => {
    const { user, secretId } = await storedFor('ci');
    world.iam.addRole('support', []);
    await vaultWith([`arn:aws:iam::${ACCOUNT}:role/support`]).admit(user, user.arn);
    expect(await world.reads('support', secretId)).toContain('SecretAccessKey');
    expect(await world.reads('readers', secretId)).toBe(DENIED);
  });

  test('are nobody’s concern where there is no secret any more: none is made', async () => {
    const user = recorded(world.iam.addUser('ci'));
    await expect(vault.admit(user, user.arn)).rejects.toMatchObject({
      outcome: 'refused',
      code: 'ResourceNotFound',
    });
    expect(world.secrets.state.secrets.size).toBe(0);
  });

  test('are not known to be let in when AWS does not answer', async () => {
    const { user } = await storedFor('ci');
    world.wire.interfere(() => ({ kind: 'refuse', status: 500, code: 'InternalServiceError' }));
    await expect(vault.admit(user, user.arn)).rejects.toMatchObject({ outcome: 'unknown' });
  });
});

describe('the list of secrets', () => {
  const NOBODY = `arn:aws:iam::${ACCOUNT}:role/nobody`;
  const support = `arn:aws:iam::${ACCOUNT}:role/support`;

  async function listed(readers = [READER]): Promise<KeySecret[]> {
    world.clock.advance(6 * MINUTE);
    const secrets: KeySecret[] = [];
    for await (const secret of vaultWith(readers).secrets(ACCOUNT)) secrets.push(secret);
    return secrets;
  }

  test('has all that lie under the prefix, with whose they are, page by page', async () => {
    const users = Array.from({ length: 101 }, (_, nth) => recorded(world.iam.addUser(`a,b=${nth}`)));
    for (const user of users) await vault.prepare(user);
    const admin = world.secretsClient('admin');
    for (const Name of [
      'keyrotate/slack',
      `/iam/keys/${ACCOUNT}/somebody/else/made-this`,
      '/iam/keys/999988887777/ci/AIDA',
    ])
      await admin.send(new CreateSecretCommand({ Name }));
    const secrets = await listed();
    expect(secrets.map(({ userName, userId }) => [userName, userId])).toEqual(
      users.map(({ userName, userId }) => [userName, userId]),
    );
  });

  test('tells whom each policy is for', async () => {
    world.iam.addRole('support', []);
    await vaultWith([READER]).prepare(recorded(world.iam.addUser('reader')));
    await vaultWith([support, READER]).prepare(recorded(world.iam.addUser('both')));
    await vaultWith([READER, NOBODY]).prepare(recorded(world.iam.addUser('in-part')));
    const as = async (...readers: string[]) =>
      (await listed(readers)).map((secret) => [secret.userName, secret.readers]);
    expect(await as(READER)).toEqual([
      ['reader', 'todays'],
      ['both', 'others'],
      ['in-part', 'others'],
    ]);
    expect(await as(READER, support)).toContainEqual(['both', 'todays']);
    expect(await as(NOBODY, READER)).toContainEqual(['in-part', 'todaysInPart']);
    world.clock.advance(7 * DAY);
    expect(await as(READER)).toContainEqual(['reader', 'others']);
    await vaultWith([READER]).prepare(recorded(world.iam.state.users.get('reader') ?? never()));
    expect(await as(READER)).toContainEqual(['reader', 'todays']);
  });

  test.each(['TagResource', 'PutResourcePolicy'])(
    'has a secret whose readers are in doubt among those of others: %s broke off',
    async (action) => {
      const user = recorded(world.iam.addUser('ci'));
      await vaultWith([READER]).prepare(user);
      world.iam.addRole('support', []);
      let calls = 0;
      world.wire.interfere((call) => {
        if (call.action !== action) return undefined;
        calls += 1;
        return calls > (action === 'TagResource' ? 1 : 0)
          ? { kind: 'refuse', status: 500, code: 'InternalServiceError' }
          : undefined;
      });
      await expect(vaultWith([support]).admit(user, user.arn)).rejects.toMatchObject({ outcome: 'unknown' });
      world.wire.interfere(undefined);
      for (const readers of [[READER], [support]])
        expect(await listed(readers)).toMatchObject([{ readers: 'others' }]);
    },
  );

  test('tells which are scheduled for deletion, by whom, and which are keyrotate’s own', async () => {
    const own = await storedFor('own');
    await vault.scheduleDeletion(own.user, asked('job-1'));
    const foreign = await storedFor('foreign');
    world.secrets.state.secrets.get(foreign.secretId)?.tags.clear();
    await world.secretsClient('admin').send(new DeleteSecretCommand({ SecretId: foreign.secretId }));
    expect(await listed()).toMatchObject([
      { userName: 'own', scheduledBy: 'job-1', noted: { jobId: 'job-1', at: NOW }, isOurs: true },
      { userName: 'foreign', scheduledBy: '', isOurs: false },
    ]);
  });
});

describe('scheduling the deletion of a secret', () => {
  const at = (secretId: string) => world.secrets.state.secrets.get(secretId);

  test('keeps it for thirty days, in which it can be restored whole', async () => {
    const { user, secretId } = await storedFor('ci');
    expect(await vault.scheduleDeletion(user, asked('job-1'))).toBe('scheduled');
    expect(at(secretId)?.recoverableUntil).toBe((at(secretId)?.deletedAt ?? 0) + 30 * DAY);
    await world.secretsClient('admin').send(new RestoreSecretCommand({ SecretId: secretId }));
    expect(await world.reads('readers', secretId)).toContain('SecretAccessKey');
  });

  test('is one however often a job does it, and not that of another job', async () => {
    const { user } = await storedFor('ci');
    world.failOnce('DeleteSecret', { kind: 'lose' });
    expect(await vault.scheduleDeletion(user, asked('job-1')).catch(() => 'unknown')).toMatch(
      /scheduled|unknown/,
    );
    expect(await vault.scheduleDeletion(user, asked('job-1'))).toBe('scheduled');
    expect(await vault.scheduleDeletion(user, asked('job-2'))).toBe('gone');
  });

  test('leaves what was restored since it was asked for, also by the job that had it deleted', async () => {
    const { user, secretId } = await storedFor('ci');
    await vault.scheduleDeletion(user, asked('job-1', NOW + MINUTE));
    await world.secretsClient('admin').send(new RestoreSecretCommand({ SecretId: secretId }));
    expect(await vault.scheduleDeletion(user, asked('job-1', NOW + MINUTE))).toBe('restored');
    expect(await vault.scheduleDeletion(user, asked('before', NOW))).toBe('restored');
    expect(at(secretId)?.deletedAt).toBeUndefined();
    expect(await vault.scheduleDeletion(user, asked('after', NOW + 2 * MINUTE))).toBe('scheduled');
  });

  test('leaves what is tagged for nobody or somebody else, and what is not there', async () => {
    const { user, secretId } = await storedFor('ci');
    at(secretId)?.tags.set('keyrotate:account', '999988887777');
    expect(await vault.scheduleDeletion(user, asked('job-1'))).toBe('notOurs');
    expect(at(secretId)?.deletedAt).toBeUndefined();
    expect(await vault.scheduleDeletion({ ...user, userId: 'AIDANOBODY' }, asked('job-1'))).toBe('gone');
  });

  test.each([
    ['at once', { ForceDeleteWithoutRecovery: true }],
    ['sooner', { RecoveryWindowInDays: 7 }],
    ['without a window', {}],
  ])('is all that the worker may do: not %s', async (_, how) => {
    const { secretId } = await storedFor('ci');
    const worker = world.secretsClient('worker');
    await expect(worker.send(new DeleteSecretCommand({ SecretId: secretId, ...how }))).rejects.toMatchObject({
      name: DENIED,
    });
    expect(at(secretId)?.deletedAt).toBeUndefined();
  });
});

describe('the KMS key of a secret that is there already', () => {
  const id = '11111111-2222-3333-4444-555555555555';
  const arn = `arn:aws:kms:eu-central-1:${ACCOUNT}:key/${id}`;
  const alias = `arn:aws:kms:eu-central-1:${ACCOUNT}:alias/keys`;
  const own = `arn:aws:kms:eu-central-1:${ACCOUNT}:alias/aws/secretsmanager`;
  const other = `arn:aws:kms:eu-central-1:${ACCOUNT}:key/66666666-7777-8888-9999-000000000000`;

  async function prepareWith(configured: string | undefined, found: string | undefined): Promise<void> {
    const { user, secretId } = await storedFor('ci');
    Object.assign(world.secrets.state.secrets.get(secretId) ?? {}, { kmsKeyId: found });
    const client = world.secretsClient('admin');
    await secretsManagerVault({
      client,
      changing: () => client,
      prefix: '/iam/keys',
      readers: [],
      kmsKeyId: configured,
      now: Date.now,
    }).prepare(user);
  }

  test.each([
    ['AWS’s own', undefined, undefined],
    ['AWS’s own, by its alias', own, undefined],
    ['the operator’s, by ARN', arn, arn],
    ['the operator’s, by id', arn, id],
    ['the operator’s, by an alias', alias, alias],
  ])('may stay: %s', async (_, configured, found) => {
    await expect(prepareWith(configured, found)).resolves.toBeUndefined();
  });

  test.each([
    ['AWS’s own until now', arn, undefined],
    ['one that was configured before', undefined, arn],
    ['another of the operator’s', arn, other],
  ])('is told of before any key is made: %s', async (_, configured, found) => {
    await expect(prepareWith(configured, found)).rejects.toMatchObject({
      outcome: 'refused',
      code: 'SecretUnderAnotherKmsKey',
    });
  });
});

describe('the twenty labels', () => {
  /** As many stored keys as fit, of which IAM still lists some. */
  async function full(living: string[], more: Partial<IamUser> = {}): Promise<IamUser> {
    const key = (id: string) => ({
      id,
      status: 'Active' as const,
      createdAt: 0,
      lastUse: { seen: 'never' as const },
    });
    const user = recorded(world.iam.addUser('ci'), { keys: living.map(key), ...more });
    for (let n = 1; n <= 18; n += 1) {
      await vault.prepare(user);
      await vault.store(user, newKey(keyId(n + 10)), { id: keyId(n + 9) }, token(n));
    }
    return user;
  }

  const labels = async (user: IamUser) => [...(await vault.storedKeys(user)).keys()];

  test('never run out while old keys are deleted', async () => {
    const user = recorded(world.iam.addUser('ci'));
    for (let n = 1; n <= 40; n += 1) {
      const keys = [n + 9, n + 8].map((k) => ({ ...newKey(keyId(k)), lastUse: { seen: 'never' as const } }));
      await vault.prepare({ ...user, keys });
      await vault.store(user, newKey(keyId(n + 10)), { id: keyId(n + 9) }, token(n));
    }
    expect(await labels(user)).toEqual(expect.arrayContaining([keyId(50), keyId(49), keyId(48)]));
  });

  test('are taken from no more keys than needed', async () => {
    const user = await full([]);
    expect(world.sent('UpdateSecretVersionStage')).toHaveLength(0);
    await vault.prepare(user);
    expect(world.sent('UpdateSecretVersionStage')).toHaveLength(1);
    await vault.store(user, newKey(keyId(99)), { id: keyId(28) }, token(99));
    expect(await labels(user)).toHaveLength(18);
  });

  test('are never taken from keys that may still live: listed, stranded, or the rotation’s own', async () => {
    const user = await full([keyId(11), keyId(12)], {
      stranded: [keyId(13)],
      rotation: {
        stage: 'issued',
        oldKeyId: keyId(14),
        oldKeyCreatedAt: 0,
        openedAt: 0,
        history: [],
        replacement: { kind: 'created', keyId: keyId(15), vaultVersion: token(5) },
      },
    });
    for (let n = 30; n < 43; n += 1) {
      await vault.prepare(user);
      await vault.store(user, newKey(keyId(n)), { id: keyId(n - 1) }, token(n));
    }
    const kept = [11, 12, 13, 14, 15].map(keyId);
    expect(await labels(user)).toEqual(expect.arrayContaining(kept));
  });

  test('are refused when every key may still live, before any key is made', async () => {
    const user = await full([], { stranded: Array.from({ length: 18 }, (_, n) => keyId(n + 11)) });
    await expect(vault.prepare(user)).rejects.toMatchObject({ outcome: 'refused', code: 'NoLabelFree' });
    expect(await labels(user)).toHaveLength(18);
  });
});

describe('the commands', () => {
  test('create the secret empty, tagged, under the operator’s own key, and always block a public policy', async () => {
    const client = new SecretsManagerClient({ region: 'us-east-1' });
    const secrets = mockClient(client);
    const missing = Object.assign(new Error(), {
      name: 'ResourceNotFoundException',
      $metadata: { httpStatusCode: 400 },
    });
    secrets.on(DescribeSecretCommand).rejects(missing);
    const kms = secretsManagerVault({
      client,
      changing: () => client,
      prefix: '/p',
      readers: [READER],
      kmsKeyId: 'arn:kms',
      now: Date.now,
    });
    const user = recorded(world.iam.addUser('a,b', { path: '/x/' }));

    await kms.prepare(user);

    const inputs = secrets.calls().map(({ args: [command] }) => command.input);
    expect(inputs).toEqual([
      { SecretId: `/p/${ACCOUNT}/a=2Cb/${user.userId}` },
      {
        Name: `/p/${ACCOUNT}/a=2Cb/${user.userId}`,
        Description: expect.stringContaining('a,b'),
        Tags: [
          { Key: 'keyrotate:account', Value: ACCOUNT },
          { Key: 'keyrotate:iam-user', Value: 'a=2Cb' },
          { Key: 'keyrotate:readers', Value: 'being written' },
        ],
        KmsKeyId: 'arn:kms',
      },
      {
        SecretId: `/p/${ACCOUNT}/a=2Cb/${user.userId}`,
        ResourcePolicy: expect.any(String),
        BlockPublicPolicy: true,
      },
      {
        SecretId: `/p/${ACCOUNT}/a=2Cb/${user.userId}`,
        Tags: [{ Key: 'keyrotate:readers', Value: expect.stringMatching(/^[0-9a-z]+ \d{4}-\d\d-\d\d$/) }],
      },
    ]);
  });

  test('leave nothing open where the answer lacks the version: the token becomes its id', async () => {
    const client = new SecretsManagerClient({ region: 'us-east-1' });
    mockClient(client).on(PutSecretValueCommand).resolves({});
    const plain = secretsManagerVault({
      client,
      changing: () => client,
      ...{ prefix: '/p', readers: [], now: Date.now },
    });
    const holder = { account: ACCOUNT, userName: 'ci', userId: 'AIDACI' };
    expect(await plain.store(holder, newKey(), { id: keyId(1) }, token(1))).toBe(token(1));
  });
});
