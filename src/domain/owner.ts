// Who is answerable for an IAM user, read from a link, its tags and its name. Exact and case-folded; a doubt means nobody.
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
const EMAIL = /^[^\s@,;]+@[^\s@,;]+\.[^\s@,;]+$/;

/**
 * The names to look up, grouped by where they were found: only the first group that names anybody is asked.
 * A value with several names yields several candidates, which is one too many.
 */
export function ownerCandidates(
  user: { userName: string; tags: Readonly<Record<string, string>> },
  tagNames: Pick<OwnerTags, 'ownerTag' | 'mailTag'>,
): Candidate[] {
  const sources: [OwnerSource, string | undefined][] = [
    ['ownerTag', user.tags[tagNames.ownerTag]],
    ['mailTag', user.tags[tagNames.mailTag]],
    ['userName', user.userName],
  ];
  for (const [source, text] of sources) {
    const found = candidatesIn(text ?? '', source);
    if (found.length > 0) return found;
  }
  return [];
}

function candidatesIn(text: string, source: OwnerSource): Candidate[] {
  const words = new Set(text.split(/[\s,;/]+/).filter(Boolean));
  const candidates = [...words].flatMap((word): Candidate[] => {
    if (EMAIL.test(word)) return [{ source, kind: 'email', value: word.toLowerCase() }];
    if (source === 'ownerTag' && SLACK_ID.test(word)) return [{ source, kind: 'slackId', value: word }];
    return [];
  });
  return candidates.filter((one, i) => candidates.findIndex((other) => other.value === one.value) === i);
}

/** Whether the candidates name exactly this person and nobody else. */
export function candidatesName(candidates: readonly Candidate[], person: Person): boolean {
  const [candidate, second] = candidates;
  if (!candidate || second) return false;
  return candidate.value === (candidate.kind === 'email' ? person.email : person.slackId);
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

/** Whether two owners are one: where the name was found, and a new time zone, change nothing. */
export function sameOwner(one: Owner, other: Owner): boolean {
  return one.kind === other.kind && addressOf(one) === addressOf(other);
}
