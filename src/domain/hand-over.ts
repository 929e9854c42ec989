// Who owns an IAM user from now on, and what a change of owner sets going.
import { type IamUser, without } from './iam-user.ts';
import type { Look } from './look.ts';
import { addressOf, type Owner, sameOwner } from './owner.ts';
import { isOpen, type OpenRotation } from './rotation.ts';

/**
 * Tags are input from whoever may tag users. Once the owner has been written to, another owner is only announced, and
 * an admin decides; an owner who left is nobody's to protect.
 */
export function withOwner(user: IamUser, look: Look): IamUser {
  const { owner: now, at } = look;
  // Somebody made anew under the name has tags of their own; they are nothing to the rotation that is open.
  if (isOpen(user.rotation) && look.userId !== user.userId) return user;
  if (sameOwner(user.owner, now)) return without({ ...user, owner: now }, 'ownerChange');
  const wasTold = isOpen(user.rotation) && user.rotation.contactedAt !== undefined;
  const isDecided = now.kind === 'channel' || (now.kind === 'person' && now.from === 'link');
  const hasLeft = now.kind === 'nobody' && isGone(now, user.owner);
  if (!wasTold || user.owner.kind === 'nobody' || isDecided || hasLeft) return handedOver(user, now);
  if (user.ownerChange && sameOwner(user.ownerChange.to, now)) return user;
  return { ...user, ownerChange: { to: now, at } };
}

/** Only the one on record can hand over by leaving: a tag that names somebody else who left is a change like any other. */
function isGone({ why, named }: Extract<Owner, { kind: 'nobody' }>, before: Owner): boolean {
  const address = addressOf(before);
  return (why === 'left' || why === 'disowned') && address !== undefined && named.includes(address);
}

/** Whoever owns the user now is told for the first time; what the last owner asked for is not theirs. */
export function handedOver(user: IamUser, owner: Owner): IamUser {
  const handed = { ...without(user, 'ownerChange', 'quietUntil', 'notifiedAt'), owner };
  const { rotation } = user;
  if (!isOpen(rotation)) return handed;
  const rest: OpenRotation = { ...rotation };
  delete rest.contactedAt;
  if ('request' in rest) delete rest.request;
  if ('bothNeeded' in rest) delete rest.bothNeeded;
  return { ...handed, rotation: rest };
}
