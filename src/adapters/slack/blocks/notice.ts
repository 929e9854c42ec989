// A private answer to one person: one sentence, and what it is about.
import type { IamUser, IamUserId } from '../../../domain/iam-user.ts';
import type { Link } from '../../../domain/owner.ts';
import type { Refusal } from '../../../domain/refusal.ts';
import type { HandedOver, Nudged, PassedOver } from '../../../usecases/commands/answers.ts';
import type { Command } from '../../../usecases/jobs.ts';
import type { Asker } from '../../../usecases/ports.ts';
import { code } from '../escape.ts';
import { handedOverWords, nudgedWords, passedOverRest, passedOverRow } from '../wording/admin/row-answers.ts';
import {
  assignedWords,
  shownWords,
  unassignedWords,
  whichHeading,
  whichRest,
  whichRow,
} from '../wording/commands/commands.ts';
import { type RefusalFacts, refusalWords } from '../wording/commands/refusals.ts';
import { accountLabel } from '../wording/shared/names.ts';
import { sweepStarted } from '../wording/summary/summary-text.ts';
import { linesThatFit } from './fit.ts';
import { type Content, section, smallPrint } from './parts.ts';

export interface NoticeFacts extends RefusalFacts {
  accountName: (account: string) => string | undefined;
}

export function buildRefusal(asker: Asker, refusal: Refusal, facts: NoticeFacts): Content {
  const text = refusalWords(refusal, facts);
  return { text, blocks: [section(text), ...smallPrint(about(asker, facts))] };
}

export function buildSweepStarted(accounts: number): Content {
  return saying(sweepStarted(accounts));
}

type AccountName = NoticeFacts['accountName'];

/** More than anybody chooses from. */
const MOST_CHOICES = 15;

export function buildWhich(command: Command, users: readonly IamUserId[], accountName: AccountName): Content {
  const text = whichHeading(users.length);
  const rows = users.slice(0, MOST_CHOICES).map((user) => whichRow(command, user, accountName(user.account)));
  const shown = linesThatFit(rows);
  const rest = users.length - shown.length;
  return { text, blocks: [section(text, ...shown, rest > 0 ? whichRest(rest) : undefined)] };
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
  const rows = passedOver.slice(0, MOST_CHOICES).map((one) => passedOverRow(one, accountName(one.account)));
  const shown = linesThatFit(rows);
  const rest = passedOver.length - shown.length;
  return { text, blocks: [section(text, ...shown, rest > 0 ? passedOverRest(rest) : undefined)] };
}

function saying(text: string): Content {
  return { text, blocks: [section(text)] };
}

/** A person may have several cards, and a private answer stands below all of them. */
function about(asker: Asker, { accountName }: NoticeFacts): string | undefined {
  if (asker.kind === 'command') return undefined;
  return `IAM user ${code(asker.userName)} · account ${accountLabel(asker.account, accountName(asker.account))}`;
}
