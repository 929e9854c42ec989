// Who may press: the owner or an admin, a full member of the workspace, checked at the moment of acting.
import type { IamUser } from '../domain/iam-user.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Actor } from '../domain/rotation.ts';
import type { Directory } from './ports.ts';

export type Who = { actor: Actor } | { refusal: Refusal };

export async function actorFor(
  personId: string,
  user: IamUser,
  { directory }: { directory: Directory },
): Promise<Who> {
  const barred = await barredAs(personId, directory);
  if (barred) return { refusal: barred };
  const { owner } = user;
  if (owner.kind === 'person' && owner.slackId === personId) {
    return { actor: { kind: 'person', slackId: personId, as: 'owner' } };
  }
  if (await directory.isAdmin(personId)) return { actor: { kind: 'person', slackId: personId, as: 'admin' } };
  return { refusal: { kind: 'notYours', owner } };
}

export async function adminOnly(
  personId: string,
  { directory }: { directory: Directory },
): Promise<Refusal | undefined> {
  const barred = await barredAs(personId, directory);
  if (barred) return barred;
  return (await directory.isAdmin(personId)) ? undefined : { kind: 'adminsOnly' };
}

async function barredAs(personId: string, directory: Directory): Promise<Refusal | undefined> {
  const person = await directory.person(personId);
  if (!person) return { kind: 'personBarred', why: 'unknown' };
  return person.barred ? { kind: 'personBarred', why: person.barred } : undefined;
}
