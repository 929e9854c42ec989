// What another account deploys so that keyrotate may work in it: roles that read and, where keys are rotated, roles that act.
import { KEY_CHANGES, READS, SECRET_CHANGES } from '../adapters/aws/accounts.ts';
import { ACT_ROLE, READ_ROLE } from '../adapters/aws/member-roles.ts';
import { resources } from './protected-users.cjs';

export interface MemberSettings {
  /** The account that keyrotate runs in, twelve digits. */
  hub: string;
  /** In preview there is no role that could change anything. */
  mode: 'preview' | 'live';
  /** The organisation, `o-…`: who is not of it is not let in. */
  org?: string | undefined;
  externalId?: string | undefined;
  /** Of the vault; any, where it is not said. */
  region?: string | undefined;
  /** SECRET_PREFIX and PROTECTED_USERS, as keyrotate has them. */
  prefix: string;
  protectedUsers: readonly string[];
}

const sub = (text: string) => ({ 'Fn::Sub': text });

/** A CloudFormation template, for a StackSet and for a stack alike. */
export function memberTemplate(settings: MemberSettings): object {
  const { mode } = settings;
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `What lets keyrotate in the account ${settings.hub} work here (${mode}).`,
    Resources: {
      ReadRole: role(READ_ROLE, readRights(settings), [WORKERS, SWEEPERS], settings),
      ...(mode === 'live' && { ActRole: role(ACT_ROLE, actRights(settings), [WORKERS], settings) }),
    },
  };
}

/** The paths of keyrotate's own roles, in whatever stage and region: see serverless.yml. */
const WORKERS = '/keyrotate/*';
const SWEEPERS = '/keyrotate-sweeper/*';

/**
 * By account and ARN as a condition, not by ARN as the principal: IAM would keep that as the unique id of the role that has it
 * today, and one that was made anew under its name would be locked out.
 */
function role(
  name: string,
  statements: object[],
  trusted: string[],
  { hub, org, externalId }: MemberSettings,
): object {
  const ofHub = (rest: string) => sub(`arn:\${AWS::Partition}:iam::${hub}:${rest}`);
  const StringEquals = {
    ...(org && { 'aws:PrincipalOrgID': org }),
    ...(externalId && { 'sts:ExternalId': externalId }),
  };
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: name,
      Description: `keyrotate, from ${hub}`,
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: ofHub('root') },
            Action: 'sts:AssumeRole',
            Condition: {
              ArnLike: { 'aws:PrincipalArn': trusted.map((path) => ofHub(`role${path}`)) },
              ...(Object.keys(StringEquals).length > 0 && { StringEquals }),
            },
          },
        ],
      },
      Policies: [{ PolicyName: name, PolicyDocument: { Version: '2012-10-17', Statement: statements } }],
    },
  };
}

const users = sub(`arn:\${AWS::Partition}:iam::\${AWS::AccountId}:user/*`);

function secretsOf({ prefix, region = '*' }: MemberSettings): object {
  return sub(`arn:\${AWS::Partition}:secretsmanager:${region}:\${AWS::AccountId}:secret:${prefix}/*`);
}

function readRights(settings: MemberSettings): object[] {
  const reads = [...new Set([...READS.sweeper, ...READS.worker])];
  const ofUsers = ['iam:GetUser', 'iam:ListAccessKeys', 'iam:GetAccessKeyLastUsed'];
  const ofSecrets = ['secretsmanager:DescribeSecret'];
  const ofNothing = reads.filter((action) => ![...ofUsers, ...ofSecrets].includes(action));
  return [
    { Effect: 'Allow', Action: ofNothing, Resource: '*' },
    { Effect: 'Allow', Action: ofUsers, Resource: users },
    { Effect: 'Allow', Action: ofSecrets, Resource: secretsOf(settings) },
    neverRead(settings),
  ];
}

function actRights(settings: MemberSettings): object[] {
  const ofSecrets = SECRET_CHANGES.filter((action) => action !== DELETION);
  const secrets = secretsOf(settings);
  return [
    { Effect: 'Allow', Action: KEY_CHANGES, Resource: users },
    { Effect: 'Deny', Action: KEY_CHANGES, Resource: resources(settings.protectedUsers.join()) },
    { Effect: 'Allow', Action: ofSecrets, Resource: secrets },
    {
      Effect: 'Allow',
      Action: DELETION,
      Resource: secrets,
      // As in serverless.yml: without the window it would delete at once.
      Condition: { NumericEquals: { 'secretsmanager:RecoveryWindowInDays': '30' } },
    },
    neverRead(settings),
  ];
}

const DELETION = 'secretsmanager:DeleteSecret';

function neverRead(settings: MemberSettings): object {
  return { Effect: 'Deny', Action: 'secretsmanager:GetSecretValue', Resource: secretsOf(settings) };
}
