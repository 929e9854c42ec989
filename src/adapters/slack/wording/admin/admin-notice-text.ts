// What admins are told in their channel, about one IAM user, or about many that are alike: names without pings, and how to act.
import { ageInDays, anyWorks } from '../../../../domain/access-key.ts';
import type { IamUser } from '../../../../domain/iam-user.ts';
import { silenceOf, silentFrom } from '../../../../domain/matters.ts';
import { isOfPerson, type MatterKind, type MatterReader } from '../../../../domain/message.ts';
import { type Owner, ownerMark } from '../../../../domain/owner.ts';
import type { Policy } from '../../../../domain/policy.ts';
import {
  askedForAs,
  type HistoryEntry,
  isOff,
  isOpen,
  type OpenRotation,
  requestIn,
} from '../../../../domain/rotation.ts';
import type { Instant } from '../../../../domain/time.ts';
import { code, label, prose } from '../../escape.ts';
import { assignHint, typed } from '../commands/commands.ts';
import { ageWords, daysPast, dueWords, plainWeekday, weekday } from '../shared/dates.ts';
import { lastDone, MOVE_WORDS } from '../shared/moves.ts';
import {
  aboutUser,
  accountLabel,
  count,
  inTheirWords,
  keyName,
  lowerFirst,
  mentionedIn,
  ownerName,
  ownersNamed,
  type PersonName,
  plainName,
  plainOwner,
  sentence,
  whyNobody,
} from '../shared/names.ts';

export interface NoticeView {
  user: IamUser;
  reader: MatterReader;
  drawing: string;
  accountName: string | undefined;
  personName: PersonName;
  policy: Policy;
  now: Instant;
}

/** Of one matter. */
interface Words {
  /** What is to be decided, in plain text: it heads the message, notifies, and is spoken. */
  headline(view: NoticeView): string;
  /** In a line, with what it is safe to wait for. */
  why(view: NoticeView): string;
  /** Small, below the buttons: what else can be done. */
  hint?(view: NoticeView): string;
}

const WORDS: Record<MatterKind, Words> = {
  timeAsked: {
    headline: (view) => {
      const { until } = lastSaid(view.user, 'askForTime') ?? {};
      const untilWhen = until === undefined ? '' : `, until ${plainWeekday(until)}`;
      return `${whoSaid(view, 'askForTime')} asks for more time for ${called(view, 50)}${untilWhen}`;
    },
    why: ({ policy }) =>
      `Owners may take up to ${count(policy.postponeDays, 'day')} beyond the deadline by themselves. This is more.`,
  },
  notMine: {
    headline: (view) => `${called(view)} needs an owner: ${whoSaid(view, 'notMine')} says it is not theirs`,
    why: () => NOBODY_IS_ASKED,
    hint: nameAnother,
  },
  bothNeeded: {
    headline: (view) =>
      `Split ${called(view)} in two: ${whoSaid(view, 'keepBoth')} says both keys are needed`,
    why: () =>
      'Two applications seem to share it. AWS allows it two keys and no third, so neither can be replaced without a gap: give one application an IAM user of its own, and its key here can go.',
    hint: ({ policy }) => `For ${count(policy.postponeDays, 'day')} its owner is not reminded.`,
  },
  ownerChanged: {
    headline: (view) => {
      const { user, personName } = view;
      return user.ownerChange
        ? `Who owns ${called(view)}? Its tags name ${taggedName(user.ownerChange.to, personName)} instead of ${plainOwner(user.owner, personName)}`
        : `Who owns ${called(view)}? Its tags named another owner`;
    },
    why: () => 'Whoever may tag IAM users can change owners so. Until you decide, only admins can act on it.',
    hint: (view) => `Another owner is named with ${assignHint(view.user, view.accountName)}.`,
  },
  ownerLeft: {
    headline: (view) => {
      const { owner } = view.user;
      const [gone] = owner.kind === 'nobody' ? owner.named : [];
      const who = gone === undefined ? 'the one it had' : plainName(gone, view.personName);
      return `${called(view)} needs another owner: ${who} is gone`;
    },
    why: () => `${NOBODY_IS_ASKED} Until then admins take over.`,
    hint: nameAnother,
  },
  noOwner: {
    headline: (view) => `${called(view)} needs an owner`,
    why: ({ user: { owner }, personName }) =>
      owner.kind === 'nobody'
        ? `${sentence(whyNobody(owner, personName))}. ${NOBODY_IS_ASKED}`
        : NOBODY_IS_ASKED,
    hint: nameAnother,
  },
  silence: {
    headline: silenceWords,
    why: ({ user, reader }) => SILENCE_WHY[silenceOf(user, reader.at)],
    hint: nameAnother,
  },
  nothingWorks: {
    headline: (view) =>
      anyWorks(view.user.keys)
        ? `Nothing worked for ${called(view)}`
        : `Nothing works any more for ${called(view)}: turn the old key back on`,
    why: () =>
      `The old key is off, and the new one was turned off or deleted in AWS. *${SHOW}* brings you the message with the buttons: *${MOVE_WORDS.reactivate.label}* comes first.`,
  },
};

const NOBODY_IS_ASKED = 'Nobody is asked about it until it has an owner.';

/** `most`: where more stands beside it than Slack takes in a header. */
function called({ user }: NoticeView, most = 64): string {
  return label(user.userName, most);
}

/** As it was when admins were told: what was done or sent since has ended the silence, and not made it shorter. */
function silenceWords(view: NoticeView): string {
  const { user, policy, personName, reader } = view;
  const { rotation, owner } = user;
  const name = called(view);
  if (!isOpen(rotation)) return `Nothing had happened about ${name}`;
  const state = silenceOf(user, reader.at);
  const history = rotation.history.filter(({ at }) => at <= reader.at);
  const { contactedAt: _, ...untold } = rotation;
  const from = silentFrom({ ...(state === 'unasked' ? untold : rotation), history }, policy);
  const days = count(Math.max(1, daysPast(from, reader.at)), 'day');
  const who = plainOwner(owner, personName);
  if (state === 'unreached')
    return `I cannot reach ${who} in Slack about ${name}: nothing has happened for ${days}`;
  // What an admin asked for is silent since then, whatever the deadline.
  const wasAsked = askedForAs(rotation) === 'admin';
  if (state === 'unasked') {
    if (isOff(rotation))
      return `Nobody was told yet that the old key of ${name} may go, ${days} after it could`;
    return `Nobody was asked about ${name} yet, ${days} ${wasAsked ? 'after an admin asked for it' : 'past its age'}`;
  }
  if (isOff(rotation)) return `${who} has not deleted the old key of ${name} for ${days}, and it may go`;
  const past = wasAsked ? '' : ' past the deadline';
  return rotation.stage === 'due'
    ? `${who} has not answered about ${name} for ${days}${past}`
    : `${who} has begun on ${name} and not gone on for ${days}${past}`;
}

export function noticeWords(view: NoticeView) {
  const { reader } = view;
  const { headline, why, hint } = WORDS[reader.matter];
  const quote = written(view);
  return {
    headline: headline(view),
    /** In place of the headline, once there is nothing to decide. */
    settled: `Settled for ${called(view)}: ${lowerFirst(LIST_NAMES[reader.matter])}`,
    /** Small, once it is settled: what it was about. */
    before: `Before: ${prose(headline(view), 200)}${quote ? ` “${quote}”` : ''}`,
    why: why(view),
    quote: quote && `> ${quote}`,
    about: about(view),
    hint: hint?.(view),
  };
}

function about(view: NoticeView): string {
  const { user, policy, personName, now } = view;
  const { rotation, owner } = user;
  const owned = owner.kind === 'nobody' ? '' : ` · owner: ${ownerName(owner, personName)}`;
  const place = `${aboutUser(view)}${owned}`;
  return isOpen(rotation) ? `${place}\n${keyWords(rotation, policy, now)}` : place;
}

function keyWords(rotation: OpenRotation, policy: Policy, now: Instant): string {
  const key = `Key ${keyName(rotation.oldKeyId)}, ${ageWords(rotation.oldKeyCreatedAt, now)}`;
  // Whoever was not told yet has no date.
  const hasDate = isOff(rotation) || rotation.contactedAt !== undefined;
  return hasDate ? `${key} · ${dueWords(rotation, { policy, now })}` : key;
}

/** What the person wrote. */
function written({ user, reader, personName }: NoticeView): string | undefined {
  const move = SAID[reader.matter];
  const words = move && lastSaid(user, move)?.note;
  return words?.trim() ? inTheirWords(words, personName) : undefined;
}

export const NUDGE = 'Nudge';

/** Why somebody was not asked yet. */
const WHEN_I_ASK = 'I write to owners on weekdays from 9 to 17 where they live, the oldest keys first.';

const SILENCE_WHY: Record<ReturnType<typeof silenceOf>, string> = {
  unanswered: `I go on reminding them. *${NUDGE}* puts all that they have to do into their next message.`,
  unasked: WHEN_I_ASK,
  unreached: 'Slack takes no message for them, so they do not know of it.',
};

function nameAnother(view: NoticeView): string {
  return `*${SHOW}* brings you the message with the buttons, to act yourself. *${HAND_OVER_ONE}* names another owner; so does ${assignHint(view.user, view.accountName)}.`;
}

export const SHOW = 'Show';

const HANDED_OVER: readonly MatterKind[] = ['notMine', 'ownerLeft', 'noOwner', 'silence'];

/** Whether another owner can be named in a list of these. */
export function mayBeHandedOver(matter: MatterKind | undefined): matter is MatterKind {
  return matter !== undefined && HANDED_OVER.includes(matter);
}

export const HAND_OVER = 'Hand over to';
export const HAND_OVER_ONE = 'Hand over';
export const HAND_OVER_ALL = 'Hand over all of these';
export const KEEP = 'Keep';

const SAID: Partial<Record<MatterKind, HistoryEntry['what']>> = {
  timeAsked: 'askForTime',
  notMine: 'notMine',
  bothNeeded: 'keepBoth',
};

/** From the history, so that it can still be read once the matter is settled. */
function lastSaid({ rotation }: IamUser, what: HistoryEntry['what']): HistoryEntry | undefined {
  return rotation && lastDone(rotation, what);
}

export function peopleInNotice(user: IamUser, { matter }: MatterReader): string[] {
  const said = SAID[matter];
  const { by, note = '' } = (said && lastSaid(user, said)) ?? {};
  return [...ownersNamed(user), ...(by?.kind === 'person' ? [by.slackId] : []), ...mentionedIn(note)];
}

function whoSaid({ user, personName }: NoticeView, what: HistoryEntry['what']): string {
  const { by } = lastSaid(user, what) ?? {};
  return by?.kind === 'person' ? plainName(by.slackId, personName) : 'Somebody';
}

function taggedName(owner: Owner, personName: PersonName): string {
  if (owner.kind !== 'nobody') return plainOwner(owner, personName);
  return owner.why === 'ambiguous' ? 'several people' : 'nobody';
}

/** What a row of a list is drawn from; in the summary some lists have no matter to decide. */
export interface RowView {
  matter: MatterKind | undefined;
  accountName: (account: string) => string | undefined;
  personName: PersonName;
  now: Instant;
}

export interface ListView extends RowView {
  matter: MatterKind;
  /** Those for whom it is open, the oldest key first. */
  open: readonly IamUser[];
  /** How many of those that it began with are settled. */
  settled: number;
  /** How many are still open, and told of in a later message. */
  retold: number;
  /** What each shows there, by which a press on it is judged. */
  drawing: (user: IamUser) => string;
}

export const MOST_ROWS = 20;

/** The IAM users of one owner, the oldest key first. */
export type Group = [IamUser, ...IamUser[]];

const LIST_HEADINGS: Record<Exclude<MatterKind, 'silence'>, (users: number, people: number) => string> = {
  nothingWorks: (users) => `Nothing works any more for ${count(users, 'IAM user')}`,
  timeAsked: (users) => `More time is asked for ${count(users, 'access key')}`,
  ownerChanged: (users) => `The tags of ${count(users, 'IAM user')} name another owner`,
  notMine: (users) => `${count(users, 'access key is', 'access keys are')} said to be somebody else’s`,
  ownerLeft: (users, people) =>
    `${count(people, 'owner')} left: ${count(users, 'access key needs', 'access keys need')} another`,
  noOwner: (users) => `${count(users, 'access key has', 'access keys have')} no owner`,
  bothNeeded: (users) => `Both keys are needed for ${count(users, 'IAM user')}`,
};

/** Of a list about which nothing is to be decided any more. */
const LIST_NAMES: Record<MatterKind, string> = {
  nothingWorks: 'Nothing worked',
  timeAsked: 'More time asked for',
  ownerChanged: 'Another owner in the tags',
  notMine: 'Said to be somebody else’s',
  ownerLeft: 'Owner left',
  noOwner: 'No owner',
  silence: 'Nothing had happened',
  bothNeeded: 'Both keys needed',
};

const LIST_ADVICE: Record<Exclude<MatterKind, 'silence'>, string> = {
  nothingWorks: 'Turn an old key back on first: open its message.',
  timeAsked: 'Owners may take a little by themselves. This is more.',
  ownerChanged: 'Until you decide, only admins can act on them.',
  notMine: 'Nobody is asked about them until they have an owner.',
  ownerLeft: 'Nobody is asked about them until they have an owner.',
  noOwner: 'Nobody is asked about them until they have an owner: set the owner tag, or name one.',
  bothNeeded: 'Give one application of each an IAM user of its own.',
};

/** The heading and the advice of a list in the summary. */
export function matterListWords(matter: Exclude<MatterKind, 'silence'>, users: number, people: number) {
  return { heading: LIST_HEADINGS[matter](users, people), advice: LIST_ADVICE[matter] };
}

export function silenceListWords(silence: 'unanswered' | 'unasked', users: number, owners: readonly Owner[]) {
  return {
    heading: `${ownersWho(owners, SILENCES[silence])} (${count(users, 'access key')})`,
    advice: SILENCE_ADVICE[silence],
  };
}

/** Where it is a person's matter, their IAM users stand together; those of whoever has the oldest key come first. */
export function groupsIn({ matter, open }: Pick<ListView, 'matter' | 'open'>): Group[] {
  return isOfPerson(matter) ? byOwner(open) : open.map((user) => [user]);
}

export function byOwner(open: readonly IamUser[]): Group[] {
  const groups = new Map<string, Group>();
  for (const user of open) {
    const id = ownerMark(user.owner);
    const group = groups.get(id);
    groups.set(id, group ? [...group, user] : [user]);
  }
  return [...groups.values()];
}

export function peopleInList(view: Pick<ListView, 'matter' | 'open'>): string[] {
  return groupsIn(view)
    .slice(0, MOST_ROWS)
    .flatMap((group) => [...ownersNamed(group[0]), ...group.flatMap(mentionedInRequest)]);
}

function mentionedInRequest({ rotation }: IamUser): string[] {
  return mentionedIn((rotation && requestIn(rotation)?.why) ?? '');
}

export function listHeading(view: ListView): string {
  const { matter, open, settled, retold } = view;
  if (open.length > 0) {
    const groups = groupsIn(view);
    return matter === 'silence'
      ? `${silencesIn(groups, view.now)} (${count(open.length, 'access key')})`
      : LIST_HEADINGS[matter](open.length, groups.length);
  }
  const became = [settled > 0 && 'settled', retold > 0 && 'told anew in a later message'];
  const of = `${LIST_NAMES[matter]}: ${count(settled + retold, 'IAM user')}`;
  return `${of}, ${became.filter((words) => words !== false).join(' or ')}`;
}

const SILENCES = {
  unanswered: ['does not answer', 'do not answer'],
  unasked: ['was not asked yet', 'were not asked yet'],
  unreached: ['cannot be reached in Slack', 'cannot be reached in Slack'],
} as const;
type Silence = keyof typeof SILENCES;

/** `25 people do not answer`. A channel is an owner, and no person. */
export function ownersWho(owners: readonly Owner[], [does, theyDo]: readonly [string, string]): string {
  const [one, many] = owners.some(({ kind }) => kind === 'channel')
    ? ['owner', 'owners']
    : ['person', 'people'];
  return count(owners.length, `${one} ${does}`, `${many} ${theyDo}`);
}

/** `3 people do not answer, 1 person was not asked yet`. */
function silencesIn(groups: readonly Group[], now: Instant): string {
  return (Object.keys(SILENCES) as Silence[])
    .map((kind) => [kind, groups.filter((group) => silenceIn(group, now) === kind)] as const)
    .filter(([, silent]) => silent.length > 0)
    .map(([kind, silent]) =>
      ownersWho(
        silent.map(([{ owner }]) => owner),
        SILENCES[kind],
      ),
    )
    .join(', ');
}

/** Of one owner, who was asked if they were asked about any of their IAM users. */
export function silenceIn(group: Group, now: Instant): Silence {
  const all = group.map((user) => silenceOf(user, now));
  return (['unanswered', 'unreached'] as const).find((kind) => all.includes(kind)) ?? 'unasked';
}

export function listAdvice(view: ListView): string | undefined {
  const { matter, open, settled, retold } = view;
  if (open.length === 0 && retold === 0) return ':white_check_mark: There is nothing left to decide.';
  // The heading says it all.
  if (open.length === 0) return undefined;
  const advice = matter === 'silence' ? silenceAdvice(view) : [LIST_ADVICE[matter]];
  return [
    ...advice,
    ...(settled > 0 ? [`${count(settled, 'more is', 'more are')} settled.`] : []),
    ...(retold > 0 ? [`${count(retold, 'more is', 'more are')} told anew in a later message.`] : []),
  ].join(' ');
}

function silenceAdvice(view: ListView): string[] {
  const silences = groupsIn(view).map((group) => silenceIn(group, view.now));
  return (['unanswered', 'unasked'] as const)
    .filter((kind) => silences.includes(kind))
    .map((kind) => SILENCE_ADVICE[kind]);
}

const SILENCE_ADVICE = {
  unanswered: `*${NUDGE}* puts all that they have to do into their next message.`,
  unasked: WHEN_I_ASK,
};

const ROW_SILENCES: Record<Silence, string> = {
  unanswered: '',
  unasked: ', not asked yet',
  unreached: ', not reached in Slack',
};

/** `Ana (12): ci-deploy, 212 days`, and on a line of its own which others. */
export function groupRow(group: Group, view: RowView): string {
  const [oldest, ...others] = group;
  const who = whose(group, view);
  return `${who}${oneOf(oldest, view)}${alsoNamed(others)}`;
}

const MOST_NAMED = 6;

/** `; also web, batch and 3 more`: whoever hands over all of them reads which. */
function alsoNamed(others: readonly IamUser[]): string {
  if (others.length === 0) return '';
  const named = others.slice(0, MOST_NAMED).map(({ userName }) => code(userName));
  const rest = others.length - named.length;
  return `\nAlso ${named.join(', ')}${rest > 0 ? ` and ${rest.toLocaleString('en')} more` : ''}`;
}

function whose(group: Group, { matter, personName, now }: RowView): string {
  if (matter === 'noOwner') return '';
  const [user] = group;
  const number = group.length;
  const state = matter === 'silence' ? ROW_SILENCES[silenceIn(group, now)] : '';
  const named = user.owner.kind === 'nobody' ? user.owner.named[0] : undefined;
  const name = named === undefined ? ownerName(user.owner, personName) : (personName(named) ?? code(named));
  return `*${name}*${number > 1 ? ` (${number})` : ''}${state}: `;
}

function oneOf(user: IamUser, { matter, accountName, personName, now }: RowView): string {
  const { account, userName, rotation, owner } = user;
  const where = `${code(userName)} · ${accountLabel(account, accountName(account))}`;
  if (!rotation) return where;
  const age = count(ageInDays({ createdAt: rotation.oldKeyCreatedAt }, now), 'day');
  const why = matter === 'noOwner' && owner.kind === 'nobody' ? ` · ${whyNobody(owner, personName)}` : '';
  const key = `${where} · ${keyName(rotation.oldKeyId)}, ${age} old${why}`;
  const request = matter === 'timeAsked' ? requestIn(rotation) : undefined;
  return request
    ? `${key}\nUntil ${weekday(request.until)}: “${inTheirWords(request.why, personName)}”`
    : key;
}

export const REST_OF_GROUPS = `: ${typed('summary csv')} has them all.`;
