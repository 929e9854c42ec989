// The secrets that keyrotate stored for IAM users that an account no longer has.
import type { AccessKeys, KeySecret, Vault } from '../ports.ts';

/** By then the list of secrets knows what was done to them: a job that could not do all goes on behind it. */
export const LISTED_AFTER_SECONDS = 300;

/**
 * Oldest first, and those that are scheduled for deletion among them. A user is known by the id that ends the secret's
 * path: one that was renamed is not gone, one that was made anew has a secret of its own. Secrets are listed before
 * users, so that whoever is made meanwhile is among the users. undefined: `isLate` before all was read, and of a part
 * nothing can be said. Throws OutsideError.
 */
export async function secretsOfGone(
  account: string,
  vault: Vault,
  keys: AccessKeys,
  isLate = () => false,
): Promise<KeySecret[] | undefined> {
  const secrets: KeySecret[] = [];
  for await (const secret of vault.secrets(account)) {
    if (isLate()) return undefined;
    if (secret.isOurs) secrets.push(secret);
  }
  if (secrets.length === 0) return [];
  const users = new Set<string>();
  for await (const { userId } of keys.all()) {
    if (isLate()) return undefined;
    users.add(userId);
  }
  return secrets.filter(({ userId }) => !users.has(userId)).sort((a, b) => a.createdAt - b.createdAt);
}
