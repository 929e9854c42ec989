// AWS STS: temporary credentials of roles, in whatever account of the sandbox, and whose credentials a call is signed with.
import type { Clock } from '../../clock.ts';
import { unemulated } from './conditions.ts';
import type { Iam } from './iam.ts';
import type { IamRole } from './iam-state.ts';
import { AwsError, type AwsService, type PolicyDocument, type PolicyStatement } from './service.ts';

/** Whether the caller may is decided before, by the role's trust policy: a role that is not there trusts nobody. */
export function stsService(clock: Clock, accounts: () => readonly Iam[]): AwsService {
  function roleAt(arn: unknown): { iam: Iam; role: IamRole } | undefined {
    for (const iam of accounts())
      for (const role of iam.state.roles.values()) if (role.arn === arn) return { iam, role };
    return undefined;
  }
  return {
    name: 'sts',
    protocol: 'query',
    actions: {
      /** It has no parameters (STS API Reference). */
      GetCallerIdentity(input, { arn, userId, account }) {
        const [unknown] = Object.keys(input);
        if (unknown !== undefined) throw unemulated(`GetCallerIdentity's ${unknown}`);
        return { Arn: arn, UserId: userId, Account: account };
      },
      AssumeRole(input, { kind }) {
        const found = roleAt(input.RoleArn);
        if (!found) throw new Error('a role was assumed that is not there');
        const { iam, role } = found;
        const seconds = Number(input.DurationSeconds ?? 3600);
        const sessionName = String(input.RoleSessionName);
        refuseUnusable(input, kind === 'role');
        const policy = input.Policy === undefined ? {} : { policy: statementsIn(String(input.Policy)) };
        const expiresAt = clock.now() + seconds * 1000;
        const { accessKeyId, ...secret } = iam.session(role.roleName, sessionName, { ...policy, expiresAt });
        const Arn = `arn:aws:sts::${iam.state.account}:assumed-role/${role.roleName}/${sessionName}`;
        return {
          Credentials: {
            ...{ AccessKeyId: accessKeyId, SecretAccessKey: secret.secretAccessKey },
            ...{ SessionToken: secret.sessionToken, Expiration: new Date(expiresAt) },
          },
          AssumedRoleUser: { AssumedRoleId: `${role.roleId}:${sessionName}`, Arn },
        };
      },
    },
    // "No permissions are required to perform this operation", and an explicit deny does not forbid it.
    isFree: ({ action }) => action === 'GetCallerIdentity',
    resource: ({ action, input }) => (action === 'AssumeRole' ? String(input.RoleArn) : undefined),
    context: ({ input }): Record<string, string> =>
      typeof input.ExternalId === 'string' ? { 'sts:externalid': input.ExternalId } : {},
    resourcePolicy: (arn): PolicyDocument | undefined => roleAt(arn)?.role.trust,
  };
}

/** AssumeRole: what its parameters may be. A session of a role gets an hour at most ("role chaining"). */
function refuseUnusable(input: Record<string, unknown>, isChained: boolean): void {
  const seconds = Number(input.DurationSeconds ?? 3600);
  if (!(seconds >= 900 && seconds <= (isChained ? 3600 : 43_200)))
    throw invalid(
      `The requested DurationSeconds exceeds the MaxSessionDuration set for this role: ${seconds}`,
    );
  if (!/^[\w+=,.@-]{2,64}$/.test(String(input.RoleSessionName)))
    throw invalid(`Value '${input.RoleSessionName}' at 'roleSessionName' failed to satisfy constraint`);
  if (String(input.Policy ?? '').length > 2048)
    throw invalid("Value at 'policy' failed to satisfy constraint: Member must have length less than 2048");
  for (const name of Object.keys(input))
    if (!['RoleArn', 'RoleSessionName', 'Policy', 'DurationSeconds', 'ExternalId'].includes(name))
      throw unemulated(`AssumeRole's ${name}`);
}

function statementsIn(policy: string): PolicyStatement[] {
  const { Version, Statement } = JSON.parse(policy) as PolicyDocument;
  if (Version !== '2012-10-17')
    throw new AwsError('MalformedPolicyDocument', 'The policy names no version that is known.', 400);
  return Statement;
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationError', message, 400);
}
