// What admins are told about one IAM user, in their channel: names without pings, and how to act.
import { anyWorks } from '../../../domain/access-key.ts';
import type { IamUser, IamUserId, News } from '../../../domain/iam-user.ts';
import type { Owner } from '../../../domain/owner.ts';
import { deadlineOf, type Policy } from '../../../domain/policy.ts';
import { type HistoryEntry, isOpen, type OpenRotation } from '../../../domain/rotation.ts';
import type { Instant } from '../../../domain/time.ts';
import { code, prose } from '../escape.ts';
import { assignHint } from './commands.ts';
import { daysPast, plainDay, weekday } from './dates.ts';
import { ageWords, deadlineWords } from './deadlines.ts';
import { MOVE_WORDS } from './moves.ts';
import { accountLabel, count, inTheirWords, keyName } from './names.ts';
import { namedName, nameOf, ownerName, type PersonName, peopleOf } from './owner-names.ts';

export interface NoticeView {
  user: IamUser;
  news: News;
  accountName: string | undefined;
  personName: PersonName;
  policy: Policy;
  now: Instant;
}

/** `dayWords`: dates drawn by Slack, or spoken. */
type Headline = (view: NoticeView, dayWords: (at: Instant) => string) => string;

const HEADLINES: Record<News['kind'], Headline> = {
  timeAsked: ({ user, personName }, dayWords) => {
    const { by, until } = requestIn(user) ?? {};
    const who = by?.kind === 'person' ? nameOf(by.slackId, personName) : 'Somebody';
    return `${who} asks for more time${until === undefined ? '' : `, until ${dayWords(until)}`}`;
  },
  notMine: ({ news, personName }) => `${whoOf(news, personName)} says that this key is not theirs`,
  bothNeeded: ({ news, personName }) => `${whoOf(news, personName)} says that both keys are needed`,
  ownerChanged: ({ user, personName }) =>
    user.ownerChange
      ? `The tags name ${taggedName(user.ownerChange.to, personName)} instead of ${ownerName(user.owner, personName)}`
      : 'The tags named another owner',
  ownerLeft: ({ user: { owner }, personName }) => {
    const [gone] = owner.kind === 'nobody' ? owner.named : [];
    return gone === undefined ? 'The owner is gone' : `The owner is gone (${namedName(gone, personName)})`;
  },
  unanswered: ({ user: { rotation }, policy, now }) => {
    const past = isOpen(rotation) ? daysPast(deadlineOf(rotation, policy), now) : 0;
    return past > 0 ? `Nobody answers, ${count(past, 'day')} past the deadline` : 'Nobody answered';
  },
  nothingWorks: ({ user: { keys } }) => (anyWorks(keys) ? 'Nothing worked' : 'Nothing works any more'),
};

export function noticeHeadline(view: NoticeView): string {
  return HEADLINES[view.news.kind](view, weekday);
}

/** For notifications and ears. */
export function noticeText(view: NoticeView): string {
  return `${HEADLINES[view.news.kind](view, plainDay)}: IAM user ${prose(view.user.userName)}.`;
}

export function aboutWhat({ user, accountName, policy, now }: NoticeView): string {
  const { rotation } = user;
  const about = `IAM user ${code(user.userName)} · account ${accountLabel(user.account, accountName)}`;
  return isOpen(rotation) ? `${about}\n${keyWords(rotation, policy, now)}` : about;
}

function keyWords(rotation: OpenRotation, policy: Policy, now: Instant): string {
  const { oldKeyId, oldKeyCreatedAt } = rotation;
  const by = deadlineWords(deadlineOf(rotation, policy), now);
  return `Key ${keyName(oldKeyId)}, ${ageWords(oldKeyCreatedAt, now)} · ${by}`;
}

/** What the person wrote, on one line of its own. */
export function quoted({ user, news }: NoticeView): string | undefined {
  const words =
    news.kind === 'notMine' ? news.why : news.kind === 'timeAsked' ? requestIn(user)?.note : undefined;
  return words?.trim() ? `> ${inTheirWords(words)}` : undefined;
}

type Advice = (view: NoticeView) => string;

const ADVICE: Record<News['kind'], Advice> = {
  timeAsked: ({ policy }) =>
    `Owners may take up to ${count(policy.postponeDays, 'day')} beyond the deadline by themselves. This is more.`,
  notMine: (view) => `Nobody owns it now. ${nameAnother(view)}`,
  bothNeeded: () =>
    'Two applications seem to share this IAM user. AWS allows it two keys and no third, so neither can be replaced without a gap: give one application an IAM user of its own, and its key here can go.',
  ownerChanged: (view) =>
    view.user.ownerChange?.to.kind === 'nobody'
      ? `Until you decide, only admins can act on it. Keep the owner, or name another: ${hint(view)}.`
      : 'Whoever may tag IAM users can change owners so. Until you decide, only admins can act on it.',
  ownerLeft: (view) => `Admins take over until it has an owner. ${nameAnother(view)}`,
  nothingWorks: (view) =>
    `The old key is off, and the new one was turned off or deleted in AWS. *${SHOW}* brings you the message with the buttons: *${MOVE_WORDS.reactivate.label}* comes first. The owner is ${ownerName(view.user.owner, view.personName)}.`,
  unanswered: (view) => `The owner is ${ownerName(view.user.owner, view.personName)}. ${nameAnother(view)}`,
};

export function adviceFor(view: NoticeView): string {
  return ADVICE[view.news.kind](view);
}

function nameAnother(view: NoticeView): string {
  return `*${SHOW}* brings you the message with the buttons, to act yourself. To name an owner: ${hint(view)}.`;
}

function hint({ user, accountName }: { user: IamUserId; accountName: string | undefined }): string {
  return assignHint(user, accountName);
}

export const SHOW = 'Show';
export const HAND_OVER = 'Hand over to';
export const KEEP = 'Keep';

/** From the history, so that it can still be read once it is decided. */
function requestIn({ rotation }: IamUser): HistoryEntry | undefined {
  return rotation?.history.findLast(({ what, outcome }) => what === 'askForTime' && outcome === 'done');
}

/** Everybody whom the notice names. */
export function peopleInNotice(user: IamUser, news: News): string[] {
  const { by } = requestIn(user) ?? {};
  return [
    ...peopleOf(user.owner),
    ...(user.ownerChange ? peopleOf(user.ownerChange.to) : []),
    ...('slackId' in news ? [news.slackId] : []),
    ...(by?.kind === 'person' ? [by.slackId] : []),
  ];
}

function whoOf(news: News, personName: PersonName): string {
  return 'slackId' in news ? nameOf(news.slackId, personName) : 'Somebody';
}

function taggedName(owner: Owner, personName: PersonName): string {
  if (owner.kind !== 'nobody') return ownerName(owner, personName);
  return owner.why === 'ambiguous' ? 'several people' : 'nobody';
}
