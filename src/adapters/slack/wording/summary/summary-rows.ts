// The rows of the summary's lists: which IAM user or account, and what about it.
import type { IamUserId } from '../../../../domain/iam-user.ts';
import type { Owner } from '../../../../domain/owner.ts';
import type { Instant } from '../../../../domain/time.ts';
import { isMoveName } from '../../../../domain/transitions.ts';
import type { Summary, SummaryItem } from '../../../../usecases/night/gathered-summary.ts';
import { code, prose } from '../../escape.ts';
import { day } from '../shared/dates.ts';
import { MOVE_WORDS } from '../shared/moves.ts';
import { accountLabel, count, keyName } from '../shared/names.ts';
import { namedName, ownerName, type PersonName } from '../shared/owner-names.ts';

export interface SummaryFacts {
  accountName: (account: string) => string | undefined;
  personName: PersonName;
  /** undefined where it is not the same in all accounts. */
  maxKeyAgeDays?: number | undefined;
  helpChannel?: string | undefined;
}

export function itemRow(item: SummaryItem, facts: SummaryFacts): string {
  return `${where(item, facts)}: ${keyName(item.oldKeyId)}, ${count(item.ageDays, 'day')} old${ownerWords(item.owner, facts)}`;
}

export function inDoubtRow(item: Summary['ownerInDoubt'][number], facts: SummaryFacts): string {
  const now = ownerName(item.to, facts.personName);
  return `${where(item, facts)}: ${ownerName(item.owner, facts.personName)} so far, the tags name ${now}`;
}

/** What somebody asked for, was given, or took, until when and why. */
export function agreedRow(
  item: IamUserId & { owner: Owner; until?: Instant; why: string },
  facts: SummaryFacts,
): string {
  const until = item.until === undefined ? '' : `until ${day(item.until)}, `;
  return `${where(item, facts)}: ${until}${reason(item.why)}${ownerWords(item.owner, facts)}`;
}

export function reason(why: string): string {
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
  return ` (${NAMED[why](names)})`;
}

const NAMED: Record<Extract<Owner, { kind: 'nobody' }>['why'], (names: string) => string> = {
  none: (names) => `names ${names}, no full member of this workspace`,
  ambiguous: (names) => `names ${names}`,
  left: (names) => `${names} left`,
  disowned: (names) => `${names} says it is not theirs`,
};

export function failureWords({ what, code: why, since }: Summary['failing'][number]): string {
  const tried = isMoveName(what) ? `“${MOVE_WORDS[what].label}”` : code(what, 40);
  return `${tried} since ${day(since)} (${code(why, 60)})`;
}

export function unreadableRow(
  { account, count: rows, first }: Summary['unreadable'][number],
  { accountName }: SummaryFacts,
): string {
  const example = first ? ` (line ${first.line}: ${prose(first.why, 80)})` : '';
  return `${accountLabel(account, accountName(account))}: ${count(rows, 'row')}${example}`;
}

export function where({ account, userName }: IamUserId, { accountName }: SummaryFacts): string {
  return `${code(userName)} in ${accountLabel(account, accountName(account))}`;
}
