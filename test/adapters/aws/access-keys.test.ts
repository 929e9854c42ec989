import {
  CreateAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  GetAccountAuthorizationDetailsCommand,
  GetUserCommand,
  IAMClient,
  ListAccessKeysCommand,
} from '@aws-sdk/client-iam';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { iamAccessKeys } from '../../../src/adapters/aws/access-keys.ts';
import type { AccessKeys, Log, LogFacts } from '../../../src/usecases/ports.ts';
import { only } from '../../only.ts';
import { ACCOUNT, startWorld, type World } from './aws-world.ts';

async function listed<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const REQUEST_ID = expect.stringMatching(/^[\w-]{8,}$/);
const CREATED = new Date('2026-03-01T10:00:00Z');

describe('the commands', () => {
  const client = new IAMClient({ region: 'us-east-1' });
  const onceClient = new IAMClient({ region: 'us-east-1', maxAttempts: 1 });
  const iam = mockClient(client);
  const iamOnce = mockClient(onceClient);
  const warned: LogFacts[] = [];
  const log = only<Log>({ warn: (_, facts = {}) => warned.push(facts) });
  const keys = iamAccessKeys({
    client,
    changing: (_, times) => (times ? onceClient : client),
    ...{ account: ACCOUNT, log },
  });
  const _$metadata = { requestId: 'request-1' };

  beforeEach(() => {
    iam.reset();
    iamOnce.reset();
    warned.length = 0;
  });

  const inputs = (of: typeof iam) => of.calls().map(({ args: [command] }) => command.input);

  test('list walks through every page', async () => {
    const key = (AccessKeyId: string) => ({ AccessKeyId, Status: 'Active' as const, CreateDate: CREATED });
    iam
      .on(ListAccessKeysCommand, { UserName: 'ci' })
      .resolves({ AccessKeyMetadata: [key('AKIA1')], IsTruncated: true, Marker: 'next' })
      .on(ListAccessKeysCommand, { UserName: 'ci', Marker: 'next' })
      .resolves({ AccessKeyMetadata: [key('AKIA2')], IsTruncated: false, Marker: 'stale' });

    expect((await keys.list('ci'))?.map(({ id }) => id)).toEqual(['AKIA1', 'AKIA2']);
    expect(inputs(iam)).toEqual([{ UserName: 'ci' }, { UserName: 'ci', Marker: 'next' }]);
  });

  test('all users come page by page, with their tags, and no page is asked for before it is needed', async () => {
    const user = (UserName: string, Tags?: { Key: string; Value: string }[]) => ({
      ...{
        UserName,
        UserId: `AIDA${UserName}`,
        CreateDate: CREATED,
        Arn: `arn:aws:iam::${ACCOUNT}:user/${UserName}`,
      },
      ...(Tags && { Tags }),
    });
    const page = { Filter: ['User' as const], MaxItems: 1000 };
    iam
      .on(GetAccountAuthorizationDetailsCommand, page)
      .resolves({
        UserDetailList: [user('ci', [{ Key: 'mail', Value: 'j@x.org' }])],
        IsTruncated: true,
        Marker: 'next',
      })
      .on(GetAccountAuthorizationDetailsCommand, { ...page, Marker: 'next' })
      .resolves({ UserDetailList: [user('backup')], IsTruncated: false });

    const found: string[] = [];
    for await (const { userName, tags } of keys.all()) {
      found.push(`${userName} ${JSON.stringify(tags)}`);
      expect(iam.calls()).toHaveLength(found.length);
    }
    expect(found).toEqual(['ci {"mail":"j@x.org"}', 'backup {}']);
  });

  test('a user without an id is not passed over: the list would be taken for whole', async () => {
    iam.on(GetAccountAuthorizationDetailsCommand).resolves({ UserDetailList: [{ UserName: 'ci' }] });
    await expect(listed(keys.all())).rejects.toMatchObject({ outcome: 'refused', code: 'IncompleteAnswer' });
  });

  test('a status nobody has heard of is not taken for another', async () => {
    iam.on(ListAccessKeysCommand).resolves({
      AccessKeyMetadata: [{ AccessKeyId: 'AKIA1', Status: 'Paused' as 'Active', CreateDate: CREATED }],
    });
    await expect(keys.list('ci')).rejects.toMatchObject({ outcome: 'refused', code: 'UnexpectedStatus' });
  });

  test('a description without an id is none', async () => {
    iam.on(GetUserCommand).resolves({});
    await expect(keys.describeUser('ci')).rejects.toMatchObject({ code: 'IncompleteAnswer' });
  });

  test('users of another account are not taken for this one’s, neither one by one nor in the list of all', async () => {
    const arn = 'arn:aws:iam::444455556666:user/ci';
    const foreign = { UserName: 'ci', UserId: 'AIDACI', Arn: arn, CreateDate: CREATED };
    iam.on(GetUserCommand).resolves({ User: { ...foreign, Path: '/' } });
    iam.on(GetAccountAuthorizationDetailsCommand).resolves({ UserDetailList: [foreign] });
    const refused = { outcome: 'refused', code: 'OtherAccount' };
    await expect(keys.describeUser('ci')).rejects.toMatchObject(refused);
    await expect(listed(keys.all())).rejects.toMatchObject(refused);
  });

  test('a key that was created without a secret coming back is no key refused', async () => {
    iamOnce.on(CreateAccessKeyCommand).resolves({});
    await expect(keys.create('ci')).rejects.toMatchObject({ outcome: 'unknown' });
  });

  test('a client that would try again creates nothing', async () => {
    const careless = iamAccessKeys({ client, changing: () => client, account: ACCOUNT, log });
    await expect(careless.create('ci')).rejects.toThrow('maxAttempts 1');
    expect(iam.calls()).toHaveLength(0);
  });

  describe('the last use', () => {
    const at = new Date('2026-03-02T10:00:00Z');
    test.each([
      ['never', { ServiceName: 'N/A', Region: 'N/A' }, { seen: 'never' }],
      [
        'in a region',
        { LastUsedDate: at, ServiceName: 's3', Region: 'eu-west-1' },
        { seen: 'used', at: at.getTime(), service: 's3', region: 'eu-west-1' },
      ],
      [
        'of a global service',
        { LastUsedDate: at, ServiceName: 'iam', Region: 'N/A' },
        { seen: 'used', at: at.getTime(), service: 'iam' },
      ],
      ['of a service, but no date', { ServiceName: 's3', Region: 'N/A' }, { seen: 'unknown' }],
      ['not told at all', undefined, { seen: 'unknown' }],
    ])('%s', async (_, AccessKeyLastUsed, expected) => {
      iam
        .on(GetAccessKeyLastUsedCommand)
        .resolves(AccessKeyLastUsed ? { AccessKeyLastUsed: AccessKeyLastUsed as never } : {});
      expect(await keys.lastUse('AKIA1')).toEqual(expected);
    });

    test('that cannot be looked up is unknown and never "never used", and the log tells why', async () => {
      iam.on(GetAccessKeyLastUsedCommand).rejects(Object.assign(new Error(), { name: 'AccessDenied' }));
      expect(await keys.lastUse('AKIA1')).toEqual({ seen: 'unknown' });
      expect(warned).toMatchObject([{ error: { operation: 'GetAccessKeyLastUsed', code: 'AccessDenied' } }]);
    });
  });
});

describe('in an account', () => {
  let world: World;
  let keys: AccessKeys;

  beforeEach(async () => {
    world = await startWorld();
    keys = keysAs('worker');
  });

  const keysAs = (role: string) =>
    iamAccessKeys({
      client: world.iamClient(role),
      changing: (_, times) => world.iamClient(role, ...(times ? [1] : [])),
      account: ACCOUNT,
      log: only<Log>({}),
    });

  test('a user under a path is described with ARN, id and tags, and its name as IAM spells it', async () => {
    const { userId, createdAt } = world.iam.addUser('smith,john', {
      path: '/people/',
      tags: { mail: 'j@x.org' },
    });
    expect(await keys.describeUser('Smith,John')).toEqual({
      userName: 'smith,john',
      userId,
      arn: `arn:aws:iam::${ACCOUNT}:user/people/smith,john`,
      createdAt: Math.floor(createdAt / 1000) * 1000,
      tags: { mail: 'j@x.org' },
    });
  });

  test('the list of all users is refused to whoever may not have it, and is not taken for empty', async () => {
    world.iam.addRole('nobody', []);
    await expect(listed(keysAs('nobody').all())).rejects.toMatchObject({
      outcome: 'refused',
      code: 'AccessDenied',
    });
  });

  test('keys go from created to deleted', async () => {
    world.iam.addUser('ci');
    const old = world.iam.addKey('ci', { createdAt: CREATED.getTime() });

    const created = await keys.create('ci');
    expect(await keys.setStatus('ci', old.id, 'Inactive')).toEqual(REQUEST_ID);

    expect(created).toMatchObject({ status: 'Active', requestId: REQUEST_ID });
    expect(world.iam.state.users.get('ci')?.keys).toContainEqual(
      expect.objectContaining({ id: created.id, secret: created.secret.reveal() }),
    );
    expect(await keys.list('ci')).toEqual(
      expect.arrayContaining([
        { id: old.id, status: 'Inactive', createdAt: CREATED.getTime() },
        { id: created.id, status: 'Active', createdAt: created.createdAt },
      ]),
    );
    expect(await keys.lastUse(created.id)).toEqual({ seen: 'never' });
    expect(await keys.remove('ci', old.id)).toEqual(REQUEST_ID);
    expect(await keys.remove('ci', old.id)).toBeUndefined();
    expect((await keys.list('ci'))?.map(({ id }) => id)).toEqual([created.id]);
  });

  test('a user who does not exist has neither facts nor keys, and gets none', async () => {
    expect(await keys.describeUser('ghost')).toBeUndefined();
    expect(await keys.list('ghost')).toBeUndefined();
    await expect(keys.create('ghost')).rejects.toMatchObject({ outcome: 'refused', code: 'NoSuchEntity' });
  });

  // A blind retry of CreateAccessKey mints a second key.
  test.each([
    ['its answer times out', { kind: 'hang', takesEffect: true }, 'unknown', 1],
    ['its answer is lost', { kind: 'lose' }, 'unknown', 1],
    ['AWS is throttling', { kind: 'refuse', status: 400, code: 'Throttling' }, 'busy', 0],
  ] as const)('CreateAccessKey is sent once, also when %s', async (_, fault, outcome, made) => {
    world.iam.addUser('ci');
    world.failOnce('CreateAccessKey', fault);

    await expect(keys.create('ci')).rejects.toMatchObject({ outcome });

    expect(world.sent('CreateAccessKey')).toHaveLength(1);
    expect(await keys.list('ci')).toHaveLength(made);
  });

  test('everything else may be sent again', async () => {
    world.iam.addUser('ci');
    const { id } = world.iam.addKey('ci');
    world.failOnce('DeleteAccessKey', { kind: 'lose' });

    // Deleted by the first attempt, gone for the second.
    expect(await keys.remove('ci', id)).toBeUndefined();
    expect(world.sent('DeleteAccessKey')).toHaveLength(2);
  });
});
