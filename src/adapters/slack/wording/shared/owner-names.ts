// What owners are called where admins read together: by name, so that nobody is pinged.
import type { Owner } from '../../../../domain/owner.ts';
import { channelLink, code, prose } from '../../escape.ts';

/** What a person is called; undefined where that is not known. */
export type PersonName = (slackId: string) => string | undefined;

const MOST = 40;
const PERSON = /^[UW][A-Z0-9]{6,20}$/;
const CHANNEL = /^[CG][A-Z0-9]{6,20}$/;

/** An id stands for a name that is not known. */
export function nameOrId(slackId: string, personName: PersonName): string {
  return prose(personName(slackId) ?? '', MOST) || code(slackId, MOST);
}

export function ownerName(owner: Owner, personName: PersonName): string {
  if (owner.kind === 'person') return nameOrId(owner.slackId, personName);
  return owner.kind === 'channel' ? channelLink(owner.channelId) : 'nobody';
}

/** Whatever a link or a tag named: a person or a channel by id, or a mail address. */
export function namedName(named: string, personName: PersonName): string {
  return CHANNEL.test(named) ? channelLink(named) : nameOrId(named, personName);
}

/** The people whose names are worth looking up. */
export function peopleOf(owner: Owner): string[] {
  if (owner.kind === 'person') return [owner.slackId];
  return owner.kind === 'nobody' ? owner.named.filter((named) => PERSON.test(named)).slice(0, 2) : [];
}
