// The lines that several cards share: about whom, whose it is, what the keys do, what time was given, what goes on.
import { findKey } from '../../../../domain/access-key.ts';
import type { Claim, IamUser } from '../../../../domain/iam-user.ts';
import type { Owner, OwnerSource } from '../../../../domain/owner.ts';
import { deadlineOf } from '../../../../domain/policy.ts';
import {
  type Confirmed,
  type Issued,
  type OpenRotation,
  type Postponed,
  type Rotation,
  requestIn,
  type TimeGiven,
} from '../../../../domain/rotation.ts';
import { HOUR } from '../../../../domain/time.ts';
import { channelLink, mention } from '../../escape.ts';
import { ageWords, deadlineWords, moment, weekday } from '../shared/dates.ts';
import { MOVE_WORDS, moveLabel } from '../shared/moves.ts';
import { aboutUser, inTheirWords, keyName } from '../shared/names.ts';
import { type CardView, moveFacts, movesFor, whoDid } from './card-view.ts';
import { dueKeyUse } from './key-use.ts';

/** Who writes, why, and where to ask: for people who have never heard of keyrotate. */
export function introduction(maxKeyAgeDays: number, helpChannel?: string): string {
  return `*I am keyrotate, run by your AWS admins.* Access keys older than ${maxKeyAgeDays} days must be replaced; here you do that step by step, and every step but the last can be undone. I never ask you for a secret. Questions? Ask an admin${whereToAsk(helpChannel)}.`;
}

/** Over a message that only an admin gets to see. */
export function previewMark({ user: { owner } }: CardView): string {
  const would =
    owner.kind === 'nobody'
      ? 'Nobody would get this message: the key has no owner.'
      : `${ownerWords(owner)} would get this message, and has not.`;
  return `:eyes: *Preview.* ${would} Its buttons do nothing until keyrotate goes live.`;
}

export function aboutUserByWhen(rotation: OpenRotation, view: CardView): string {
  return `${aboutUser(view)} · ${deadlineWords(deadlineOf(rotation, view.policy, view.now), view.now)}`;
}

export const OLD_KEY_NOT_SHOWN =
  'AWS did not show this key when I last looked. If somebody deleted it, I close this within a day.';

export const CREATING_IS_SAFE = 'Creating a key changes nothing for the old one: both work until you say so.';

export const TURNING_OFF_CAN_BE_UNDONE =
  'Turning off breaks whatever still uses the old key, and can be undone here until it is deleted.';

export function claimLine(claim: Claim, rotation: Rotation, view: CardView): string {
  return `*Working on it:* ${claimLabel(claim, rotation, view)}. This message changes as soon as it is done.`;
}

export function claimLabel({ move, keyId }: Claim, rotation: Rotation, view: CardView): string {
  return moveLabel(move, { ...moveFacts(move, rotation, view), otherKeyId: keyId });
}

/** Keys that appeared while a createKey broke off. Probably ours, but that is a guess, and nothing is done on a guess. */
export function strandedLines(rotation: Rotation, view: CardView): string[] {
  const { user, helpChannel, now } = view;
  const facts = moveFacts('discardStranded', rotation, view);
  const removable = movesFor(view).includes('discardStranded') ? facts.otherKeyId : undefined;
  return user.stranded.map((id) => {
    const key = findKey(user.keys, id);
    const evidence = key ? `: it is ${ageWords(key.createdAt, now)}, ${dueKeyUse(key)}` : '';
    const advice =
      id === removable
        ? `press *${moveLabel('discardStranded', facts)}*; you are asked once more.`
        : `ask an admin${whereToAsk(helpChannel)} to delete it in AWS. I do not touch it.`;
    return `:warning: *Key* ${keyName(id)} *came into being while I was creating one, and I did not store its secret.* Probably nobody can use it${evidence}. If nobody you know made it, ${advice}`;
  });
}

const BECAUSE: Record<OwnerSource, string> = {
  link: 'an admin named you',
  ownerTag: 'its owner tag names you',
  mailTag: 'its mail tag has your address',
  userName: 'its name is your address',
};

export function whyYou(view: CardView): string | undefined {
  const { user, helpChannel, as } = view;
  const { owner } = user;
  if (owner.kind === 'nobody' || user.ownerChange || as === 'admin') return undefined;
  const because = owner.kind === 'channel' ? 'an admin named this channel' : BECAUSE[owner.from];
  const ask = `an admin${whereToAsk(helpChannel)}`;
  const whatToDo = movesFor(view).includes('notMine')
    ? `Choose *${MOVE_WORDS.notMine.label}* from the menu, or ask ${ask}`
    : `Ask ${ask}`;
  return `You get this because ${because}. Not yours? ${whatToDo}.`;
}

export function asOf({ keysSeenAt }: IamUser): string {
  return `As AWS had it on ${moment(keysSeenAt)}.`;
}

function whereToAsk(helpChannel: string | undefined): string {
  return helpChannel === undefined ? '' : ` in ${channelLink(helpChannel)}`;
}

export function ownerLine({ user }: CardView): string {
  const { owner } = user;
  const whose = `*Owner:* ${ownerWords(owner)}`;
  return owner.kind === 'nobody' ? whose : `${whose}. They are told what you press here.`;
}

export function ownerWords(owner: Owner): string {
  if (owner.kind === 'nobody') return NOBODY[owner.why];
  return owner.kind === 'person' ? mention(owner.slackId) : channelLink(owner.channelId);
}

const NOBODY: Record<Extract<Owner, { kind: 'nobody' }>['why'], string> = {
  none: 'nobody is named',
  ambiguous: 'more than one person is named',
  left: 'nobody, the one who is named has left',
  disowned: 'nobody, the one who was named says that it is not theirs',
};

export function ownerInDoubt({ user, as }: CardView): string[] {
  if (!user.ownerChange) return [];
  if (as !== 'admin') {
    return [
      'The tags of this IAM user now name somebody else. An admin decides who owns it; until then only admins can press.',
    ];
  }
  const { to } = user.ownerChange;
  return [
    `*The tags of this IAM user now name another owner:* ${ownerWords(to)}. Until an admin decides with \`/keyrotate assign\`, only admins can press.`,
  ];
}

export function notYoursNow({ oldKeyId }: OpenRotation, view: CardView): string {
  return [`*Access key* ${keyName(oldKeyId)}: ${noLongerYours(view)}`, aboutUser(view)].join('\n');
}

export function noLongerYours({ user }: CardView): string {
  const { owner } = user;
  return owner.kind === 'nobody' && owner.why === 'disowned'
    ? 'you said that this is not yours. An admin finds out whose it is; there is nothing left for you to do.'
    : 'this is no longer yours. An admin looks after it; there is nothing left for you to do.';
}

export function requestLines(rotation: OpenRotation, view: CardView): string[] {
  const request = requestIn(rotation);
  if (!request) return [];
  const { until, why, by } = request;
  const asked = `*${whoDid(by, view)} asked for time until ${weekday(until)}*: ${inTheirWords(why)}`;
  return [`${asked}\nAn admin decides. Until then nothing changes.`];
}

export function putOff(rotation: Postponed, view: CardView): string {
  return `*Put off until ${timeWords(rotation, view)}\nI do not remind you before then. It can go on sooner.`;
}

/** Once the time is over, the deadline says it all. */
export function moreTimeLines({ moreTime }: Issued | Confirmed, view: CardView): string[] {
  if (!moreTime || moreTime.until <= view.now) return [];
  return [`*More time until ${timeWords(moreTime, view)}\nI do not remind you before then.`];
}

function timeWords({ until, why, by, approvedBy }: TimeGiven, view: CardView): string {
  const who = whoDid(by, view);
  const approved = approvedBy?.kind === 'person' ? ` Approved by ${mention(approvedBy.slackId)}.` : '';
  const asker = who === 'You' ? '' : ` Asked for by ${who}.`;
  return `${weekday(until)}*: ${inTheirWords(why)}.${asker}${approved}`;
}

export function exemptLines({ user }: CardView): string[] {
  const { exempt } = user;
  if (!exempt) return [];
  if (exempt.kind === 'unclear')
    return [
      'The tag that opts this IAM user out names no end date within a year, so it exempts from nothing.',
    ];
  const why = exempt.why ? `: ${inTheirWords(exempt.why)}` : '';
  // The day itself still counts. Noon is on that day wherever it is read.
  const lastDay = weekday(exempt.until - 12 * HOUR);
  return [`*Opted out by a tag until ${lastDay}*${why}. I send no reminders until then.`];
}
