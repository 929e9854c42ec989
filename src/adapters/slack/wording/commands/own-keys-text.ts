// What `/keyrotate status` and `/keyrotate list` say: of somebody's own keys, of those of their private channels, or of both.
import type { AccessKey } from '../../../../domain/access-key.ts';
import type { Instant } from '../../../../domain/time.ts';
import type { ListedUser, OwnList } from '../../../../usecases/commands/own-list.ts';
import type { StatusLine } from '../../../../usecases/commands/own-status.ts';
import { channelLink, code, mention } from '../../escape.ts';
import { dueKeyUse } from '../card/key-use.ts';
import { stepWords } from '../card/steps.ts';
import { ageWords, day, deadlineWords, offWords } from '../shared/dates.ts';
import { type AccountName, accountLabel, count, maskedKey, whole } from '../shared/names.ts';
import { typed } from './commands.ts';

/** One's own, or somebody else's, asked for by an admin. */
export type Whose = 'own' | { slackId: string };

/** `ofChannels`: how many of `all` a channel owns. */
interface Numbers {
  all: number;
  ofChannels: number;
}

/** `You have`, `Your channels have`, `@Ana and their channels have`. */
function holders(whose: Whose, { all, ofChannels }: Numbers, [have, has]: [string, string]): string {
  const person = whose === 'own' ? 'You' : mention(whose.slackId);
  if (ofChannels === 0) return `${person} ${whose === 'own' ? have : has}`;
  if (ofChannels < all) return `${person} and ${whose === 'own' ? 'your' : 'their'} channels ${have}`;
  return `${whose === 'own' ? 'Your channels' : `The channels of ${person}`} ${have}`;
}

/** Behind the name of an IAM user; nothing where they own it themselves. */
function ofChannel(channelId: string | undefined): string {
  return channelId === undefined ? '' : ` · owned by ${channelLink(channelId)}`;
}

export function channelsNotKnown(whose: Whose): string {
  const channels = whose === 'own' ? 'your channels' : `the channels of ${mention(whose.slackId)}`;
  return `:warning: I could not look up ${channels}: what a channel owns is missing here. Try again in some minutes.`;
}

export function statusHeading(numbers: Numbers, whose: Whose): string {
  return `${holders(whose, numbers, ['have', 'has'])} ${count(numbers.all, 'access key')} to rotate`;
}

export function nothingToDo(whose: Whose): string {
  return whose === 'own'
    ? 'All is well: you have no access key to rotate. I write to you when one comes due.'
    : `All is well: ${mention(whose.slackId)} has no access key to rotate.`;
}

/** Where their channels could not be looked up. */
export function nothingOfTheirOwn(whose: Whose): string {
  return whose === 'own'
    ? 'You have no access key of your own to rotate.'
    : `${mention(whose.slackId)} has no access key of their own to rotate.`;
}

export function statusRow(line: StatusLine, now: Instant, accountName: string | undefined): string {
  const { oldKeyId, userName, account, channelId, ageDays, deadline, deletableFrom, stage } = line;
  const when = deletableFrom === undefined ? deadlineWords(deadline, now) : offWords(deletableFrom, now);
  return [
    `${maskedKey(oldKeyId)} of ${code(userName)} in account ${accountLabel(account, accountName)}${ofChannel(channelId)}`,
    `${count(ageDays, 'day')} old · ${when}`,
    `${stepWords(stage)}.`,
  ].join('\n');
}

export const REST_OF_STATUS = ', less urgent than these.';

export function statusFooter({ ofChannels }: Numbers, whose: Whose): string {
  const orThere = whose === 'own' && ofChannels > 0 ? ', or to the channel that owns the key' : '';
  return `*Open* brings the message with the buttons to our direct conversation${orThere}.`;
}

export function ownListHeading({ users, more, ofChannels }: OwnList, whose: Whose): string {
  const all = users.length + more;
  return `${holders(whose, { all, ofChannels }, ['own', 'owns'])} ${count(all, 'IAM user')}`;
}

export function nothingOwned(whose: Whose): string {
  return whose === 'own'
    ? 'I know no IAM user that you own.'
    : `I know no IAM user that ${mention(whose.slackId)} owns.`;
}

export function listedUser(user: ListedUser, at: Instant, accountName?: string): string {
  const { account, userName, channelId, keys } = user;
  return [
    `*${code(userName)}* · account ${accountLabel(account, accountName)}${ofChannel(channelId)}`,
    ...(keys.length > 0 ? keys.map((key) => keyLine(key, at)) : ['No access key.']),
  ].join('\n');
}

function keyLine(key: AccessKey, at: Instant): string {
  // A key that is off says so first.
  const on = key.status === 'Active' ? 'on, ' : '';
  const age = `${ageWords(key.createdAt, at)}, created ${day(key.createdAt)}`;
  return `• ${maskedKey(key.id)}: ${age} · ${on}${dueKeyUse(key)}`;
}

export function notAsked(accounts: readonly string[], accountName: AccountName): string {
  const labels = accounts.slice(0, 10).map((account) => accountLabel(account, accountName(account)));
  const rest = accounts.length - labels.length;
  const all = `${labels.join(', ')}${rest > 0 ? ` and ${whole(rest)} more` : ''}`;
  return `:warning: AWS did not answer for ${all}: what is there may be missing here. Try again in some minutes.`;
}

export const LIST_FOOTER = `${typed('rotate prod/ci-deploy')} replaces a key now, whatever its age.`;
