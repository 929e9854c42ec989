// Writes a note onto whatever an IAM user's record is by then.
import type { IamUser } from '../domain/iam-user.ts';
import { ChangedMeanwhile } from './errors.ts';
import type { Ports } from './ports.ts';

const TRIES = 5;

/**
 * Somebody may press at this very moment: what they changed is read again, and the note added to it. undefined: there is
 * no such record any more.
 */
export async function noteWith(
  user: IamUser,
  ports: Ports,
  note: (current: IamUser) => IamUser,
): Promise<IamUser | undefined> {
  let current: IamUser | undefined = user;
  for (let attempt = 1; current; attempt += 1) {
    try {
      return await ports.users.save(note(current));
    } catch (error) {
      if (!(error instanceof ChangedMeanwhile) || attempt === TRIES) throw error;
      current = await ports.users.load(user);
    }
  }
  return undefined;
}
