// The clients for other accounts against the sandbox's STS: what each session is bounded to, how long it serves, how many are kept.
import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  GetUserCommand,
  IAMClient,
  ListAccessKeysCommand,
} from '@aws-sdk/client-iam';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { STSClient } from '@aws-sdk/client-sts';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type AccountClients, accountsOf, type Kind, READS } from '../../../src/adapters/aws/accounts.ts';
import { deployRoles } from '../../member-roles.ts';
import { type Clock, sandboxClock } from '../../sandbox/clock.ts';
import { SANDBOX_ACCOUNT } from '../../sandbox/deployment/cloudformation.ts';
import { awsBackend } from '../../sandbox/servers/aws/backend.ts';
import { type Iam, iamService } from '../../sandbox/servers/aws/iam.ts';
import { secretsManagerService } from '../../sandbox/servers/aws/secrets-manager.ts';
import { stsService } from '../../sandbox/servers/aws/sts.ts';
import { startWire, type Wire } from '../../sandbox/servers/wire.ts';

const MEMBER = '444455556666';
const OTHER = '777788889999';
const REGION = 'eu-west-1';
const SECRET = `/iam/keys/${MEMBER}/ci/AIDACI`;

let clock: Clock;
let member: Iam;
let wire: Wire;
let accounts: AccountClients;
let made: { destroyed: boolean }[];
let iam: Kind<IAMClient>;
let secrets: Kind<SecretsManagerClient>;

beforeEach(async () => {
  clock = sandboxClock(new Date());
  const hub = iamService(clock, { account: SANDBOX_ACCOUNT });
  hub.addRole('worker', [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }], '/keyrotate/prod/');
  member = iamService(clock, { account: MEMBER });
  const other = iamService(clock, { account: OTHER });
  const all = [hub, member, other];
  for (const one of all) one.state.orgId = 'o-a1b2c3d4e5';
  for (const one of [member, other]) deployRoles(one, 'live');
  for (const name of ['ci', 'my-ci', 'payroll']) member.addUser(name);
  other.addUser('ci');
  const vault = (one: Iam) =>
    secretsManagerService(clock, {
      ...{ account: one.state.account, region: REGION, resolvePrincipal: one.resolvePrincipal },
    });
  const members = [member, other].map((one) => ({ iam: one, services: [vault(one)] }));
  const services = [stsService(clock, () => all)];
  wire = await startWire(clock, awsBackend(clock, { iam: hub, services, members }));
  made = [];
  const ended: { destroy(): void }[] = [];
  onTestFinished(async () => {
    for (const client of ended) client.destroy();
    await wire.close();
  });
  const settings = { endpoint: wire.url, maxAttempts: 1, systemClockOffset: clock.now() - Date.now() };
  const credentials = hub.session('worker', 'fn');
  const kept = <Client extends { destroy(): void }>(client: Client): Client => {
    const state = { destroyed: false };
    made.push(state);
    ended.push(client);
    const destroy = client.destroy.bind(client);
    client.destroy = () => {
      state.destroyed = true;
      destroy();
    };
    return client;
  };
  iam = {
    name: 'iam',
    make: (more = { credentials: async () => never(), region: REGION }) =>
      kept(new IAMClient({ ...settings, ...more })),
  };
  secrets = {
    name: 'secrets',
    make: (more = { credentials: async () => never(), region: REGION }) =>
      kept(new SecretsManagerClient({ ...settings, ...more })),
  };
  accounts = accountsOf({
    ...{ own: SANDBOX_ACCOUNT, partition: 'aws', sessionName: 'keyrotate-prod-worker', reads: READS.worker },
    regionOf: () => REGION,
    sts: () => kept(new STSClient({ ...settings, region: 'eu-central-1', credentials })),
  });
});

function never(): never {
  throw new Error('nobody asks as keyrotate itself here');
}

const outcome = (asked: Promise<unknown>) =>
  asked.then(
    () => 'done',
    (error: Error) => error.name,
  );
const makesKey = (client: IAMClient, UserName: string) =>
  outcome(client.send(new CreateAccessKeyCommand({ UserName })));
const assumed = () => wire.calls.filter(({ action }) => action === 'AssumeRole');

describe('a session that changes a user', () => {
  it('changes the keys of that user alone, whatever its path, and nothing else', async () => {
    const ci = accounts.changingUser(iam, MEMBER, 'ci');
    expect(await makesKey(ci, 'ci')).toBe('done');
    member.console.updateUser('ci', { path: '/ci/prod/' });
    expect(await makesKey(ci, 'ci')).toBe('done');
    expect(await makesKey(ci, 'payroll')).toBe('AccessDenied');
    expect(await makesKey(ci, 'my-ci')).toBe('AccessDenied');
    expect(await outcome(ci.send(new GetUserCommand({ UserName: 'ci' })))).toBe('AccessDenied');
    const [key] = member.state.users.get('ci')?.keys ?? [];
    expect(await outcome(ci.send(new DeleteAccessKeyCommand({ UserName: 'ci', AccessKeyId: key?.id })))).toBe(
      'done',
    );
  });

  it('is of its account: the user of the same name in another one is out of reach', async () => {
    await makesKey(accounts.changingUser(iam, MEMBER, 'ci'), 'ci');
    const [key] = member.state.users.get('ci')?.keys ?? [];
    const remove = new DeleteAccessKeyCommand({ UserName: 'ci', AccessKeyId: key?.id });
    expect(await outcome(accounts.changingUser(iam, OTHER, 'ci').send(remove))).toBe('NoSuchEntityException');
    expect(member.state.users.get('ci')?.keys).toHaveLength(1);
  });

  it('is denied a protected user, as the role is', async () => {
    member.addUser('root-like', { path: '/protected/' });
    expect(await makesKey(accounts.changingUser(iam, MEMBER, 'root-like'), 'root-like')).toBe('AccessDenied');
  });
});

describe('a session that changes a secret', () => {
  it('writes that one, in the region of the vault, and reads none', async () => {
    const client = accounts.changingSecret(secrets, MEMBER, SECRET);
    const creates = (Name: string) => outcome(client.send(new CreateSecretCommand({ Name })));
    expect(await creates(SECRET)).toBe('done');
    expect(await creates(`${SECRET}2`)).toBe('AccessDeniedException');
    expect(await creates(`/iam/keys/${MEMBER}/payroll/AIDAPAY`)).toBe('AccessDeniedException');
    const read = new GetSecretValueCommand({ SecretId: SECRET });
    expect(await outcome(client.send(read))).toBe('AccessDeniedException');
    expect(await outcome(accounts.reading(secrets, MEMBER).send(read))).toBe('AccessDeniedException');
  });
});

describe('a session that reads', () => {
  it('changes nothing', async () => {
    const client = accounts.reading(iam, MEMBER);
    expect(await outcome(client.send(new GetUserCommand({ UserName: 'ci' })))).toBe('done');
    expect(await makesKey(client, 'ci')).toBe('AccessDenied');
  });

  it('is asked for once, for a quarter of an hour, with a policy of a length that AWS takes', async () => {
    const lists = () =>
      outcome(accounts.reading(iam, MEMBER).send(new ListAccessKeysCommand({ UserName: 'ci' })));
    for (let nth = 0; nth < 3; nth += 1) expect(await lists()).toBe('done');
    expect(assumed()).toHaveLength(1);
    const { input } = assumed()[0] ?? {};
    expect(input).toMatchObject({ DurationSeconds: '900', RoleSessionName: 'keyrotate-prod-worker' });
    expect(String(input?.Policy).length).toBeLessThan(2048);
  });

  it('of an account that does not let keyrotate in is refused, by a name that tells so', async () => {
    deployRoles(member, 'none');
    const asked = accounts.reading(iam, MEMBER).send(new GetUserCommand({ UserName: 'ci' }));
    await expect(asked).rejects.toMatchObject({
      outcome: 'refused',
      operation: 'AssumeRole',
      code: 'AccessDenied',
    });
  });
});

describe('clients', () => {
  it('are kept as long as they are used, a hundred of them, and the rest is let go', () => {
    const first = accounts.changingUser(iam, MEMBER, 'user-0');
    for (let nth = 1; nth <= 120; nth += 1) {
      accounts.changingUser(iam, MEMBER, `user-${nth}`);
      expect(accounts.changingUser(iam, MEMBER, 'user-0')).toBe(first);
    }
    expect(made.filter(({ destroyed }) => destroyed)).toHaveLength(21);
    expect(accounts.changingUser(iam, MEMBER, 'user-120')).toBe(
      accounts.changingUser(iam, MEMBER, 'user-120'),
    );
  });

  it('of keyrotate’s own account assume nothing', () => {
    expect(() => accounts.reading(iam, SANDBOX_ACCOUNT)).not.toThrow();
    expect(assumed()).toEqual([]);
  });
});
