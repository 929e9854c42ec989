// Who is answerable for an IAM user, read from a link, its tags and its name. Exact and case-folded; a doubt means nobody.
import { fingerprint } from './fingerprint.ts';
import type { Instant } from './time.ts';

/** Where an owner was found, first hit wins. `link`: an admin said so. */
export type OwnerSource = 'link' | 'ownerTag' | 'mailTag' | 'userName';

export type Owner =
  /** `timeZone`: IANA name, such as Europe/Madrid. */
  | { kind: 'person'; slackId: string; from: OwnerSource; timeZone?: string }
  /** Everybody in a private channel. Only an admin's link makes a channel an owner. */
  | { kind: 'channel'; channelId: string }
  /**
   * `none`: nothing names anybody Slack knows. `ambiguous`: more than one person is named.
   * `left`: the one named is no longer a full member. `disowned`: the one named says it is not theirs.
   */
  | { kind: 'nobody'; why: 'none' | 'ambiguous' | 'left' | 'disowned'; named: string[] };

/** Who is named now. `formerLeft`: the person on record is somebody else, and no full member any more. */
export type SeenOwner = Owner & { formerLeft?: true };

/** What an admin linked an IAM user to, and when. It outweighs every tag. */
export interface Link {
  to: { kind: 'person'; slackId: string } | { kind: 'channel'; channelId: string };
  by: string;
  at: Instant;
}

/** Somebody as Slack describes them. */
export interface Person {
  slackId: string;
  name: string;
  /** IANA name, such as Europe/Madrid. */
  timeZone: string;
  /** Lower case; undefined where Slack shows none. */
  email?: string;
  /** Why this person may not be trusted with anything, or undefined for a full member of the workspace. */
  barred?: 'guest' | 'stranger' | 'bot' | 'deactivated' | 'foreign';
}

/** Something that may name a person: a Slack user id or a mail address. */
export type Candidate = { source: OwnerSource; kind: 'slackId' | 'email'; value: string };

export interface OwnerTags {
  /** Tag with a Slack user id or a mail address. */
  ownerTag: string;
  /** Tag with a mail address. */
  mailTag: string;
  /** Tag that opts out, with an end date. */
  exemptTag: string;
}

const SLACK_ID = /^[UW][A-Z0-9]{6,20}$/;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
/** What stands between two words of a tag. */
const BETWEEN = /[\s,;:/|]+/;
/** Two addresses with any other mark between them, such as one that an address may have, too. */
const TWO_EMAILS = /^(.+@.+)[^A-Za-z0-9@](.+@.+)$/;

/**
 * Whoever is named, grouped by where: a group is asked only when those before it name nobody. Words that merely look
 * like a name are among them: only Slack can tell.
 */
export function ownerCandidates(
  user: { userName: string; tags: Readonly<Record<string, string>> },
  tagNames: Pick<OwnerTags, 'ownerTag' | 'mailTag'>,
): Candidate[][] {
  const sources: [OwnerSource, string | undefined][] = [
    ['ownerTag', tagCalled(tagNames.ownerTag, user.tags)],
    ['mailTag', tagCalled(tagNames.mailTag, user.tags)],
    ['userName', user.userName],
  ];
  return sources.map(([source, text = '']) => candidatesIn(text, source)).filter(({ length }) => length > 0);
}

/** IAM takes the keys of tags in any case of letters. */
export function tagCalled(name: string, tags: Readonly<Record<string, string>>): string | undefined {
  return Object.entries(tags).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

/** A word of capitals alone is no id. */
const CHANNEL_ID = /^[CG](?=[A-Z]*\d)[A-Z0-9]{6,20}$/;

/** The channels that the owner tag names by id. They own nothing by it: only an admin's link makes a channel an owner. */
export function channelsTagged(
  tags: Readonly<Record<string, string>>,
  { ownerTag }: Pick<OwnerTags, 'ownerTag'>,
): string[] {
  const words = (tagCalled(ownerTag, tags) ?? '').split(/[^A-Za-z0-9]/);
  return words.filter((word) => isChannelId(word));
}

export function isChannelId(word: string): boolean {
  return CHANNEL_ID.test(word);
}

export function isSlackId(word: string): boolean {
  return SLACK_ID.test(word);
}

export function isMailAddress(word: string): boolean {
  return EMAIL.test(word);
}

function candidatesIn(text: string, source: OwnerSource): Candidate[] {
  const found = text.split(BETWEEN).flatMap((word): Candidate[] => {
    if (word.includes('@'))
      return emailsIn(word).map((email) => ({ source, kind: 'email', value: email.toLowerCase() }));
    return source === 'ownerTag' ? idsIn(word).map((value) => ({ source, kind: 'slackId', value })) : [];
  });
  return found.filter((one, i) => found.findIndex((other) => other.value === one.value) === i);
}

function emailsIn(word: string): string[] {
  return TWO_EMAILS.exec(word)?.slice(1) ?? (EMAIL.test(word) ? [word] : []);
}

/** A Slack id inside a longer word names nobody; two of them name two people. */
function idsIn(word: string): string[] {
  if (SLACK_ID.test(word)) return [word];
  const ids = word.split(/[^A-Za-z0-9]/).filter((part) => SLACK_ID.test(part));
  return ids.length > 1 ? ids : [];
}

/** Whether this person is among those named anywhere, by the whole address or the whole id. */
export function mentions(candidates: readonly Candidate[][], person: Person): boolean {
  return candidates
    .flat()
    .some(({ kind, value }) => value === (kind === 'email' ? person.email : person.slackId));
}

/** The one person the candidates stand for. */
export function decideOwner(candidates: readonly Candidate[], found: readonly Person[]): Owner {
  const named = candidates.map((candidate) => candidate.value);
  if (candidates.length > 1) return { kind: 'nobody', why: 'ambiguous', named };
  const [person, second] = found.filter(({ barred }) => barred === undefined);
  const source = candidates[0]?.source;
  if (!person || !source) {
    const left = found.some(({ barred }) => barred === 'deactivated');
    return { kind: 'nobody', why: left ? 'left' : 'none', named };
  }
  if (second) return { kind: 'nobody', why: 'ambiguous', named };
  return personAs(person, source);
}

export function personAs({ slackId, timeZone }: Person, from: OwnerSource): Owner {
  return { kind: 'person', slackId, from, timeZone };
}

/** Whom messages go to: a person, or a channel. undefined: nobody. */
export function addressOf(owner: Owner): string | undefined {
  if (owner.kind === 'person') return owner.slackId;
  return owner.kind === 'channel' ? owner.channelId : undefined;
}

/** The time zone in which the owner is written to; that of channels, and of whoever has none, is the policy's. */
export function zoneOf({ owner }: { owner: Owner }, { timeZone }: { timeZone: string }): string {
  return (owner.kind === 'person' && owner.timeZone) || timeZone;
}

/** Whose it is, or was, in a word that fits into a button. */
export function ownerMark(owner: Owner): string {
  return fingerprint(addressOf(owner) ?? (owner.kind === 'nobody' ? owner.named[0] : undefined) ?? '');
}

/** Whether two owners are one: where the name was found, and a new time zone, change nothing. */
export function sameOwner(one: Owner, other: Owner): boolean {
  return one.kind === other.kind && addressOf(one) === addressOf(other);
}
