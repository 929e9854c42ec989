// What an owner of several IAM users reads in one message: a row each, in few words.
import { deadlineOf, graceEndsAt } from '../../../../domain/policy.ts';
import { isOff, isOpen, type Rotation, replacementOf } from '../../../../domain/rotation.ts';
import type { Instant } from '../../../../domain/time.ts';
import { prose } from '../../escape.ts';
import { ageWords, moment, spokenDeadline } from '../shared/dates.ts';
import { count } from '../shared/names.ts';
import { keyPlace } from './card-lines.ts';
import { spokenNews } from './card-news.ts';
import { headline } from './card-text.ts';
import { type CardView, keysInPlay } from './card-view.ts';
import { dueKeyUse } from './key-use.ts';

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

/** `3 access keys need you: ci-deploy (due by Friday, November 27th), …`, for ears as well as eyes. */
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

/** What a card would say first, and the facts of its key. */
export function digestRow({ rotation, view }: DigestRow): string {
  const { user, now } = view;
  const { old } = keysInPlay(user, rotation);
  const facts = [
    `${replacementOf(rotation) ? 'Old key ' : ''}${keyPlace(rotation, view)}`,
    ...(isOpen(rotation) ? [ageWords(rotation.oldKeyCreatedAt, now)] : []),
    ...(old ? [dueKeyUse(old)] : []),
  ];
  const news = user.ownerChange ? undefined : spokenNews(rotation, view);
  return [
    `*${headline(rotation, view, prose(user.userName))}*`,
    facts.join(' · '),
    ...(news === undefined ? [] : [news]),
  ].join('\n');
}

/** A list is not redrawn. */
export function howToOpen(at: Instant): string {
  return `*Open* brings the message with the buttons, one for each IAM user, as it is then. This list stays as it was on ${moment(at)}.`;
}

export const REST_OF_DIGEST = '; `/keyrotate status` lists them.';
