// The lines that several cards share: whose it is, what time was given, what goes on, where to ask.
import type { Claim, IamUser } from '../../../../domain/iam-user.ts';
import type { Owner, OwnerSource } from '../../../../domain/owner.ts';
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
import { moment, weekday } from '../shared/dates.ts';
import { MOVE_WORDS, moveLabel } from '../shared/moves.ts';
import { accountLabel, inTheirWords, keyName, sentence } from '../shared/names.ts';
import { type CardView, keysInPlay, moveFacts, movesFor, whoDid } from './card-view.ts';
import { dueKeyUse } from './key-use.ts';

/** For people who have never heard of keyrotate. */
export function introduction(maxKeyAgeDays: number): string {
  return `*First time?* I am keyrotate, run by your AWS admins. Access keys older than ${maxKeyAgeDays} days must be replaced; here you do that step by step, and every step but the last can be undone. I never ask you for a secret.`;
}

/** Over a message that only an admin gets to see. */
export function previewMark({ user: { owner } }: CardView): string {
  const would =
    owner.kind === 'nobody'
      ? 'Nobody would get this message: the key has no owner.'
      : `${ownerWords(owner)} would get this message, and has not.`;
  return `:eyes: *Preview.* ${would} Its buttons do nothing until keyrotate goes live.`;
}

/** Which key it is, and where. */
export function keyPlace({ oldKeyId }: Rotation, { user, accountName }: CardView): string {
  return `${keyName(oldKeyId)} · account ${accountLabel(user.account, accountName)}`;
}

/** The same with its last use; undefined where the card says more of its use, and of another key's. */
export function loneKey(rotation: OpenRotation, view: CardView): string | undefined {
  const { old, other } = keysInPlay(view.user, rotation);
  const isLone = old && !other && (rotation.stage === 'due' || rotation.stage === 'postponed');
  return isLone ? `${keyPlace(rotation, view)} · ${dueKeyUse(old)}` : undefined;
}

export const OLD_KEY_NOT_SHOWN =
  'AWS did not show this key when I last looked. If somebody deleted it, I close this within a day.';

/** With the next tick. */
export const SOON = 'in some minutes';

export const UNDER_WAY = 'This message changes as soon as it is done.';

export function claimLabel({ move, keyId }: Claim, rotation: Rotation, view: CardView): string {
  return moveLabel(move, { ...moveFacts(move, rotation, view), otherKeyId: keyId });
}

const BECAUSE: Record<OwnerSource, string> = {
  link: 'an admin named you',
  ownerTag: 'its owner tag names you',
  mailTag: 'its mail tag has your address',
  userName: 'its name is your address',
};

export function whyYou(view: CardView): string | undefined {
  const { user, as } = view;
  const { owner } = user;
  if (owner.kind === 'nobody' || user.ownerChange || as === 'admin') return undefined;
  const because = owner.kind === 'channel' ? 'an admin named this channel' : BECAUSE[owner.from];
  const whatToDo = movesFor(view).includes('notMine')
    ? ` Not yours? Choose *${MOVE_WORDS.notMine.label}* from the menu.`
    : '';
  return `You get this because ${because}.${whatToDo}`;
}

export function asOf({ keysSeenAt }: IamUser): string {
  return `As AWS had it on ${moment(keysSeenAt)}.`;
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

export function noLongerYours({ user }: CardView): string {
  const { owner } = user;
  const who =
    owner.kind === 'nobody' && owner.why === 'disowned'
      ? 'You said that it is not yours. An admin finds out whose it is'
      : 'An admin looks after it';
  return `${who}; there is nothing left for you to do.`;
}

export function requestLines(rotation: OpenRotation, view: CardView): string[] {
  const request = requestIn(rotation);
  if (!request) return [];
  const { until, why, by } = request;
  const asked = `*${whoDid(by, view)} asked for time until ${weekday(until)}*: ${inTheirWords(why)}`;
  return [`${asked}\nAn admin decides. Until then nothing changes.`];
}

export function putOff(rotation: Postponed, view: CardView): string {
  return `${reasons(rotation, view)}\nI do not remind you before then. You can go on sooner.`;
}

/** Once the time is over, the deadline says it all. */
export function moreTimeLines({ moreTime }: Issued | Confirmed, view: CardView): string[] {
  if (!moreTime || moreTime.until <= view.now) return [];
  return [
    `*More time until ${weekday(moreTime.until)}*: ${reasons(moreTime, view)}\nI do not remind you before then.`,
  ];
}

function reasons({ why, by, approvedBy }: TimeGiven, view: CardView): string {
  const who = whoDid(by, view);
  const approved = approvedBy?.kind === 'person' ? ` Approved by ${mention(approvedBy.slackId)}.` : '';
  const asker = who === 'You' ? '' : ` Asked for by ${who}.`;
  return `${sentence(inTheirWords(why))}.${asker}${approved}`;
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
