// Who besides an IAM user may read its secret: the roles of SECRET_READERS, as far as AWS knows them.
import type { IamUser } from './iam-user.ts';
import { replacementOf } from './rotation.ts';

/** Whether it has a secret, as far as the record tells. */
export function hasSecret({ secretReaders, rotation }: IamUser): boolean {
  return secretReaders !== undefined || (rotation && replacementOf(rotation)?.kind === 'created') === true;
}

/** Whether the policy of its secret is to be written anew. Somebody who was left out may be known by now. */
export function mustAdmit(user: IamUser, named: readonly string[]): boolean {
  const { secretReaders } = user;
  if (!hasSecret(user)) return false;
  if (!secretReaders || secretReaders.unknown.length > 0) return true;
  return !isSameSet(secretReaders.named, named);
}

function isSameSet(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((one) => others.includes(one));
}
