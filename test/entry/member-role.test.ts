// What another account deploys for keyrotate: as it is printed, and held against what keyrotate's own roles may in their account.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memberTemplate } from '../../src/entry/member-template.ts';
import { wanted } from '../../src/entry/print-member-role.ts';
import { evaluate, stackOf, type Template } from '../sandbox/deployment/cloudformation.ts';
import { readRolePolicies } from '../sandbox/deployment/serverless-file.ts';
import type { Mode } from '../sandbox/deployment/serverless-yaml.ts';
import { list } from '../sandbox/servers/aws/conditions.ts';
import type { PolicyStatement } from '../sandbox/servers/aws/service.ts';

const HUB = '111122223333';
const MEMBER = '444455556666';
const ORG = 'o-a1b2c3d4e5';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyrotate-member-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Role {
  RoleName: string;
  AssumeRolePolicyDocument: { Statement: object[] };
  Policies: { PolicyDocument: { Statement: PolicyStatement[] } }[];
}

/** The roles as they stand in an account that has deployed them. */
function rolesIn(text: string): Role[] {
  const { Resources } = JSON.parse(text) as Pick<Template, 'Resources'>;
  const stack = stackOf({ Conditions: {}, Resources }, { account: MEMBER });
  return Object.values(Resources).map(({ Properties }) => evaluate(Properties, stack) as Role);
}

const printed = (...args: string[]) => wanted(['--hub', HUB, ...args], folder);
const names = (roles: Role[]) => roles.map(({ RoleName }) => RoleName);

describe('npm run member-role', () => {
  test('prints JSON and nothing else: in preview a role that reads, live one that acts as well', () => {
    const script = fileURLToPath(new URL('../../src/entry/print-member-role.ts', import.meta.url));
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ['--import', 'tsx', script, '--hub', HUB],
      { encoding: 'utf8' },
    );
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(names(rolesIn(stdout))).toEqual(['keyrotate-read']);
    expect(names(rolesIn(printed('--mode', 'live')))).toEqual(['keyrotate-read', 'keyrotate-act']);
  });

  test('lets in keyrotate’s own roles in the hub, of the organisation, and of them only the worker to act', () => {
    const [read, act] = rolesIn(printed('--mode', 'live', '--org', ORG));
    const trusts = (paths: string[]) => ({
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${HUB}:root` },
      Action: 'sts:AssumeRole',
      Condition: {
        ArnLike: { 'aws:PrincipalArn': paths.map((path) => `arn:aws:iam::${HUB}:role/${path}/*`) },
        StringEquals: { 'aws:PrincipalOrgID': ORG },
      },
    });
    expect(read?.AssumeRolePolicyDocument.Statement).toEqual([trusts(['keyrotate', 'keyrotate-sweeper'])]);
    expect(act?.AssumeRolePolicyDocument.Statement).toEqual([trusts(['keyrotate'])]);
  });

  test('goes by the settings of the deployment, as its file has them', () => {
    writeFileSync(join(folder, '.env'), 'SECRET_PREFIX=/keys\nPROTECTED_USERS=ops/*\nEXTERNAL_ID=agreed\n');
    const text = printed('--mode', 'live', '--region', 'eu-west-1');
    rmSync(join(folder, '.env'));
    expect(text).toMatch(/:secretsmanager:eu-west-1:\$\{AWS::AccountId\}:secret:\/keys\/\*/);
    expect(text).toContain(':user/ops/*');
    expect(text).toContain('"sts:ExternalId": "agreed"');
  });

  test.each([
    ['no hub', [], '--hub must be the account'],
    ['a hub that is no account', ['--hub', '1111'], '--hub must be the account'],
    ['another mode', ['--hub', HUB, '--mode', 'Live'], '--mode must be preview or live'],
    ['an organisation’s name', ['--hub', HUB, '--org', 'acme'], "--org must be the organisation's id"],
    ['a place', ['--hub', HUB, '--region', 'frankfurt'], '--region must be an AWS region'],
    ['an option that is none', ['--hub', HUB, '--url', 'x'], '--url'],
  ])('refuses %s, and says why', (_, args, why) => {
    expect(() => wanted(args, folder)).toThrow(why);
  });

  test('refuses a setting that could never work', () => {
    writeFileSync(join(folder, '.env'), 'PROTECTED_USERS=*\n');
    expect(() => printed()).toThrow('PROTECTED_USERS must not name everybody');
    rmSync(join(folder, '.env'));
  });
});

/** Each right by itself, with what goes with it. */
function rights(statements: readonly PolicyStatement[]): string[] {
  return statements.flatMap(({ Effect, Action, Resource = '*', Condition = {} }) =>
    list(Action).flatMap((action) =>
      list(Resource).map((resource) => `${Effect} ${action} ${resource} ${JSON.stringify(Condition)}`),
    ),
  );
}

/** What keyrotate's own roles may of IAM and the vault, were they in the other account: not Slack's secret. */
function ownRights(mode: Mode): string[] {
  const { worker, sweeper } = readRolePolicies(mode, { account: MEMBER });
  const all = rights([...worker, ...sweeper]).filter((right) => !right.includes('secret:keyrotate/slack'));
  return [...new Set(all.filter((right) => /^\w+ (iam|secretsmanager):/.test(right)))].sort();
}

describe.each(['preview', 'live'] as const)('the roles of another account (%s)', (mode) => {
  test('may what keyrotate’s own may in its account, and no more', () => {
    const settings = { prefix: '/iam/keys', protectedUsers: ['protected/*'], region: 'eu-central-1' };
    const roles = rolesIn(JSON.stringify(memberTemplate({ ...settings, hub: HUB, mode })));
    const theirs = roles.flatMap(({ Policies }) => Policies.map(({ PolicyDocument }) => PolicyDocument));
    const all = rights(theirs.flatMap(({ Statement }) => Statement));
    expect([...new Set(all)].sort()).toEqual(ownRights(mode));
  });
});
