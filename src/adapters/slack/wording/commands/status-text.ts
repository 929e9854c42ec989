// What `/keyrotate status` says around its rows.
import type { Instant } from '../../../../domain/time.ts';
import type { StatusLine } from '../../../../usecases/commands/answers.ts';
import { code, mention } from '../../escape.ts';
import { stepWords } from '../card/steps.ts';
import { day } from '../shared/dates.ts';
import { deadlineWords } from '../shared/deadlines.ts';
import { accountLabel, count, maskedKey } from '../shared/names.ts';
import { holders, type Numbers, ofChannel, type Whose } from './whose.ts';

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

/** What may be done with a key that is off. */
export function offWords(deletableFrom: Instant, now: Instant): string {
  return now >= deletableFrom
    ? '*off*, can be deleted now'
    : `*off*, can be deleted from *${day(deletableFrom)}*`;
}

export function restOfStatus(number: number): string {
  return `…and ${number.toLocaleString('en')} more, less urgent than these.`;
}

export function statusFooter({ ofChannels }: Numbers, whose: Whose): string {
  const orThere = whose === 'own' && ofChannels > 0 ? ', or to the channel that owns the key' : '';
  return `*Open* brings the message with the buttons to our direct conversation${orThere}.`;
}
