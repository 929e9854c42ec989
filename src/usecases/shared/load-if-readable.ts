// Loads one of several IAM users: a record that nobody can read must not keep messages about the others from anybody.
import type { IamUser, IamUserId } from '../../domain/iam-user.ts';
import { OutsideError } from '../errors.ts';
import type { Ports } from '../ports.ts';

export async function loadIfReadable(id: IamUserId, { users, log }: Ports): Promise<IamUser | undefined> {
  const { account, userName } = id;
  try {
    return await users.load({ account, userName });
  } catch (error) {
    if (error instanceof OutsideError) throw error;
    log.error('user.unreadable', { account, userName, error });
    return undefined;
  }
}
