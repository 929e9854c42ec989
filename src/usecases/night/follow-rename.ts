// An IAM user that is gone under its name may go on under another: AWS knows it by an id that never changes.
import type { IamUser } from '../../domain/iam-user.ts';
import { carriedTo, givesWay, isCarriedFrom, vacated } from '../../domain/rename.ts';
import { TryLater } from '../errors.ts';
import { inspection } from '../jobs.ts';
import type { Ports } from '../ports.ts';
import { nameNow } from '../shared/live-user.ts';

const RETRY_SECONDS = 20;

/**
 * 1. look for the user's id under all names. 2. write its record under the new name. 3. empty the old one. Safe to
 * repeat after each step. `gone`: the account has no such user any more. `stays`: somebody else's rotation is open
 * under that name, so that the sweep must come back to it. Throws OutsideError when IAM cannot be asked: then nobody
 * knows.
 */
export async function followRename(
  user: IamUser,
  jobId: string,
  ports: Ports,
): Promise<'followed' | 'stays' | 'gone'> {
  const { account } = user;
  const userName = await nameNow(user, ports.keys(account));
  if (userName === undefined) return 'gone';
  const there = await ports.users.load({ account, userName });
  if (there?.claim) throw new TryLater(RETRY_SECONDS, `a move is under way on ${userName}`);
  if (!there || !isCarriedFrom(there, user)) {
    if (there && !givesWay(there, user)) return there.userId === user.userId ? 'gone' : 'stays';
    await ports.users.save(carriedTo(userName, there, user, { at: ports.now(), jobId }));
  }
  await ports.users.save(vacated(user));
  ports.log.info('user.renamed', { account, userName, jobId });
  await ports.jobs.put([inspection({ account, userName }, `${jobId}/renamed`)]);
  return 'followed';
}
