// What AWS has shown of a migration so far, a line for each tick: in words, the mark only repeats them.
import type { AccessKey } from '../../../../domain/access-key.ts';
import { situationOf } from '../../../../domain/moves/situation.ts';
import { allTicked, type Migrating, ticksIn } from '../../../../domain/moves/ticks.ts';
import { DAY, HOUR, startOfDay } from '../../../../domain/time.ts';
import { quietAsked } from '../../../../domain/usage-history.ts';
import { day } from '../shared/dates.ts';
import { count } from '../shared/names.ts';
import { type CardView, keysInPlay } from './card-view.ts';
import { newKeyUse, oldKeyUse } from './key-use.ts';

/** `☑ New key used: yes, last used 2 hours ago: s3`. */
export function tickLines(rotation: Migrating, { user, policy, now }: CardView): string {
  const situation = situationOf(user, policy, now);
  const ticks = situation && ticksIn(situation);
  if (!ticks) return '';
  const { old, fresh } = keysInPlay(user, rotation);
  const { secretFetched } = ticks;
  return [
    ...(secretFetched === undefined ? [] : [fetched(secretFetched, fresh, user.secretOpenedOn)]),
    used('New key used', ticks.newKeyUsed, fresh, (key) =>
      key.lastUse.seen === 'never' && key.status === 'Active' ? '' : newKeyUse(key),
    ),
    used(
      `Old key quiet for ${quietWords(quietAsked(user.longestSilence, policy))}`,
      ticks.oldKeyQuiet,
      old,
      (key) => oldKeyUse(key, fresh?.createdAt),
    ),
  ].join('\n');
}

export function isAllTicked({ user, policy, now }: CardView): boolean {
  const situation = situationOf(user, policy, now);
  return situation !== undefined && allTicked(situation);
}

function line(isTicked: boolean, label: string, words: string): string {
  const answer = isTicked ? 'yes' : 'not yet';
  return `${isTicked ? '☑' : '☐'} ${label}: ${answer}${words && `, ${words}`}`;
}

function fetched(isTicked: boolean, fresh: AccessKey | undefined, openedOn = 0): string {
  // AWS says the day alone. Noon is on that day wherever it is read.
  const isSeen = fresh !== undefined && openedOn >= startOfDay(fresh.createdAt);
  const words = isSeen
    ? `last opened on ${day(openedOn + 12 * HOUR)}`
    : isTicked
      ? ''
      : 'as far as AWS shows';
  return line(isTicked, 'Secret fetched', words);
}

function used(
  label: string,
  isTicked: boolean,
  key: AccessKey | undefined,
  words: (key: AccessKey) => string,
): string {
  if (!key) return `☐ ${label}: AWS did not show it at the last look`;
  return key.lastUse.seen === 'unknown' ? `☐ ${label}: ${words(key)}` : line(isTicked, label, words(key));
}

/** Two days and less in hours, as the policy has it. */
function quietWords(quiet: number): string {
  return quiet > 2 * DAY ? count(Math.ceil(quiet / DAY), 'day') : count(Math.ceil(quiet / HOUR), 'hour');
}
