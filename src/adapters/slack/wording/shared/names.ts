// What keys, accounts, owners and numbers of things are called. Owners by name, so that nobody is pinged where admins read together.
import { type AccessKeyId, ending } from '../../../../domain/access-key.ts';
import type { IamUser, IamUserId } from '../../../../domain/iam-user.ts';
import { isChannelId, type Owner } from '../../../../domain/owner.ts';
import { channelLink, code, label, prose } from '../../escape.ts';

/** Heads a message that goes on with a table. */
export function restOfTable(first: number, last: number, of: number): string {
  return `*IAM users ${whole(first)} to ${whole(last)} of ${whole(of)}, as CSV.*`;
}

/** `…4NOP`: tells two keys apart and gives nothing away. */
export function keyName(id: AccessKeyId): string {
  return code(plainKey(id));
}

/** The same for labels, where there is no code. */
export function plainKey(id: AccessKeyId): string {
  return `…${ending(id)}`;
}

/** `prod (1111-2222-3333)`, or the number alone where the account has no name. */
export function accountLabel(account: string, name = ''): string {
  const number = account.replace(/^(\d{4})(\d{4})(\d{4})$/, '$1-$2-$3');
  return name && name !== account ? `${prose(name, 40)} (${number})` : number;
}

/** For a cell of a table: what can be typed as its name again, or else its number. */
export function accountCell(account: string, name = ''): string {
  return /^[\w.-]{1,40}$/.test(name) ? name : account;
}

export function aboutUser({
  user,
  accountName,
}: {
  user: IamUserId;
  accountName?: string | undefined;
}): string {
  return `IAM user ${code(user.userName)} · account ${accountLabel(user.account, accountName)}`;
}

/** A person, as Slack writes them where somebody named one: `<@U123>` or `<@U123|ana>`. */
const MENTIONED = /<@([UW][A-Z0-9]{6,20})(?:\|([^>]*))?>/g;

/** The people whose names are worth looking up. */
export function mentionedIn(text: string): string[] {
  return [...text.matchAll(MENTIONED)].map(([, id = '']) => id);
}

/** What somebody wrote into a form or a tag: on one line, and harmless. Whoever it mentions is named, and not notified. */
export function inTheirWords(text: string, personName: PersonName = () => undefined): string {
  const named = text.replace(MENTIONED, (_, id: string, name = id) => `@${personName(id) ?? name}`);
  const lines = named.split(/[\r\n]+/).map((line) => line.trim());
  return prose(lines.filter((line) => line !== '').join(', '), 300).replace(/[.\s]+$/, '');
}

export function whole(number: number): string {
  return number.toLocaleString('en');
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${whole(number)} ${number === 1 ? one : many}`;
}

/** `…and 12 more` and what of them; undefined where nothing is left out. */
export function andMore(number: number, words = '.'): string | undefined {
  return number > 0 ? `…and ${whole(number)} more${words}` : undefined;
}

export function sentence(words: string): string {
  // A mark of mrkdwn may stand before the first letter.
  return words.replace(/^[*_]*\p{Ll}/u, (first) => first.toUpperCase());
}

export function lowerFirst(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1);
}

/** What an account is called; undefined where it has no name. */
export type AccountName = (account: string) => string | undefined;

/** What a person is called; undefined where that is not known. */
export type PersonName = (slackId: string) => string | undefined;

/** Behind the name of a channel that stands in an owner tag. */
const NO_TAG_MAKES_A_CHANNEL_OWN = 'a channel owns only what `/keyrotate assign` gives it';

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

/** The same in plain text, where no mark and no link means anything. */
export function plainOwner(owner: Owner, personName: PersonName): string {
  if (owner.kind === 'person') return plainName(owner.slackId, personName);
  return owner.kind === 'channel' ? 'its channel' : 'nobody';
}

/** Whoever is named by an id of Slack's, or by a mail address. */
export function plainName(named: string, personName: PersonName): string {
  return CHANNEL.test(named) ? 'a channel' : label(personName(named) || named, MOST);
}

/** Whatever a link or a tag named: a person or a channel by id, or a mail address. */
export function namedName(named: string, personName: PersonName): string {
  return CHANNEL.test(named) ? channelLink(named) : nameOrId(named, personName);
}

type Nobody = Extract<Owner, { kind: 'nobody' }>;

const MOST_NAMED = 2;

/** Why it has no owner: `its tags name lena@example.com, no full member of this workspace`. */
export function whyNobody({ why, named }: Nobody, personName: PersonName): string {
  if (named.length === 0) return WHY_NOBODY[why];
  const some = named.slice(0, MOST_NAMED).map((name) => namedName(name, personName));
  const names = `${some.join(' and ')}${named.length > MOST_NAMED ? ' and others' : ''}`;
  if (why === 'none' && named.every(isChannelId))
    return `its tags name ${names}: ${NO_TAG_MAKES_A_CHANNEL_OWN}`;
  return NAMED_NOBODY[why](names);
}

const WHY_NOBODY: Record<Nobody['why'], string> = {
  none: 'no tag names one',
  ambiguous: 'its tags name more than one person',
  left: 'the owner left',
  disowned: 'the one who was named says it is not theirs',
};

const NAMED_NOBODY: Record<Nobody['why'], (names: string) => string> = {
  none: (names) => `its tags name ${names}, no full member of this workspace`,
  ambiguous: (names) => `its tags name ${names}`,
  left: (names) => `${names} left`,
  disowned: (names) => `${names} says it is not theirs`,
};

/** The people whose names are worth looking up. */
export function peopleOf(owner: Owner): string[] {
  if (owner.kind === 'person') return [owner.slackId];
  return owner.kind === 'nobody' ? owner.named.filter((named) => PERSON.test(named)).slice(0, 2) : [];
}

/** The same for all who own it, or whom its tags name since. */
export function ownersNamed({ owner, ownerChange }: IamUser): string[] {
  return [...peopleOf(owner), ...(ownerChange ? peopleOf(ownerChange.to) : [])];
}
