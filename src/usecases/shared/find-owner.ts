// Looks up who answers for an IAM user.
import type { IamUser } from '../../domain/iam-user.ts';
import {
  type Candidate,
  channelsTagged,
  decideOwner,
  type Link,
  type Owner,
  ownerCandidates,
  type Person,
  personAs,
  type SeenOwner,
  sameOwner,
} from '../../domain/owner.ts';
import type { Directory, Ports } from '../ports.ts';

type People = Pick<Directory, 'personById' | 'personByEmail'>;

export interface FindOwnerPorts extends Pick<Ports, 'ownerTags'> {
  directory: People & Pick<Directory, 'channel'>;
}

/**
 * A link by an admin, else the tags and the name. `known`: what is on record, where the user is.
 * Throws OutsideError when Slack cannot be asked: a failed look-up is not an answer.
 */
export async function findOwner(
  user: { userName: string; tags: Readonly<Record<string, string>> },
  known: Pick<IamUser, 'owner' | 'link' | 'disowned'> | undefined,
  ports: FindOwnerPorts,
): Promise<SeenOwner> {
  const linked = known?.link && (await ownerByLink(known.link.to, ports));
  // A link to somebody who left yields to the tags. One to a channel does not: an admin may open the channel again.
  if (linked && (linked.kind !== 'nobody' || known?.link?.to.kind === 'channel')) return linked;
  const owner = await ownerByName(user, known?.owner, ports);
  if (linked && owner.kind === 'nobody') return linked;
  if (owner.kind === 'person' && owner.slackId === known?.disowned?.slackId)
    return { kind: 'nobody', why: 'disowned', named: [owner.slackId] };
  return known && (await hasLeft(known.owner, owner, ports)) ? { ...owner, formerLeft: true } : owner;
}

async function ownerByLink(to: Link['to'], { directory }: FindOwnerPorts): Promise<Owner> {
  const owner = await linkedOwner(to, directory, (slackId) => directory.personById(slackId));
  return owner ?? { kind: 'nobody', why: 'left', named: [to.kind === 'channel' ? to.channelId : to.slackId] };
}

/** undefined: this channel may not own, or this person is no full member. */
export async function linkedOwner(
  to: Link['to'],
  directory: Pick<Directory, 'channel'>,
  personBy: (slackId: string) => Promise<Person | undefined>,
): Promise<Owner | undefined> {
  if (to.kind === 'channel') return (await directory.channel(to.channelId))?.mayOwn ? to : undefined;
  const person = await personBy(to.slackId);
  return person && !person.barred ? personAs(person, 'link') : undefined;
}

/** By the first tag that names anybody. One that names nobody, be it by a slip, hides no other. */
async function ownerByName(
  user: { userName: string; tags: Readonly<Record<string, string>> },
  before: Owner | undefined,
  { directory, ownerTags }: FindOwnerPorts,
): Promise<Owner> {
  const named: string[] = [];
  for (const group of ownerCandidates(user, ownerTags)) {
    const candidates = await thoseNaming(group, directory);
    const [candidate, second] = candidates;
    const person = candidate && !second && (await personCalled(candidate, directory));
    if (second || person) return decideOwner(candidates, person ? [person] : []);
    named.push(...group.map(({ value }) => value));
    // The owner was found here before. A changed mail address gives no claim to whoever is named after it.
    if (before?.kind === 'person' && group.some(({ source }) => source === before.from)) break;
  }
  return { kind: 'nobody', why: 'none', named: [...named, ...channelsTagged(user.tags, ownerTags)] };
}

/** Who is asked of Slack each time, for whoever acts on it. */
export function withoutList(directory: Directory): Directory {
  return { ...directory, personById: directory.person, personByEmail: directory.personOfEmail };
}

/** Of several words, one that only looks like a Slack id, such as UNKNOWN, names nobody. */
async function thoseNaming(group: Candidate[], directory: People): Promise<Candidate[]> {
  if (group.length < 2) return group;
  const found = await Promise.all(
    group.map(({ kind, value }) => kind === 'email' || directory.personById(value)),
  );
  return group.filter((_, i) => found[i]);
}

function personCalled({ kind, value }: Candidate, directory: People): Promise<Person | undefined> {
  return kind === 'email' ? directory.personByEmail(value) : directory.personById(value);
}

/** Whether who is on record, and is not found any more, is no full member either: Slack knows them by their id. */
async function hasLeft(before: Owner, now: Owner, { directory }: FindOwnerPorts): Promise<boolean> {
  if (before.kind !== 'person' || sameOwner(before, now)) return false;
  const person = await directory.personById(before.slackId);
  return !person || person.barred !== undefined;
}
