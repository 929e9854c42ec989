// What admins are told about one IAM user, in their channel: names without pings, and how to act.
import { anyWorks } from '../../../../domain/access-key.ts';
import type { IamUser } from '../../../../domain/iam-user.ts';
import { silentFrom } from '../../../../domain/matters.ts';
import type { MatterKind, MatterReader } from '../../../../domain/message.ts';
import type { Owner } from '../../../../domain/owner.ts';
import { deadlineOf, graceEndsAt, type Policy } from '../../../../domain/policy.ts';
import {
  askedForAs,
  type HistoryEntry,
  isOff,
  isOpen,
  type OpenRotation,
} from '../../../../domain/rotation.ts';
import type { Instant } from '../../../../domain/time.ts';
import { prose } from '../../escape.ts';
import { assignHint } from '../commands/commands.ts';
import { ageWords, daysPast, deadlineWords, offWords, plainDay, weekday } from '../shared/dates.ts';
import { lastDone, MOVE_WORDS } from '../shared/moves.ts';
import {
  aboutUser,
  count,
  inTheirWords,
  keyName,
  namedName,
  nameOrId,
  ownerName,
  ownersNamed,
  type PersonName,
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

/** `dayWords`: dates drawn by Slack, or spoken. */
type Headline = (view: NoticeView, dayWords: (at: Instant) => string) => string;

const HEADLINES: Record<MatterKind, Headline> = {
  timeAsked: (view, dayWords) => {
    const { until } = lastSaid(view.user, 'askForTime') ?? {};
    return `${whoSaid(view, 'askForTime')} asks for more time${until === undefined ? '' : `, until ${dayWords(until)}`}`;
  },
  notMine: (view) => `${whoSaid(view, 'notMine')} says that this key is not theirs`,
  bothNeeded: (view) => `${whoSaid(view, 'keepBoth')} says that both keys are needed`,
  ownerChanged: ({ user, personName }) =>
    user.ownerChange
      ? `The tags name ${taggedName(user.ownerChange.to, personName)} instead of ${ownerName(user.owner, personName)}`
      : 'The tags named another owner',
  ownerLeft: ({ user: { owner }, personName }) => {
    const [gone] = owner.kind === 'nobody' ? owner.named : [];
    return gone === undefined ? 'The owner is gone' : `The owner is gone (${namedName(gone, personName)})`;
  },
  noOwner: ({ user: { owner } }) =>
    owner.kind === 'nobody' && owner.why === 'ambiguous'
      ? 'This key has no owner: its tag names more than one person'
      : 'This key has no owner',
  silence: silenceWords,
  nothingWorks: ({ user: { keys } }) => (anyWorks(keys) ? 'Nothing worked' : 'Nothing works any more'),
};

function silenceWords({ user, policy, personName, reader }: NoticeView): string {
  const { rotation, owner, failure } = user;
  if (!isOpen(rotation)) return 'Nobody answered';
  // What was done since has ended the silence, and not made it shorter.
  const history = rotation.history.filter(({ at }) => at <= reader.at);
  const from = silentFrom({ ...rotation, history }, policy);
  const days = count(Math.max(1, daysPast(from, reader.at)), 'day');
  const who = ownerName(owner, personName);
  if (failure?.what === 'message')
    return `I cannot reach ${who} in Slack, and nothing has happened for ${days}`;
  if (isOff(rotation)) return `${who} has not deleted the old key for ${days}, and it may go`;
  // What an admin asked for is silent since then, whatever the deadline.
  const wasAsked = askedForAs(rotation) === 'admin';
  const past = wasAsked ? '' : ' past the deadline';
  if (rotation.contactedAt === undefined)
    return `Nobody was asked about this key yet, ${days} ${wasAsked ? 'after an admin asked for it' : 'past its age'}`;
  return rotation.stage === 'due'
    ? `${who} has not answered for ${days}${past}`
    : `${who} has begun and not gone on for ${days}${past}`;
}

/** `text` is for notifications and ears. */
export function noticeWords(view: NoticeView) {
  const { user, reader, policy, now } = view;
  const { rotation } = user;
  const headline = HEADLINES[reader.matter];
  return {
    headline: headline(view, weekday),
    text: `${headline(view, plainDay)}: IAM user ${prose(user.userName)}.`,
    about: isOpen(rotation) ? `${aboutUser(view)}\n${keyWords(rotation, policy, now)}` : aboutUser(view),
    quote: quote(view),
    advice: ADVICE[reader.matter](view),
  };
}

function keyWords(rotation: OpenRotation, policy: Policy, now: Instant): string {
  const key = `Key ${keyName(rotation.oldKeyId)}, ${ageWords(rotation.oldKeyCreatedAt, now)}`;
  if (isOff(rotation)) return `${key} · ${offWords(graceEndsAt(rotation, policy), now)}`;
  // Whoever was not told yet has no date.
  if (rotation.contactedAt === undefined) return key;
  return `${key} · ${deadlineWords(deadlineOf(rotation, policy, now), now)}`;
}

/** What the person wrote, on one line of its own. */
function quote({ user, reader }: NoticeView): string | undefined {
  const move = SAID[reader.matter];
  const words = move && lastSaid(user, move)?.note;
  return words?.trim() ? `> ${inTheirWords(words)}` : undefined;
}

const ADVICE: Record<MatterKind, (view: NoticeView) => string> = {
  timeAsked: ({ policy }) =>
    `Owners may take up to ${count(policy.postponeDays, 'day')} beyond the deadline by themselves. This is more.`,
  notMine: (view) => `Nobody owns it now. ${nameAnother(view)}`,
  bothNeeded: ({ policy }) =>
    `Two applications seem to share this IAM user. AWS allows it two keys and no third, so neither can be replaced without a gap: give one application an IAM user of its own, and its key here can go. For ${count(policy.postponeDays, 'day')} its owner is not reminded.`,
  ownerChanged: (view) =>
    view.user.ownerChange?.to.kind === 'nobody'
      ? `Until you decide, only admins can act on it. Keep the owner, or name another: ${assignHint(view.user, view.accountName)}.`
      : 'Whoever may tag IAM users can change owners so. Until you decide, only admins can act on it.',
  ownerLeft: (view) => `Admins take over until it has an owner. ${nameAnother(view)}`,
  noOwner: (view) => `Nobody is asked about it until it has an owner. ${nameAnother(view)}`,
  nothingWorks: (view) =>
    `The old key is off, and the new one was turned off or deleted in AWS. *${SHOW}* brings you the message with the buttons: *${MOVE_WORDS.reactivate.label}* comes first. The owner is ${ownerName(view.user.owner, view.personName)}.`,
  silence: (view) => `The owner is ${ownerName(view.user.owner, view.personName)}. ${nameAnother(view)}`,
};

function nameAnother(view: NoticeView): string {
  return `*${SHOW}* brings you the message with the buttons, to act yourself. *${HAND_OVER_ONE}* names another owner; so does ${assignHint(view.user, view.accountName)}.`;
}

export const SHOW = 'Show';
export const HAND_OVER = 'Hand over to';
export const HAND_OVER_ONE = 'Hand over';
export const HAND_OVER_ALL = 'Hand over all of these';
export const NUDGE = 'Nudge';
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
  const { by } = (said && lastSaid(user, said)) ?? {};
  return [...ownersNamed(user), ...(by?.kind === 'person' ? [by.slackId] : [])];
}

function whoSaid({ user, personName }: NoticeView, what: HistoryEntry['what']): string {
  const { by } = lastSaid(user, what) ?? {};
  return by?.kind === 'person' ? nameOrId(by.slackId, personName) : 'Somebody';
}

function taggedName(owner: Owner, personName: PersonName): string {
  if (owner.kind !== 'nobody') return ownerName(owner, personName);
  return owner.why === 'ambiguous' ? 'several people' : 'nobody';
}
