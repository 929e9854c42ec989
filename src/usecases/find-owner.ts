// Looks up who answers for an IAM user.
import { decideOwner, type Owner, ownerCandidates } from '../domain/owner.ts';
import type { Ports } from './ports.ts';

/** Throws OutsideError when Slack cannot be asked: a failed look-up is not an answer. */
export async function findOwner(
  user: { userName: string; tags: Readonly<Record<string, string>> },
  { directory, ownerTags }: Pick<Ports, 'directory' | 'ownerTags'>,
): Promise<Owner> {
  const candidates = ownerCandidates(user, ownerTags);
  const [candidate] = candidates;
  if (!candidate || candidates.length > 1) return decideOwner(candidates, []);
  const person =
    candidate.kind === 'email'
      ? await directory.personByEmail(candidate.value)
      : await directory.personById(candidate.value);
  return decideOwner(candidates, person ? [person] : []);
}
