// The summary as a table for a spreadsheet: a row for each IAM user about which something is open, of any key and any owner.
import { ageInDays, ending, findKey } from '../../../../domain/access-key.ts';
import { decisionIn } from '../../../../domain/decision.ts';
import type { IamUser } from '../../../../domain/iam-user.ts';
import { lastDoneAt, matters, silenceOf } from '../../../../domain/matters.ts';
import type { MatterKind } from '../../../../domain/message.ts';
import { addressOf } from '../../../../domain/owner.ts';
import { deadlineOf, graceEndsAt, isOverdue, type Policy } from '../../../../domain/policy.ts';
import { isOff, isOpen, type OpenRotation, requestIn } from '../../../../domain/rotation.ts';
import { DAY, type Instant } from '../../../../domain/time.ts';
import { inCell } from '../../escape.ts';
import { type AccountName, accountCell, count, type PersonName } from '../shared/names.ts';
import { STAGE_NAMES } from './summary-text.ts';

export interface TableFacts {
  accountName: AccountName;
  personName: PersonName;
  policy: (account: string) => Policy;
  now: Instant;
}

export const SUMMARY_BUTTON = 'All of it as CSV';

export const SUMMARY_COLUMNS = [
  ...['account', 'user', 'key', 'age', 'due', 'overdue', 'stage', 'owner', 'owner name'],
  ...['silent for', 'waits for', 'until', 'last used', 'trouble'],
];

/** In the order of the columns. Days are whole, and dates those of UTC: both sort as they are. */
export function summaryCells(user: IamUser, facts: TableFacts): string[] {
  const { account, userName, owner, rotation } = user;
  const { accountName, personName, policy, now } = facts;
  const open = isOpen(rotation) ? rotation : undefined;
  return [
    ...[accountCell(account, accountName(account)), userName],
    ...(open ? keyCells(user, open, policy(account), now) : ['', '', '', '', '']),
    ...[addressOf(owner) ?? '', owner.kind === 'person' ? (personName(owner.slackId) ?? '') : ''],
    ...[open ? silentDays(open, now) : '', waitsFor(user, policy(account), now)],
    ...[date(untilWhen(user, policy(account))), open ? lastUse(user, open) : '', trouble(user)],
  ].map(inCell);
}

function keyCells(user: IamUser, rotation: OpenRotation, policy: Policy, now: Instant): string[] {
  const { oldKeyId, oldKeyCreatedAt, contactedAt, stage } = rotation;
  return [
    ...[ending(oldKeyId), String(ageInDays({ createdAt: oldKeyCreatedAt }, now))],
    // Whoever was not told yet has no date, and what is off needs none.
    date(isOff(rotation) || contactedAt === undefined ? undefined : deadlineOf(rotation, policy, now)),
    isOverdue(rotation, user.keys, policy, now) ? 'yes' : '',
    STAGE_NAMES[stage],
  ];
}

/** Since its owner was first asked, or somebody last did something; nobody is silent who was not asked. */
function silentDays(rotation: OpenRotation, now: Instant): string {
  const { contactedAt } = rotation;
  if (contactedAt === undefined) return '';
  return String(Math.floor((now - Math.max(contactedAt, lastDoneAt(rotation) ?? 0)) / DAY));
}

const FOR_ADMINS: Record<Exclude<MatterKind, 'silence'>, string> = {
  nothingWorks: 'no key works',
  timeAsked: 'more time asked for',
  ownerChanged: 'another owner in the tags',
  notMine: 'said not to be theirs',
  ownerLeft: 'owner left',
  noOwner: 'no owner',
  bothNeeded: 'both keys needed',
};
const SILENCES = { unanswered: 'no answer', unasked: 'not asked yet', unreached: 'not reached in Slack' };

function waitsFor(user: IamUser, policy: Policy, now: Instant): string {
  const { rotation, exempt } = user;
  const kinds = matters(user, policy, now).map(({ kind }) => kind);
  if (kinds.length > 0)
    return `admins: ${kinds.map((kind) => (kind === 'silence' ? SILENCES[silenceOf(user, now)] : FOR_ADMINS[kind])).join(', ')}`;
  if (policy.mode === 'preview') return 'preview';
  if (exempt?.kind === 'until') return 'opted out';
  if (!isOpen(rotation)) return '';
  if (rotation.stage === 'postponed') return 'the date agreed on';
  if (decisionIn(user)) return 'a quiet key';
  return isOff(rotation) && graceEndsAt(rotation, policy) > now ? 'the grace period' : 'owner';
}

/** What was asked for, agreed on or decided lasts until then. */
function untilWhen(user: IamUser, policy: Policy): Instant | undefined {
  const { rotation, exempt } = user;
  if (isOpen(rotation)) {
    const asked = requestIn(rotation)?.until;
    if (asked !== undefined) return asked;
    if (rotation.stage === 'postponed') return rotation.until;
    if (isOff(rotation)) return graceEndsAt(rotation, policy);
  }
  return decisionIn(user)?.from ?? (exempt?.kind === 'until' ? exempt.until : undefined);
}

function lastUse({ keys }: IamUser, { oldKeyId }: OpenRotation): string {
  const use = findKey(keys, oldKeyId)?.lastUse;
  return use?.seen === 'used' ? date(use.at) : (use?.seen ?? '');
}

function trouble({ failure, stranded, exempt }: IamUser): string {
  return [
    ...(failure ? [`${failure.what} fails: ${failure.code}`] : []),
    ...stranded.map((id) => `no secret of ${ending(id)}`),
    ...(exempt?.kind === 'unclear' ? ['an opt-out without a date that counts'] : []),
  ].join('; ');
}

function date(at: Instant | undefined): string {
  return at === undefined ? '' : new Date(at).toISOString().slice(0, 10);
}

export function summaryTableHeading(number: number): string {
  return `*${count(number, 'IAM user')} as CSV*, the oldest key first. Copy all of it into a spreadsheet. Ages and silence are in days, dates in UTC.`;
}

export function summaryTableSent(number: number): string {
  if (number === 0) return 'Nothing is open, so there is no table to send.';
  return `${count(number, 'IAM user is', 'IAM users are')} in our direct conversation, as CSV.`;
}
