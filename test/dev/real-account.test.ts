// `npm run dev -- --profile`: a real account, for which another sandbox stands, is looked at and never changed.
import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
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
    'iam:GetAccountAuthorizationDetails',
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

it('finds the account by the profile that is named, and refuses to be live there', async () => {
  const { accessKeyId, secretAccessKey, sessionToken } = real.aws.iam.session('anything', 'typed');
  const file = join(mkdtempSync(join(tmpdir(), 'keyrotate-dev-')), 'credentials');
  const keys = { aws_access_key_id: accessKeyId, aws_secret_access_key: secretAccessKey };
  const lines = Object.entries({ ...keys, aws_session_token: sessionToken }).map((pair) => pair.join('='));
  writeFileSync(file, ['[mine]', ...lines].join('\n'));
  const env = {
    ...{ PATH: process.env.PATH, AWS_ENDPOINT_URL: real.aws.wire.url },
    ...{ AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: file },
    ...slack.settings,
    SLACK_API_URL: `${slack.wire.url}/api/`,
  };
  const script = fileURLToPath(new URL('start-dev.ts', import.meta.url));
  const args = ['--import', 'tsx', script, '--profile', 'mine', '--region', place.region, '--mode', 'live'];
  const { stdout, code } = await promisify(execFile)(process.execPath, args, { env }).catch((error) => error);
  expect(code).toBe(1);
  expect(stdout.match(/✗/g)).toHaveLength(1);
  expect(stdout).toContain('✗ --mode live needs a deployment where the account is real');
  expect(real.aws.wire.calls.at(-1)).toMatchObject({
    action: 'ListRoles',
    caller: expect.stringMatching(/typed$/),
  });
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
