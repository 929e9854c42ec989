// What somebody owns, or a channel they are in: what is under way from the record, which a press is judged by, all else from AWS.
import { type IamUser, type IamUserId, nameOf } from '../../domain/iam-user.ts';
import { addressOf, type Person } from '../../domain/owner.ts';
import { isOpen } from '../../domain/rotation.ts';
import { listKeys } from '../commands/answer-list.ts';
import { ownedUsers } from '../commands/owned-users.ts';
import type { Ports } from '../ports.ts';
import { loadIfReadable } from '../shared/load-if-readable.ts';
import type { OwnKeys } from './home-page.ts';

export async function ownKeys(person: Person, ports: Ports): Promise<OwnKeys> {
  const owned = await ownedUsers(person, ports);
  const open = await asOnRecord(owned.open, ports);
  const isOpenNow = (one: IamUserId) => open.some((user) => nameOf(user) === nameOf(one));
  const others = await listKeys({ ...owned, users: owned.users.filter((one) => !isOpenNow(one)) }, ports);
  return { open, others };
}

/** The index lags: it may not know yet what was pressed a moment ago. */
async function asOnRecord(listed: readonly IamUser[], ports: Ports): Promise<IamUser[]> {
  const loaded = await Promise.all(
    listed.map(async ({ owner, ...id }) => {
      const user = await loadIfReadable(id, ports);
      return user && isOpen(user.rotation) && addressOf(user.owner) === addressOf(owner) ? [user] : [];
    }),
  );
  return loaded.flat();
}
