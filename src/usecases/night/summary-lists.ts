// Which lists of the summary an IAM user is on: those that somebody may go through, one IAM user after the other.
import type { IamUser } from '../../domain/iam-user.ts';
import { matters, silenceOf } from '../../domain/matters.ts';
import type { MatterKind } from '../../domain/message.ts';
import { isOverdue, type Policy } from '../../domain/policy.ts';
import { isOpen, requestIn } from '../../domain/rotation.ts';
import type { Instant } from '../../domain/time.ts';
import type { SummaryListName } from '../jobs.ts';

/** In preview nothing is open for admins to decide; who has no owner is told all the same. */
export function summaryListsOf(user: IamUser, policy: Policy, now: Instant): SummaryListName[] {
  const { rotation, owner, ownerChange, stranded, failure, keys } = user;
  const decided: SummaryListName[] = [
    ...(stranded.length > 0 ? (['stranded'] as const) : []),
    ...(ownerChange ? (['ownerChanged'] as const) : []),
  ];
  if (!isOpen(rotation)) return decided;
  const open = matters(user, policy, now).map(({ kind }) => kind);
  // Whom Slack does not reach is among what fails.
  const silence = open.includes('silence') ? silenceOf(user, now) : 'unreached';
  const named: SummaryListName[] = [
    ...decided,
    ...(open.includes('nothingWorks') ? (['nothingWorks'] as const) : []),
    ...(failure ? (['failing'] as const) : []),
    ...(requestIn(rotation) ? (['timeAsked'] as const) : []),
    ...(owner.kind === 'nobody' ? [OF_NOBODY[owner.why]] : []),
    ...(silence === 'unreached' ? [] : [silence]),
    ...(rotation.stage === 'due' && rotation.bothNeeded ? (['bothNeeded'] as const) : []),
  ];
  return named.length === 0 && isOverdue(rotation, keys, policy, now) ? ['overdue'] : named;
}

const OF_NOBODY = {
  none: 'noOwner',
  ambiguous: 'noOwner',
  left: 'ownerLeft',
  disowned: 'notMine',
} as const;

/** What there is to decide about those on a list. */
export function matterIn(list: SummaryListName): MatterKind | undefined {
  if (list === 'unanswered' || list === 'unasked') return 'silence';
  return list === 'stranded' || list === 'failing' || list === 'overdue' ? undefined : list;
}

/** Where it is their owners' matter: those of one owner stand together. */
export const LISTS_OF_OWNERS = ['ownerLeft', 'unanswered', 'unasked', 'overdue'] as const;

export type ListOfOwners = (typeof LISTS_OF_OWNERS)[number];

export function isOfOwners(list: SummaryListName): list is ListOfOwners {
  return LISTS_OF_OWNERS.some((one) => one === list);
}
