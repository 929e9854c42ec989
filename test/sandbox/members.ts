// Other accounts than the one that keyrotate runs in: what they deploy for it, and the sandbox as it looks from there.
import { memberTemplate } from '../../src/entry/member-template.ts';
import { evaluate, SANDBOX_ACCOUNT, stackOf, type Template } from './deployment/cloudformation.ts';
import type { Mode } from './deployment/serverless-yaml.ts';
import type { Sandbox } from './sandbox.ts';
import type { Iam } from './servers/aws/iam.ts';
import type { PolicyDocument } from './servers/aws/service.ts';

export interface MemberAccount {
  account: string;
  name: string;
  /** As ACCOUNTS says it; as MODE says where it is missing. */
  mode?: Mode;
  /** Of its vault. */
  region?: string;
  /** Which form of its template is deployed; `none`: nobody has, yet. */
  roles?: Mode | 'none';
}

export const SANDBOX_ORG = 'o-a1b2c3d4e5';

/** Takes the place of whatever was deployed before. */
export function deployRoles(
  iam: Iam,
  mode: Mode | 'none',
  { region, externalId }: { region?: string | undefined; externalId?: string } = {},
): void {
  for (const name of ['keyrotate-read', 'keyrotate-act']) iam.console.deleteRole(name);
  if (mode === 'none') return;
  const settings = {
    hub: SANDBOX_ACCOUNT,
    org: SANDBOX_ORG,
    prefix: '/iam/keys',
    protectedUsers: ['protected/*'],
  };
  const { Resources } = memberTemplate({ ...settings, mode, region, externalId }) as Pick<
    Template,
    'Resources'
  >;
  const stack = stackOf({ Conditions: {}, Resources }, { account: iam.state.account });
  for (const { Properties } of Object.values(Resources)) {
    const role = evaluate(Properties, stack) as Role;
    const statements = role.Policies.flatMap(({ PolicyDocument: { Statement } }) => Statement);
    iam.addRole(role.RoleName, statements, '/', role.Description, role.AssumeRolePolicyDocument);
  }
}

interface Role {
  RoleName: string;
  Description: string;
  AssumeRolePolicyDocument: PolicyDocument;
  Policies: { PolicyDocument: PolicyDocument }[];
}

/** The setting ACCOUNTS. */
export function accountsSetting(members: readonly MemberAccount[]): string {
  const others = members.map(({ account, name, mode = '', region = '' }) =>
    `${account}:${name}:${mode}:${region}`.replace(/:+$/, ''),
  );
  return [`${SANDBOX_ACCOUNT}:main`, ...others].join(',');
}

/** The same sandbox with another account's IAM and vault in the place of the first one's. */
export function inAccount(sandbox: Sandbox, account: string): Sandbox {
  const found = sandbox.aws.accounts.get(account);
  if (!found) throw new Error(`the sandbox has no account ${account}`);
  const { iam, secrets, region } = found;
  return {
    ...sandbox,
    aws: { ...sandbox.aws, iam, secrets },
    organisation: { ...sandbox.organisation, account, region },
  };
}
