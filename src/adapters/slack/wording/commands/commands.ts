// What is said to somebody who typed a command, or pressed "Nudge" or "Hand over" in the admin channel; refusals apart.

import { type AccessKey, ending } from '../../../../domain/access-key.ts';
import type { IamUser, IamUserId } from '../../../../domain/iam-user.ts';
import type { Link } from '../../../../domain/owner.ts';
import type { Instant } from '../../../../domain/time.ts';
import type {
  HandedOver,
  Help,
  ListedUser,
  Nudged,
  OwnList,
  PassedOver,
  PressedMany,
  StatusLine,
} from '../../../../usecases/commands/answers.ts';
import type { Command, CommandWord, Unclear } from '../../../../usecases/jobs.ts';
import { channelLink, code, mention } from '../../escape.ts';
import { ownerWords } from '../card/card-lines.ts';
import { dueKeyUse } from '../card/key-use.ts';
import { STAGE_WORDS, stepWords } from '../card/steps.ts';
import { ageWords, day, deadlineWords, moment, offWords } from '../shared/dates.ts';
import { MOVE_WORDS } from '../shared/moves.ts';
import { type AccountName, accountLabel, count, keyName, whole } from '../shared/names.ts';
import { type AskFacts, ask } from '../shared/whom-to-ask.ts';
import { refusalWords } from './refusals.ts';

/** To whoever pressed or typed while keyrotate was being updated. */
export const PRESS_AGAIN =
  'I was updated just then, and nothing was changed: please press or type that again.';

export function notACommand(text: string): string {
  return `I do not know ${code(text.trim(), 60)}. Here is what I understand:`;
}

/** `{user}` stands for an IAM user, and `{key}` for the ending of a key's id. */
const USAGE: Record<CommandWord, { usage: string; example?: string }> = {
  help: { usage: 'help' },
  status: { usage: 'status [@person]', example: 'status' },
  list: { usage: 'list [@person]', example: 'list' },
  rotate: { usage: 'rotate [account/]user [last four]', example: 'rotate {user}' },
  show: { usage: 'show [account/]user', example: 'show {user}' },
  history: { usage: 'history [account/]user', example: 'history {user}' },
  how: { usage: 'how [account/]user [tool]', example: 'how {user} github' },
  assign: { usage: 'assign [account/]user @person or #channel', example: 'assign {user} @ana' },
  owners: { usage: 'owners [search, rule or csv]', example: 'owners ci-*' },
  unassign: { usage: 'unassign [account/]user', example: 'unassign {user}' },
  summary: { usage: 'summary [csv]', example: 'summary' },
  sweep: { usage: 'sweep' },
  check: { usage: 'check' },
  redrive: { usage: 'redrive' },
};

/** Puts an IAM user, and the ending of one of its keys, in the place of `{user}` and `{key}`. */
type Example = (words: string) => string;

/** Of one that is known, so that the example works as it stands. */
export function exampleWords({ example }: Help, accountName: AccountName): Example {
  const { userName = 'ci-deploy', account = '', keys = [] } = example ?? {};
  const user = example ? typedTarget({ account, userName }, accountName(account)) : userName;
  const key = ending(keys.at(-1)?.id ?? '4NOP');
  return (words) => words.replace('{user}', () => user).replace('{key}', () => key);
}

/** What only admins may put behind a word that is everybody's. */
const OF_OTHERS = ' [@person]';

/** Only what concerns the word that was typed. */
export function unclearWords(
  unclear: Exclude<Unclear, { kind: 'unknown' }>,
  filled: Example,
  isAdmin: boolean,
): string {
  const { usage: whole, example } = USAGE[unclear.word];
  const usage = isAdmin ? whole : whole.replace(OF_OTHERS, '');
  if (unclear.kind === 'unknownAccount')
    return `I watch no account called ${code(unclear.name)}. Type its 12 digits, or its name as I show it: ${typed(usage)}.`;
  const form = `I did not understand that. Type ${typed(usage)}`;
  return example === undefined
    ? `${form}, and nothing after it.`
    : `${form}, for example ${typed(filled(example))}.`;
}

/** A command to be typed as it stands. */
export function typed(words: string): string {
  return code(`/keyrotate ${words}`, 200);
}

/** `prod/ci-deploy`: the account by its name where that can be typed, else by its number. */
function typedTarget({ account, userName }: IamUserId, accountName = ''): string {
  return `${/^[\w.-]{1,60}$/.test(accountName) ? accountName : account}/${userName}`;
}

export function assignHint(user: IamUserId, accountName: string | undefined): string {
  return `${typed(`assign ${typedTarget(user, accountName)} @person`)} (or a private \`#channel\`)`;
}

function afterTheTarget(command: Command): string {
  if (command.name === 'assign') return ' @person';
  return command.name === 'rotate' && command.ending !== undefined ? ` ${command.ending}` : '';
}

export function whichHeading(number: number): string {
  return `${count(number, 'IAM user')} fit. Type one of these:`;
}

export function whichRow(command: Command, user: IamUserId, accountName: string | undefined): string {
  return `• ${typed(`${command.name} ${typedTarget(user, accountName)}${afterTheTarget(command)}`)}`;
}

/** What the table knows of may not be all. */
export const OTHERS_TO_CHOOSE = `These are the ones I have on record. Any other can be typed as well: ${typed('list')} asks AWS for all.`;
export const REST_OF_CHOICES = `: ${typed('list')} shows them.`;

export function shownWords(user: IamUserId, accountName: string | undefined, channel?: string): string {
  const where = channel === undefined ? 'our direct conversation' : channelLink(channel);
  return `The message about ${userWords(user, accountName)} is in ${where} now.`;
}

export function assignedWords(user: IamUserId, to: Link['to'], accountName: string | undefined): string {
  return `From now on ${userWords(user, accountName)} belongs to ${newOwner(to)}, whatever its tags say.`;
}

function newOwner(to: Link['to']): string {
  return to.kind === 'person' ? mention(to.slackId) : `everybody in ${channelLink(to.channelId)}`;
}

export function unassignedWords(user: IamUser, accountName: string | undefined): string {
  const said = `Only the tags of ${userWords(user, accountName)} say who owns it now: ${ownerWords(user.owner)}.`;
  return user.owner.kind === 'nobody' ? `${said} To name an owner: ${assignHint(user, accountName)}.` : said;
}

function userWords({ account, userName }: IamUserId, accountName: string | undefined): string {
  return `${code(userName)} in account ${accountLabel(account, accountName)}`;
}

/** `3 new keys were made.` Those that are still being found out about show it themselves. */
export function pressedManyWords({ move, done, failed, asked, refused }: PressedMany): string {
  const made =
    move === 'createKey'
      ? count(done, 'new key was made', 'new keys were made')
      : count(done, 'key was turned off', 'keys were turned off');
  return [
    `${made}.`,
    failed > 0 && `For ${count(failed, 'IAM user')} it failed, and I told you why where its message is.`,
    asked > 0 && `About ${count(asked, 'key')} I ask you first.`,
    refused.length > 0 && `Nothing was done for ${count(refused.length, 'IAM user')}.`,
  ]
    .filter(Boolean)
    .join(' ');
}

export function refusedRow({ userName, refusal }: PressedMany['refused'][number], facts: AskFacts): string {
  // The list on which it was pressed stays as it was.
  const words =
    refusal.kind === 'notAtThisStage'
      ? `“${MOVE_WORDS[refusal.move].label}” does not fit any more: ${STAGE_WORDS[refusal.stage]}. “Open” beside it brings the buttons that work.`
      : refusalWords(refusal, facts);
  return `• ${code(userName)}: ${words}`;
}

export const REST_REFUSED = ' were refused as well.';

/** Only one person reads it, and the mention of another notifies nobody. */
export function nudgedWords({ owner, users, at, hadTodays }: Nudged): string {
  if (!owner || users === 0) return 'Nobody is to be reminded of these now, so nothing was sent.';
  const who = ownerWords(owner);
  const hears = `hears of ${count(users, 'access key')}`;
  if (at === undefined) return `${who} ${hears} now.`;
  const when = `on ${moment(at)}, when their working day begins`;
  return hadTodays ? `${who} had today’s message, and ${hears} ${when}.` : `${who} ${hears} ${when}.`;
}

export function handedOverWords({ to, users }: HandedOver): string {
  if (users === 0) return 'Nothing was handed over.';
  const belong = count(users, 'IAM user belongs', 'IAM users belong');
  return `From now on ${belong} to ${newOwner(to)}, whatever the tags say.`;
}

const WHY: Record<PassedOver['why'], string> = {
  another: 'has another owner by now',
  unseen: 'could not be looked at in AWS: press again',
  decided: 'had its owner decided after you asked for that',
  heard: 'was told to its owner after you asked for that',
  settled: 'is settled by now',
  gone: 'is not there any more',
  cannotOwn: 'was for somebody who cannot own by now',
  neverAsked: 'was not asked about yet: the oldest keys come first, and only so many a day',
  nothingNow: 'needs nothing from its owner now',
  lives: 'is in IAM after all',
  open: 'has a rotation that is not over on record',
  notOurs: 'has a secret that is not tagged as keyrotate’s',
  restored:
    'has a secret that was being deleted and is there all the same: somebody restored it, or an attempt broke off. If it is to go, press again',
  unanswered: 'has a secret about which AWS did not answer as I needed it: press again',
};

export function passedOverRow({ account, userName, why }: PassedOver, accountName?: string): string {
  return `• ${code(userName)} · ${accountLabel(account, accountName)} was passed over: it ${WHY[why]}.`;
}

export const REST_PASSED_OVER = ' were passed over.';

export const HELP_TITLE = 'I am keyrotate, and help you replace AWS access keys before they grow too old.';

export const HELP_STEPS = [
  '*How it goes*',
  '① *Create*: press a button and a new key is made. Both keys work.',
  '② *Put in place*: fetch the new key from AWS Secrets Manager and put it wherever the old one is used.',
  '③ *Turn off* the old key. If anything breaks, turn it back on with one press.',
  '④ *Delete* it after some quiet days. Only this step cannot be undone.',
].join('\n');

interface HelpGroup {
  title: string;
  forAdmins?: true;
  lines: string[];
}

export function helpGroups(filled: Example): HelpGroup[] {
  const line = (words: string, meaning: string) => `• ${typed(filled(words))}: ${meaning}`;
  return [
    {
      title: 'Your access keys',
      lines: [
        `• ${code('/keyrotate')}: what there is to do or, where there is nothing, what you have`,
        line('status', 'those that are due, and what comes next'),
        line('list', 'all your IAM users and their access keys'),
        line('rotate {user}', 'replace or turn off a key of that IAM user now, whatever its age'),
        line('rotate {user} {key}', 'the same for the key whose id ends so, also the younger of two'),
        line('history {user}', 'who did what to its keys, when, and on what evidence'),
        line(
          'how {user} github',
          'the commands that put its new key there; or `gitlab`, `docker`, `kubernetes`…',
        ),
        line('help', 'this text'),
      ],
    },
    {
      title: 'For admins: other people’s keys',
      forAdmins: true,
      lines: [
        line('status @person', 'what they have to do'),
        line('list @person', 'all that they have'),
        line('show {user}', 'the message with the buttons, to act for its owner'),
        line('assign {user} @person', 'say who owns it; a private `#channel` can, too'),
        line('unassign {user}', 'undo that, so that its tags say so again'),
        line('owners', 'give owners to many at once: by search, by rules, or from a CSV'),
      ],
    },
    {
      title: 'For admins: all accounts, and keyrotate itself',
      forAdmins: true,
      lines: [
        line('summary', 'how all accounts stand; with `csv`, a row for each IAM user'),
        line('sweep', 'look at all accounts now instead of tonight'),
        line('check', 'whether I myself am well, and what to do where not'),
        line('redrive', 'start jobs again that were given up, once their cause is mended'),
      ],
    },
  ];
}

export const HELP_SAFETY =
  'An account goes by its name or its 12 digits, and may be left out where only one has that IAM user. A secret never appears in Slack, and I never ask you for one. I write to you first when a key comes due.';

/** One's own, or somebody else's, asked for by an admin. */
export type Whose = 'own' | { slackId: string };

/** `ofChannels`: how many of `all` a channel owns. */
interface Numbers {
  all: number;
  ofChannels: number;
}

/** `You have`, `Your channels have`, `@Ana and their channels have`. */
function holders(whose: Whose, { all, ofChannels }: Numbers, [have, has]: [string, string]): string {
  const person = whose === 'own' ? 'You' : mention(whose.slackId);
  if (ofChannels === 0) return `${person} ${whose === 'own' ? have : has}`;
  if (ofChannels < all) return `${person} and ${whose === 'own' ? 'your' : 'their'} channels ${have}`;
  return `${whose === 'own' ? 'Your channels' : `The channels of ${person}`} ${have}`;
}

/** Behind the name of an IAM user; nothing where they own it themselves. */
function ofChannel(channelId: string | undefined): string {
  return channelId === undefined ? '' : ` · owned by ${channelLink(channelId)}`;
}

export function channelsNotKnown(whose: Whose): string {
  const channels = whose === 'own' ? 'your channels' : `the channels of ${mention(whose.slackId)}`;
  return `:warning: I could not look up ${channels}: what a channel owns is missing here. Try again in some minutes.`;
}

export function statusHeading(numbers: Numbers, whose: Whose): string {
  return `${holders(whose, numbers, ['have', 'has'])} ${count(numbers.all, 'access key')} to rotate`;
}

/** `hasAll`: their channels could be looked up, too. */
export function nothingToDo(whose: Whose, hasAll: boolean): string {
  if (!hasAll) return nothingOfTheirOwn(whose);
  return whose === 'own'
    ? 'All is well: you have no access key to rotate. I write to you when one comes due.'
    : `All is well: ${mention(whose.slackId)} has no access key to rotate.`;
}

function nothingOfTheirOwn(whose: Whose): string {
  return whose === 'own'
    ? 'You have no access key of your own to rotate.'
    : `${mention(whose.slackId)} has no access key of their own to rotate.`;
}

export function statusRow(line: StatusLine, now: Instant, accountName: string | undefined): string {
  const { oldKeyId, userName, account, channelId, ageDays, deadline, deletableFrom, stage } = line;
  const when = deletableFrom === undefined ? deadlineWords(deadline, now) : offWords(deletableFrom, now);
  return [
    `${keyName(oldKeyId)} of ${code(userName)} in account ${accountLabel(account, accountName)}${ofChannel(channelId)}`,
    `${count(ageDays, 'day')} old · ${when}`,
    `${stepWords(stage, line.hasOther === true)}.`,
  ].join('\n');
}

export const ADMINS_SEE_MORE = `For admins: ${typed('summary')} shows how all accounts stand, ${typed('help')} all that can be typed.`;

export const REST_OF_STATUS = ', less urgent than these.';

/** Rows without a button are of accounts in preview. */
export const PREVIEW_FOOTER =
  'Preview: where there is no button, keyrotate only watches so far. Nobody was asked, and nothing is changed.';

export function statusFooter({ ofChannels }: Numbers, whose: Whose): string {
  const orThere = whose === 'own' && ofChannels > 0 ? ', or to the channel that owns the key' : '';
  const all = whose === 'own' ? ` ${typed('list')} shows all that you have.` : '';
  return `*Open* brings the message with the buttons to our direct conversation${orThere}.${all}`;
}

export function ownListHeading({ users, more, ofChannels }: OwnList, whose: Whose): string {
  const all = users.length + more;
  return `${holders(whose, { all, ofChannels }, ['own', 'owns'])} ${count(all, 'IAM user')}`;
}

export function nothingOwned(whose: Whose, facts: AskFacts): string {
  return whose === 'own'
    ? `I know no IAM user that is yours, so there is nothing for you to do. If one is, ${ask(facts)} to name you as its owner.`
    : `I know no IAM user that ${mention(whose.slackId)} owns.`;
}

export function listedUser(user: ListedUser, at: Instant, accountName?: string): string {
  const { account, userName, channelId, keys, seenAt } = user;
  return [
    `*${code(userName)}* · account ${accountLabel(account, accountName)}${ofChannel(channelId)}`,
    ...(keys.length > 0 ? keys.map((key) => keyLine(key, at)) : ['No access key.']),
    ...(seenAt === undefined ? [] : [`_As AWS had it on ${moment(seenAt)}: it could not be asked in time._`]),
  ].join('\n');
}

/** One of an IAM user's keys, which nothing replaces yet. */
export function keyLine(key: AccessKey, at: Instant): string {
  // A key that is off says so first.
  const on = key.status === 'Active' ? 'on, ' : '';
  const age = `${ageWords(key.createdAt, at)}, created ${day(key.createdAt)}`;
  return `• ${keyName(key.id)}: ${age} · ${on}${dueKeyUse(key)}`;
}

export function notAsked(accounts: readonly string[], accountName: AccountName): string {
  const labels = accounts.slice(0, 10).map((account) => accountLabel(account, accountName(account)));
  const rest = accounts.length - labels.length;
  const all = `${labels.join(', ')}${rest > 0 ? ` and ${whole(rest)} more` : ''}`;
  return `:warning: AWS did not answer for ${all} in time: what is there may be missing here. Try again in some minutes.`;
}

/** With one of those that are listed. */
export function listFooter(users: readonly ListedUser[], accountName: AccountName): string | undefined {
  const user = users.find(({ keys }) => keys.some(({ status }) => status === 'Active'));
  if (!user) return undefined;
  const command = typed(`rotate ${typedTarget(user, accountName(user.account))}`);
  return `${command} replaces a key now, whatever its age.`;
}
