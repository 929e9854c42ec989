// Roles of another account, asked for by real SDK clients: whom they trust, and what a session of theirs may do.
import {
  CreateAccessKeyCommand,
  IAMClient,
  ListAccessKeysCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type Clock, MINUTE, sandboxClock } from '../../clock.ts';
import { startWire } from '../wire.ts';
import { ANYTHING } from './account-under-test.ts';
import { awsBackend } from './backend.ts';
import { type Iam, iamService } from './iam.ts';
import type { PolicyDocument, PolicyStatement } from './service.ts';
import { stsService } from './sts.ts';

const HUB = '111122223333';
const MEMBER = '444455556666';
const ROLE = `arn:aws:iam::${MEMBER}:role/acts`;
const USER = `arn:aws:iam::${MEMBER}:user/ci`;

let clock: Clock;
let hub: Iam;
let member: Iam;
let url: string;

const trust = (Condition?: PolicyStatement['Condition']): PolicyDocument => ({
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${HUB}:root` },
      Action: 'sts:AssumeRole',
      ...(Condition && { Condition }),
    },
  ],
});

beforeEach(async () => {
  clock = sandboxClock(new Date());
  hub = iamService(clock, { account: HUB });
  member = iamService(clock, { account: MEMBER });
  hub.addRole('worker', [ANYTHING], '/keyrotate/prod/');
  member.addUser('ci');
  member.addUser('payroll');
  const sts = stsService(clock, () => [hub, member]);
  const wire = await startWire(
    clock,
    awsBackend(clock, { iam: hub, services: [sts], members: [{ iam: member, services: [] }] }),
  );
  url = wire.url;
  onTestFinished(() => wire.close());
});

const settings = () => ({
  endpoint: url,
  region: 'eu-central-1',
  maxAttempts: 1,
  systemClockOffset: clock.now() - Date.now(),
});

async function assume(more: { Policy?: string; ExternalId?: string; DurationSeconds?: number } = {}) {
  const sts = new STSClient({ ...settings(), credentials: hub.session('worker', 'fn') });
  const asked = new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'fn', ...more });
  const { Credentials } = await sts.send(asked).finally(() => sts.destroy());
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  const credentials = {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  };
  const iam = new IAMClient({ ...settings(), credentials });
  onTestFinished(() => iam.destroy());
  return iam;
}

const outcome = (asked: Promise<unknown>) =>
  asked.then(
    () => 'done',
    (error: Error) => error.name,
  );
const makesKey = (iam: IAMClient, UserName: string) =>
  outcome(iam.send(new CreateAccessKeyCommand({ UserName })));

describe('a role', () => {
  it.each<[string, PolicyStatement['Condition'], string]>([
    ['whom it names', undefined, 'done'],
    ['a path', { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${HUB}:role/keyrotate/*` } }, 'done'],
    [
      'another path',
      { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${HUB}:role/keyrotate-sweeper/*` } },
      'AccessDenied',
    ],
    ['an organisation', { StringEquals: { 'aws:PrincipalOrgID': 'o-ours' } }, 'done'],
    ['another organisation', { StringEquals: { 'aws:PrincipalOrgID': 'o-theirs' } }, 'AccessDenied'],
    ['an external id', { StringEquals: { 'sts:ExternalId': 'agreed' } }, 'done'],
    ['another external id', { StringEquals: { 'sts:ExternalId': 'other' } }, 'AccessDenied'],
  ])('lets in by %s', async (_, condition, expected) => {
    hub.state.orgId = 'o-ours';
    member.addRole('acts', [ANYTHING], '/', '', trust(condition));
    expect(await outcome(assume({ ExternalId: 'agreed' }))).toBe(expected);
  });

  it('lets nobody in whom their own account does not allow it, nor where it is not there', async () => {
    expect(await outcome(assume())).toBe('AccessDenied');
    member.addRole('acts', [ANYTHING], '/', '', trust());
    const worker = hub.state.roles.get('worker');
    if (worker) worker.policies = [];
    expect(await outcome(assume())).toBe('AccessDenied');
  });

  it('gives a session of its own account, in which nothing of the other one can be reached', async () => {
    hub.addUser('ci');
    member.addRole('acts', [ANYTHING], '/', '', trust());
    expect(await makesKey(await assume(), 'ci')).toBe('done');
    expect([hub, member].map(({ state }) => state.users.get('ci')?.keys.length)).toEqual([0, 1]);
  });
});

describe('a session', () => {
  const policy = (...Statement: PolicyStatement[]) => ({
    Policy: JSON.stringify({ Version: '2012-10-17', Statement }),
  });

  it('may do what both its own policy and the role’s allow', async () => {
    const created: PolicyStatement = { Effect: 'Allow', Action: 'iam:CreateAccessKey', Resource: '*' };
    member.addRole('acts', [created], '/', '', trust());
    const iam = await assume(policy({ Effect: 'Allow', Action: 'iam:*', Resource: USER }));
    expect(await makesKey(iam, 'ci')).toBe('done');
    expect(await makesKey(iam, 'payroll')).toBe('AccessDenied');
    const [key] = member.state.users.get('ci')?.keys ?? [];
    const off = new UpdateAccessKeyCommand({ UserName: 'ci', AccessKeyId: key?.id, Status: 'Inactive' });
    expect(await outcome(iam.send(off))).toBe('AccessDenied');
  });

  it('ends when its time is over, and with its role, even when that is made anew', async () => {
    member.addRole('acts', [ANYTHING], '/', '', trust());
    const short = await assume({ DurationSeconds: 900 });
    const lists = () => outcome(short.send(new ListAccessKeysCommand({ UserName: 'ci' })));
    expect(await lists()).toBe('done');
    clock.advance(15 * MINUTE);
    short.config.systemClockOffset = clock.now() - Date.now();
    expect(await lists()).toMatch(/^ExpiredToken/);

    const iam = await assume();
    member.console.deleteRole('acts');
    expect(await makesKey(iam, 'ci')).toBe('InvalidClientTokenId');
    member.addRole('acts', [ANYTHING], '/', '', trust());
    expect(await makesKey(iam, 'ci')).toBe('InvalidClientTokenId');
  });

  it('is refused for longer than an hour to a role, and with a policy that is too long', async () => {
    member.addRole('acts', [ANYTHING], '/', '', trust());
    expect(await outcome(assume({ DurationSeconds: 3601 }))).toBe('ValidationError');
    const long: PolicyStatement = { Effect: 'Allow', Action: 'iam:*', Resource: 'x'.repeat(2048) };
    expect(await outcome(assume(policy(long)))).toBe('ValidationError');
  });
});
