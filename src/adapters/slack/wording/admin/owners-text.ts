// What admins read who assign owners to many IAM users at once.
import type { IamUserId } from '../../../../domain/iam-user.ts';
import { addressOf, type Link } from '../../../../domain/owner.ts';
import type {
  LineProblem,
  Ownerless,
  OwnerlessUser,
  OwnersAssigned,
  OwnersPreview,
  OwnersRow,
  PlannedLine,
} from '../../../../usecases/commands/answers.ts';
import { channelLink, code, inCell, mention } from '../../escape.ts';
import { type AccountName, accountCell, accountLabel, count, whole } from '../shared/names.ts';

/** At most 24 characters. */
export const SHOW_PLAN = 'Show what it would do';

export const SEARCH_WORDS = {
  label: 'Search',
  placeholder: 'etl, or ci-*',
  hint: 'A part of the name; * stands for any characters, ? for one. Press Enter.',
};
export const USERS_WORDS = { placeholder: 'Choose IAM users' };
export const PERSON_WORDS = { label: 'To a person' };
export const CHANNEL_WORDS = {
  label: 'Or to a private channel',
  hint: 'I must be in it. Everybody in it can press.',
};
export const RULES_WORDS = {
  label: 'Or write who owns what, a rule on each line',
  placeholder: 'ci-* → #platform\nbatch-?? → ana@example.com\nprod/etl-* → U0123456789',
  hint: '-> will do. The first line that fits counts. Owners: a mail address, a member’s or channel’s id, or a private channel that you are in. Or paste rows of the CSV, with the first line.',
};

export function ALL_WORDS(number: number, search: string | undefined) {
  const fits = search === undefined ? 'without an owner' : `that fit ${search}`;
  return { label: 'Or all of them', option: `All ${whole(number)} ${fits}` };
}

export const TABLE_BUTTON = 'Get them as CSV';
export const TABLE_SENT = 'They are in our direct conversation, as CSV.';
export const TO_THE_FIRST = 'Back to the first';
export const ONLY_THIS_PAGE =
  'Only what is chosen on the page that is shown is assigned: turning it drops the choice.';
export const NEXT = (number: number) => `Next ${whole(number)}`;

export function ownerlessHeading({ users, total, search }: Ownerless): string {
  if (total === 0) return ':white_check_mark: Every IAM user whose key is due has an owner.';
  const all = `*${count(total, 'IAM user has', 'IAM users have')} no owner.*`;
  if (search === undefined) return `${all} Nobody is asked about their keys until they have one.`;
  return `${all} ${count(users.length, 'fits', 'fit')} ${code(search)}.`;
}

export function shownWords(from: number, shown: number, of: number): string {
  if (from === 0 && shown === of) return 'IAM users, the oldest key first';
  return `IAM users ${whole(from + 1)} to ${whole(from + shown)} of ${whole(of)}, the oldest key first`;
}

/** Each at most 75 characters. */
export function optionWords(user: OwnerlessUser, accountName: string | undefined) {
  const { userName, account, ageDays, owner } = user;
  const named = owner.named.length > 0 ? ` · names ${owner.named.join(' ')}` : '';
  const where = accountName && accountName !== account ? accountName : account;
  return {
    text: userName,
    description: `${count(ageDays, 'day')} · ${where}${WHY_NOBODY[owner.why]}${named}`,
  };
}

const WHY_NOBODY: Record<OwnerlessUser['owner']['why'], string> = {
  none: '',
  ambiguous: ' · two are named',
  left: ' · its owner left',
  disowned: ' · said not to be theirs',
};

export const PREVIEW_WORDS = {
  back: 'Back',
  restOfLines: ' lines; what they would do is done as well.',
  safe: 'Nothing is changed yet, and nothing changes in AWS. Owners hear with their next message. Whoever got an owner meanwhile keeps them.',
};

/** At most 24 characters. */
export function assignWords(number: number): string {
  return `Assign these ${whole(number)}`;
}

export function planHeading({ lines }: OwnersPreview): string {
  const good = lines.filter(({ problem }) => !problem);
  const users = good.reduce((sum, line) => sum + line.users.length, 0);
  if (users === 0) return 'This would assign nothing.';
  const owners = new Set(good.map(({ to }) => JSON.stringify(to))).size;
  return `This would assign ${count(users, 'IAM user')} to ${count(owners, 'owner')}.`;
}

const WHO_OWNS = 'only a full member of this workspace can, or a private channel of it that I am in';

const PROBLEMS: Record<LineProblem, string> = {
  noMatch: 'fits no IAM user without an owner that a line before did not take',
  nobody:
    'names nobody whom I can find. Write a mail address, the id of a member or a channel, or `#name` of a private channel that you and I are both in',
  cannotOwn: `names somebody who cannot own: ${WHO_OWNS}`,
  tooMany: 'names one owner more than I look up at once. Send it again with the lines that are left',
  unclear: 'is no rule. Write a name or a pattern, `→` or `->`, and an owner',
};

/** Of what was picked there is no line that could be named. */
function pickedProblem(problem: LineProblem, to: Link['to'] | undefined): string {
  if (problem !== 'cannotOwn' || !to) return 'None of those that were chosen is without an owner by now.';
  const who = to.kind === 'person' ? mention(to.slackId) : channelLink(to.channelId);
  return `${who} cannot own IAM users: ${WHO_OWNS}.`;
}

const MOST_NAMED = 3;

export function lineWords(planned: PlannedLine, accountName: AccountName): string {
  const { text, to, users, problem, line, unknown = [] } = planned;
  const what = text === undefined ? '' : `${code(text, 80)} `;
  const unknownWords =
    unknown.length > 0
      ? `\nNot among those without an owner: ${names(unknown.map((one) => code(one)))}.`
      : '';
  if (problem && text === undefined) return `:warning: ${pickedProblem(problem, to)}`;
  if (problem) return `:warning: ${line ? `Line ${line}: ` : ''}${what}${PROBLEMS[problem]}.${unknownWords}`;
  const listed = names(users.map((user) => userWords(user, accountName)));
  return `*${count(users.length, 'IAM user')}* to ${to ? ownerLink(to) : 'nobody'}${text === undefined ? '' : ` (${what.trim()})`}: ${listed}.${unknownWords}`;
}

function userWords({ account, userName }: IamUserId, accountName: AccountName): string {
  const name = accountName(account);
  return name && name !== account ? `${code(userName)} (${accountLabel(account, name)})` : code(userName);
}

/** The first few, then how many more. */
function names(all: readonly string[]): string {
  const rest = all.length - MOST_NAMED;
  return rest > 0 ? `${all.slice(0, MOST_NAMED).join(', ')} and ${whole(rest)} more` : all.join(', ');
}

/** `tooMany`: of these so many for want of room in one go. */
export function leftWords(left: readonly OwnerlessUser[], tooMany: number): string {
  const stay = count(left.length, 'IAM user stays', 'IAM users stay');
  const more =
    tooMany > 0 ? ` ${whole(tooMany)} of them are too many for one time: send this again afterwards.` : '';
  return `*${stay} without an owner*: ${names(left.map(({ userName }) => code(userName)))}.${more}`;
}

export function assignedRows({ parts, passedOver }: OwnersAssigned): string[] {
  if (parts.length === 0 && passedOver.length > 0) return ['Nothing was assigned.'];
  return parts.map(
    ({ to, users }) =>
      `:white_check_mark: ${count(users, 'IAM user belongs', 'IAM users belong')} to ${ownerLink(to)} from now on, whatever the tags say.`,
  );
}

function ownerLink(to: Link['to']): string {
  return to.kind === 'person' ? mention(to.slackId) : `everybody in ${channelLink(to.channelId)}`;
}

export const TABLE_COLUMNS = ['account', 'user', 'key age', 'last used', 'named', 'tags', 'owner'];

/** In the order of the columns. */
export function tableCells(row: OwnersRow, accountName: string | undefined): string[] {
  const { account, userName, ageDays, owner, lastUsed, tags } = row;
  const used = lastUsed === undefined ? '' : new Date(lastUsed).toISOString().slice(0, 10);
  const hints = Object.entries(tags ?? {}).map(([key, value]) => `${key}=${value}`);
  return [
    ...[accountCell(account, accountName), userName, ageDays === undefined ? '' : String(ageDays), used],
    ...[owner.kind === 'nobody' ? owner.named.join(' ') : '', hints.join('; '), addressOf(owner) ?? ''],
  ].map(inCell);
}

export function tableHeading(number: number): string {
  return `*${count(number, 'IAM user')} as CSV.* Copy this into a spreadsheet, fill in the column ${code('owner')} (a mail address, or an id of Slack’s), and paste the rows back with their first line: here, or into the form.`;
}
