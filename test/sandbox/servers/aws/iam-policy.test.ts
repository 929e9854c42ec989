// What policies decide, case by case and in general.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, pinPrincipals, type Verdict } from './iam-policy.ts';
import type { PolicyStatement } from './service.ts';

const ACCOUNT = '123456789012';
const SECRET = `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:/iam/keys/ci/key-AbCdEf`;
const ci = {
  account: ACCOUNT,
  arn: `arn:aws:iam::${ACCOUNT}:user/ci`,
  principalArn: `arn:aws:iam::${ACCOUNT}:user/ci`,
  userId: 'AIDAAAAAAAAAAAAAAAAAA',
};
const worker = {
  account: ACCOUNT,
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/worker/fn`,
  principalArn: `arn:aws:iam::${ACCOUNT}:role/worker`,
  userId: 'AROAAAAAAAAAAAAAAAAAA:fn',
};
const stranger = { ...ci, account: '999999999999', arn: 'arn:aws:iam::999999999999:user/ci' };

const allow = (given: Partial<PolicyStatement> = {}): PolicyStatement => ({
  Effect: 'Allow',
  Action: 'secretsmanager:GetSecretValue',
  Resource: '*',
  ...given,
});
const deny = (given: Partial<PolicyStatement> = {}): PolicyStatement => ({ ...allow(given), Effect: 'Deny' });
const to = (AWS: string | string[]) => ({ Principal: { AWS } });
const when = (operator: string, key: string, value: string | string[]) => ({
  Condition: { [operator]: { [key]: value } },
});

function verdict(
  identity: PolicyStatement[],
  attached: PolicyStatement[] = [],
  caller: typeof ci | typeof worker = ci,
) {
  const resourcePolicy = attached.length > 0 ? { Statement: attached } : undefined;
  const action = 'secretsmanager:GetSecretValue';
  return evaluate({ action, resource: SECRET, caller, identity, resourcePolicy });
}

describe('identity policies', () => {
  it.each<[string, PolicyStatement[], Verdict]>([
    ['nothing', [], 'implicitDeny'],
    ['the action', [allow()], 'allow'],
    ['another action', [allow({ Action: 'secretsmanager:DescribeSecret' })], 'implicitDeny'],
    ['an action in other case, with wildcards', [allow({ Action: 'SecretsManager:get*V?lue' })], 'allow'],
    ['one of several actions', [allow({ Action: ['s3:*', 'secretsmanager:*'] })], 'allow'],
    [
      'a prefix of the resource',
      [allow({ Resource: `arn:aws:secretsmanager:*:${ACCOUNT}:secret:/iam/keys/*` })],
      'allow',
    ],
    ['the suffix as question marks', [allow({ Resource: SECRET.replace('AbCdEf', '??????') })], 'allow'],
    ['a resource in other case', [allow({ Resource: SECRET.toUpperCase() })], 'implicitDeny'],
    ['a short ARN', [allow({ Resource: 'arn:aws:secretsmanager:*' })], 'allow'],
    [
      'a wildcard that would have to cross a colon',
      [allow({ Resource: 'arn:*:secret:/iam/keys/*' })],
      'implicitDeny',
    ],
    ['an allow and a deny', [allow(), deny({ Action: '*' })], 'explicitDeny'],
    ['a deny of something else', [allow(), deny({ Resource: `${SECRET}x` })], 'allow'],
  ])('%s', (_what, identity, expected) => {
    expect(verdict(identity)).toBe(expected);
  });
});

describe('resource policies', () => {
  it.each<[string, PolicyStatement[], Verdict, Verdict]>([
    ['everybody', [allow({ Principal: '*' })], 'allow', 'allow'],
    ['the user by ARN', [allow(to(ci.arn))], 'allow', 'implicitDeny'],
    ['the role by ARN, for its sessions', [allow(to(worker.principalArn))], 'implicitDeny', 'allow'],
    ['one session', [allow(to(['x', worker.arn]))], 'implicitDeny', 'allow'],
    [
      'the account, which only delegates',
      [allow(to(`arn:aws:iam::${ACCOUNT}:root`))],
      'implicitDeny',
      'implicitDeny',
    ],
    [
      'the account, in a deny',
      [allow({ Principal: '*' }), deny(to(ACCOUNT))],
      'explicitDeny',
      'explicitDeny',
    ],
    [
      'all but one, by unique id',
      [
        allow({ Principal: '*' }),
        deny({ Principal: '*', ...when('StringNotEquals', 'aws:userid', ci.userId) }),
      ],
      'allow',
      'explicitDeny',
    ],
  ])('%s', (_what, attached, user, role) => {
    expect([verdict([], attached, ci), verdict([], attached, worker)]).toEqual([user, role]);
  });

  it('of another account are not enough without an identity policy, nor the other way round', () => {
    const open = [allow(to('999999999999'))];
    expect(verdict([], open, stranger)).toBe('implicitDeny');
    expect(verdict([allow()], [], stranger)).toBe('implicitDeny');
    expect(verdict([allow()], open, stranger)).toBe('allow');
  });
});

describe('conditions', () => {
  it.each<[string, string, string | string[], boolean, boolean]>([
    ['StringEquals', 'aws:userid', ci.userId, true, false],
    ['StringEquals', 'AWS:UserId', ['other', ci.userId], true, false],
    ['StringEquals', 'aws:userid', `${ci.userId.slice(0, -1)}*`, false, false],
    ['StringNotEquals', 'aws:userid', [ci.userId, 'other'], false, true],
    ['StringEquals', 'kms:ViaService', 'secretsmanager', false, false],
    ['StringNotEquals', 'kms:ViaService', 'secretsmanager', true, true],
    ['ArnEquals', 'aws:PrincipalArn', `arn:aws:iam::${ACCOUNT}:role/*`, false, true],
    ['ArnEquals', 'aws:PrincipalArn', [ci.arn, worker.principalArn], true, true],
    ['ArnNotEquals', 'aws:PrincipalArn', 'arn:aws:iam::*:user/*', false, true],
    ['ArnNotEquals', 'aws:PrincipalArn', [ci.arn, worker.principalArn], false, false],
  ])('%s %s %s', (operator, key, value, user, role) => {
    const identity = [allow(when(operator, key, value))];
    const holds = [ci, worker].map((caller) => verdict(identity, [], caller) === 'allow');
    expect(holds).toEqual([user, role]);
  });

  it('must all hold', () => {
    const both = { StringEquals: { 'aws:userid': ci.userId, 'aws:principalarn': 'other' } };
    expect(verdict([allow({ Condition: both })])).toBe('implicitDeny');
  });
});

describe('what is not emulated', () => {
  it.each<[string, PolicyStatement]>([
    ['an operator', allow(when('StringLike', 'aws:userid', 'AIDA*'))],
    ['a key', allow(when('StringEquals', 'aws:SourceIp', '10.0.0.1'))],
    ['a policy variable', allow({ Resource: `arn:aws:iam::*:user/\${aws:username}` })],
    ['an element', { ...allow(), NotAction: 's3:*' } as PolicyStatement],
    ['a principal of another kind', allow({ Principal: { Service: 'lambda.amazonaws.com' } as never })],
  ])('%s is never guessed, even in a statement about something else', (_what, statement) => {
    const about = { ...statement, Action: 's3:GetObject' };
    expect(() => verdict([about])).toThrow('does not emulate');
  });
});

describe('principals of a stored policy', () => {
  it('are pinned to who they are, so that a namesake gets nothing', () => {
    const policy = { Statement: [allow(to([ci.arn, ACCOUNT]))] };
    const pinned = pinPrincipals(policy, (arn) => (arn === ci.arn ? ci.userId : undefined));
    const namesake = { ...ci, userId: 'AIDABBBBBBBBBBBBBBBBB' };

    expect(pinned.Statement[0]?.Principal).toEqual({ AWS: [ci.userId, ACCOUNT] });
    expect(verdict([], pinned.Statement, ci)).toBe('allow');
    expect(verdict([], pinned.Statement, namesake)).toBe('implicitDeny');
  });
});

const someStatement = fc.record({
  Effect: fc.constantFrom('Allow' as const, 'Deny' as const),
  Action: fc.constantFrom('*', 'secretsmanager:*', 'secretsmanager:GetSecretValue', 's3:*'),
  Resource: fc.constantFrom('*', SECRET, `${SECRET}x`),
});

describe('in general', () => {
  it('one more deny never lets anybody in', () => {
    fc.assert(
      fc.property(fc.array(someStatement), fc.array(someStatement), someStatement, (mine, its, more) => {
        const attached = its.map((statement) => ({ ...statement, Principal: '*' as const }));
        const before = verdict(mine, attached);
        const after = verdict([...mine, { ...more, Effect: 'Deny' }], attached);
        expect(after === 'allow' && before !== 'allow').toBe(false);
      }),
    );
  });

  it('the order of statements does not matter', () => {
    fc.assert(
      fc.property(fc.array(someStatement), (statements) => {
        expect(verdict(statements.toReversed())).toBe(verdict(statements));
      }),
    );
  });
});
