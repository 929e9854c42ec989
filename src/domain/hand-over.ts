// Who owns an IAM user from now on, and what a change of owner sets going.
import { announcing, type IamUser, owing, without } from './iam-user.ts';
import type { Look } from './look.ts';
import { addressOf, type Owner, sameOwner } from './owner.ts';
import { isOpen } from './rotation.ts';

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
  return owing(
    announcing({ ...user, ownerChange: { to: now, at } }, { kind: 'ownerChanged' }),
    'redraw',
    'notify',
  );
}

/** Only the one on record can hand over by leaving: a tag that names somebody else who left is a change like any other. */
function isGone({ why, named }: Extract<Owner, { kind: 'nobody' }>, before: Owner): boolean {
  const address = addressOf(before);
  return (why === 'left' || why === 'disowned') && address !== undefined && named.includes(address);
}

/** Whoever owns the user now needs a card of their own; what somebody else holds is removed with it. */
export function handedOver(user: IamUser, owner: Owner): IamUser {
  const handed = { ...without(user, 'ownerChange', 'quietUntil', 'notifiedAt'), owner };
  if (!isOpen(user.rotation)) return handed;
  // They are told for the first time, and get the notice that everybody gets.
  handed.rotation = { ...user.rotation };
  delete handed.rotation.contactedAt;
  delete handed.rotation.escalatedAt;
  if (owner.kind !== 'nobody') {
    const { card } = user;
    const told = owing(without(handed, 'card'), 'redraw', 'notify');
    return card ? owing({ ...told, formerCard: card }, 'remove') : told;
  }
  return owner.why === 'left' ? owing(announcing(handed, { kind: 'ownerLeft' }), 'redraw') : handed;
}
