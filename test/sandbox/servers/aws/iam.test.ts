// IAM as the unmodified SDK sees it.
import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  GetAccountAuthorizationDetailsCommand,
  GetUserCommand,
  type IAMClient,
  ListAccessKeysCommand,
  paginateGetAccountAuthorizationDetails,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { DAY, MINUTE, SECOND } from '../../clock.ts';
import { keyOf, startAccount } from './account-under-test.ts';
import type { PolicyStatement } from './service.ts';
import { useKey } from './use-key.ts';

describe('a user', () => {
  it('comes with tags, of any characters', async () => {
    const { iam, client } = await startAccount();
    iam.addUser('ci-deploy', {
      path: '/ci/',
      tags: { 'keyrotate:owner': 'ada & <bob>', team: 'Überweisung' },
    });

    const { User } = await client.send(new GetUserCommand({ UserName: 'ci-deploy' }));

    expect(User).toMatchObject({
      Arn: 'arn:aws:iam::123456789012:user/ci/ci-deploy',
      UserId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
      CreateDate: expect.any(Date),
    });
    expect(User?.Tags).toEqual([
      { Key: 'keyrotate:owner', Value: 'ada & <bob>' },
      { Key: 'team', Value: 'Überweisung' },
    ]);
  });

  it('is one of a kind whatever the case of the name, and somebody new when it comes back', async () => {
    const { iam, client } = await startAccount();
    const before = iam.addUser('Ada');
    expect(() => iam.addUser('ada')).toThrow(expect.objectContaining({ code: 'EntityAlreadyExists' }));

    iam.addKey('Ada');
    iam.console.deleteUser('Ada');
    expect(iam.state.deletedKeys).toHaveLength(1);
    await expect(client.send(new GetUserCommand({ UserName: 'Ada' }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
      $metadata: { httpStatusCode: 404 },
    });

    expect(iam.addUser('Ada').userId).not.toBe(before.userId);
  });

  it('who is made anew in the console has the old tags, unless others are given, and tags are added', async () => {
    const { iam, client } = await startAccount();
    const tags = async () => (await client.send(new GetUserCommand({ UserName: 'ci' }))).User?.Tags;
    iam.addUser('ci', { tags: { team: 'a' } });
    iam.console.tagUser('ci', { team: 'b', mail: 'ana@example.com' });
    iam.console.recreateUser('ci');
    expect(await tags()).toEqual([
      { Key: 'team', Value: 'b' },
      { Key: 'mail', Value: 'ana@example.com' },
    ]);
    iam.console.recreateUser('ci', { team: 'c' });
    expect(await tags()).toEqual([{ Key: 'team', Value: 'c' }]);
  });

  it('must have a name that IAM allows', async () => {
    const { client } = await startAccount();
    for (const UserName of ['no spaces', 'x'.repeat(129)])
      await expect(client.send(new GetUserCommand({ UserName }))).rejects.toMatchObject({
        name: 'ValidationError',
        message: expect.stringContaining("at 'userName' failed to satisfy constraint"),
        $metadata: { httpStatusCode: 400 },
      });
  });
});

describe('the details of an account', () => {
  it('hold all users with their tags, up to a thousand a page', async () => {
    const { iam, client } = await startAccount();
    for (let i = 0; i < 1001; i++)
      iam.addUser(`user-${i}`, i === 0 ? { path: '/ci/', tags: { team: 'a&b' } } : {});

    const sizes: number[] = [];
    const names = new Set<string | undefined>();
    const settings = { client, pageSize: 1000 };
    for await (const page of paginateGetAccountAuthorizationDetails(settings, { Filter: ['User'] })) {
      sizes.push(page.UserDetailList?.length ?? 0);
      for (const { UserName } of page.UserDetailList ?? []) names.add(UserName);
    }
    const first = await client.send(
      new GetAccountAuthorizationDetailsCommand({ Filter: ['User'], MaxItems: 2 }),
    );

    expect(sizes).toEqual([1000, 1]);
    expect(names.size).toBe(1001);
    expect(first).toMatchObject({ IsTruncated: true, Marker: expect.any(String) });
    const [tagged, untagged] = first.UserDetailList ?? [];
    expect(tagged).toEqual({
      Path: '/ci/',
      UserName: 'user-0',
      UserId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
      Arn: 'arn:aws:iam::123456789012:user/ci/user-0',
      CreateDate: expect.any(Date),
      Tags: [{ Key: 'team', Value: 'a&b' }],
    });
    expect(untagged).not.toHaveProperty('Tags');
  });

  it('come in pages of a hundred when nothing is said, and no page is larger than a thousand', async () => {
    const { iam, client } = await startAccount();
    for (let i = 0; i < 101; i++) iam.addUser(`user-${i}`);
    const ask = (more: object) =>
      client.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['User'], ...more }));

    expect((await ask({})).UserDetailList).toHaveLength(100);
    await expect(ask({ MaxItems: 1001 })).rejects.toMatchObject({ name: 'ValidationError' });
    await expect(ask({ Filter: ['Users'] })).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining('LocalManagedPolicy'),
    });
  });

  it('are given to those alone who may see all resources', async () => {
    const { iam, iamAs } = await startAccount();
    const Action = 'iam:GetAccountAuthorizationDetails';
    const asks = (role: string, statement: PolicyStatement) => {
      iam.addRole(role, [statement]);
      const command = new GetAccountAuthorizationDetailsCommand({ Filter: ['User'] });
      return iamAs(iam.session(role, role)).send(command);
    };
    const denied = { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } };

    expect((await asks('all', { Effect: 'Allow', Action, Resource: '*' })).UserDetailList).toEqual([]);
    const users = 'arn:aws:iam::123456789012:user/*';
    await expect(asks('users', { Effect: 'Allow', Action, Resource: users })).rejects.toMatchObject(denied);
    const other = { Effect: 'Allow', Action: 'iam:GetUser', Resource: '*' } as const;
    await expect(asks('other', other)).rejects.toMatchObject(denied);
  });
});

describe('a user who is renamed', () => {
  it('keeps the unique id, the tags and the keys, which go on working', async () => {
    const { iam, client, wire, clock } = await startAccount();
    const before = iam.addUser('ci', { tags: { team: 'a' } });
    const { userId } = before;
    const key = iam.addKey('ci');

    iam.console.updateUser('ci', { userName: 'Deploy', path: '/apps/' });

    expect((await client.send(new GetUserCommand({ UserName: 'deploy' }))).User).toMatchObject({
      UserName: 'Deploy',
      UserId: userId,
      Path: '/apps/',
      Arn: 'arn:aws:iam::123456789012:user/apps/Deploy',
      Tags: [{ Key: 'team', Value: 'a' }],
    });
    expect(await useKey(wire.url, keyOf(key), 's3', 'us-east-1', clock)).toMatchObject({ ok: true });
    expect(wire.calls.at(-1)?.caller).toBe('arn:aws:iam::123456789012:user/apps/Deploy');
    const used = await client.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: key.id }));
    expect(used).toMatchObject({ UserName: 'Deploy', AccessKeyLastUsed: { ServiceName: 's3' } });
    await expect(client.send(new GetUserCommand({ UserName: 'ci' }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    });
  });

  it('cannot take a name that somebody has, whatever its case, but can change the case of the own one', async () => {
    const { iam, client } = await startAccount();
    iam.addUser('ci');
    iam.addUser('Ada');
    const rename = (userName: string) => iam.console.updateUser('ci', { userName });

    expect(() => rename('ada')).toThrow(expect.objectContaining({ code: 'EntityAlreadyExists' }));
    rename('CI');
    expect(await namesIn(client)).toEqual(['Ada', 'CI']);
  });

  it('signs in without a gap while the new name is not seen yet', async () => {
    const { iam, client, wire, clock, later } = await startAccount();
    iam.addUser('ci');
    const key = iam.addKey('ci');
    iam.state.lag = 10 * SECOND;
    const signIn = () => useKey(wire.url, keyOf(key), 's3', 'us-east-1', clock);

    iam.console.updateUser('ci', { userName: 'deploy' });

    expect([await namesIn(client), (await signIn()).ok]).toEqual([['ci'], true]);
    later(10 * SECOND);
    expect([await namesIn(client), (await signIn()).ok]).toEqual([['deploy'], true]);
  });
});

describe('access keys', () => {
  it('are at most two a user, and an inactive one counts', async () => {
    const { iam, client } = await startAccount();
    iam.addUser('ci');
    const { AccessKey } = await client.send(new CreateAccessKeyCommand({ UserName: 'ci' }));
    const ids = { UserName: 'ci', AccessKeyId: AccessKey?.AccessKeyId ?? '' };
    await client.send(new UpdateAccessKeyCommand({ ...ids, Status: 'Inactive' }));
    await client.send(new CreateAccessKeyCommand({ UserName: 'ci' }));

    await expect(client.send(new CreateAccessKeyCommand({ UserName: 'ci' }))).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: 'Cannot exceed quota for AccessKeysPerUser: 2',
      $metadata: { httpStatusCode: 409 },
    });
    expect(AccessKey).toMatchObject({
      AccessKeyId: expect.stringMatching(/^AKIA[A-Z2-7]{16}$/),
      SecretAccessKey: expect.stringMatching(/^.{40}$/),
      Status: 'Active',
    });
  });

  it('are listed in no order of age', async () => {
    const { iam, client } = await startAccount();
    const youngestFirst = await Promise.all(
      Array.from({ length: 8 }, async (_, i) => {
        const UserName = `user-${i}`;
        iam.addUser(UserName);
        const old = iam.addKey(UserName, { createdAt: Date.now() - 90 * DAY });
        iam.addKey(UserName);
        const { AccessKeyMetadata } = await client.send(new ListAccessKeysCommand({ UserName }));
        return AccessKeyMetadata?.[0]?.AccessKeyId !== old.id;
      }),
    );
    expect(new Set(youngestFirst).size).toBe(2);
  });

  it('are deleted even while active, once', async () => {
    const { iam, client } = await startAccount();
    iam.addUser('ci');
    const { id } = iam.addKey('ci');
    const ids = { UserName: 'ci', AccessKeyId: id };

    await client.send(new DeleteAccessKeyCommand(ids));

    await expect(client.send(new DeleteAccessKeyCommand(ids))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
      message: `The Access Key with id ${id} cannot be found.`,
    });
    expect(iam.state.deletedKeys.map((key) => key.id)).toEqual([id]);
  });

  it('remember the first use in each quarter of an hour', async () => {
    const { iam, client, wire, clock, later } = await startAccount();
    iam.addUser('ci');
    const key = iam.addKey('ci');
    const use = (service: string) => useKey(wire.url, keyOf(key), service, 'eu-central-1', clock);
    const look = async () =>
      (await client.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: key.id }))).AccessKeyLastUsed;

    expect(await look()).toEqual({ ServiceName: 'N/A', Region: 'N/A' });
    await use('ecr');
    const first = clock.now();
    later(15 * MINUTE - SECOND);
    await use('sqs-like');
    const stillFirst = { ServiceName: 'ecr', Region: 'eu-central-1', LastUsedDate: wholeSecond(first) };
    expect(await look()).toEqual(stillFirst);
    later(SECOND);
    await use('s3');

    const second = { ServiceName: 's3', Region: 'N/A', LastUsedDate: wholeSecond(clock.now()) };
    expect(await look()).toEqual(second);
  });

  it('of another account cannot be asked about', async () => {
    const { client } = await startAccount();
    await expect(
      client.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: 'AKIAIOSFODNN7EXAMPLE' })),
    ).rejects.toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
  });
});

describe('eventual consistency', () => {
  it('shows a write only after the lag, though the write itself holds', async () => {
    const { iam, client, wire, clock, later } = await startAccount();
    iam.addUser('ci');
    const old = iam.addKey('ci');
    iam.state.lag = 10 * SECOND;
    const list = async () =>
      (await client.send(new ListAccessKeysCommand({ UserName: 'ci' }))).AccessKeyMetadata?.length;

    const { AccessKey } = await client.send(new CreateAccessKeyCommand({ UserName: 'ci' }));
    const fresh = {
      accessKeyId: AccessKey?.AccessKeyId ?? '',
      secretAccessKey: AccessKey?.SecretAccessKey ?? '',
    };
    const signIn = () => useKey(wire.url, fresh, 's3', 'us-east-1', clock);

    expect(await list()).toBe(1);
    expect(await signIn()).toMatchObject({ ok: false, code: 'UnrecognizedClientException' });
    await expect(client.send(new CreateAccessKeyCommand({ UserName: 'ci' }))).rejects.toThrow('quota');
    later(10 * SECOND);
    expect(await list()).toBe(2);
    expect(await signIn()).toMatchObject({ ok: true });

    iam.console.deleteKey('ci', old.id);
    expect(await useKey(wire.url, keyOf(old), 's3', 'us-east-1', clock)).toMatchObject({ ok: true });
    later(10 * SECOND);
    expect(await useKey(wire.url, keyOf(old), 's3', 'us-east-1', clock)).toMatchObject({ ok: false });
  });
});

async function namesIn(client: IAMClient): Promise<unknown[]> {
  const all = new GetAccountAuthorizationDetailsCommand({ Filter: ['User'] });
  return (await client.send(all)).UserDetailList?.map(({ UserName }) => UserName) ?? [];
}

function wholeSecond(at: number): Date {
  return new Date(Math.floor(at / SECOND) * SECOND);
}
