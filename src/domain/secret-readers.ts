// Who besides an IAM user may read its secret: the roles of SECRET_READERS, as far as AWS knows them.
import type { IamUser } from './iam-user.ts';
import { replacementOf } from './rotation.ts';

/** Whether it has a secret, as far as the record tells. */
export function hasSecret({ secretReaders, rotation }: IamUser): boolean {
  return secretReaders !== undefined || (rotation && replacementOf(rotation)?.kind === 'created') === true;
}

/** Whether the policy of its secret is to be written anew. */
export function mustAdmit(user: IamUser, named: readonly string[]): boolean {
  return isForOthers(user, named) || leavesSomebodyOut(user);
}

/** Whether the policy of its secret was written for other roles than the setting names now. */
export function isForOthers(user: IamUser, named: readonly string[]): boolean {
  const { secretReaders } = user;
  return hasSecret(user) && !(secretReaders && isSameSet(secretReaders.named, named));
}

/** Who was left out may be known to AWS by now. */
function leavesSomebodyOut({ secretReaders }: IamUser): boolean {
  return secretReaders !== undefined && secretReaders.unknown.length > 0;
}

function isSameSet(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((one) => others.includes(one));
}
