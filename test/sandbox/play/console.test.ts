// Changes made in the AWS console, as the SDK then sees them.
import { GetUserCommand, type IAMClient, ListAccessKeysCommand } from '@aws-sdk/client-iam';
import { beforeEach, describe, expect, it } from 'vitest';
import { SECOND } from '../clock.ts';
import { keyOf, startAccount } from '../servers/aws/account-under-test.ts';
import type { Iam } from '../servers/aws/iam.ts';
import { useKey } from '../servers/aws/use-key.ts';
import {
  createKey,
  recreateUser,
  removeKey,
  removeUser,
  renameUser,
  tag,
  turnOff,
  turnOn,
} from './console.ts';

const UserName = 'ci';

let account: { aws: { iam: Iam } };
let world: Awaited<ReturnType<typeof startAccount>>;
let client: IAMClient;

beforeEach(async () => {
  world = await startAccount();
  client = world.client;
  account = { aws: { iam: world.iam } };
  world.iam.addUser(UserName, { path: '/apps/', tags: { team: 'a' } });
});

/** Each key's id and status, in no order. */
async function keys(of = UserName): Promise<Record<string, string>> {
  const { AccessKeyMetadata = [] } = await client.send(new ListAccessKeysCommand({ UserName: of }));
  return Object.fromEntries(AccessKeyMetadata.map(({ AccessKeyId, Status }) => [AccessKeyId, Status]));
}

async function user(name = UserName) {
  return (await client.send(new GetUserCommand({ UserName: name }))).User;
}

describe('somebody in the console', () => {
  it('creates a key, turns it off and on, and deletes it', async () => {
    const id = createKey(account, UserName);
    expect(await keys()).toEqual({ [id]: 'Active' });
    turnOff(account, UserName, id);
    expect(await keys()).toEqual({ [id]: 'Inactive' });
    turnOn(account, UserName, id);
    expect(await keys()).toEqual({ [id]: 'Active' });
    removeKey(account, UserName, id);
    expect(await keys()).toEqual({});
  });

  it('tags a user', async () => {
    tag(account, UserName, { team: 'b', mail: 'ana@example.com' });
    expect((await user())?.Tags).toEqual([
      { Key: 'team', Value: 'b' },
      { Key: 'mail', Value: 'ana@example.com' },
    ]);
  });

  it('removes a user, keys and all', async () => {
    createKey(account, UserName);
    removeUser(account, UserName);
    await expect(user()).rejects.toMatchObject({ name: 'NoSuchEntityException' });
    expect(world.iam.state.deletedKeys).toHaveLength(1);
  });

  it('recreates a user under the same name: somebody else, with one fresh key', async () => {
    const old = createKey(account, UserName);
    const before = await user();

    const fresh = recreateUser(account, UserName);

    const { UserId, ...rest } = (await user()) ?? {};
    expect(UserId).not.toBe(before?.UserId);
    expect(rest).toMatchObject({ Arn: before?.Arn, Tags: before?.Tags });
    expect(await keys()).toEqual({ [fresh]: 'Active' });
    expect(fresh).not.toBe(old);

    recreateUser(account, UserName, { team: 'c' });
    expect((await user())?.Tags).toEqual([{ Key: 'team', Value: 'c' }]);
  });

  it('renames a user, who goes on working with the same key', async () => {
    const id = createKey(account, UserName);
    const { secret = '' } = world.iam.state.users.get(UserName)?.keys[0] ?? {};
    const before = await user();

    renameUser(account, UserName, 'deploy');

    expect(await user('deploy')).toEqual({
      ...before,
      UserName: 'deploy',
      Arn: before?.Arn?.replace('ci', 'deploy'),
    });
    expect(await keys('deploy')).toEqual({ [id]: 'Active' });
    await expect(user()).rejects.toMatchObject({ name: 'NoSuchEntityException' });
    const use = await useKey(world.wire.url, keyOf({ id, secret }), 's3', 'us-east-1', world.clock);
    expect(use).toMatchObject({ ok: true });
  });

  it('is seen by reads at once, or after the lag that a test asks for', async () => {
    const id = createKey(account, UserName);
    world.iam.state.lag = 10 * SECOND;
    turnOff(account, UserName, id);
    expect(await keys()).toEqual({ [id]: 'Active' });
    world.later(10 * SECOND);
    expect(await keys()).toEqual({ [id]: 'Inactive' });
  });
});
