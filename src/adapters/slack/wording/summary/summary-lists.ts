// The lists of the summary: what needs an admin, what was agreed, and who is named in each.
import type { IamUserId } from '../../../../domain/iam-user.ts';
import type { Owner } from '../../../../domain/owner.ts';
import { HOUR } from '../../../../domain/time.ts';
import type { Summary } from '../../../../usecases/night/gathered-summary.ts';
import { accountLabel, count, keyName } from '../shared/names.ts';
import { peopleOf } from '../shared/owner-names.ts';
import {
  agreedRow,
  failureWords,
  inDoubtRow,
  itemRow,
  reason,
  type SummaryFacts,
  unreadableRow,
  where,
} from './summary-rows.ts';

/** One list: what the matter is, and a row for each place. */
export interface SummaryList {
  heading: string;
  /** The first of them. */
  rows: string[];
  /** How many there are. */
  number: number;
  /** Whose cards can be opened to act. */
  users: IamUserId[];
}

/** How many rows of a list are shown at most; only their people's names are looked up. */
export const MOST_ROWS = 10;

/** What needs a hand, the most pressing first; empty when nothing does. */
export function attentionLists(summary: Summary, facts: SummaryFacts): SummaryList[] {
  const { accounts, unreadable } = summary;
  return [
    listOf(
      summary.nothingWorks,
      `${whole(summary.nothingWorks)} of whose keys none works any more: turn the old one back on`,
      (item) => itemRow(item, facts),
    ),
    listOf(
      summary.stranded,
      `${count(summary.stranded.length, 'key')} whose secret is not in the vault, made while keyrotate was creating one: if nobody else made it, remove it`,
      (item) => `${keyName(item.keyId)} of ${where(item, facts)}`,
    ),
    listOf(
      summary.failing,
      `${whole(summary.failing)} failing`,
      (item) => `${where(item, facts)}: ${failureWords(item)}`,
    ),
    listOf(
      summary.timeAsked,
      `${whole(summary.timeAsked)} asking for more time: approve or decline`,
      (item) => agreedRow(item, facts),
    ),
    listOf(
      summary.ownerInDoubt,
      `${whole(summary.ownerInDoubt)} whose tags name another owner: decide`,
      (item) => inDoubtRow(item, facts),
    ),
    listOf(
      summary.ownerLeft,
      `${whole(summary.ownerLeft)} whose owner left or says it is not theirs: name another, or act`,
      (item) => itemRow(item, facts),
    ),
    listOf(
      summary.withoutOwner,
      `${whole(summary.withoutOwner)} without an owner: set the owner tag, or name one`,
      (item) => itemRow(item, facts),
    ),
    listOf(summary.unanswered, `${whole(summary.unanswered)} long overdue, and nobody answers`, (item) =>
      itemRow(item, facts),
    ),
    listOf(
      summary.bothNeeded,
      `${count(summary.bothNeeded.length, 'IAM user')} with two keys in use: give one application its own`,
      (item) => itemRow(item, facts),
    ),
    unclearList(summary, facts),
    placesList(accounts.notSwept, `${count(accounts.notSwept.length, 'account')} not checked`, (account) =>
      accountLabel(account, facts.accountName(account)),
    ),
    placesList(
      unreadable,
      `${count(unreadable.length, 'account')} with rows in the credential report I could not read`,
      (item) => unreadableRow(item, facts),
    ),
    listOf(summary.overdue, `${whole(summary.overdue)} overdue, the oldest first`, (item) =>
      itemRow(item, facts),
    ),
  ].filter(isNotEmpty);
}

/** What was agreed: in every summary, so that nothing is put off in silence. */
export function agreements({ postponed, exempt }: Summary, facts: SummaryFacts): SummaryList[] {
  const optedOut = exempt.flatMap((one) =>
    // The day itself still counts. Noon is on that day wherever it is read.
    one.until === undefined ? [] : { ...one, until: one.until - 12 * HOUR },
  );
  return [
    listOf(postponed, `${whole(postponed)} put off`, (item) => agreedRow(item, facts)),
    placesList(optedOut, `${whole(optedOut)} opted out by tag`, (item) => agreedRow(item, facts)),
  ].filter(isNotEmpty);
}

/** In preview accounts nobody is written to: who would have been asked. */
export function previewLists({ preview }: Summary, facts: SummaryFacts): SummaryList[] {
  const heading = `Preview: the owners of ${count(preview.length, 'IAM user')} would have been asked; nobody was`;
  return [placesList(preview, heading, (item) => itemRow(item, facts))].filter(isNotEmpty);
}

/** The people named in the rows that may be shown. */
export function peopleInSummary(summary: Summary): string[] {
  const { timeAsked, ownerInDoubt, ownerLeft, unanswered, bothNeeded, overdue, postponed, exempt, preview } =
    summary;
  const lists: { owner: Owner }[][] = [
    ...[
      summary.nothingWorks,
      timeAsked,
      ownerInDoubt,
      ownerInDoubt.map(({ to }) => ({ owner: to })),
      ownerLeft,
      unanswered,
    ],
    ...[bothNeeded, overdue, postponed, exempt, preview],
  ];
  return lists.flatMap((list) => list.slice(0, MOST_ROWS).flatMap(({ owner }) => peopleOf(owner)));
}

function listOf<Item extends IamUserId>(
  items: readonly Item[],
  heading: string,
  row: (item: Item) => string,
): SummaryList {
  return { ...placesList(items, heading, row), users: [...items] };
}

/** Nothing can be opened there. */
function placesList<Item>(items: readonly Item[], heading: string, row: (item: Item) => string): SummaryList {
  return { heading, rows: items.slice(0, MOST_ROWS).map(row), number: items.length, users: [] };
}

function isNotEmpty({ number }: SummaryList): boolean {
  return number > 0;
}

function unclearList({ exempt }: Summary, facts: SummaryFacts): SummaryList {
  const unclear = exempt.filter(({ until }) => until === undefined);
  return placesList(
    unclear,
    `${whole(unclear)} with an opt-out tag without a date that counts: it exempts from nothing`,
    (item) => `${where(item, facts)}: ${reason(item.why)}`,
  );
}

function whole(items: readonly unknown[]): string {
  return items.length.toLocaleString('en');
}
