// STS says whose credentials sign, to whoever can sign.
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, it } from 'vitest';
import { ACCOUNT, keyOf, startAccount } from './account-under-test.ts';

const whoAmI = new GetCallerIdentityCommand({});

it('names the user of a key, whatever policies say, and notes that as its use', async () => {
  const { iam, settings, following } = await startAccount();
  const { userId } = iam.addUser('ci', { path: '/robots/' });
  const key = iam.addKey('ci');
  const sts = following(new STSClient(settings(keyOf(key))));
  const { Account, Arn, UserId } = await sts.send(whoAmI);
  expect({ Account, Arn, UserId }).toEqual({
    ...{ Account: ACCOUNT, Arn: `arn:aws:iam::${ACCOUNT}:user/robots/ci`, UserId: userId },
  });
  expect(key.lastUsed).toMatchObject({ service: 'sts', region: 'us-east-1' });
});

it('names the session of a role, also where that is denied everything', async () => {
  const { iam, settings, following } = await startAccount();
  iam.addRole('nobody', [{ Effect: 'Deny', Action: '*', Resource: '*' }]);
  const sts = following(new STSClient(settings(iam.session('nobody', 'x'))));
  expect(await sts.send(whoAmI)).toMatchObject({
    Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/nobody/x`,
  });
});

it('does not know a key that is off, or whose secret is another', async () => {
  const { iam, settings, following } = await startAccount();
  iam.addUser('ci');
  const key = iam.addKey('ci');
  const forged = following(new STSClient(settings({ ...keyOf(key), secretAccessKey: 'x'.repeat(40) })));
  await expect(forged.send(whoAmI)).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
  iam.console.setKeyStatus('ci', key.id, 'Inactive');
  const off = following(new STSClient(settings(keyOf(key))));
  await expect(off.send(whoAmI)).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
});
