// Writes a note onto whatever an IAM user's record is by then.
import type { IamUser } from '../../domain/iam-user.ts';
import { ChangedMeanwhile } from '../errors.ts';
import type { Ports } from '../ports.ts';

/**
 * Somebody may press at this very moment: what they changed is read again, and the note added to it. undefined: there is
 * no such record any more, or nothing to note on what it is by now.
 */
export async function noteWith(
  user: IamUser,
  ports: Ports,
  note: (current: IamUser) => IamUser | undefined,
  tries = 5,
): Promise<IamUser | undefined> {
  let noted = note(user);
  for (let attempt = 1; noted; attempt += 1) {
    try {
      return await ports.users.save(noted);
    } catch (error) {
      if (!(error instanceof ChangedMeanwhile) || attempt === tries) throw error;
      const current = await ports.users.load(user);
      noted = current && note(current);
    }
  }
  return undefined;
}
