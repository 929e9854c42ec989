// Reads one IAM user anew: what is shown and decided is never older than this.
import type { AccessKey } from '../domain/access-key.ts';
import type { AccessKeys } from './ports.ts';

export interface LiveUser {
  userId: string;
  arn: string;
  tags: Record<string, string>;
  keys: AccessKey[];
}

/** undefined: IAM has no such user. Throws OutsideError when IAM cannot be asked. */
export async function look(userName: string, accessKeys: AccessKeys): Promise<LiveUser | undefined> {
  const facts = await accessKeys.describeUser(userName);
  const keys = await lookAtKeys(userName, accessKeys);
  return facts && keys && { ...facts, keys };
}

/** The keys alone, each with its last use; undefined: IAM has no such user. */
export async function lookAtKeys(userName: string, accessKeys: AccessKeys): Promise<AccessKey[] | undefined> {
  const listed = await accessKeys.list(userName);
  return (
    listed && Promise.all(listed.map(async (key) => ({ ...key, lastUse: await accessKeys.lastUse(key.id) })))
  );
}
