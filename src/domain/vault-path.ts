// Where an IAM user's keys lie in Secrets Manager.

/**
 * `<prefix>/<account>/<user>/key`. IAM user names may hold a comma, secret names may not; `=` escapes it and itself,
 * so no two users ever share a path. The fixed last part keeps a name from ending in a hyphen and six characters,
 * which Secrets Manager would confuse with the suffix of an ARN.
 */
export function vaultPath(prefix: string, account: string, userName: string): string {
  return `${prefix}/${account}/${userName.replace(/[=,]/g, (c) => (c === '=' ? '=3D' : '=2C'))}/key`;
}
