// Other accounts than the one that keyrotate runs in: what they deploy for it, and the sandbox as it looks from there.
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
  /** What it has deployed for keyrotate; nothing, where nobody has yet. */
  template?: object;
}

export const SANDBOX_ORG = 'o-a1b2c3d4e5';

/** What an account has deployed for keyrotate takes the place of whatever it had before; nothing: it has deleted its stack. */
export function deployTemplate(iam: Iam, template?: object): void {
  for (const name of iam.state.roles.keys()) if (IS_OF_MEMBER.test(name)) iam.console.deleteRole(name);
  const { Resources = {} } = (template ?? {}) as Partial<Template>;
  const stack = stackOf({ Conditions: {}, Resources }, { account: iam.state.account });
  for (const { Properties } of Object.values(Resources)) {
    const role = evaluate(Properties, stack) as Role;
    const statements = role.Policies.flatMap(({ PolicyDocument: { Statement } }) => Statement);
    iam.addRole(role.RoleName, statements, '/', role.Description, role.AssumeRolePolicyDocument);
  }
}

/** How the roles are called that keyrotate assumes elsewhere. */
export const IS_OF_MEMBER = /^keyrotate-\w+$/;

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
