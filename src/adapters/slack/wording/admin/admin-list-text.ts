// What admins are told about many IAM users that are alike, in one message: people before rows, the worst first.
import { ageInDays } from '../../../../domain/access-key.ts';
import type { IamUser } from '../../../../domain/iam-user.ts';
import { isOfPerson, type MatterKind } from '../../../../domain/message.ts';
import { ownerMark } from '../../../../domain/owner.ts';
import { requestIn } from '../../../../domain/rotation.ts';
import type { Instant } from '../../../../domain/time.ts';
import { code } from '../../escape.ts';
import { typed } from '../commands/commands.ts';
import { weekday } from '../shared/dates.ts';
import {
  accountLabel,
  count,
  inTheirWords,
  keyName,
  ownerName,
  ownersNamed,
  type PersonName,
} from '../shared/names.ts';
import { NUDGE } from './admin-notice-text.ts';

export interface ListView {
  matter: MatterKind;
  /** Those for whom it is open, the oldest key first. */
  open: readonly IamUser[];
  /** How many of those that it began with are settled, or told of anew. */
  settled: number;
  /** What each shows there, by which a press on it is judged. */
  drawing: (user: IamUser) => string;
  accountName: (account: string) => string | undefined;
  personName: PersonName;
  now: Instant;
}

export const MOST_ROWS = 20;

/** The IAM users of one owner, the oldest key first. */
export type Group = [IamUser, ...IamUser[]];

const HEADINGS: Record<MatterKind, (users: number, people: number) => string> = {
  nothingWorks: (users) => `Nothing works any more for ${count(users, 'IAM user')}`,
  timeAsked: (users) => `More time is asked for ${count(users, 'access key')}`,
  ownerChanged: (users) => `The tags of ${count(users, 'IAM user')} name another owner`,
  notMine: (users) => `${count(users, 'access key')} said to be somebody else’s`,
  ownerLeft: (users, people) =>
    `${count(people, 'owner')} left: ${count(users, 'access key needs', 'access keys need')} another`,
  noOwner: (users) => `${count(users, 'access key has', 'access keys have')} no owner`,
  silence: (users, people) =>
    `${count(people, 'person does', 'people do')} not answer (${count(users, 'access key')})`,
  bothNeeded: (users) => `Both keys are needed for ${count(users, 'IAM user')}`,
};

const ADVICE: Record<MatterKind, string> = {
  nothingWorks: 'Turn an old key back on first: open its message.',
  timeAsked: 'Owners may take a little by themselves. This is more.',
  ownerChanged: 'Until you decide, only admins can act on them.',
  notMine: 'Nobody is asked about them until they have an owner.',
  ownerLeft: 'Nobody is asked about them until they have an owner.',
  noOwner: 'Nobody is asked about them until they have an owner: set the owner tag, or name one.',
  silence: `*${NUDGE}* puts all that they have to do into their next message.`,
  bothNeeded: 'Give one application of each an IAM user of its own.',
};

/** Where it is a person's matter, their IAM users stand together; those of whoever has the oldest key come first. */
export function groupsIn({ matter, open }: Pick<ListView, 'matter' | 'open'>): Group[] {
  if (!isOfPerson(matter)) return open.map((user) => [user]);
  const groups = new Map<string, Group>();
  for (const user of open) {
    const id = ownerMark(user.owner);
    const group = groups.get(id);
    groups.set(id, group ? [...group, user] : [user]);
  }
  return [...groups.values()];
}

export function peopleInList(view: Pick<ListView, 'matter' | 'open'>): string[] {
  return groupsIn(view)
    .slice(0, MOST_ROWS)
    .flatMap(([oldest]) => ownersNamed(oldest));
}

export function listHeading(view: ListView): string {
  const { matter, open, settled } = view;
  return open.length === 0
    ? `${HEADINGS[matter](settled, settled)}: settled`
    : HEADINGS[matter](open.length, groupsIn(view).length);
}

export function listAdvice({ matter, open, settled }: ListView): string | undefined {
  if (open.length === 0)
    return ':white_check_mark: All of these are settled, or told anew in a later message.';
  const done = settled > 0 ? ` ${settled.toLocaleString('en')} more are settled.` : '';
  return `${ADVICE[matter]}${done}`;
}

/** `Ana (12): ci-deploy, 212 days, and 11 more`. */
export function groupRow([oldest, ...others]: Group, view: ListView): string {
  const who = whose(oldest, others.length + 1, view);
  const rest = others.length > 0 ? `, and ${others.length.toLocaleString('en')} more` : '';
  return `${who}${oneOf(oldest, view)}${rest}`;
}

function whose(user: IamUser, number: number, { matter, personName }: ListView): string {
  if (matter === 'noOwner') return '';
  const named = user.owner.kind === 'nobody' ? user.owner.named[0] : undefined;
  const name = named === undefined ? ownerName(user.owner, personName) : (personName(named) ?? code(named));
  return `*${name}*${number > 1 ? ` (${number})` : ''}: `;
}

function oneOf({ account, userName, rotation }: IamUser, { matter, accountName, now }: ListView): string {
  const where = `${code(userName)} · ${accountLabel(account, accountName(account))}`;
  if (!rotation) return where;
  const age = count(ageInDays({ createdAt: rotation.oldKeyCreatedAt }, now), 'day');
  const key = `${where} · ${keyName(rotation.oldKeyId)}, ${age} old`;
  const request = matter === 'timeAsked' ? requestIn(rotation) : undefined;
  return request ? `${key}\nUntil ${weekday(request.until)}: “${inTheirWords(request.why)}”` : key;
}

export const REST_OF_GROUPS = `: ${typed('summary')} shows them.`;
