// `npm run report`, as somebody runs it who has neither Slack nor a deployment, with the three rights that it prints.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { REPORTS_ACTIONS } from '../../src/entry/account-report.ts';
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts';
import { typed } from './typed-command.ts';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox();
  sandbox.aws.iam.addRole('auditor', [{ Effect: 'Allow', Action: [...REPORTS_ACTIONS], Resource: '*' }]);
  sandbox.aws.iam.addRole('nobody', []);
});
afterEach(() => sandbox.close());

const report = (args: string[], role = 'auditor', env: Record<string, string> = {}) =>
  typed(sandbox, 'src/entry/account-report.ts', args, role, env);

it('tells of every key, the oldest first, whose it is and what would be done', async () => {
  const { stdout, stderr, exitCode } = await report([]);
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  const lines = stdout.split('\n');
  expect(lines[0]).toBe('Account 111122223333: 6 of 14 keys that are on are younger than 90 days.');
  expect(lines[3]).toMatch(
    /^legacy-etl +on +212 +2026-08-08 +U\w+ +2026-07-17 +ask the owner to replace it$/,
  );
  expect(stdout).toMatch(
    /\nci-deploy +on +83 +\S+ +ana@example\.com +2026-11-23 +ask the owner to replace it\n/,
  );
  expect(stdout).toMatch(/\nno-owner .* ask admins whose it is\n/);
  expect(stdout).toMatch(/\ntwo-keys .* ask the owner which of two keys goes\n/);
});

it('asks AWS for what it says it needs, and for nothing else', async () => {
  await report(['--json']);
  const asked = sandbox.aws.wire.calls.map(({ service, action }) => `${service}:${action}`);
  expect([...new Set(asked)].sort()).toEqual([...REPORTS_ACTIONS].sort());
  const { stderr, exitCode } = await report([], 'nobody');
  expect(exitCode).toBe(1);
  for (const action of REPORTS_ACTIONS) expect(stderr).toContain(action);
});

it('is read by programs and by spreadsheets, in which no name is a formula', async () => {
  sandbox.aws.iam.addUser('=1+1', { tags: {} });
  sandbox.aws.iam.addKey('=1+1');
  const { keys } = JSON.parse((await report(['--json'])).stdout);
  expect(keys).toHaveLength(17);
  expect(keys[0]).toMatchObject({ userName: 'legacy-etl', active: true, plan: 'replace' });
  const rows = (await report(['--csv'])).stdout.split('\r\n');
  expect(rows[0]).toBe('IAM user,key,age,last used,owner,due,what keyrotate would do');
  expect(rows.some((row) => row.startsWith("'=1+1,on,0,never"))).toBe(true);
});

it('says of a profile that gives no credentials whether there is such a profile, and which there are', async () => {
  const home = mkdtempSync(join(tmpdir(), 'keyrotate-report-'));
  mkdirSync(join(home, '.aws'));
  writeFileSync(
    join(home, '.aws/config'),
    '[default]\nregion = eu-central-1\n[profile prod]\nregion = us-east-1\n',
  );
  writeFileSync(join(home, '.aws/credentials'), '[ old one ]\n[ci]\n');
  const named = (profile: string) =>
    report(['--profile', profile], 'auditor', {
      HOME: home,
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
    });
  const files = `${join(home, '.aws/config')} and ${join(home, '.aws/credentials')}`;
  expect(await named('unknown')).toMatchObject({
    ...{ stdout: '', exitCode: 1 },
    stderr: expect.stringContaining(`There is no AWS profile unknown: ${files} know of ci, default, prod.\n`),
  });
  expect(await named('prod')).toMatchObject({
    ...{ stdout: '', exitCode: 1 },
    stderr: expect.stringContaining(
      'The AWS profile prod gives no credentials. Log in, such as with aws sso login --profile prod.\n',
    ),
  });
  rmSync(home, { recursive: true });
});

it('goes by the policy that is set, and says what of it is wrong', async () => {
  expect((await report([], 'auditor', { MAX_KEY_AGE_DAYS: '30' })).stdout).toContain('younger than 30 days');
  const { stderr, exitCode } = await report([], 'auditor', { MAX_KEY_AGE_DAYS: 'many' });
  expect(exitCode).toBe(1);
  expect(stderr).toContain('MAX_KEY_AGE_DAYS must be a whole number of days');
  expect((await report(['--xml'])).exitCode).toBe(2);
});
