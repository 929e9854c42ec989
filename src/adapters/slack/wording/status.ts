// What `/keyrotate status` says around its rows.
import type { Instant } from '../../../domain/time.ts';
import type { StatusLine } from '../../../usecases/status-line.ts';
import { code, mention } from '../escape.ts';
import { day } from './dates.ts';
import { deadlineWords } from './deadlines.ts';
import { accountLabel, count, maskedKey } from './names.ts';
import { stepWords } from './steps.ts';

/** Whose keys are listed: one's own, or somebody else's, asked for by an admin. */
export type Whose = 'own' | { slackId: string };

export function statusHeading(number: number, whose: Whose): string {
  const keys = `${count(number, 'access key')} to rotate`;
  return whose === 'own' ? `You have ${keys}` : `${mention(whose.slackId)} has ${keys}`;
}

export function nothingToDo(whose: Whose): string {
  return whose === 'own'
    ? 'All is well: you have no access key to rotate. I write to you when one comes due.'
    : `All is well: ${mention(whose.slackId)} has no access key to rotate.`;
}

export function statusRow(line: StatusLine, now: Instant, accountName: string | undefined): string {
  const { oldKeyId, userName, account, ageDays, deadline, deletableFrom, stage } = line;
  const when = deletableFrom === undefined ? deadlineWords(deadline, now) : offWords(deletableFrom, now);
  return [
    `${maskedKey(oldKeyId)} of ${code(userName)} in account ${accountLabel(account, accountName)}`,
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

export const STATUS_FOOTER = '*Open* brings the message with the buttons to our direct conversation.';
