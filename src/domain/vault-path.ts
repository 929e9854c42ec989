// Where an IAM user's keys lie in Secrets Manager.

import type { IamUserId } from './iam-user.ts';

/** Who a secret is for. The unique id (AIDA…) tells a user from whoever has, or had, the same name. */
export interface SecretHolder extends IamUserId {
  userId: string;
}

/** For how many days AWS keeps a secret that is scheduled for deletion: the most that it allows. */
export const RECOVERY_DAYS = 30;

/**
 * `<prefix>/<account>/<user>/<unique id>`. IAM user names may hold a comma, secret names may not; `=` escapes it and
 * itself, so no two users ever share a path. The id at the end keeps a name from ending in a hyphen and six characters,
 * which Secrets Manager would confuse with the suffix of an ARN.
 */
export function vaultPath(prefix: string, { account, userName, userId }: SecretHolder): string {
  return `${prefix}/${account}/${userName.replace(/[=,]/g, (c) => (c === '=' ? '=3D' : '=2C'))}/${userId}`;
}

/** Whose secret lies at a path: the other way round. undefined for a path that keyrotate does not make. */
export function holderAt(prefix: string, path: string): SecretHolder | undefined {
  const [account, written, userId] = path.slice(prefix.length + 1).split('/');
  if (!account || !written || !userId) return undefined;
  const holder = { account, userName: written.replaceAll('=2C', ',').replaceAll('=3D', '='), userId };
  return vaultPath(prefix, holder) === path ? holder : undefined;
}
