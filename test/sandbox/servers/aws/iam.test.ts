// IAM as the unmodified SDK sees it.
import {
  CreateAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  GetAccountAuthorizationDetailsCommand,
  type IAMClient,
  ListAccessKeysCommand,
  paginateGetAccountAuthorizationDetails,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { DAY, MINUTE, SECOND } from '../../clock.ts';
import { keyOf, startAccount } from './account-under-test.ts';
import { useKey } from './use-key.ts';

describe('the details of an account', () => {
  it('come in pages of a thousand at most', async () => {
    const { iam, client } = await startAccount();
    for (let i = 0; i < 1001; i++) iam.addUser(`user-${i}`);

    const pages: unknown[][] = [];
    const settings = { client, pageSize: 1000 };
    for await (const page of paginateGetAccountAuthorizationDetails(settings, { Filter: ['User'] }))
      pages.push(page.UserDetailList?.map(({ UserName }) => UserName) ?? []);

    expect(pages.map(({ length }) => length)).toEqual([1000, 1]);
    expect(new Set(pages.flat()).size).toBe(1001);
    const larger = new GetAccountAuthorizationDetailsCommand({ Filter: ['User'], MaxItems: 1001 });
    await expect(client.send(larger)).rejects.toMatchObject({ name: 'ValidationError' });
  });
});

describe('a user who is renamed', () => {
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
