// What an admin is told who pressed "Nudge" or "Hand over" in their channel: what comes of it, and of which not, and why.
import type { Owner } from '../../../../domain/owner.ts';
import type { HandedOver, Nudged, PassedOver } from '../../../../usecases/commands/answers.ts';
import { channelLink, code, mention } from '../../escape.ts';
import { moment } from '../shared/dates.ts';
import { accountLabel, count } from '../shared/names.ts';

/** Only one person reads it, and the mention of another notifies nobody. */
export function nudgedWords({ owner, users, at, hadTodays }: Nudged): string {
  if (!owner || users === 0) return 'Nobody is to be reminded of these now, so nothing was sent.';
  const who = whoWords(owner);
  const hears = `hears of ${count(users, 'access key')}`;
  if (at === undefined) return `${who} ${hears} now.`;
  const when = `at ${moment(at)}, when their working day begins`;
  return hadTodays ? `${who} had today’s message, and ${hears} ${when}.` : `${who} ${hears} ${when}.`;
}

export function handedOverWords({ to, users }: HandedOver): string {
  if (users === 0) return 'Nothing was handed over.';
  const owner = to.kind === 'person' ? mention(to.slackId) : `everybody in ${channelLink(to.channelId)}`;
  const belong = count(users, 'IAM user belongs', 'IAM users belong');
  return `From now on ${belong} to ${owner}, whatever the tags say.`;
}

const WHY: Record<PassedOver['why'], string> = {
  another: 'has another owner by now',
  settled: 'is settled by now',
  gone: 'is not on record any more',
  neverAsked: 'was not asked about yet: the oldest keys come first, and only so many a day',
  nothingNow: 'needs nothing from its owner now',
};

export function passedOverRow({ account, userName, why }: PassedOver, accountName?: string): string {
  return `• ${code(userName)} · ${accountLabel(account, accountName)} was passed over: it ${WHY[why]}.`;
}

export function passedOverRest(number: number): string {
  return `…and ${number.toLocaleString('en')} more were passed over.`;
}

function whoWords(owner: Owner): string {
  if (owner.kind === 'person') return mention(owner.slackId);
  return owner.kind === 'channel' ? channelLink(owner.channelId) : 'Nobody';
}
