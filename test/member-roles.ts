// What other accounts of the sandbox deploy for keyrotate: what `npm run member-role` prints.
import { memberTemplate } from '../src/entry/member-template.ts';
import { SANDBOX_ACCOUNT } from './sandbox/deployment/cloudformation.ts';
import type { Mode } from './sandbox/deployment/serverless-yaml.ts';
import { deployTemplate, type MemberAccount, SANDBOX_ORG } from './sandbox/members.ts';
import type { Iam } from './sandbox/servers/aws/iam.ts';

/** `none`: it has deleted its stack. */
export function deployRoles(iam: Iam, mode: Mode | 'none', region?: string): void {
  deployTemplate(iam, mode === 'none' ? undefined : templateFor(mode, region));
}

/** An account that has deployed one form or the other. */
export function withRoles(member: MemberAccount, mode: Mode): MemberAccount {
  return { ...member, template: templateFor(mode, member.region) };
}

function templateFor(mode: Mode, region?: string): object {
  const settings = { prefix: '/iam/keys', protectedUsers: ['protected/*'] };
  return memberTemplate({ ...settings, hub: SANDBOX_ACCOUNT, org: SANDBOX_ORG, mode, region });
}
