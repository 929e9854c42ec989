// An IAM user that was renamed: its record moves to the new name, whole.
import { hasNews } from './agenda.ts';
import { type IamUser, without } from './iam-user.ts';
import { isList } from './message.ts';
import { isOpen, isUnfiled, type OpenRotation, replacementOf } from './rotation.ts';
import { entryByKeyrotate } from './snapshot.ts';
import type { Instant } from './time.ts';
import type { SecretHolder } from './vault-path.ts';

/** Under which name the secret of the new key lies: the one that the user had when the key was made. */
export function secretHolder({ account, userName, userId, rotation }: IamUser): SecretHolder {
  const replacement = rotation && replacementOf(rotation);
  const storedAs = replacement?.kind === 'created' ? replacement.storedAs : undefined;
  return { account, userId, userName: storedAs ?? userName };
}

/**
 * Whether the record under the new name may give way: it is the same rotation, begun anew by a snapshot that came first,
 * and nobody has done anything about it; or nothing is open there at all.
 */
export function givesWay(there: IamUser, to: IamUser): boolean {
  const { rotation } = there;
  if (!isOpen(rotation)) return !isUnfiled(rotation) && !hasNews(there);
  return there.userId === to.userId && rotation.stage === 'due' && rotation.history.length === 1;
}

/** What was written by an earlier attempt that died before the old record was emptied. */
export function isCarriedFrom(there: IamUser, user: IamUser): boolean {
  return there.userId === user.userId && there.formerName === user.userName;
}

/** @param there what is recorded under the new name, if anything. */
export function carriedTo(
  userName: string,
  there: IamUser | undefined,
  user: IamUser,
  seen: { at: Instant; jobId: string },
): IamUser {
  const { rotation } = user;
  const carried: IamUser = {
    ...without(user, 'question'),
    userName,
    formerName: user.userName,
    version: there?.version ?? 0,
    unconfirmed: [],
    ...(there?.link && { link: there.link }),
    ...(there?.ownerDecided && { ownerDecided: there.ownerDecided }),
  };
  // Their buttons bear the old name, and are drawn anew. A list knows the user by it: the matter is told once more.
  const own = user.messages.filter((message) => !isList(message)).map((one) => ({ ...one, drawing: '' }));
  // The last message of each reader counts: what the record that gives way has is replaced.
  const messages = [...(there?.messages ?? []), ...own];
  return {
    ...carried,
    messages,
    ...(isOpen(rotation) && { rotation: renamed(rotation, user, userName, seen) }),
  };
}

function renamed(
  rotation: OpenRotation,
  user: IamUser,
  userName: string,
  { at, jobId }: { at: Instant; jobId: string },
): OpenRotation {
  const { stage } = rotation;
  const entry = entryByKeyrotate(
    { at, jobId, keys: user.keys },
    { what: 'renamed', from: stage, to: stage, note: userName },
  );
  const history = [...rotation.history, entry];
  const replacement = replacementOf(rotation);
  if (replacement?.kind !== 'created') return { ...rotation, history };
  const stored = { storedAs: user.userName, ...replacement };
  return { ...rotation, replacement: stored, history } as OpenRotation;
}

/** The record of a name that nobody bears now. Its version goes on counting, and lists are drawn without it. */
export function vacated({ account, userName, userId, arn, version, keysSeenAt, messages }: IamUser): IamUser {
  return {
    ...{ account, userName, userId, arn, version, keysSeenAt },
    owner: { kind: 'nobody', why: 'none', named: [] },
    keys: [],
    knownKeyIds: [],
    longestSilence: 0,
    messages: messages.filter(isList),
    toldEntries: 0,
    unconfirmed: [],
    stranded: [],
  };
}
