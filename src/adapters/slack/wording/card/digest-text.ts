// What an owner of several IAM users reads in one message: a row each, in few words.
import type { IamUser } from '../../../../domain/iam-user.ts';
import { deadlineOf, graceEndsAt } from '../../../../domain/policy.ts';
import { isOff, isOpen, type Rotation } from '../../../../domain/rotation.ts';
import { code, prose } from '../../escape.ts';
import { dueWords, plainDay, spokenDeadline } from '../shared/dates.ts';
import { accountLabel, count, keyName, sentence } from '../shared/names.ts';
import { spokenNews } from './card-news.ts';
import type { CardView } from './card-view.ts';
import { STAGE_WORDS, stepWords } from './steps.ts';

/** One IAM user as its card would show it. */
export interface DigestRow {
  rotation: Rotation;
  view: CardView;
}

const MOST_NAMED = 3;

export function digestHeading(rows: readonly DigestRow[]): string {
  const open = rows.filter(({ rotation }) => isOpen(rotation)).length;
  if (open === 0) return `${count(rows.length, 'access key')} done`;
  return `${count(open, 'access key needs', 'access keys need')} you`;
}

/** `3 access keys need you: ci-deploy (due by 27 November), …`, for ears as well as eyes. */
export function digestText(rows: readonly DigestRow[]): string {
  const named = rows
    .slice(0, MOST_NAMED)
    .map((row) => `${prose(row.view.user.userName)} (${spokenState(row)})`);
  const rest = rows.length - named.length;
  return `${digestHeading(rows)}: ${named.join(', ')}${rest > 0 ? ` and ${rest.toLocaleString('en')} more` : ''}.`;
}

function spokenState({ rotation, view: { policy, now } }: DigestRow): string {
  if (!isOpen(rotation)) return 'done';
  if (!isOff(rotation)) return spokenDeadline(deadlineOf(rotation, policy, now), now);
  return now >= graceEndsAt(rotation, policy) ? 'can be deleted' : 'off';
}

export function digestRow({ rotation, view }: DigestRow): string {
  const { account, userName } = view.user;
  const key = `key ${keyName(rotation.oldKeyId)}`;
  const news = view.user.ownerChange ? undefined : spokenNews(rotation, view);
  return [
    `*${code(userName)}* · ${accountLabel(account, view.accountName)} · ${key}`,
    isOpen(rotation) ? sentence(dueWords(rotation, view)) : `Done: ${STAGE_WORDS[rotation.stage]}.`,
    ...whatIsNext(rotation, view.user),
    ...(news === undefined ? [] : [`:information_source: ${news}`]),
  ].join('\n');
}

function whatIsNext(rotation: Rotation, { ownerChange }: IamUser): string[] {
  if (ownerChange)
    return [`Its tags name another owner since ${plainDay(ownerChange.at)}: an admin decides.`];
  return isOpen(rotation) ? [`${stepWords(rotation.stage)}.`] : [];
}

export const HOW_TO_OPEN = '*Open* brings the message with the buttons, one for each IAM user.';

export const REST_OF_DIGEST = '; `/keyrotate status` lists them.';
