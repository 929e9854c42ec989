// Reads one IAM user anew: what is shown and decided is never older than this.
import type { AccessKey } from '../../domain/access-key.ts';
import { asSwept } from '../../domain/as-recorded.ts';
import type { IamUser, IamUserId } from '../../domain/iam-user.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { longestSilenceSeen } from '../../domain/usage-history.ts';
import { ifFailed } from '../errors.ts';
import { inspection } from '../jobs.ts';
import type { AccessKeys, IamUserFacts, Ports } from '../ports.ts';
import { secretOpened } from './secret-opened.ts';

export type LiveUser = Omit<IamUserFacts, 'userName'> & { keys: AccessKey[] };

/** undefined: IAM has no such user. Throws OutsideError when IAM cannot be asked, or answers for another account. */
export async function readLiveUser(
  { userName }: IamUserId,
  accessKeys: AccessKeys,
): Promise<LiveUser | undefined> {
  const facts = await accessKeys.describeUser(userName);
  // IAM answers to a name in any case of letters. A record bears the name as IAM spells it.
  if (facts?.userName !== userName) return undefined;
  const keys = await readKeys(userName, accessKeys);
  return keys && { ...facts, keys };
}

/** The name that a user on record has by now; undefined: the account has no such user any more. Throws like `readLiveUser`. */
export async function nameNow(
  { userName, userId }: Pick<IamUser, 'userName' | 'userId'>,
  accessKeys: AccessKeys,
): Promise<string | undefined> {
  const facts = await accessKeys.describeUser(userName);
  if (facts?.userId === userId) return facts.userName;
  for await (const other of accessKeys.all()) if (other.userId === userId) return other.userName;
  return undefined;
}

/** All users of the account, by the ids that never change. Throws OutsideError. */
export async function usersById(accessKeys: AccessKeys): Promise<Map<string, IamUserFacts>> {
  const users = new Map<string, IamUserFacts>();
  for await (const user of accessKeys.all()) users.set(user.userId, user);
  return users;
}

/** A user on record with its keys, and whether the new one's secret was opened, read anew; a refusal when IAM has another user of this name. Throws as above. */
export async function readAnew(user: IamUser, ports: Ports): Promise<IamUser | Refusal> {
  const keysSeenAt = ports.now();
  const swept = asLastSwept(user, ports);
  const [live, before, opened] = await Promise.all([
    readLiveUser(user, ports.keys(user.account)),
    swept,
    secretOpened(user, ports),
  ]);
  if (!live) return { kind: 'userGone' };
  if (live.userId !== user.userId) return { kind: 'userRecreated' };
  const { arn, keys } = live;
  return { ...user, arn, keys, keysSeenAt, longestSilence: longestSilenceSeen(before, keys), ...opened };
}

/** What is on record, and since when the sweeps have known it. */
export async function asLastSwept(user: IamUser, { records }: Pick<Ports, 'records'>): Promise<IamUser> {
  return asSwept(user, (await records.latestSweep(user.account))?.reportedAt);
}

/** The keys alone, each with its last use; undefined: IAM has no such user. */
export async function readKeys(userName: string, accessKeys: AccessKeys): Promise<AccessKey[] | undefined> {
  const listed = await accessKeys.list(userName);
  return (
    listed && Promise.all(listed.map(async (key) => ({ ...key, lastUse: await accessKeys.lastUse(key.id) })))
  );
}

/** What AWS says now. When it says nothing the person hears so at once: nothing has been done, and they can press again. */
export async function readOrRefuse(user: IamUser, ports: Ports): Promise<IamUser | Refusal> {
  return ifFailed(readAnew(user, ports), (error): Refusal => {
    const { account, userName } = user;
    ports.log.warn('user.lookRefused', { account, userName, error });
    return { kind: 'lookFailed', code: error.code };
  });
}

/** Queues the job that finds out whether a missing user was deleted or renamed. Nothing for a refusal of another kind. */
export async function findOut(
  refusal: Refusal,
  { id, ...user }: IamUserId & { id: string },
  { jobs }: Ports,
): Promise<void> {
  if (refusal.kind !== 'userGone' && refusal.kind !== 'userRecreated') return;
  await jobs.put([inspection(user, `${id}/gone`)]);
}
