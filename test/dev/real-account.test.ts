// `npm run dev -- --profile`: a real account, for which another sandbox stands, is looked at and never changed.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Deployed, startDeployed } from '../sandbox/deployed.ts';
import { seedIam } from '../sandbox/organisation.ts';
import { signer } from '../sandbox/servers/aws/sigv4.ts';
import { SYSTEM_CLOCK } from './dev.ts';
import { type SlackWithSockets, startSlack, type Tried, tried } from './slack-with-sockets.ts';

const place = { account: '444455556666', region: 'eu-west-1' };
let slack: SlackWithSockets;
/** What is at the other end; no keyrotate of it ever runs. */
let real: Deployed;
let run: Tried;

beforeAll(async () => {
  slack = await startSlack();
  real = await startDeployed({ clock: SYSTEM_CLOCK, mode: 'preview', place });
  const { iam } = real.aws;
  iam.addRole('anything', [{ Effect: 'Allow', Action: '*', Resource: '*' }]);
  const tags = { 'keyrotate:owner': slack.persons.sam };
  const keys = [{ age: 200, usedHoursAgo: 2 }];
  seedIam(iam, SYSTEM_CLOCK, [{ name: 'in-production', path: '/ci/', tags, keys }], place.region);
  for (const _ of [1, 2, 3]) iam.actions.GenerateCredentialReport?.({}, {} as never);
  const session = iam.session('anything', 'me');
  run = await tried(slack, slack.settings, {
    mode: 'preview',
    real: { ...place, credentials: async () => session, endpoint: real.aws.wire.url },
  });
});
afterAll(async () => {
  await run.dev?.close();
  await Promise.all([slack.close(), real.close()]);
});

it('says which account it looks at, and shows an admin what it saw there', async () => {
  expect(run.printed.join('\n')).toContain('In preview, on the account 444455556666: owners hear nothing');
  await slack.types(slack.persons.sam, 'summary');
  await slack.reads(slack.persons.sam, /in-production/);
});

it('asks it for no more than the roles of a preview may, each call signed by the profile', () => {
  const asked = real.aws.wire.calls.map(({ service, action }) => `${service}:${action}`);
  expect([...new Set(asked)].sort()).toEqual([
    'iam:GenerateCredentialReport',
    'iam:GetAccessKeyLastUsed',
    'iam:GetCredentialReport',
    'iam:GetUser',
    'iam:ListAccessKeys',
    'iam:ListRoles',
    'secretsmanager:ListSecrets',
  ]);
  expect(new Set(real.aws.wire.calls.map(({ caller }) => caller))).toEqual(
    new Set(['arn:aws:sts::444455556666:assumed-role/anything/me']),
  );
});

it('lets through no change, whatever the profile may and the worker should ask for', async () => {
  const { aws } = run.dev?.deployed ?? real;
  const before = real.aws.wire.calls.length;
  const url = new URL(aws.wire.url);
  const body = 'Action=CreateAccessKey&UserName=in-production&Version=2010-05-08';
  const request = {
    ...{ method: 'POST', protocol: 'http:', hostname: url.hostname, path: '/', body },
    headers: { host: url.host, 'content-type': 'application/x-www-form-urlencoded' },
  };
  const { headers } = await signer(aws.iam.session('worker', 'worker'), 'iam', 'us-east-1').sign(request);
  const answer = await fetch(url, { method: 'POST', headers, body });
  expect(answer.status).toBe(403);
  expect(await answer.text()).toContain('no policy allows the iam:CreateAccessKey action');
  expect(real.aws.wire.calls).toHaveLength(before);
  aws.decisions.length = 0;
});
