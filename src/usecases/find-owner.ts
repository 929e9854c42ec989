// Looks up who answers for an IAM user.
import type { IamUser } from '../domain/iam-user.ts';
import {
  decideOwner,
  type Link,
  type Owner,
  ownerCandidates,
  type Person,
  personAs,
} from '../domain/owner.ts';
import type { Ports } from './ports.ts';

/**
 * A link by an admin, else the tags and the name. `known`: what is on record, where the user is.
 * Throws OutsideError when Slack cannot be asked: a failed look-up is not an answer.
 */
export async function findOwner(
  user: { userName: string; tags: Readonly<Record<string, string>> },
  known: Pick<IamUser, 'owner' | 'link' | 'disowned'> | undefined,
  ports: Pick<Ports, 'directory' | 'ownerTags'>,
): Promise<Owner> {
  if (known?.link) return linked(known.link.to, ports);
  const owner = await named(user, ports);
  if (owner.kind === 'person' && owner.slackId === known?.disowned?.slackId)
    return { kind: 'nobody', why: 'disowned', named: [owner.slackId] };
  return owner.kind === 'nobody' && known ? orLeft(owner, known.owner, ports) : owner;
}

async function linked(to: Link['to'], { directory }: Pick<Ports, 'directory'>): Promise<Owner> {
  if (to.kind === 'channel') {
    const channel = await directory.channel(to.channelId);
    return channel?.mayOwn ? to : { kind: 'nobody', why: 'left', named: [to.channelId] };
  }
  const person = await directory.personById(to.slackId);
  return person && !person.barred
    ? personAs(person, 'link')
    : { kind: 'nobody', why: 'left', named: [to.slackId] };
}

async function named(
  user: { userName: string; tags: Readonly<Record<string, string>> },
  { directory, ownerTags }: Pick<Ports, 'directory' | 'ownerTags'>,
): Promise<Owner> {
  const candidates = ownerCandidates(user, ownerTags);
  const [candidate] = candidates;
  if (!candidate || candidates.length > 1) return decideOwner(candidates, []);
  const person: Person | undefined =
    candidate.kind === 'email'
      ? await directory.personByEmail(candidate.value)
      : await directory.personById(candidate.value);
  return decideOwner(candidates, person ? [person] : []);
}

/** Slack finds nobody by the address of somebody who left; by the id they had, it does. */
async function orLeft(
  owner: Extract<Owner, { kind: 'nobody' }>,
  before: Owner,
  { directory }: Pick<Ports, 'directory'>,
): Promise<Owner> {
  if (owner.why !== 'none' || before.kind === 'channel') return owner;
  if (before.kind === 'nobody') return before.why === 'left' ? { ...owner, why: 'left' } : owner;
  const person = await directory.personById(before.slackId);
  return !person || person.barred === 'deactivated'
    ? { ...owner, why: 'left', named: [before.slackId] }
    : owner;
}
