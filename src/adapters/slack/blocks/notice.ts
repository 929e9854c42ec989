// Private answers to one person: a sentence, and what it is about; or a list of what they own or have to do.
import type { KnownBlock } from '@slack/types';
import type { IamUser, IamUserId } from '../../../domain/iam-user.ts';
import type { Link } from '../../../domain/owner.ts';
import type { Refusal } from '../../../domain/refusal.ts';
import type { Instant } from '../../../domain/time.ts';
import type {
  HandedOver,
  Help,
  Nudged,
  OwnList,
  PassedOver,
  SecretsDeleted,
  Status,
  StatusLine,
} from '../../../usecases/commands/answers.ts';
import type { Asker, Command } from '../../../usecases/jobs.ts';
import {
  ADMINS_SEE_MORE,
  assignedWords,
  channelsNotKnown,
  exampleWords,
  HELP_SAFETY,
  HELP_STEPS,
  HELP_TITLE,
  handedOverWords,
  helpGroups,
  listedUser,
  listFooter,
  notACommand,
  notAsked,
  nothingOwned,
  nothingToDo,
  nudgedWords,
  OTHERS_TO_CHOOSE,
  ownListHeading,
  PREVIEW_FOOTER,
  passedOverRow,
  REST_OF_CHOICES,
  REST_OF_STATUS,
  REST_PASSED_OVER,
  shownWords,
  statusFooter,
  statusHeading,
  statusRow,
  unassignedWords,
  unclearWords,
  type Whose,
  whichHeading,
  whichRow,
} from '../wording/commands/commands.ts';
import { refusalWords } from '../wording/commands/refusals.ts';
import { type AccountName, aboutUser, andMore } from '../wording/shared/names.ts';
import { type AskFacts, questions } from '../wording/shared/whom-to-ask.ts';
import { deletedWords } from '../wording/summary/secrets-text.ts';
import { notMineButton, rowToOpen } from './buttons.ts';
import { type Content, fitted, linesThatFit, rowsThatFit, saying, section, smallPrint } from './parts.ts';

interface NoticeFacts extends AskFacts {
  accountName: AccountName;
}

export function buildRefusal(asker: Asker, refusal: Refusal, facts: NoticeFacts): Content {
  return saying(refusalWords(refusal, facts), ...smallPrint(about(asker, facts)));
}

/** More than anybody chooses from. */
const MOST_ROWS = 15;

export function buildWhich(
  command: Command,
  users: readonly IamUserId[],
  accountName: AccountName,
  which?: 'on record',
): Content {
  const row = (user: IamUserId) => whichRow(command, user, accountName(user.account));
  const { text, blocks } = withRows(whichHeading(users.length), users, row, REST_OF_CHOICES);
  return { text, blocks: [...blocks, ...smallPrint(which && OTHERS_TO_CHOOSE)] };
}

/** The card just sent is the newest that there is. */
export function buildShown(user: IamUser, accountName: AccountName): Content {
  const { account, owner, messages } = user;
  const newest = messages.findLast(({ reader }) => reader.as !== 'admins');
  const isInChannel = owner.kind === 'channel' && newest?.channel === owner.channelId;
  return saying(shownWords(user, accountName(account), isInChannel ? owner.channelId : undefined));
}

export function buildAssigned(user: IamUserId, to: Link['to'], accountName: AccountName): Content {
  return saying(assignedWords(user, to, accountName(user.account)));
}

export function buildUnassigned(user: IamUser, accountName: AccountName): Content {
  return saying(unassignedWords(user, accountName(user.account)));
}

export function buildNudged(nudged: Nudged, accountName: AccountName): Content {
  return withRest(nudgedWords(nudged), nudged.passedOver, accountName);
}

export function buildHandedOver(handedOver: HandedOver, accountName: AccountName): Content {
  return withRest(handedOverWords(handedOver), handedOver.passedOver, accountName);
}

export function buildSecretsDeleted(deleted: SecretsDeleted, accountName: AccountName): Content {
  return withRest(deletedWords(deleted), deleted.passedOver, accountName);
}

/** What was asked for was not done for all that it was asked for. */
function withRest(text: string, passedOver: readonly PassedOver[], accountName: AccountName): Content {
  return withRows(text, passedOver, (one) => passedOverRow(one, accountName(one.account)), REST_PASSED_OVER);
}

function withRows<One>(text: string, all: readonly One[], row: (one: One) => string, rest: string): Content {
  const shown = linesThatFit(all.slice(0, MOST_ROWS).map(row));
  return { text, blocks: [section(text, ...shown, andMore(all.length - shown.length, rest))] };
}

/** A person may have several cards, and a private answer stands below all of them. */
function about(asker: Asker, { accountName }: NoticeFacts): string | undefined {
  if (asker.kind === 'command') return undefined;
  return aboutUser({ user: asker, accountName: accountName(asker.account) });
}

/** What a word means that was used wrongly is one line; all else is followed by everything that can be typed. */
export function buildHelp(help: Help, facts: NoticeFacts): Content {
  const { unclear, isAdmin } = help;
  const example = exampleWords(help, facts.accountName);
  if (unclear && unclear.kind !== 'unknown') return saying(unclearWords(unclear, example, isAdmin));
  const heading = unclear ? notACommand(unclear.text) : HELP_TITLE;
  const toAsk = isAdmin ? undefined : questions(facts);
  const groups = helpGroups(example).filter(({ forAdmins }) => isAdmin || !forAdmins);
  return {
    text: heading,
    blocks: [
      section(unclear ? heading : `*${heading}*`),
      ...(unclear ? [] : [section(HELP_STEPS)]),
      ...groups.map(({ title, lines }) => section(`*${title}*`, ...linesThatFit(lines))),
      ...smallPrint(HELP_SAFETY, toAsk),
    ],
  };
}

/** The most urgent first. */
export function buildStatus(
  { lines, channelsUnanswered, isAdmins }: Status,
  whose: Whose,
  now: Instant,
  accountName: AccountName = () => undefined,
): Content {
  const missing = channelsUnanswered ? [section(channelsNotKnown(whose))] : [];
  if (lines.length === 0) return saying(nothingToDo(whose, !channelsUnanswered), ...missing);
  const ofChannels = lines.filter(({ channelId }) => channelId !== undefined).length;
  const numbers = { all: lines.length, ofChannels };
  const heading = statusHeading(numbers, whose);
  const rows = statusRows(lines, now, accountName);
  const footers = [
    ...(lines.some(({ isPreview }) => isPreview) ? [PREVIEW_FOOTER] : []),
    ...(lines.every(({ isPreview }) => isPreview) ? [] : [statusFooter(numbers, whose)]),
    ...(isAdmins ? [ADMINS_SEE_MORE] : []),
  ];
  const foot = (rest: number) => smallPrint(andMore(rest, REST_OF_STATUS), ...footers);
  return { text: `${heading}.`, blocks: fitted([section(`*${heading}*`), ...missing], rows, foot) };
}

export function statusRows(
  lines: readonly StatusLine[],
  now: Instant,
  accountName: AccountName,
  isToDisown = false,
): KnownBlock[][] {
  return lines.map((line) => {
    const words = statusRow(line, now, accountName(line.account));
    if (line.isPreview) return [section(words)];
    const { account, userName, notMine: drawing } = line;
    if (!isToDisown || drawing === undefined) return [rowToOpen(words, line)];
    return [{ ...section(words), accessory: notMineButton({ account, userName, drawing }) }];
  });
}

export function buildList(list: OwnList, facts: Partial<NoticeFacts> = {}): Content {
  const { accountName = () => undefined, helpers = {} } = facts;
  const { slackId, users, more, unanswered, channelsUnanswered, at, isAdmins } = list;
  const forAdmins = isAdmins && ADMINS_SEE_MORE;
  const whose: Whose = slackId === undefined ? 'own' : { slackId };
  const missing = [
    ...(unanswered.length > 0 ? [section(notAsked(unanswered, accountName))] : []),
    ...(channelsUnanswered ? [section(channelsNotKnown(whose))] : []),
  ];
  if (users.length === 0)
    return saying(nothingOwned(whose, { helpers }), ...missing, ...smallPrint(forAdmins));
  const heading = ownListHeading(list, whose);
  const head = [section(`*${heading}*`), ...missing];
  const foot = (rest: number) => smallPrint(andMore(rest), listFooter(users, accountName), forAdmins);
  const rows = users.map((user) => [section(listedUser(user, at, accountName(user.account)))]);
  const shown = rowsThatFit(rows, [...head, ...foot(1)]);
  return {
    text: `${heading}.`,
    blocks: [...head, ...shown.flat(), ...foot(more + users.length - shown.length)],
  };
}
