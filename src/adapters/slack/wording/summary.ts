// What admins read: figures, what needs a hand, what is under way. Names without pings.
import type { IamUserId } from '../../../domain/iam-user.ts';
import type { Owner } from '../../../domain/owner.ts';
import { isMoveName } from '../../../domain/transitions.ts';
import { type Summary, type SummaryItem, shareOf } from '../../../usecases/summary.ts';
import { channelLink, code, prose } from '../escape.ts';
import { day } from './dates.ts';
import { MOVE_WORDS } from './moves.ts';
import { accountLabel, count, keyName } from './names.ts';

export interface SummaryFacts {
  accountName: (account: string) => string | undefined;
  /** What a person is called; undefined where that is not known. */
  personName: (slackId: string) => string | undefined;
  /** undefined where it is not the same in all accounts. */
  maxKeyAgeDays?: number | undefined;
  helpChannel?: string | undefined;
}

/** One thing that needs a hand, and the rows that name where. */
export interface Matter {
  heading: string;
  rows: string[];
}

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
    [stages.issued, 'being replaced'],
    [stages.confirmed, 'ready to turn off'],
    [stages.deactivated + stages.retired, 'off and awaiting deletion'],
  ] as const;
  return `Under way: ${parts.map(([number, what]) => `${whole(number)} ${what}`).join(' · ')} · ${whole(finished)} finished`;
}

export function accountsChecked({ accounts }: Summary): string {
  return `${whole(accounts.swept)} of ${count(accounts.configured, 'account')} checked.`;
}

/** What needs a hand, the most pressing first; empty when nothing does. */
export function matters(summary: Summary, facts: SummaryFacts): Matter[] {
  const all: Matter[] = [
    {
      heading: `${count(summary.stranded.length, 'key')} whose secret is not in the vault, made while keyrotate was creating one: if nobody else made it, delete it in AWS`,
      rows: summary.stranded.map((item) => `${keyName(item.keyId)} of ${where(item, facts)}`),
    },
    {
      heading: `${whole(summary.failing.length)} failing`,
      rows: summary.failing.map((item) => `${where(item, facts)}: ${failureWords(item)}`),
    },
    {
      heading: `${whole(summary.overdue.length)} overdue, the oldest first`,
      rows: summary.overdue.map((item) => itemRow(item, facts)),
    },
    {
      heading: `${whole(summary.withoutOwner.length)} without an owner: set the owner tag`,
      rows: summary.withoutOwner.map((item) => itemRow(item, facts)),
    },
    {
      heading: `${count(summary.accounts.notSwept.length, 'account')} not checked`,
      rows: summary.accounts.notSwept.map((account) => accountLabel(account, facts.accountName(account))),
    },
    {
      heading: `${count(summary.unreadable.length, 'account')} with rows in the credential report I could not read`,
      rows: summary.unreadable.map((item) => unreadableRow(item, facts)),
    },
  ];
  return all.filter(({ rows }) => rows.length > 0);
}

/** In preview accounts nobody is written to: who would have been asked. */
export function previewMatter({ preview }: Summary, facts: SummaryFacts): Matter {
  return {
    heading: `Preview: the owners of ${count(preview.length, 'IAM user')} would have been asked; nobody was`,
    rows: preview.map((item) => itemRow(item, facts)),
  };
}

export const NOTHING_TO_ACT_ON = 'Nothing needs a hand.';

export function andMore(number: number): string {
  return `• and ${whole(number)} more`;
}

/** For notifications, without marks. */
export function summaryText(summary: Summary, facts: SummaryFacts): string {
  const needs = matters(summary, facts).map(({ heading }) => heading.split(/[:,]/)[0]);
  return `Access keys: ${figures(summary, facts)}. ${needs.length > 0 ? `${needs.join(' · ')}.` : NOTHING_TO_ACT_ON}`;
}

export function whereToAsk({ helpChannel }: SummaryFacts): string | undefined {
  return helpChannel && `Questions? ${channelLink(helpChannel)}`;
}

export function sweepStarted(accounts: number): string {
  return `I am looking at ${count(accounts, 'account')} now. Owners hear from me as their keys come due; the next summary has the figures.`;
}

function itemRow(item: SummaryItem, facts: SummaryFacts): string {
  return `${where(item, facts)}: ${keyName(item.oldKeyId)}, ${count(item.ageDays, 'day')} old${ownerWords(item.owner, facts)}`;
}

function ownerWords(owner: Owner, { personName }: SummaryFacts): string {
  if (owner.kind === 'person') return ` (${prose(personName(owner.slackId) ?? '', 40) || 'name not known'})`;
  if (owner.named.length === 0) return '';
  const named = owner.named.slice(0, 2).map((name) => code(name, 40));
  return ` (names ${named.join(' and ')}${owner.named.length > 2 ? ' and others' : ''}${owner.why === 'none' ? ', no full member of this workspace' : ''})`;
}

function failureWords({ what, code: why, since }: Summary['failing'][number]): string {
  const tried = isMoveName(what) ? `“${MOVE_WORDS[what].label}”` : code(what, 40);
  return `${tried} since ${day(since)} (${code(why, 60)})`;
}

function unreadableRow(
  { account, count: rows, first }: Summary['unreadable'][number],
  { accountName }: SummaryFacts,
): string {
  const example = first ? ` (line ${first.line}: ${prose(first.why, 80)})` : '';
  return `${accountLabel(account, accountName(account))}: ${count(rows, 'row')}${example}`;
}

function where({ account, userName }: IamUserId, { accountName }: SummaryFacts): string {
  return `${code(userName)} in ${accountLabel(account, accountName(account))}`;
}

/** Rounded, but never up to perfection: 99.96 % is not yet 100. */
function percent(share: number): string {
  const rounded = share < 1 ? Math.min(share * 100, 99.9) : 100;
  return `${rounded.toFixed(1)} %`;
}

function whole(number: number): string {
  return number.toLocaleString('en');
}
