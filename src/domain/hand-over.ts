// Who owns an IAM user from now on, and what a change of owner sets going.
import { type IamUser, without } from './iam-user.ts';
import { addressOf, type Owner, sameOwner } from './owner.ts';
import { isOpen, type OpenRotation } from './rotation.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * Whoever may tag users can name another owner. Once the owner has been written to, the other one is only announced,
 * and an admin decides, whether or not a rotation is open. An owner who left is handed over from at once.
 */
export function withOwner(user: IamUser, { owner: { formerLeft, ...named }, at, userId }: Snapshot): IamUser {
  const { owner: before, notifiedAt, ownerChange, rotation } = user;
  // Somebody made anew under the name has tags of their own; they are nothing to the rotation that is open.
  if (isOpen(rotation) && userId !== user.userId) return user;
  const now = ownerNow(before, named, formerLeft);
  if (sameOwner(before, now)) return without({ ...user, owner: now }, 'ownerChange');
  const isDecided = now.kind === 'channel' || (now.kind === 'person' && now.from === 'link');
  const hasLeft = formerLeft === true || isGivenUp(now, before);
  // Whoever lost their card is told anew, and has been told all the same.
  const wasTold = notifiedAt !== undefined || (isOpen(rotation) && rotation.contactedAt !== undefined);
  if (!wasTold || before.kind === 'nobody' || isDecided || hasLeft) return handedOver(user, now);
  if (ownerChange && sameOwner(ownerChange.to, now)) return user;
  return { ...user, ownerChange: { to: now, at } };
}

/** A tag that names nobody who could own claims nothing: the owner on record stays, unless they have left. */
function ownerNow(before: Owner, named: Owner, formerLeft: true | undefined): Owner {
  if (named.kind !== 'nobody' || named.why === 'ambiguous' || isGivenUp(named, before)) return named;
  if (before.kind === 'nobody')
    return before.why === 'left' && named.why === 'none' ? { ...named, why: 'left' } : named;
  const address = addressOf(before);
  return formerLeft && address !== undefined ? { kind: 'nobody', why: 'left', named: [address] } : before;
}

/** Whether the owner on record has left, or said that the user is not theirs. */
function isGivenUp(now: Owner, before: Owner): boolean {
  const address = addressOf(before);
  return (
    now.kind === 'nobody' &&
    (now.why === 'left' || now.why === 'disowned') &&
    address !== undefined &&
    now.named.includes(address)
  );
}

/** The new owner is told as if for the first time. What the last owner asked for is dropped. */
export function handedOver(user: IamUser, owner: Owner): IamUser {
  const handed = { ...without(user, 'ownerChange', 'quietUntil', 'notifiedAt', 'nudged'), owner };
  const { rotation } = user;
  // How the last rotation ended is not theirs to hear.
  if (!isOpen(rotation)) return { ...handed, toldEntries: rotation?.history.length ?? 0 };
  const rest: OpenRotation = { ...rotation };
  delete rest.contactedAt;
  if ('request' in rest) delete rest.request;
  if ('bothNeeded' in rest) delete rest.bothNeeded;
  if ('decided' in rest) delete rest.decided;
  return { ...handed, rotation: rest };
}
