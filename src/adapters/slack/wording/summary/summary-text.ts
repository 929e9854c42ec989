// What admins read in the summary: figures, and lists of what needs them and what was agreed. Names without pings.
import { type Failure, type IamUser, type IamUserId, nameOf } from '../../../../domain/iam-user.ts';
import { addressOf, type Owner } from '../../../../domain/owner.ts';
import { HOUR, type Instant } from '../../../../domain/time.ts';
import { isMoveName, type OpenStage } from '../../../../domain/transitions.ts';
import type { SummaryListName } from '../../../../usecases/jobs.ts';
import { type Summary, type SummaryItem, shareOf } from '../../../../usecases/night/gathered-summary.ts';
import {
  isOfOwners,
  LISTS_OF_OWNERS,
  type ListOfOwners,
  matterIn,
} from '../../../../usecases/night/summary-lists.ts';
import { channelLink, code, prose } from '../../escape.ts';
import {
  type Group,
  byOwner as groupsOfOwners,
  MOST_ROWS as MOST_ROWS_IN_LIST,
  matterListWords,
  mayBeHandedOver,
  ownersWho,
  silenceListWords,
} from '../admin/admin-notice-text.ts';
import { day, plainDay } from '../shared/dates.ts';
import { MOVE_WORDS } from '../shared/moves.ts';
import {
  accountLabel,
  count,
  keyName,
  namedName,
  ownerName,
  ownersNamed,
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
  const [from, to] = [since ?? at, at].map(plainDay);
  const when = from === to ? `on ${to}` : `from ${from} to ${to}`;
  if (activeKeys === 0) return `Access keys ${when}: none is on`;
  const share = percent(shareOf(summary));
  const before = shareBefore === undefined ? undefined : percent(shareBefore);
  const change = before === undefined ? '' : ` (${before === share ? 'as before' : `${before} before`})`;
  return `Access keys ${when}: ${share} young enough${change}`;
}

function figures({ activeKeys, withinAge }: Summary, { maxKeyAgeDays }: SummaryFacts): string {
  if (activeKeys === 0) return 'No key is on in the accounts checked.';
  const age = maxKeyAgeDays === undefined ? 'within the age limit' : `younger than ${maxKeyAgeDays} days`;
  const were = withinAge === 1 ? 'was' : 'were';
  return `*${whole(withinAge)} of ${count(activeKeys, 'key')}* ${were} ${age} at the last sweep.`;
}

/** People before keys: it is they who bring the share up. */
function whoIsWaitedFor({ overdueKeys }: Summary): string {
  if (overdueKeys.length === 0) return '';
  const owned = overdueKeys.filter(({ owner }) => owner.kind !== 'nobody');
  const ofNobody = overdueKeys.length - owned.length;
  const parts = [
    owned.length > 0 &&
      `${count(owned.length, 'waits', 'wait')} for ${count(byOwner(owned).length, 'owner')}`,
    ofNobody > 0 && `${count(ofNobody, 'has', 'have')} no owner`,
  ];
  const are = overdueKeys.length === 1 ? 'is' : 'are';
  return ` *${whole(overdueKeys.length)}* ${are} overdue by now: ${parts.filter((part) => part !== false).join(', ')}.`;
}

function checked({ accounts: { configured, swept, inPreview }, leftOut = [] }: Summary): string {
  const mode =
    inPreview === 0
      ? 'live'
      : inPreview === configured
        ? 'preview'
        : `preview in ${count(inPreview, 'account')}`;
  const unread = leftOut.length > 0 ? ` · ${count(leftOut.length, 'account')} could not be read in time` : '';
  return `${whole(swept)} of ${count(configured, 'account')} checked${unread} · mode: ${mode} · \`/keyrotate summary\` shows this at any time`;
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
/** A list that somebody opened later. */
export const NOBODY_ANY_MORE = ':white_check_mark: Nobody is on this list any more.';
export const TO_ACT_ON = 'What needs a hand, the most pressing first:';

const MOST_NAMED = 6;

/** For notifications, without marks. */
export function summaryText(summary: Summary, facts: SummaryFacts): string {
  const needs = attentionLists(summary, facts).map((list) => list.heading);
  const named = needs.slice(0, MOST_NAMED);
  if (needs.length > MOST_NAMED) named.push('and more');
  return `${heading(summary)}. ${named.length > 0 ? `${named.join(' · ')}.` : NOTHING_TO_ACT_ON}`;
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
  /** A sentence without its full stop. */
  heading: string;
  /** What follows from it, or what to do. */
  advice?: string | undefined;
  rows: string[];
  number: number;
  /** The rows are names of people, and stand on one line. */
  areNames?: true;
  ways: Way[];
}

/** How an admin gets on from a list: each of its IAM users can be decided on there. */
export type Way =
  | { to: 'card'; user: IamUserId }
  | { to: 'list'; list: SummaryListName; words: string }
  /** `first`: one of those without an owner. */
  | { to: 'owners'; first: IamUserId }
  /** `first`: the IAM user whose secret is deleted first. */
  | { to: 'secrets'; first: IamUserId };

/** How many rows of a list are shown at most; only their people's names are looked up. */
export const MOST_ROWS = 10;
/** Where all of them can be seen with one press. */
export const FEW_ROWS = 4;

const SEE_WHO = 'See who';
const SEE_ALL = 'See all';
const DECIDE = 'Decide';

/** What needs a hand, the most pressing first; empty when nothing does. */
export function attentionLists(summary: Summary, facts: SummaryFacts): SummaryList[] {
  const { users, people, places } = listsWith(summary, facts);
  const unclear = summary.exempt.filter(({ until }) => until === undefined);
  const [secret] = summary.secretsOfGone;
  return [
    users('nothingWorks', itemRow),
    users('stranded', (item, { where }) => `${keyName(item.keyId)} of ${where(item)}`),
    users('failing', (item, { where }) => `${where(item)}: ${failureWords(item)}`),
    places(
      summary.notLookedAt,
      (number) => `I could not look at ${count(number, 'IAM user')}`,
      (item, { where }) => `${where(item)} (${code(item.code, 60)})`,
      'Their owners hear nothing.',
    ),
    places(
      summary.rootKeys,
      (number) => `The root user of ${count(number, 'account')} has access keys`,
      (item, { account }) => `${account(item.account)}: ${count(item.count, 'key')}`,
      'Nobody can rotate them for you: delete them.',
    ),
    users('timeAsked', agreedRow),
    users('ownerChanged', inDoubtRow),
    users('notMine', itemRow),
    people('ownerLeft'),
    users('noOwner', itemRow),
    people('unanswered'),
    people('unasked'),
    users('bothNeeded', itemRow),
    places(
      unclear,
      (number) => `${count(number, 'opt-out tag names', 'opt-out tags name')} no date that counts`,
      (item, { where }) => `${where(item)}: ${reason(item.why)}`,
      'It exempts from nothing.',
    ),
    places(
      summary.accounts.notSwept,
      (number) => `${count(number, 'account was', 'accounts were')} not checked`,
      ({ account, refused }, facts) =>
        `${facts.account(account)}${refused ? `: AWS refused ${code(refused.operation, 60)} (${code(refused.code, 60)})` : ''}`,
    ),
    places(
      summary.unreadable,
      (number) => `The credential report of ${count(number, 'account')} has rows I could not read`,
      unreadableRow,
    ),
    people('overdue'),
    {
      ...places(
        summary.secretsOfGone,
        (number) => `${count(number, 'secret is', 'secrets are')} left of IAM users that are gone`,
        (item, { where }) => `${where(item)}: stored on ${day(item.since)}`,
        'They cost some $0.40 a month each.',
      ),
      ways: secret ? [{ to: 'secrets' as const, first: secret }] : [],
    },
  ].filter(isNotEmpty);
}

/** What was agreed, in every summary, so that nothing is put off in silence; and who would have been asked in preview accounts, where nobody is written to. */
export function otherLists(summary: Summary, facts: SummaryFacts): SummaryList[] {
  const { places } = listsWith(summary, facts);
  const optedOut = summary.exempt.flatMap((one) =>
    // The day itself still counts. Noon is on that day wherever it is read.
    one.until === undefined ? [] : { ...one, until: one.until - 12 * HOUR },
  );
  return [
    places(summary.postponed, (number) => `${count(number, 'key is', 'keys are')} put off`, agreedRow),
    places(
      optedOut,
      (number) => `${count(number, 'IAM user is', 'IAM users are')} opted out by tag`,
      agreedRow,
    ),
    places(
      summary.preview,
      (number) => `Preview: the owners of ${count(number, 'IAM user')} would have been asked; nobody was`,
      itemRow,
    ),
  ].filter(isNotEmpty);
}

function isNotEmpty({ number }: SummaryList): boolean {
  return number > 0;
}

/** By owner, whoever has most of them first. What nobody owns stands for whom its tags name, or for itself. */
function byOwner<Item extends SummaryItem>(items: readonly Item[]): [Item, ...Item[]][] {
  const groups = new Map<string, [Item, ...Item[]]>();
  for (const item of items) {
    const { owner } = item;
    const whose = addressOf(owner) ?? (owner.kind === 'nobody' ? owner.named[0] : undefined) ?? nameOf(item);
    const group = groups.get(whose);
    groups.set(whose, group ? [...group, item] : [item]);
  }
  return [...groups.values()].sort((a, b) => b.length - a.length);
}

type Row<Item> = (item: Item, facts: RowFacts) => string;

interface RowFacts {
  personName: PersonName;
  /** The IAM user, and its account where there are several. */
  where: (id: IamUserId) => string;
  account: (account: string) => string;
}

function rowFacts({ accounts }: Summary, { personName, accountName }: SummaryFacts): RowFacts {
  const account = (id: string) => accountLabel(id, accountName(id));
  const where = (id: IamUserId) =>
    accounts.configured === 1 ? code(id.userName) : `${code(id.userName)} in ${account(id.account)}`;
  return { personName, where, account };
}

function listsWith(summary: Summary, facts: SummaryFacts) {
  const forRows = rowFacts(summary, facts);
  /** Nothing can be opened there. */
  const places = <Item>(
    items: readonly Item[],
    words: (number: number) => string,
    row: Row<Item>,
    advice?: string,
  ): SummaryList => ({
    heading: words(items.length),
    advice,
    rows: items.slice(0, MOST_ROWS).map((item) => row(item, forRows)),
    number: items.length,
    ways: [],
  });
  const users = <Name extends SummaryListName>(name: Name, row: Row<Summary[Name][number]>): SummaryList => {
    const items: readonly Summary[Name][number][] = summary[name];
    const { heading: words, advice } = listWords(name, items.length, []);
    return { ...places(items, () => words, row, advice), ways: waysOn(name, items) };
  };
  /** Their names, each once. */
  const people = (name: ListOfOwners): SummaryList => {
    const groups = byOwner(summary[name]);
    return {
      ...listWords(
        name,
        summary[name].length,
        groups.map(([{ owner }]) => owner),
      ),
      rows: groups.slice(0, MOST_ROWS).map((group) => ownerWithKeys(group, facts)),
      number: groups.length,
      areNames: true,
      ways: waysOn(name, summary[name]),
    };
  };
  return { places, users, people };
}

/** One card says all where there is one; but another owner is not named there, nor somebody nudged. */
function waysOn(list: SummaryListName, [first, ...others]: readonly IamUserId[]): Way[] {
  if (!first) return [];
  const isDecidedInList = mayBeHandedOver(matterIn(list)) || list === 'ownerChanged';
  if (others.length === 0 && !isDecidedInList) return [{ to: 'card', user: first }];
  const words = isOfOwners(list) ? SEE_WHO : others.length > 0 ? SEE_ALL : DECIDE;
  const one: Way = { to: 'list', list, words };
  return list === 'noOwner' && others.length > 0 ? [{ to: 'owners', first }, one] : [one];
}

/** `Ana: 12 keys, the oldest 212 days`. */
function ownerWithKeys(group: [SummaryItem, ...SummaryItem[]], { personName }: SummaryFacts): string {
  const [{ owner, ageDays }] = group;
  const [named] = owner.kind === 'nobody' ? owner.named : [];
  const name = named === undefined ? ownerName(owner, personName) : namedName(named, personName);
  const keys = group.length > 1 ? `${count(group.length, 'key')}, the oldest ` : '';
  return `${name}: ${keys}${count(ageDays, 'day')}`;
}

/** The heading is plain text. `owners`: each once, where the list is theirs. */
export function listWords(
  list: SummaryListName,
  keys: number,
  owners: readonly Owner[],
): { heading: string; advice?: string } {
  switch (list) {
    case 'stranded':
      return {
        heading: `The secret of ${count(keys, 'new key')} is not in the vault`,
        advice: 'keyrotate was creating it then. If nobody else made it, remove it.',
      };
    case 'failing':
      return { heading: `Something fails for ${count(keys, 'IAM user')}`, advice: 'I go on trying.' };
    case 'overdue':
      return {
        heading: `${ownersWho(owners, ['has', 'have'])} overdue keys (${count(keys, 'key')})`,
        advice: 'I remind them.',
      };
    case 'unanswered':
      return {
        ...silenceListWords(list, keys, owners),
        advice: 'I go on reminding them. Nudge them, or hand over.',
      };
    case 'unasked':
      return silenceListWords(list, keys, owners);
    default:
      return matterListWords(list, keys, owners.length);
  }
}

export function peopleInSummary(summary: Summary): string[] {
  const { nothingWorks, timeAsked, ownerChanged, notMine, noOwner, bothNeeded } = summary;
  const { postponed, exempt, preview, failing } = summary;
  const tagged = ownerChanged.map(({ to }) => ({ owner: to }));
  const rows: { owner: Owner }[][] = [
    ...[nothingWorks, failing, timeAsked, ownerChanged, tagged, notMine, noOwner, bothNeeded],
    ...[postponed, exempt, preview],
  ];
  const names = LISTS_OF_OWNERS.flatMap((list) =>
    byOwner(summary[list])
      .slice(0, MOST_ROWS)
      .map(([{ owner }]) => owner),
  );
  const owners = [...rows.flatMap((list) => list.slice(0, MOST_ROWS).map(({ owner }) => owner)), ...names];
  return owners.flatMap(peopleOf);
}

/** The groups that a list is drawn in. */
export function groupsOnList({ list, users }: OnList): Group[] {
  return isOfOwners(list) ? groupsOfOwners(users) : users.map((user): Group => [user]);
}

/** Only whoever is shown is worth looking up. */
export function peopleOnList(page: OnList): string[] {
  return groupsOnList(page)
    .slice(0, MOST_ROWS_IN_LIST)
    .flatMap(([user]) => ownersNamed(user));
}

interface OnList {
  list: SummaryListName;
  users: readonly IamUser[];
}

function itemRow(item: SummaryItem, facts: RowFacts): string {
  return `${facts.where(item)}: ${keyName(item.oldKeyId)}, ${count(item.ageDays, 'day')} old${ownerWords(item.owner, facts)}`;
}

function inDoubtRow(item: Summary['ownerChanged'][number], { where, personName }: RowFacts): string {
  const now = ownerName(item.to, personName);
  return `${where(item)}: ${ownerName(item.owner, personName)} so far, the tags name ${now}`;
}

/** What somebody asked for, was given, or took, until when and why. */
function agreedRow(
  item: IamUserId & { owner: Owner; until?: Instant; why: string },
  facts: RowFacts,
): string {
  const until = item.until === undefined ? '' : `until ${day(item.until)}, `;
  return `${facts.where(item)}: ${until}${reason(item.why)}${ownerWords(item.owner, facts)}`;
}

function reason(why: string): string {
  const words = prose(why, 80);
  return words ? `“${words}”` : 'no reason given';
}

/** That no tag names anybody is what the heading says. */
function ownerWords(owner: Owner, { personName }: RowFacts): string {
  if (owner.kind === 'nobody' && owner.why === 'none' && owner.named.length === 0) return '';
  return ` (${owner.kind === 'nobody' ? whyNobody(owner, personName) : ownerName(owner, personName)})`;
}

/** `“Create new key” since Nov 19 (AccessDenied)`. */
export function failureWords({ what, code: why, since }: Failure): string {
  const tried = isMoveName(what) ? `“${MOVE_WORDS[what].label}”` : code(what, 40);
  return `${tried} since ${day(since)} (${code(why, 60)})`;
}

function unreadableRow(
  { account, count: rows, first }: Summary['unreadable'][number],
  facts: RowFacts,
): string {
  const example = first ? ` (line ${first.line}: ${prose(first.why, 80)})` : '';
  return `${facts.account(account)}: ${count(rows, 'row')}${example}`;
}
