// Who gets through: signatures, keys that are refused everywhere, and permissions.
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import {
  GetAccountAuthorizationDetailsCommand,
  GetUserCommand,
  ListGroupsCommand,
} from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../clock.ts';
import { ANYTHING, keyOf, startAccount } from './account-under-test.ts';
import { useKey } from './use-key.ts';

const listUsers = new GetAccountAuthorizationDetailsCommand({ Filter: ['User'] });

describe('a signature', () => {
  it('with a wrong secret is refused in the words of the protocol, recorded, and is no use of the key', async () => {
    const { iam, iamAs, wire, clock } = await startAccount();
    iam.addUser('ci');
    const key = iam.addKey('ci');
    const forged = { accessKeyId: key.id, secretAccessKey: 'x'.repeat(40) };

    await expect(iamAs(forged).send(listUsers)).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
      $metadata: { httpStatusCode: 403 },
    });
    expect(await useKey(wire.url, forged, 's3', 'us-east-1', clock)).toMatchObject({
      status: 400,
      code: 'InvalidSignatureException',
    });
    expect(key.lastUsed).toBeUndefined();
    expect(wire.calls.map(({ action, caller }) => ({ action, caller }))).toEqual([
      { action: 'GetAccountAuthorizationDetails', caller: undefined },
      { action: 'GET /', caller: undefined },
    ]);
  });

  it('covers the body', async () => {
    const { iam, wire, settings } = await startAccount();
    const client = new DynamoDBClient(settings(iam.session('admin', 'x')));
    client.middlewareStack.add(
      (next) => (args) => {
        const request = args.request as { body: string };
        request.body = request.body.replace('keys', 'kegs');
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    await expect(
      client.send(new GetItemCommand({ TableName: 'keys', Key: { PK: { S: 'a' } } })),
    ).rejects.toMatchObject({ name: 'InvalidSignatureException' });
    expect(wire.calls[0]?.caller).toBeUndefined();
  });

  it('is refused more than five minutes away from now', async () => {
    const { iam, wire, clock } = await startAccount();
    iam.addUser('ci');
    const key = keyOf(iam.addKey('ci'));
    const at = (ms: number) => ({ ...clock, now: () => clock.now() + ms });
    const use = (ms: number) => useKey(wire.url, key, 's3', 'us-east-1', at(ms));

    expect(await use(-4 * MINUTE)).toMatchObject({ ok: true });
    expect(await use(4 * MINUTE)).toMatchObject({ ok: true });
    expect(await use(-6 * MINUTE)).toMatchObject({ code: 'InvalidSignatureException' });
    expect(await use(6 * MINUTE)).toMatchObject({ code: 'InvalidSignatureException' });
  });

  it('of a role needs its session token', async () => {
    const { iam, iamAs } = await startAccount();
    const { sessionToken, ...rest } = iam.session('admin', 'x');

    for (const credentials of [rest, { ...rest, sessionToken: `${sessionToken}x` }])
      expect(await nameOf(iamAs(credentials).send(listUsers))).toBe('InvalidClientTokenId');
  });

  it('is not left out', async () => {
    const { wire } = await startAccount();
    const response = await fetch(wire.url, { method: 'POST', body: '{}' });
    expect(await response.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' });
  });
});

describe('a key that is inactive, deleted or unknown', () => {
  it('is refused everywhere, until it is active again', async () => {
    const { iam, iamAs, wire, clock } = await startAccount();
    iam.addUser('ci', { policies: [ANYTHING] });
    const key = iam.addKey('ci');
    const everywhere = async () => [
      await nameOf(iamAs(keyOf(key)).send(listUsers)),
      (await useKey(wire.url, keyOf(key), 's3', 'us-east-1', clock)).code,
    ];
    const refused = ['InvalidClientTokenId', 'UnrecognizedClientException'];
    const fine = [undefined, undefined];

    expect(await everywhere()).toEqual(fine);
    iam.console.setKeyStatus('ci', key.id, 'Inactive');
    expect(await everywhere()).toEqual(refused);
    iam.console.setKeyStatus('ci', key.id, 'Active');
    expect(await everywhere()).toEqual(fine);
    iam.console.deleteKey('ci', key.id);
    expect(await everywhere()).toEqual(refused);
  });
});

describe('permissions', () => {
  it('decide by user, and a denial names what is missing, and counts as use', async () => {
    const { iam, iamAs } = await startAccount();
    iam.addUser('other');
    const { arn } = iam.addUser('reader', {
      policies: [
        { Effect: 'Allow', Action: 'iam:GetUser*', Resource: 'arn:aws:iam::123456789012:user/*' },
        { Effect: 'Deny', Action: '*', Resource: 'arn:aws:iam::123456789012:user/other' },
      ],
    });
    const key = iam.addKey('reader');
    const client = iamAs(keyOf(key));

    await client.send(new GetUserCommand({ UserName: 'reader' }));
    await expect(client.send(new GetUserCommand({ UserName: 'other' }))).rejects.toThrow('explicit deny');
    const action = 'iam:GetAccountAuthorizationDetails';
    await expect(client.send(listUsers)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `User: ${arn} is not authorized to perform: ${action} on resource: * because no policy allows the ${action} action`,
      $metadata: { httpStatusCode: 403 },
    });
    expect(key.lastUsed).toMatchObject({ service: 'iam', region: 'N/A' });
  });

  it('stand before a service that speaks for itself', async () => {
    const table = 'arn:aws:dynamodb:us-east-1:123456789012:table/keys';
    const { iam, wire, settings } = await startAccount({
      forward: { dynamodb: async () => ({ status: 200, body: '{"Item":{"PK":{"S":"a"}}}' }) },
    });
    iam.addRole('worker', [{ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: table }]);
    const client = new DynamoDBClient(settings(iam.session('worker', 'fn')));
    const read = (TableName: string) =>
      client.send(new GetItemCommand({ TableName, Key: { PK: { S: 'a' } } }));

    expect((await read('keys')).Item).toEqual({ PK: { S: 'a' } });
    await expect(read('others')).rejects.toMatchObject({
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 400 },
    });
    expect(wire.calls[0]).toMatchObject({ service: 'dynamodb', action: 'GetItem', resource: table });
  });
});

describe('a call', () => {
  it('that the sandbox does not know is a bug of the sandbox, not an answer', async () => {
    const { client } = await startAccount();
    await expect(client.send(new ListGroupsCommand({}))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 599 },
    });
  });
});

async function nameOf(answer: Promise<unknown>): Promise<string | undefined> {
  return answer.then(
    () => undefined,
    (error: Error) => error.name,
  );
}
