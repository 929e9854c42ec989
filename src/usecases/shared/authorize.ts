// Who may press: the owner or an admin, a full member of the workspace, checked at the moment of acting.
import type { IamUser } from '../../domain/iam-user.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { PersonActing } from '../../domain/rotation.ts';
import { ifRefused, type OutsideError } from '../errors.ts';
import type { Directory, Log, Ports } from '../ports.ts';

type Owned = Pick<IamUser, 'owner'>;
export type Authorization = { actor: PersonActing } | { refusal: Refusal };

/** `needsAdmin`: an owner who is an admin as well acts as the one that may do it. */
export async function actorFor(
  personId: string,
  user: Owned,
  { directory, log }: Pick<Ports, 'directory' | 'log'>,
  needsAdmin = false,
): Promise<Authorization> {
  const asking = lookUp(personId, user, directory, needsAdmin);
  return ifRefused(asking, (error) => ({ refusal: slackRefused(error, log) }));
}

async function lookUp(
  personId: string,
  user: Owned,
  directory: Directory,
  needsAdmin: boolean,
): Promise<Authorization> {
  const barred = await barredAs(personId, directory);
  if (barred) return { refusal: barred };
  const isOwner = await owns(personId, user, directory);
  const isAdmin = (!isOwner || needsAdmin) && (await directory.isAdmin(personId));
  if (!isOwner && !isAdmin) return { refusal: { kind: 'notYours', owner: user.owner } };
  return { actor: { kind: 'person', slackId: personId, as: isAdmin ? 'admin' : 'owner' } };
}

export function adminOnly(
  personId: string,
  { directory, log }: Pick<Ports, 'directory' | 'log'>,
): Promise<Refusal | undefined> {
  return ifRefused(notAdmin(personId, directory), (error) => slackRefused(error, log));
}

async function notAdmin(personId: string, directory: Directory): Promise<Refusal | undefined> {
  const barred = await barredAs(personId, directory);
  if (barred) return barred;
  return (await directory.isAdmin(personId)) ? undefined : { kind: 'adminsOnly' };
}

/** For what any full member of the workspace may ask. */
export async function memberOnly(
  personId: string,
  { directory, log }: { directory: Pick<Directory, 'person'>; log: Log },
): Promise<Refusal | undefined> {
  return ifRefused(barredAs(personId, directory), (error) => slackRefused(error, log));
}

/** Asking again would not change a plain "no", and the owner's own presses would wait for it: the person is told. */
function slackRefused(error: OutsideError, log: Log): Refusal {
  log.warn('person.lookRefused', { error });
  return { kind: 'slackRefused', code: error.code };
}

/** Throws for a plain "no" too. */
export async function barredAs(
  personId: string,
  directory: Pick<Directory, 'person'>,
): Promise<Refusal | undefined> {
  const person = await directory.person(personId);
  if (!person) return { kind: 'personBarred', why: 'unknown' };
  return person.barred ? { kind: 'personBarred', why: person.barred } : undefined;
}

/** A channel's members change, and a channel may be opened or shared after it was linked: both are read when acting. */
async function owns(personId: string, { owner }: Owned, directory: Directory): Promise<boolean> {
  if (owner.kind === 'person') return owner.slackId === personId;
  if (owner.kind === 'nobody') return false;
  const channel = await directory.channel(owner.channelId);
  return channel?.mayOwn === true && (await directory.isMember(owner.channelId, personId));
}
