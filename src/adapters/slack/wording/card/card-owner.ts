// What a card says about whose it is, and about time that was asked for or taken.
import type { Owner } from '../../../../domain/owner.ts';
import {
  type Confirmed,
  type Issued,
  type OpenRotation,
  type Postponed,
  requestIn,
  type TimeGiven,
} from '../../../../domain/rotation.ts';
import { HOUR } from '../../../../domain/time.ts';
import { channelLink, mention } from '../../escape.ts';
import { weekday } from '../shared/dates.ts';
import { aboutUser, inTheirWords, keyName } from '../shared/names.ts';
import { type CardView, whoDid } from './card-view.ts';

export function ownerLine({ user }: CardView): string {
  const { owner } = user;
  const whose = `*Owner:* ${ownerWords(owner)}`;
  return owner.kind === 'nobody' ? whose : `${whose}. They are told what you press here.`;
}

export function ownerWords(owner: Owner): string {
  switch (owner.kind) {
    case 'person':
      return mention(owner.slackId);
    case 'channel':
      return channelLink(owner.channelId);
    case 'nobody':
      return NOBODY[owner.why];
  }
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
