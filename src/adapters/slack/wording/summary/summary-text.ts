// What admins read: figures, and the words around the lists. Names without pings.
import type { IamUserId } from '../../../../domain/iam-user.ts';
import { type Summary, shareOf } from '../../../../usecases/night/gathered-summary.ts';
import { channelLink, label } from '../../escape.ts';
import { day } from '../shared/dates.ts';
import { accountLabel, count } from '../shared/names.ts';
import { attentionLists } from './summary-lists.ts';
import type { SummaryFacts } from './summary-rows.ts';

export function summaryHeading({ at, since }: Summary): string {
  return since === undefined ? `Access keys on ${day(at)}` : `Access keys, ${day(since)} to ${day(at)}`;
}

export function figures(summary: Summary, { maxKeyAgeDays }: SummaryFacts): string {
  const { activeKeys, withinAge, shareBefore } = summary;
  if (activeKeys === 0) return 'no key is on in the accounts checked';
  const age = maxKeyAgeDays === undefined ? 'within the age limit' : `younger than ${maxKeyAgeDays} days`;
  const before = shareBefore === undefined ? '' : `; last time ${percent(shareBefore)}`;
  return `${whole(withinAge)} of ${whole(activeKeys)} (${percent(shareOf(summary))}) ${age}${before}`;
}

export function underWay({ stages, finished }: Summary): string {
  const parts = [
    [stages.due, 'not started'],
    [stages.postponed, 'put off'],
    [stages.issued, 'being replaced'],
    [stages.confirmed, 'ready to turn off'],
    [stages.deactivated + stages.retired, 'off and awaiting deletion'],
  ] as const;
  return `Under way: ${parts.map(([number, what]) => `${whole(number)} ${what}`).join(' · ')} · ${whole(finished)} finished`;
}

export function accountsChecked({ accounts }: Summary): string {
  return `${whole(accounts.swept)} of ${count(accounts.configured, 'account')} checked.`;
}

export const NOTHING_TO_ACT_ON = 'Nothing needs a hand.';

export function andMore(number: number): string {
  return `• and ${whole(number)} more`;
}

/** How many matters are named in a notification. */
const MOST_NAMED = 6;

/** For notifications, without marks. */
export function summaryText(summary: Summary, facts: SummaryFacts): string {
  const needs = attentionLists(summary, facts).map(({ heading }) => heading.split(/[:,]/)[0]);
  const named = needs.slice(0, MOST_NAMED);
  if (needs.length > MOST_NAMED) named.push('and more');
  return `Access keys: ${figures(summary, facts)}. ${named.length > 0 ? `${named.join(' · ')}.` : NOTHING_TO_ACT_ON}`;
}

export function whereToAsk({ helpChannel }: SummaryFacts): string | undefined {
  return helpChannel && `Questions? ${channelLink(helpChannel)}`;
}

export const OPEN_A_CARD = 'Open a card…';

/** An entry of the menu: plain text, at most 75 characters. */
export function menuEntry({ account, userName }: IamUserId, accountName: string | undefined): string {
  return label(`${userName} (${accountName ?? accountLabel(account)})`);
}

export function sweepStarted(accounts: number): string {
  return `I am looking at ${count(accounts, 'account')} now. Owners hear from me as their keys come due; the next summary has the figures.`;
}

/** Rounded, but never up to perfection: 99.96 % is not yet 100. */
function percent(share: number): string {
  const rounded = share < 1 ? Math.min(share * 100, 99.9) : 100;
  return `${rounded.toFixed(1)} %`;
}

function whole(number: number): string {
  return number.toLocaleString('en');
}
