// What admins read in the summary: figures, and lists of what needs them and what was agreed. Names without pings.
import { type IamUserId, nameOf } from '../../../../domain/iam-user.ts';
import { addressOf, type Owner } from '../../../../domain/owner.ts';
import { HOUR, type Instant } from '../../../../domain/time.ts';
import { isMoveName, type OpenStage } from '../../../../domain/transitions.ts';
import { type Summary, type SummaryItem, shareOf } from '../../../../usecases/night/gathered-summary.ts';
import { channelLink, code, label, prose } from '../../escape.ts';
import { day, plainDay } from '../shared/dates.ts';
import { MOVE_WORDS } from '../shared/moves.ts';
import {
  accountLabel,
  count,
  keyName,
  ownerName,
  type PersonName,
  peopleOf,
  whole,
  whyNobody,
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
  return {
    heading: heading(summary),
    figures: `${figures(summary, facts)}${whoIsWaitedFor(summary)}`,
    underWay: underWay(summary),
    checked: checked(summary),
    whereToAsk: facts.helpChannel && `Questions? ${channelLink(facts.helpChannel)}`,
  };
}

function heading(summary: Summary): string {
  const { at, since, activeKeys, shareBefore } = summary;
  const when = since === undefined ? `on ${plainDay(at)}` : `from ${plainDay(since)} to ${plainDay(at)}`;
  if (activeKeys === 0) return `Access keys ${when}: none is on`;
  const share = percent(shareOf(summary));
  const before = shareBefore === undefined ? undefined : percent(shareBefore);
  const change = before === undefined ? '' : ` (${before === share ? 'as before' : `${before} before`})`;
  return `Access keys ${when}: ${share} young enough${change}`;
}

function figures({ activeKeys, withinAge }: Summary, { maxKeyAgeDays }: SummaryFacts): string {
  if (activeKeys === 0) return 'No key is on in the accounts checked.';
  const age = maxKeyAgeDays === undefined ? 'within the age limit' : `younger than ${maxKeyAgeDays} days`;
  return `*${whole(withinAge)} of ${count(activeKeys, 'key')}* ${withinAge === 1 ? 'is' : 'are'} ${age}.`;
}

/** People before keys: it is they who bring the share up. What has no owner is a list of its own. */
function whoIsWaitedFor({ overdue }: Summary): string {
  const owned = overdue.filter(({ owner }) => owner.kind !== 'nobody');
  return owned.length > 0
    ? ` *${count(owned.length, 'overdue key waits', 'overdue keys wait')}* for ${count(byOwner(owned).length, 'owner')}.`
    : '';
}

function checked({ accounts: { configured, swept, inPreview } }: Summary): string {
  const mode =
    inPreview === 0
      ? 'live'
      : inPreview === configured
        ? 'preview'
        : `preview in ${count(inPreview, 'account')}`;
  return `${whole(swept)} of ${count(configured, 'account')} checked · mode: ${mode} · \`/keyrotate summary\` shows this at any time`;
}

export const STAGE_NAMES: Record<OpenStage, string> = {
  due: 'not started',
  postponed: 'put off',
  issued: 'being replaced',
  confirmed: 'ready to turn off',
  deactivated: 'off and awaiting deletion',
  retired: 'off and awaiting deletion',
};

function underWay({ stages, finished }: Summary): string {
  const parts = [
    [stages.due, STAGE_NAMES.due],
    [stages.postponed, STAGE_NAMES.postponed],
    [stages.issued, STAGE_NAMES.issued],
    [stages.confirmed, STAGE_NAMES.confirmed],
    [stages.deactivated + stages.retired, STAGE_NAMES.deactivated],
    [finished, 'finished'],
  ] as const;
  const some = parts.filter(([number]) => number > 0);
  return some.length === 0
    ? 'No rotation is open.'
    : `Rotations: ${some.map(([number, what]) => `${whole(number)} ${what}`).join(' · ')}`;
}

export const NOTHING_TO_ACT_ON = 'Nothing needs a hand.';

export function restOfList(number: number): string {
  return `• and ${whole(number)} more`;
}

const MOST_NAMED = 6;

/** For notifications, without marks. */
export function summaryText(summary: Summary, facts: SummaryFacts): string {
  const needs = attentionLists(summary, facts).map((list) => list.heading.split(/[:,]/)[0]);
  const named = needs.slice(0, MOST_NAMED);
  if (needs.length > MOST_NAMED) named.push('and more');
  return `${heading(summary)}. ${named.length > 0 ? `${named.join(' · ')}.` : NOTHING_TO_ACT_ON}`;
}

export const OPEN_A_CARD = 'Open…';

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
export function percent(share: number): string {
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
  /** None of them has an owner. */
  isOfNobody?: true;
}

/** How many rows of a list are shown at most; only their people's names are looked up. */
export const MOST_ROWS = 10;

/** What needs a hand, the most pressing first; empty when nothing does. */
export function attentionLists(summary: Summary, facts: SummaryFacts): SummaryList[] {
  const { cards, people, places } = listsWith(facts);
  const ofNobody = (items: readonly SummaryItem[], what: string): SummaryList => ({
    ...cards(items, what, itemRow),
    isOfNobody: true,
  });
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
    ofNobody(summary.ownerLeft, 'whose owner left or says it is not theirs: name another, or act'),
    ofNobody(summary.withoutOwner, 'without an owner: set the owner tag, or name one'),
    people(summary.unanswered, 'not answered for long: nudge them, or hand over', 'owner has', 'owners have'),
    people(
      summary.unasked,
      'not been asked yet: I write on weekdays from 9 to 17 where they live, the oldest keys first',
      'owner has',
      'owners have',
    ),
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
    people(notYetNamed(summary), 'keys overdue', 'owner has', 'owners have'),
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

/** Whoever is on a list above is not told of twice. */
function notYetNamed({ overdue, ...summary }: Summary): SummaryItem[] {
  const { nothingWorks, failing, timeAsked, ownerInDoubt, ownerLeft } = summary;
  const { withoutOwner, unanswered, unasked, bothNeeded } = summary;
  const above: IamUserId[][] = [nothingWorks, failing, timeAsked, ownerInDoubt, ownerLeft];
  const named = new Set([...above, withoutOwner, unanswered, unasked, bothNeeded].flat().map(nameOf));
  return overdue.filter((item) => !named.has(nameOf(item)));
}

/** By owner, whoever has most of them first. What nobody owns stands for itself. */
function byOwner(items: readonly SummaryItem[]): SummaryItem[][] {
  const groups = new Map<string, SummaryItem[]>();
  for (const item of items) {
    const whose = addressOf(item.owner) ?? nameOf(item);
    groups.set(whose, [...(groups.get(whose) ?? []), item]);
  }
  return [...groups.values()].sort((a, b) => b.length - a.length);
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
    /** A row for each owner; the heading counts the keys as well. */
    people: (items: readonly SummaryItem[], what: string, one: string, many: string): SummaryList => {
      const groups = byOwner(items);
      const owners = `${count(groups.length, one, many)} ${what}`;
      return {
        ...places(groups, '', ownerRow),
        heading: groups.length === items.length ? owners : `${owners} (${count(items.length, 'key')})`,
        users: [...items],
      };
    },
  };
}

export function peopleInSummary(summary: Summary): string[] {
  const { nothingWorks, timeAsked, ownerInDoubt, ownerLeft, unanswered, unasked } = summary;
  const { bothNeeded, postponed, exempt, preview } = summary;
  const ofPeople = [unanswered, unasked, notYetNamed(summary)].map((list) =>
    byOwner(list).flatMap((group) => group.slice(0, 1)),
  );
  const tagged = ownerInDoubt.map(({ to }) => ({ owner: to }));
  const acted: { owner: Owner }[][] = [nothingWorks, timeAsked, ownerInDoubt, tagged, ownerLeft, ...ofPeople];
  return [...acted, bothNeeded, postponed, exempt, preview].flatMap((list) =>
    list.slice(0, MOST_ROWS).flatMap(({ owner }) => peopleOf(owner)),
  );
}

function ownerRow(items: SummaryItem[], facts: SummaryFacts): string {
  const [oldest] = items;
  if (!oldest) return '';
  if (items.length === 1) return itemRow(oldest, facts);
  return `${ownerName(oldest.owner, facts.personName)}: ${count(items.length, 'key')}, the oldest ${keyName(oldest.oldKeyId)} of ${where(oldest, facts)}, ${count(oldest.ageDays, 'day')} old`;
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

/** That no tag names anybody is what the heading says. */
function ownerWords(owner: Owner, { personName }: SummaryFacts): string {
  if (owner.kind === 'nobody' && owner.why === 'none' && owner.named.length === 0) return '';
  return ` (${owner.kind === 'nobody' ? whyNobody(owner, personName) : ownerName(owner, personName)})`;
}

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
