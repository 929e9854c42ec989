// What admins read in the summary: figures, and lists of what needs them and what was agreed. Names without pings.
import type { IamUserId } from '../../../../domain/iam-user.ts';
import { isChannelId, type Owner } from '../../../../domain/owner.ts';
import { HOUR, type Instant } from '../../../../domain/time.ts';
import { isMoveName } from '../../../../domain/transitions.ts';
import { type Summary, type SummaryItem, shareOf } from '../../../../usecases/night/gathered-summary.ts';
import { channelLink, code, label, prose } from '../../escape.ts';
import { day } from '../shared/dates.ts';
import { MOVE_WORDS } from '../shared/moves.ts';
import {
  accountLabel,
  count,
  keyName,
  NO_TAG_MAKES_A_CHANNEL_OWN,
  namedName,
  ownerName,
  type PersonName,
  peopleOf,
  whole,
} from '../shared/names.ts';

export interface SummaryFacts {
  accountName: (account: string) => string | undefined;
  personName: PersonName;
  /** undefined where it is not the same in all accounts. */
  maxKeyAgeDays?: number | undefined;
  helpChannel?: string | undefined;
}

/** What stands around the lists. */
export function summaryWords(summary: Summary, facts: SummaryFacts) {
  const { at, since, accounts } = summary;
  return {
    heading: since === undefined ? `Access keys on ${day(at)}` : `Access keys, ${day(since)} to ${day(at)}`,
    figures: figures(summary, facts),
    underWay: underWay(summary),
    checked: `${whole(accounts.swept)} of ${count(accounts.configured, 'account')} checked.`,
    whereToAsk: facts.helpChannel && `Questions? ${channelLink(facts.helpChannel)}`,
  };
}

function figures(summary: Summary, { maxKeyAgeDays }: SummaryFacts): string {
  const { activeKeys, withinAge, shareBefore } = summary;
  if (activeKeys === 0) return 'no key is on in the accounts checked';
  const age = maxKeyAgeDays === undefined ? 'within the age limit' : `younger than ${maxKeyAgeDays} days`;
  const before = shareBefore === undefined ? '' : `; last time ${percent(shareBefore)}`;
  return `${whole(withinAge)} of ${whole(activeKeys)} (${percent(shareOf(summary))}) ${age}${before}`;
}

function underWay({ stages, finished }: Summary): string {
  const parts = [
    [stages.due, 'not started'],
    [stages.postponed, 'put off'],
    [stages.issued, 'being replaced'],
    [stages.confirmed, 'ready to turn off'],
    [stages.deactivated + stages.retired, 'off and awaiting deletion'],
  ] as const;
  return `Under way: ${parts.map(([number, what]) => `${whole(number)} ${what}`).join(' · ')} · ${whole(finished)} finished`;
}

export const NOTHING_TO_ACT_ON = 'Nothing needs a hand.';

export function restOfList(number: number): string {
  return `• and ${whole(number)} more`;
}

const MOST_NAMED = 6;

/** For notifications, without marks. */
export function summaryText(summary: Summary, facts: SummaryFacts): string {
  const needs = attentionLists(summary, facts).map(({ heading }) => heading.split(/[:,]/)[0]);
  const named = needs.slice(0, MOST_NAMED);
  if (needs.length > MOST_NAMED) named.push('and more');
  return `Access keys: ${figures(summary, facts)}. ${named.length > 0 ? `${named.join(' · ')}.` : NOTHING_TO_ACT_ON}`;
}

export const OPEN_A_CARD = 'Open a card…';

/** An entry of the menu: plain text, at most 75 characters. */
export function menuEntry({ account, userName }: IamUserId, accountName: string | undefined): string {
  return label(`${userName} (${accountName ?? accountLabel(account)})`);
}

/** `isPreview`: all of them are only watched. */
export function sweepStarted(accounts: number, isPreview: boolean): string {
  const after = isPreview
    ? 'In preview owners hear nothing: the next summary tells who would have been asked.'
    : 'Owners hear from me as their keys come due; the next summary has the figures.';
  return `I am looking at ${count(accounts, 'account')} now. ${after}`;
}

/** Rounded, but never up to perfection: 99.96 % is not yet 100. */
function percent(share: number): string {
  const rounded = share < 1 ? Math.min(share * 100, 99.9) : 100;
  return `${rounded.toFixed(1)} %`;
}

export interface SummaryList {
  heading: string;
  rows: string[];
  number: number;
  /** Whose cards can be opened to act. */
  users: IamUserId[];
  /** All of it are secrets that can be deleted, beginning with this IAM user's. */
  secretsOf?: IamUserId | undefined;
}

/** How many rows of a list are shown at most; only their people's names are looked up. */
export const MOST_ROWS = 10;

/** What needs a hand, the most pressing first; empty when nothing does. */
export function attentionLists(summary: Summary, facts: SummaryFacts): SummaryList[] {
  const { cards, places } = listsWith(facts);
  const unclear = summary.exempt.filter(({ until }) => until === undefined);
  return [
    cards(summary.nothingWorks, 'of whose keys none works any more: turn the old one back on', itemRow),
    cards(
      summary.stranded,
      'whose secret is not in the vault, made while keyrotate was creating one: if nobody else made it, remove it',
      (item) => `${keyName(item.keyId)} of ${where(item, facts)}`,
      'key',
    ),
    cards(summary.failing, 'failing', failureRow),
    places(
      summary.notLookedAt,
      'that I could not look at: their owners hear nothing',
      (one) => `${where(one, facts)} (${code(one.code, 60)})`,
      'IAM user',
    ),
    places(
      summary.rootKeys,
      'whose root user has access keys: nobody can rotate them for you, delete them',
      ({ account, count: keys }) =>
        `${accountLabel(account, facts.accountName(account))}: ${count(keys, 'key')}`,
      'account',
    ),
    cards(summary.timeAsked, 'asking for more time: approve or decline', agreedRow),
    cards(summary.ownerInDoubt, 'whose tags name another owner: decide', inDoubtRow),
    cards(summary.ownerLeft, 'whose owner left or says it is not theirs: name another, or act', itemRow),
    cards(summary.withoutOwner, 'without an owner: set the owner tag, or name one', itemRow),
    cards(summary.unanswered, 'long overdue, and nobody answers', itemRow),
    cards(summary.bothNeeded, 'with two keys in use: give one application its own', itemRow, 'IAM user'),
    places(
      unclear,
      'with an opt-out tag without a date that counts: it exempts from nothing',
      (item) => `${where(item, facts)}: ${reason(item.why)}`,
    ),
    places(
      summary.accounts.notSwept,
      'not checked',
      (account) => accountLabel(account, facts.accountName(account)),
      'account',
    ),
    places(
      summary.unreadable,
      'with rows in the credential report I could not read',
      unreadableRow,
      'account',
    ),
    cards(summary.overdue, 'overdue, the oldest first', itemRow),
    {
      ...places(
        summary.secretsOfGone,
        'of IAM users that are gone, some $0.40 a month each',
        goneRow,
        'secret',
      ),
      secretsOf: summary.secretsOfGone[0],
    },
  ].filter(isNotEmpty);
}

/** What was agreed, in every summary, so that nothing is put off in silence; and who would have been asked in preview accounts, where nobody is written to. */
export function otherLists({ postponed, exempt, preview }: Summary, facts: SummaryFacts): SummaryList[] {
  const { places } = listsWith(facts);
  const optedOut = exempt.flatMap((one) =>
    // The day itself still counts. Noon is on that day wherever it is read.
    one.until === undefined ? [] : { ...one, until: one.until - 12 * HOUR },
  );
  const asked = `Preview: the owners of ${count(preview.length, 'IAM user')} would have been asked; nobody was`;
  return [
    places(postponed, 'put off', agreedRow),
    places(optedOut, 'opted out by tag', agreedRow),
    { ...places(preview, '', itemRow), heading: asked },
  ].filter(isNotEmpty);
}

function isNotEmpty({ number }: SummaryList): boolean {
  return number > 0;
}

type Row<Item> = (item: Item, facts: SummaryFacts) => string;

/** `noun`: what is counted, where it is no key to rotate. */
function listsWith(facts: SummaryFacts) {
  const places = <Item>(
    items: readonly Item[],
    what: string,
    row: Row<Item>,
    noun?: string,
  ): SummaryList => ({
    heading: `${noun ? count(items.length, noun) : whole(items.length)} ${what}`,
    rows: items.slice(0, MOST_ROWS).map((item) => row(item, facts)),
    number: items.length,
    users: [],
  });
  return {
    /** Nothing can be opened there. */
    places,
    cards: <Item extends IamUserId>(items: readonly Item[], what: string, row: Row<Item>, noun?: string) => ({
      ...places(items, what, row, noun),
      users: [...items],
    }),
  };
}

export function peopleInSummary(summary: Summary): string[] {
  const { nothingWorks, timeAsked, ownerInDoubt, ownerLeft, unanswered } = summary;
  const { bothNeeded, overdue, postponed, exempt, preview } = summary;
  const tagged = ownerInDoubt.map(({ to }) => ({ owner: to }));
  const acted: { owner: Owner }[][] = [nothingWorks, timeAsked, ownerInDoubt, tagged, ownerLeft, unanswered];
  return [...acted, bothNeeded, overdue, postponed, exempt, preview].flatMap((list) =>
    list.slice(0, MOST_ROWS).flatMap(({ owner }) => peopleOf(owner)),
  );
}

function itemRow(item: SummaryItem, facts: SummaryFacts): string {
  return `${where(item, facts)}: ${keyName(item.oldKeyId)}, ${count(item.ageDays, 'day')} old${ownerWords(item.owner, facts)}`;
}

function inDoubtRow(item: Summary['ownerInDoubt'][number], facts: SummaryFacts): string {
  const now = ownerName(item.to, facts.personName);
  return `${where(item, facts)}: ${ownerName(item.owner, facts.personName)} so far, the tags name ${now}`;
}

/** What somebody asked for, was given, or took, until when and why. */
function agreedRow(
  item: IamUserId & { owner: Owner; until?: Instant; why: string },
  facts: SummaryFacts,
): string {
  const until = item.until === undefined ? '' : `until ${day(item.until)}, `;
  return `${where(item, facts)}: ${until}${reason(item.why)}${ownerWords(item.owner, facts)}`;
}

function goneRow(item: Summary['secretsOfGone'][number], facts: SummaryFacts): string {
  return `${where(item, facts)}: stored on ${day(item.since)}`;
}

function reason(why: string): string {
  const words = prose(why, 80);
  return words ? `“${words}”` : 'no reason given';
}

function ownerWords(owner: Owner, { personName }: SummaryFacts): string {
  if (owner.kind !== 'nobody') return ` (${ownerName(owner, personName)})`;
  const { named, why } = owner;
  if (named.length === 0) return '';
  const names = `${named
    .slice(0, 2)
    .map((name) => namedName(name, personName))
    .join(' and ')}${named.length > 2 ? ' and others' : ''}`;
  if (why === 'none' && named.every(isChannelId)) return ` (names ${names}: ${NO_TAG_MAKES_A_CHANNEL_OWN})`;
  return ` (${NAMED[why](names)})`;
}

const NAMED: Record<Extract<Owner, { kind: 'nobody' }>['why'], (names: string) => string> = {
  none: (names) => `names ${names}, no full member of this workspace`,
  ambiguous: (names) => `names ${names}`,
  left: (names) => `${names} left`,
  disowned: (names) => `${names} says it is not theirs`,
};

function failureRow(item: Summary['failing'][number], facts: SummaryFacts): string {
  const { what, code: why, since } = item;
  const tried = isMoveName(what) ? `“${MOVE_WORDS[what].label}”` : code(what, 40);
  return `${where(item, facts)}: ${tried} since ${day(since)} (${code(why, 60)})`;
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
