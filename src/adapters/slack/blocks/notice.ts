// A private answer to one person: one sentence, and what it is about.
import type { IamUser, IamUserId } from '../../../domain/iam-user.ts';
import type { Link } from '../../../domain/owner.ts';
import type { Refusal } from '../../../domain/refusal.ts';
import type { HandedOver, Nudged, PassedOver } from '../../../usecases/commands/row-outcome.ts';
import type { Command } from '../../../usecases/jobs.ts';
import type { Asker } from '../../../usecases/ports.ts';
import {
  assignedWords,
  HELP,
  handedOverWords,
  nudgedWords,
  passedOverRow,
  REST_OF_CHOICES,
  REST_PASSED_OVER,
  shownWords,
  unassignedWords,
  whichHeading,
  whichRow,
} from '../wording/commands/commands.ts';
import { type RefusalFacts, refusalWords } from '../wording/commands/refusals.ts';
import { type AccountName, aboutUser, andMore } from '../wording/shared/names.ts';
import { type Content, linesThatFit, saying, section, smallPrint } from './parts.ts';

interface NoticeFacts extends RefusalFacts {
  accountName: AccountName;
}

export function buildRefusal(asker: Asker, refusal: Refusal, facts: NoticeFacts): Content {
  return saying(refusalWords(refusal, facts), ...smallPrint(about(asker, facts)));
}

/** More than anybody chooses from. */
const MOST_ROWS = 15;

export function buildWhich(command: Command, users: readonly IamUserId[], accountName: AccountName): Content {
  const row = (user: IamUserId) => whichRow(command, user, accountName(user.account));
  return withRows(whichHeading(users.length), users, row, REST_OF_CHOICES);
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

/** `isAdminHint` only decides what is shown: commands ask for themselves who may use them. */
export function buildHelp(isAdminHint = true): Content {
  return {
    text: HELP.title,
    blocks: [
      section(`*${HELP.title}*`),
      section(HELP.how),
      section(HELP.commands),
      ...(isAdminHint ? [section(HELP.admin)] : []),
      ...smallPrint(HELP.safety),
    ],
  };
}
