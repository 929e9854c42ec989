// Who is answerable for an IAM user, read from its tags and its name. Exact and case-folded; a doubt means nobody.

/** Where an owner was found, first hit wins. */
export type OwnerSource = 'ownerTag' | 'mailTag' | 'userName';

export type Owner =
  | { kind: 'person'; slackId: string; from: OwnerSource }
  /** `none`: nothing names anybody Slack knows. `ambiguous`: more than one person is named. */
  | { kind: 'nobody'; why: 'none' | 'ambiguous'; named: string[] };

/** Somebody as Slack describes them. */
export interface Person {
  slackId: string;
  name: string;
  /** IANA name, such as Europe/Madrid. */
  timeZone: string;
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
}

const SLACK_ID = /^[UW][A-Z0-9]{6,20}$/;
const EMAIL = /^[^\s@,;]+@[^\s@,;]+\.[^\s@,;]+$/;

/**
 * The names to look up, grouped by where they were found: only the first group that names anybody is asked.
 * A value with several names yields several candidates, which is one too many.
 */
export function ownerCandidates(
  user: { userName: string; tags: Readonly<Record<string, string>> },
  tagNames: OwnerTags,
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

/** The one person the candidates stand for. */
export function decideOwner(candidates: readonly Candidate[], found: readonly Person[]): Owner {
  const named = candidates.map((candidate) => candidate.value);
  if (candidates.length > 1) return { kind: 'nobody', why: 'ambiguous', named };
  const fit = found.filter((person) => person.barred === undefined);
  const [person, second] = fit;
  const source = candidates[0]?.source;
  if (!person || !source) return { kind: 'nobody', why: 'none', named };
  if (second) return { kind: 'nobody', why: 'ambiguous', named };
  return { kind: 'person', slackId: person.slackId, from: source };
}
