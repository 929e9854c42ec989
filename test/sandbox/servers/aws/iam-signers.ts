// Who an access key id belongs to, and when its key was last used.
import { MINUTE } from '../../clock.ts';
import { type IamStore, ownerOf } from './iam-state.ts';
import type { Caller, PolicyStatement } from './service.ts';
import type { Credentials } from './sigv4.ts';

/** Somebody who can sign: what it takes to check that, and what they may do. */
export interface Signer {
  credentials: Credentials;
  caller: Caller;
  policies: PolicyStatement[];
  /** What narrows them: the session policy. */
  session?: PolicyStatement[];
  /** The session is over. */
  isExpired?: boolean;
}

/** undefined for ids that are unknown, deleted or not active, and for sessions of a role that is gone: AWS refuses them all alike. */
export function signerOf(store: IamStore, accessKeyId: string): Signer | undefined {
  const { account, orgId, roles, sessions } = store.state;
  const session = sessions.get(accessKeyId);
  if (!session) return userSigner(store, accessKeyId);
  const { role, sessionName, credentials, policy, expiresAt = Number.POSITIVE_INFINITY } = session;
  if (roles.get(role.roleName)?.roleId !== role.roleId) return undefined;
  const caller: Caller = {
    kind: 'role',
    accessKeyId,
    account,
    arn: `arn:aws:sts::${account}:assumed-role/${role.roleName}/${sessionName}`,
    principalArn: role.arn,
    userId: `${role.roleId}:${sessionName}`,
    ...(orgId && { orgId }),
  };
  const isExpired = expiresAt <= store.clock.now();
  return { credentials, caller, policies: role.policies, ...(policy && { session: policy }), isExpired };
}

function userSigner(store: IamStore, accessKeyId: string): Signer | undefined {
  const user = ownerOf(store, accessKeyId);
  const key = user?.keys.find(({ id }) => id === accessKeyId);
  if (!user || key?.status !== 'Active') return undefined;
  const { arn, userId, policies } = user;
  const { account } = store.state;
  const caller: Caller = { kind: 'user', accessKeyId, account, arn, principalArn: arn, userId };
  return { credentials: { accessKeyId, secretAccessKey: key.secret }, caller, policies };
}

/** "Getting credential reports": services that are not Region-specific, such as Amazon S3, leave the region at N/A. */
const GLOBAL = ['iam', 's3', 'cloudfront', 'route53', 'organizations'];

/** "Getting credential reports": "when an access key is used more than once in a 15-minute span, only the first use is recorded". */
export function recordUse({ clock, state }: IamStore, accessKeyId: string, service: string, region: string) {
  const owner = state.users.get(state.keyOwners.get(accessKeyId) ?? '');
  const key = owner?.keys.find(({ id }) => id === accessKeyId);
  const at = clock.now();
  if (!key || (key.lastUsed && at - key.lastUsed.at < 15 * MINUTE)) return;
  key.lastUsed = { at, service, region: GLOBAL.includes(service) ? 'N/A' : region };
}

/**
 * The unique id behind the ARN of a user or role: policies are stored with ids, so that they follow somebody renamed
 * (IAM User Guide, "Rename an IAM user").
 */
export function resolvePrincipal({ state }: IamStore, arn: string): string | undefined {
  const [, , , account, kind, path = ''] = /^arn:(aws):(iam)::(\d+):(user|role)\/(.*)$/.exec(arn) ?? [];
  if (account !== state.account) return undefined;
  const name = path.split('/').at(-1) ?? '';
  const user = kind === 'user' ? state.users.get(name.toLowerCase()) : undefined;
  if (user) return user.arn === arn ? user.userId : undefined;
  const role = kind === 'role' ? state.roles.get(name) : undefined;
  return role?.arn === arn ? role.roleId : undefined;
}
