// What people do in the AWS console, as administrators and past the bot. Reads see it at once, unless IAM lags.
import type { Iam } from '../servers/aws/iam.ts';

/** The sandbox, or as much of it as an administrator needs. */
interface Account {
  aws: { iam: Iam };
}

export function turnOff({ aws }: Account, userName: string, keyId: string): void {
  aws.iam.console.setKeyStatus(userName, keyId, 'Inactive');
}

export function turnOn({ aws }: Account, userName: string, keyId: string): void {
  aws.iam.console.setKeyStatus(userName, keyId, 'Active');
}

export function removeKey({ aws }: Account, userName: string, keyId: string): void {
  aws.iam.console.deleteKey(userName, keyId);
}

/** The new key's id. */
export function createKey({ aws }: Account, userName: string): string {
  return aws.iam.console.createKey(userName).id;
}

/** The console deletes the keys first. */
export function removeUser({ aws }: Account, userName: string): void {
  aws.iam.console.deleteUser(userName);
}

/** Somebody new under the old name, with one fresh key, whose id is returned. Without `tags` they are the old ones. */
export function recreateUser({ aws }: Account, userName: string, tags?: Record<string, string>): string {
  aws.iam.console.recreateUser(userName, tags);
  return aws.iam.console.createKey(userName).id;
}

export function renameUser({ aws }: Account, from: string, to: string): void {
  aws.iam.console.updateUser(from, { userName: to });
}

/** Adds tags, and replaces those with the same key. */
export function tag({ aws }: Account, userName: string, tags: Record<string, string>): void {
  aws.iam.console.tagUser(userName, tags);
}
