// What people read in Home besides what cards, lists and summaries say.
import { type AccessKey, oldestFirst } from '../../../../domain/access-key.ts';
import type { IamUserId } from '../../../../domain/iam-user.ts';
import { deadline, type Policy } from '../../../../domain/policy.ts';
import type { Instant } from '../../../../domain/time.ts';
import type { HomePage, OwnKeys, UserFacts } from '../../../../usecases/home/home-page.ts';
import type { TrendPoint } from '../../../../usecases/home/trend.ts';
import { channelLink, mention, prose } from '../../escape.ts';
import { asOf } from '../card/card-lines.ts';
import { headline } from '../card/card-text.ts';
import type { DigestRow } from '../card/digest-text.ts';
import { keyLine, nothingToDo, ownListHeading, typed } from '../commands/commands.ts';
import { moment, plainDay, weekday } from '../shared/dates.ts';
import {
  type AccountName,
  accountLabel,
  andMore,
  count,
  ownerName,
  type PersonName,
  peopleOf,
} from '../shared/names.ts';
import { peopleInSummary, peopleOnList, percent } from '../summary/summary-text.ts';

type PolicyOf = (account: string) => Policy;

export const ALL_IS_WELL = 'Nothing to do';
export const NONE_IS_YOURS = 'No access key of yours';
export const OTHERS = '*Nothing to do for these*';
export const REST_OF_HOME = `: ${typed('status')} and ${typed('list')} show them.`;

/** For somebody who owns something, and has nothing to do. */
export function calmWords({ others }: OwnKeys, policy: PolicyOf, at: Instant): string {
  const next = nextDue(others, policy, at);
  return [
    `${ownListHeading(others, 'own')}. ${nothingToDo('own', !others.channelsUnanswered)}`,
    ...(next === undefined ? [] : [`By its age the next key is due by *${weekday(next)}*.`]),
  ].join('\n');
}

function nextDue({ users }: OwnKeys['others'], policy: PolicyOf, at: Instant): Instant | undefined {
  const dates = users.flatMap(({ account, keys }) => dueDate(keys, policy(account)) ?? []);
  const coming = dates.filter((date) => date > at);
  return coming.length > 0 ? Math.min(...coming) : undefined;
}

function dueDate(keys: readonly AccessKey[], policy: Policy): Instant | undefined {
  const [oldest] = oldestFirst(keys.filter(({ status }) => status === 'Active'));
  return oldest && deadline(oldest.createdAt, policy);
}

/** What the row of a list leaves out: the other keys, the channel that owns it, and when AWS was asked. */
export function lookedAt({ rotation, view: { user, now } }: DigestRow): string {
  const others = user.keys.filter(({ id }) => id !== rotation.oldKeyId);
  const { owner } = user;
  const whose = owner.kind === 'channel' ? `Owned by ${channelLink(owner.channelId)}. ` : '';
  return [...others.map((key) => keyLine(key, now)), `${whose}${asOf(user)}`].join('\n');
}

/** Below the keys of an IAM user that needs nothing now; undefined where none of them is on. */
export function dueByAge(keys: readonly AccessKey[], policy: Policy): string | undefined {
  const date = dueDate(keys, policy);
  return date === undefined ? undefined : `Due by its age on ${weekday(date)}.`;
}

export function drawnAt(at: Instant): string {
  return `As of ${moment(at)}. Drawn anew whenever you open this page or press something on it.`;
}

export const BACK = 'Back';

export function seenAs({ slackId }: Extract<HomePage, { kind: 'person' }>): string {
  return `:eyes: *This is what ${mention(slackId)} sees here.* Nothing on it can be pressed.`;
}

export const ORGANISATION = 'All accounts, for admins';

/** `accounts`: of which not all could be read in time. */
export function leftOut(accounts: readonly string[], accountName: AccountName): string {
  const labels = accounts.slice(0, 10).map((account) => accountLabel(account, accountName(account)));
  const rest = andMore(accounts.length - labels.length, '');
  return `:hourglass: I could not read all of ${[...labels, ...(rest ? [rest] : [])].join(', ')} in time, so what is told here is not all. ${typed('summary')} reads all.`;
}

export const SEARCH = { label: 'Find an IAM user', placeholder: 'A part of its name, then Enter' };
export const LOOK_AS = { words: 'See this page as one of its owners does', placeholder: 'Choose a person' };

export const CHART = {
  title: 'Access keys that are young enough',
  series: 'Young enough, in %',
  week: 'Week',
};

/** `97.4`, as `percent` rounds it. */
export function chartValue({ share }: TrendPoint): number {
  return Number.parseFloat(percent(share));
}

export function trendWords(trend: readonly TrendPoint[]): string | undefined {
  const [first, ...later] = trend;
  const last = later.at(-1);
  if (!first || !last) return undefined;
  return `${percent(first.share)} young enough on ${plainDay(first.at)}, ${percent(last.share)} on ${plainDay(last.at)}.`;
}

const CELLS = 20;

/** Where no chart can be drawn. */
export function trendBars(trend: readonly TrendPoint[]): string {
  const lines = trend.map(({ at, share }) => {
    const full = Math.floor(share * CELLS);
    return `\`${'█'.repeat(full)}${'░'.repeat(CELLS - full)}\` ${percent(share)}, ${plainDay(at)}`;
  });
  return [`*${CHART.title}*`, ...lines].join('\n');
}

export function foundHeading({ text, users, more }: Extract<HomePage, { kind: 'found' }>): string {
  const name = prose(text);
  if (users.length > 0) return `${count(users.length + more, 'IAM user')} with “${name}” in the name`;
  return text === '' ? 'No IAM user can be called that' : `No IAM user has “${name}” in its name`;
}

export const REST_OF_FOUND = ': type more of the name.';
export const LOOK_AT = 'Look';
export const NOTHING_UNDER_WAY = 'Nothing is under way.';

interface Names {
  accountName: (account: string) => string | undefined;
  personName: PersonName;
}

export function foundRow(id: IamUserId, names: Names): string {
  return `*${prose(id.userName)}*\n${placeWords(id, names)} · ${NOTHING_UNDER_WAY}`;
}

function placeWords({ account }: IamUserId, { accountName }: Names): string {
  return `Account ${accountLabel(account, accountName(account))}`;
}

export function userWords(page: UserFacts & { at: Instant }, names: Names): string {
  const { owner, keys, at } = page;
  const whose = owner.kind === 'nobody' ? 'nobody' : ownerName(owner, names.personName);
  const lines = keys?.length === 0 ? ['No access key.'] : keys?.map((key) => keyLine(key, at));
  return [
    `${placeWords(page, names)} · owner: ${whose}`,
    ...(lines ?? ['IAM has no user of this name any more.']),
  ].join('\n');
}

/** What its card says first. */
export function stateWords({ rotation, view }: DigestRow): string {
  return `*${headline(rotation, view, prose(view.user.userName))}*`;
}

export const REST_OF_HISTORY = ', older than these.';

export function peopleInPage(page: HomePage): string[] {
  if (page.kind === 'list') return peopleOnList(page);
  if (page.kind === 'own') return page.organisation ? peopleInSummary(page.organisation.summary) : [];
  return page.kind === 'user' ? peopleOf(page.owner) : [];
}
