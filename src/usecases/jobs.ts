// What the worker and the sweeper are asked to do.
import type { IamUserId, Input } from '../domain/iam-user.ts';
import type { Card, MatterKind } from '../domain/message.ts';
import type { Link } from '../domain/owner.ts';
import type { OwnerRules } from '../domain/owner-rules.ts';
import type { Instant } from '../domain/time.ts';
import type { MoveName } from '../domain/transitions.ts';
import type { Shard, UsageReport } from '../domain/usage-ledger.ts';

/** `hash`: of what stood there, in Slack's words; none before it was drawn for the first time. */
export interface InHome {
  hash?: string;
}

/** Where a press or a command came from, so that its answer can go there. All of it is a hint, never a permission. */
export interface SlackPlace {
  channel: string;
  /** The message whose button was pressed. */
  ts?: string;
  /** Which drawing of it the button stood on. */
  drawing?: string;
  /** Slack's own address for an answer, good for 30 minutes. */
  responseUrl?: string;
  /** It was written in the direct conversation with keyrotate: the answer stays there. */
  isDirect?: true;
  /** It was pressed in Home, which has no channel: the answer stands there. */
  home?: InHome;
  /** A form that is open before the person: what comes of it is shown there. By our name for it while it waits, and by Slack's. */
  view?: { external_id?: string; view_id?: string };
}

/** What somebody pressed or typed. */
interface FromSlack {
  id: string;
  personId: string;
  place: SlackPlace;
}

/** A button was pressed. */
export interface ClickJob extends IamUserId, FromSlack {
  kind: 'click';
  move: MoveName;
  /** "Anyway": the person has read the doubts. */
  insist: boolean;
  /** The form said first what speaks against it. */
  isTold?: true;
  /** It stood in an answer to them, which is on no record. */
  inAnswer?: true;
  /** What was filled into the form that the button opened. */
  input?: Input;
}

/** Somebody wants to see the card of one IAM user. */
export interface ShowJob extends IamUserId, FromSlack {
  kind: 'show';
}

/** An IAM user as somebody types it: with its account, or, where that is clear, without. */
export interface Target {
  account?: string;
  userName: string;
}

/** What a button of the admin channel is about: one IAM user, or all in the row of a list that begins with it. */
export interface Row {
  of: IamUserId;
  matter: MatterKind;
  /** Whose they were when it was drawn. */
  mark: string;
  /** Where only one person was shown it, so that it is on no record: the list of the summary, as it is by now. */
  list?: SummaryListName;
}

/** Where keys are used, as people call it. */
export const TOOLS = [
  'profile',
  'process',
  'github',
  'gitlab',
  'terraform',
  'docker',
  'kubernetes',
  'windows',
] as const;
export type Tool = (typeof TOOLS)[number];

/** What may be pressed once for many IAM users: what nobody has to say anything else for. */
export const MOVES_OF_MANY = ['createKey', 'retire'] as const;
export type MoveOfMany = (typeof MOVES_OF_MANY)[number];

/**
 * The lists of the summary that somebody may go through, one IAM user after the other, the most pressing first. `stranded`: keyrotate made a key for it, and could not store its secret. `overdue`: its owner is
 * reminded, and it is on no other list.
 */
export const SUMMARY_LISTS = [
  'nothingWorks',
  'stranded',
  'failing',
  'timeAsked',
  'ownerChanged',
  'notMine',
  'ownerLeft',
  'noOwner',
  'unanswered',
  'unasked',
  'bothNeeded',
  'overdue',
] as const;

export type SummaryListName = (typeof SUMMARY_LISTS)[number];

/** An IAM user, and which drawing of its rotation was pressed. */
export interface Drawn extends IamUserId {
  drawing?: string;
}

/** What may stand behind `/keyrotate`. */
export type CommandWord =
  | 'help'
  | 'status'
  | 'list'
  | 'rotate'
  | 'show'
  | 'history'
  | 'how'
  | 'assign'
  | 'unassign'
  | 'owners'
  | 'summary'
  | 'sweep'
  | 'check'
  | 'redrive';

/** What was typed and cannot be done. `misused`: a word that is known, but not in this form. */
export type Unclear =
  | { kind: 'misused'; word: CommandWord }
  | { kind: 'unknownAccount'; word: CommandWord; name: string }
  | { kind: 'unknown'; text: string };

/** What somebody wrote about in their own words, as far as it was understood. */
export type TalkedOf = 'notMine' | 'secret' | 'anything';

/** How an admin wants to look: at IAM users by a part of their name, at one of them, at what a person sees, or at a list of the summary. */
export type HomeLook =
  | { kind: 'search'; text: string }
  | { kind: 'user'; of: IamUserId }
  | { kind: 'person'; slackId: string }
  | { kind: 'list'; list: SummaryListName };

export type Command =
  /** Home was opened, or something was asked there; without a look it is one's own. */
  | { name: 'home'; look?: HomeLook }
  /** `unclear`: what this is said in answer to, where it was not asked for. */
  | { name: 'help'; unclear?: Unclear }
  /** Something was written to keyrotate that is no command. */
  | { name: 'talk'; about: TalkedOf }
  /** Nothing was typed behind it: what somebody is to do or, where there is nothing, what they have. */
  | { name: 'keys' }
  /** Whose open rotations; without an id one's own. */
  | { name: 'status'; slackId?: string }
  | { name: 'summary' }
  /** Pressed, not typed: who is on one of its lists. */
  | { name: 'summaryList'; list: SummaryListName }
  /** All of it, as a table. */
  | { name: 'summaryTable' }
  | { name: 'sweep' }
  /** How keyrotate itself stands. */
  | { name: 'check' }
  /** Jobs that were given up are to be started again. */
  | { name: 'redrive' }
  /** Whose keys; without an id one's own. */
  | { name: 'list'; slackId?: string }
  /** `ending`: of the id of the key that is meant, or all of it. */
  | { name: 'rotate'; target?: Target; ending?: string }
  | { name: 'show'; target: Target }
  /** What was done to its keys, by whom, and why. */
  | { name: 'history'; target: Target }
  /** How its new key is put in place; without a tool, in a profile. */
  | { name: 'how'; target: Target; tool: Tool }
  | { name: 'assign'; target: Target; to: Link['to'] }
  | { name: 'unassign'; target: Target }
  /** Those without an owner, to be assigned; `search`: a part of their names, or a pattern. */
  | { name: 'owners'; search?: string; from?: number }
  /** The same, with what that plan was made of. */
  | { name: 'mendPlan'; planId: string }
  /** As a table; `all`: of those that have an owner, too. */
  | { name: 'ownersTable'; all?: true }
  /** What would come of it is shown, and kept as a plan. */
  | { name: 'planOwners'; rules: OwnerRules }
  | { name: 'planPicked'; picked: IamUserId[] | 'all'; search?: string; to: Link['to'] }
  /** Pressed, not typed: what that plan shows is done. */
  | { name: 'assignOwners'; planId: string }
  /** Pressed, not typed: the owner is to hear of what they have not answered. */
  | { name: 'nudge'; row: Row }
  /** Pressed, not typed: all of a row gets another owner. */
  | { name: 'handOver'; row: Row; to: Link['to'] }
  /** Pressed, not typed: the same move for each of these. */
  | { name: 'pressMany'; move: MoveOfMany; users: Drawn[] }
  /** Pressed, not typed: the secrets of IAM users that are gone, so many of them at most. */
  | { name: 'deleteSecrets'; count: number };

/** Something was typed, or pressed that is about more than one card. */
export interface CommandJob extends FromSlack {
  kind: 'command';
  command: Command;
  /** By Slack's clock, in whole seconds. It may be done much later: what was decided since outweighs it. */
  askedAt: Instant;
}

/** Whom an answer goes to, and what it is about. */
export type Asker =
  | Pick<ClickJob | ShowJob, 'kind' | 'account' | 'userName' | 'personId' | 'place'>
  | Pick<CommandJob, 'kind' | 'personId' | 'place'>;

/** This user is to be looked after: a key is nearing its age, a rotation is open, or something has come due. */
export interface InspectJob extends IamUserId {
  kind: 'inspect';
  id: string;
  /** Nobody knows of anything new: what is on record has come due. */
  isDue?: true;
}

export function inspection({ account, userName }: IamUserId, id: string): InspectJob {
  return { kind: 'inspect', id, account, userName };
}

/** The same where something on record has come due, which a look of the last hour is good enough for. */
export function dueInspection(user: IamUserId, id: string): InspectJob {
  return { ...inspection(user, id), isDue: true };
}

/** An owner is to hear of all their IAM users for which that has come due, in one message. */
export interface RemindJob {
  kind: 'remind';
  id: string;
  /** The Slack id of a person, or of a channel that owns. */
  ownerId: string;
}

/** What a sweep counted in one account. */
export interface SweepFigures {
  account: string;
  sweptAt: Instant;
  /** When AWS made the report; not in figures of an earlier version. */
  reportedAt?: Instant;
  users: number;
  activeKeys: number;
  /** Active keys younger than the maximum age. */
  withinAge: number;
  /** Active keys of the account's root; not in figures of an earlier version. */
  rootKeys?: number;
  /** IAM users that PROTECTED_USERS names; not in figures of an earlier version. */
  protectedUsers?: number;
  /** Rows of the report that could not be read, by line number and reason; at most 20 are kept. */
  unreadable: { line: number; why: string }[];
  unreadableCount: number;
}

export interface RecordSweepJob {
  kind: 'recordSweep';
  id: string;
  figures: SweepFigures;
}

/** AWS refused a sweep: nothing was learnt of the account. */
export interface RefusedSweep {
  account: string;
  at: Instant;
  /** `AssumeRole`: the account does not let keyrotate in. */
  operation: string;
  /** In the words of AWS. */
  code: string;
}

export interface RecordRefusedSweepJob {
  kind: 'recordRefusedSweep';
  id: string;
  refused: RefusedSweep;
}

/** What a sweep read of the use of keys, for one of the account's ledgers. */
export interface RecordUseJob extends Shard {
  kind: 'recordUse';
  id: string;
  account: string;
  report: UsageReport;
}

/** The secrets of an account are to be read by whom SECRET_READERS names now. */
export interface AdmitReadersJob {
  kind: 'admitReaders';
  id: string;
  account: string;
}

/** The members of the workspace are to be read: from the first, or from a cursor of Slack's on. */
export interface ReadPeopleJob {
  kind: 'readPeople';
  id: string;
  cursor?: string;
}

/** Admins are to hear of what is open for them: about these users, and whoever else has come due. */
export interface TellAdminsJob {
  kind: 'tellAdmins';
  id: string;
  users: IamUserId[];
}

/** Something about a user in a list of the admin channel has changed. */
export interface RedrawListJob extends Card {
  kind: 'redrawList';
  id: string;
}

export interface SummarizeJob {
  kind: 'summarize';
  id: string;
}

/** keyrotate itself is to be looked after. */
export interface WatchHealthJob {
  kind: 'watchHealth';
  id: string;
  /** Why a message was refused in the admin channel just now. */
  refused?: string;
  /** A move was come across that does not end. */
  stuck?: true;
  settings?: BadSettings;
}

/** A function that could not use its settings. */
export interface BadSettings {
  functionName: string;
  /** A sentence for each. */
  problems: string[];
  at: Instant;
}

/** What somebody pressed or typed. It is never written down: the worker reads it from the request that Slack signed. */
export type SlackJob = ClickJob | ShowJob | CommandJob;

/** What keyrotate itself queues for the worker. Nothing in it is in anybody's name. */
export type UpkeepJob =
  | InspectJob
  | RemindJob
  | TellAdminsJob
  | RedrawListJob
  | RecordSweepJob
  | RecordRefusedSweepJob
  | RecordUseJob
  | AdmitReadersJob
  | ReadPeopleJob
  | SummarizeJob
  | WatchHealthJob;

/** What the worker does. */
export type WorkerJob = SlackJob | UpkeepJob;

/** What the sweeper takes: one account to walk over. */
export interface SweepJob {
  kind: 'sweep';
  id: string;
  account: string;
  /** Somebody asked for it: the report may be hours old, so everybody on record is looked at. */
  everybody?: true;
}
