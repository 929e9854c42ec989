// What the use cases need from the outside world. Adapters implement these; nothing here knows AWS or Slack.
import type { AccessKeyId, AccessKeyStatus, LastUse } from '../domain/access-key.ts';
import type { IamUser, IamUserId } from '../domain/iam-user.ts';
import type { Card, MatterKind, MatterReader, SentMessage } from '../domain/message.ts';
import type { Link, OwnerTags, Person } from '../domain/owner.ts';
import type { Policy } from '../domain/policy.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { ClosedRotation } from '../domain/rotation.ts';
import type { Instant } from '../domain/time.ts';
import type { ReportedKey } from '../domain/usage-history.ts';
import type { Ledger, ReportedUser, Shard } from '../domain/usage-ledger.ts';
import type { SecretHolder } from '../domain/vault-path.ts';
import type {
  HandedOver,
  Help,
  History,
  Nudged,
  Ownerless,
  OwnersAssigned,
  OwnersPreview,
  OwnersRow,
  OwnList,
  PressedMany,
  SecretsDeleted,
  Status,
} from './commands/answers.ts';
import type { Finding, HealthNotice, Mode } from './health/findings.ts';
import type { HomePage } from './home/home-page.ts';
import type {
  Asker,
  BadSettings,
  ClickJob,
  CommandJob,
  RefusedSweep,
  SummaryListName,
  SweepFigures,
  SweepJob,
  TalkedOf,
  Tool,
  UpkeepJob,
} from './jobs.ts';
import type { Summary, SummaryRecord } from './night/gathered-summary.ts';
import type { Secret } from './secret.ts';

/** The id under which AWS logs a call. */
export type AwsRequestId = string;

export interface IamUserFacts {
  /** As IAM spells it: it answers to a name in any case of letters. */
  userName: string;
  userId: string;
  arn: string;
  createdAt: Instant;
  tags: Record<string, string>;
}

export interface ListedKey {
  id: AccessKeyId;
  status: AccessKeyStatus;
  createdAt: Instant;
}

export interface NewKey extends ListedKey {
  secret: Secret;
  requestId: AwsRequestId;
}

/**
 * The IAM users and access keys of one account. Throws OutsideError for what AWS refuses or leaves open, and for users
 * of another account.
 */
export interface AccessKeys {
  /** undefined: IAM has no such user. */
  describeUser(userName: string): Promise<IamUserFacts | undefined>;
  /** Every user of the account, page by page. */
  all(): AsyncIterable<IamUserFacts>;
  /** All keys, in no order; undefined: IAM has no such user. */
  list(userName: string): Promise<ListedKey[] | undefined>;
  /** Never throws: a look-up that fails is `unknown`. */
  lastUse(id: AccessKeyId): Promise<LastUse>;
  /** Sent once and never retried: CreateAccessKey has no idempotency token. */
  create(userName: string): Promise<NewKey>;
  setStatus(userName: string, id: AccessKeyId, status: 'Active' | 'Inactive'): Promise<AwsRequestId>;
  /** undefined: it was gone already. */
  remove(userName: string, id: AccessKeyId): Promise<AwsRequestId | undefined>;
}

export interface ReplacedKey {
  id: AccessKeyId;
  /** Where it sends mail through SES, whose SMTP password changes with the key. */
  mailRegion?: string | undefined;
}

/** A secret of keyrotate's, as AWS lists it: of what changed in the last minutes the list may know nothing. */
export interface KeySecret extends SecretHolder {
  createdAt: Instant;
  /** Whom its policy was written for within a week. `todaysInPart`: AWS did not know all of today's readers. */
  readers: 'todays' | 'todaysInPart' | 'others';
  /** By its tags: another one under the prefix is left alone. */
  isOurs: boolean;
  /** It is scheduled for deletion, by which job; empty where that was nobody's here. */
  scheduledBy?: string;
  /** Which job last set about scheduling its deletion, and when, whether or not it was restored since. */
  noted?: Pick<Deletion, 'jobId' | 'at'>;
}

/** Who has a secret deleted, when that was asked for, and when it is done. */
export interface Deletion {
  jobId: string;
  askedAt: Instant;
  at: Instant;
}

/** The secrets of one account: one per IAM user and name, a version per key. Nothing here can read a value. */
export interface Vault {
  /**
   * Makes sure that after CreateAccessKey only one write stands between the new key and safety: a secret that is scheduled
   * for deletion is restored. Repeatable. Readers that AWS does not know are left out.
   */
  prepare(user: IamUser): Promise<void>;
  /**
   * All secrets of an account, under whatever name their IAM users were known, whether or not they are on record, and
   * those that are scheduled for deletion, too.
   */
  secrets(account: string): AsyncIterable<KeySecret>;
  /** Has a secret read by its IAM user, by the ARN that it has now, and by today's readers, and by no other; one that keyrotate had scheduled for deletion is restored. Repeatable. Readers that AWS does not know are left out. */
  admit(secret: SecretHolder & Pick<KeySecret, 'scheduledBy'>, arn: string): Promise<void>;
  /**
   * Schedules the deletion of a secret, for as late as AWS allows, and notes on it which job did, and when. `gone`: it is
   * scheduled already, by somebody else, or not there. `notOurs`: its tags do not say that it is this IAM user's.
   * `restored`: this job set about it before, or another one after this was asked for, and it is not scheduled.
   */
  scheduleDeletion(
    secret: SecretHolder,
    deletion: Deletion,
  ): Promise<'scheduled' | 'gone' | 'notOurs' | 'restored'>;
  /** Stores a key's secret. The same token stores it once, however often it is called. Returns the version's id. */
  store(holder: SecretHolder, key: NewKey, replaced: ReplacedKey, token: string): Promise<string>;
  /** Which keys' secrets are stored, and in which version. */
  storedKeys(holder: SecretHolder): Promise<Map<AccessKeyId, string>>;
  /** The day on which the secret was last opened, by whomever; undefined: never, or there is none. */
  lastOpened(holder: SecretHolder): Promise<Instant | undefined>;
}

/** One IAM user in a credential report. */
export interface ReportRow extends ReportedUser {
  account: string;
  /** `/`, or `/ops/`. */
  path: string;
  /** The slots that hold a key. A slot is not a key: the report names no key ids. */
  keys: (ReportedKey & { active: boolean })[];
}

/** What could be read of a credential report. `line` counts from 1, the header. `why` never quotes the row. */
export interface ReadReport {
  rows: ReportRow[];
  /** Those of the account's root, which is no IAM user: nobody can be asked about them, and they count. */
  rootKeys: ReportRow['keys'];
  unreadable: { line: number; why: string }[];
}

/** The credential report of one account. `notReady`: AWS is still making it; ask again in seconds. */
export interface CredentialReports {
  fetch(): Promise<(ReadReport & { madeAt: Instant }) | 'notReady'>;
}

/** IAM users by owner, by account and by what has come due. Indexes may lag: these only ever point at users to be loaded. */
export interface UserLists {
  /** By the id of a person, or of a channel. */
  ownedBy(ownerId: string): Promise<IamUser[]>;
  /** Those with an open rotation, whose owner is in doubt, or that have opted out. */
  listed(account: string): AsyncIterable<IamUser>;
  /** The same, and when the tick finds each. */
  listedWithTime(account: string): AsyncIterable<{ user: IamUser; foundAt?: Instant }>;
  /** `keyCreatedAt`: of the old key, where a rotation is open. */
  dueBy(now: Instant): AsyncIterable<IamUserId & { nextAt: Instant; keyCreatedAt?: Instant }>;
}

export interface FiledRotation {
  rotation: ClosedRotation;
  /** The unique id that the IAM user had: another one may have had its name. */
  userId: string;
}

export interface Users extends UserLists {
  /** A consistent read. */
  load(id: IamUserId): Promise<IamUser | undefined>;
  /**
   * Writes the user if nobody wrote since it was loaded, and returns it as written.
   * Throws ChangedMeanwhile otherwise. An answer lost on the way is recognised as our own write.
   */
  save(user: IamUser): Promise<IamUser>;
  /** Copies a closed rotation to an item of its own, with who the user was and who owned it. Repeatable. */
  file(user: IamUser, rotation: ClosedRotation): Promise<void>;
  /** The rotations of an IAM user that are closed and filed, the newest first. */
  filed(id: IamUserId): AsyncIterable<FiledRotation>;
  /** How many rotations were closed in an account from one moment up to another. */
  countClosed(account: string, from: Instant, until: Instant): Promise<number>;
}

/** What is remembered of an owner: when they were last written to. */
export interface OwnerRecord {
  ownerId: string;
  /** Counts the writes; 0 for one never saved. */
  version: number;
  notifiedAt: Instant;
  /** The job that wrote to them, so that it is recognised when it comes again. */
  jobId: string;
  /** What that job has sent, until it is noted with all whom it told of. */
  sent?: Reminder;
  /** The last message that lists several users: it is removed when the next one is noted. */
  digest?: Card;
}

/** A message that notified an owner, and the users that it told of. */
export interface Reminder {
  /** A version that knows nothing of this may have written to them since: then it is not the owner's. */
  jobId: string;
  card: Card;
  users: IamUserId[];
}

/** One of an account's ledgers of how its keys are used. */
export interface LedgerRecord extends Ledger, Shard {
  account: string;
  /** Counts the writes; 0 for one never saved. */
  version: number;
}

/** A message in the admin channel about many users with the same matter. */
export interface AdminList extends Card {
  matter: MatterKind;
  users: ListedUser[];
  at: Instant;
}

/** Who is to own which IAM users, as an admin was shown it. */
export interface OwnersPlan {
  id: string;
  at: Instant;
  /** What it was made of, so that it can be mended. */
  text?: string;
  search?: string;
  parts: { to: Link['to']; users: IamUserId[] }[];
}

/** `last`: what stands for the last row that was sent, in the order of the table. */
export interface TableSent {
  jobId: string;
  at: Instant;
  last: string;
}

export interface ListedUser extends IamUserId {
  /** Whose it was then. */
  mark?: string;
}

/** What is remembered of keyrotate itself. */
export interface HealthRecord {
  /** Counts the writes; 0 for one never saved. */
  version: number;
  /** Since when it has been looked after. */
  since: Instant;
  /** As admins were told; empty until they were told anything. */
  modes: { account: string; mode: Mode }[];
  /** What was wrong when admins were last told. */
  told: string[];
  /** Then, or when somebody began to tell them since. */
  toldAt: Instant;
  /** The admin channel refused a message. */
  refused?: { code: string; at: Instant };
  /** A move was come across that has not ended for hours. */
  stuckAt?: Instant;
  /** A function could not use its settings. */
  settings?: BadSettings;
  /** When what had not come was last started once more. */
  sweepStartedAt?: Instant;
  summaryStartedAt?: Instant;
}

/** A look at an IAM user of whom nothing is on record, which AWS or Slack refused. */
export interface RefusedLook extends IamUserId {
  at: Instant;
  /** In the words of AWS or Slack. */
  code: string;
}

export interface Records {
  /** A consistent read. */
  owner(ownerId: string): Promise<OwnerRecord | undefined>;
  /** Throws ChangedMeanwhile when somebody wrote since it was read. */
  saveOwner(owner: OwnerRecord): Promise<OwnerRecord>;
  /** Takes up to so many of a day's first contacts, and returns how many were left to take. */
  takeContacts(day: string, wanted: number, mostPerDay: number): Promise<number>;
  /** Gives back what was taken for a message that was not sent. */
  returnContacts(day: string, count: number): Promise<void>;
  /** How young the keys may be that are brought up for the first time on a day; `find` is asked once a day. */
  youngestToday(day: string, find: () => Promise<Instant>): Promise<Instant>;
  /** What a list in the admin channel is about. */
  saveList(list: AdminList): Promise<void>;
  list(ts: string): Promise<AdminList | undefined>;
  /** What an admin was shown that many users are to be assigned to. It is kept for a day. */
  savePlan(plan: OwnersPlan): Promise<void>;
  plan(id: string): Promise<OwnersPlan | undefined>;
  /** How far the table is sent that a job asks for. It is kept for a week. */
  saveTableSent(sent: TableSent): Promise<void>;
  /** A consistent read. */
  tableSent(jobId: string): Promise<TableSent | undefined>;
  saveSweep(figures: SweepFigures): Promise<void>;
  latestSweep(account: string): Promise<SweepFigures | undefined>;
  /** The figures of all sweeps from a moment on, the oldest first. */
  sweepsFrom(account: string, from: Instant): Promise<SweepFigures[]>;
  /** A consistent read. One that was never saved holds what ledgers of another number have to tell. */
  ledger(account: string, shard: Shard): Promise<LedgerRecord>;
  /** Throws ChangedMeanwhile when somebody wrote since it was read. */
  saveLedger(ledger: LedgerRecord): Promise<void>;
  saveRefusedSweep(refused: RefusedSweep): Promise<void>;
  /** The last one, however long ago. A consistent read. */
  refusedSweep(account: string): Promise<RefusedSweep | undefined>;
  saveRefusedLook(look: RefusedLook): Promise<void>;
  refusedLooks(account: string): Promise<RefusedLook[]>;
  saveSummary(summary: SummaryRecord): Promise<void>;
  latestSummary(): Promise<SummaryRecord | undefined>;
  /** A consistent read. */
  health(): Promise<HealthRecord | undefined>;
  /** Throws ChangedMeanwhile when somebody wrote since it was read. */
  saveHealth(record: HealthRecord): Promise<HealthRecord>;
}

/** One deployment of keyrotate in an account. */
export interface Deployed {
  /** `prod in eu-central-1` */
  name: string;
  since: Instant;
  isPreview: boolean;
}

/** The deployments of keyrotate in the account. */
export interface Neighbours {
  /** Which of them this is. */
  deployment: string;
  /** Whether it writes to owners. */
  isLive: boolean;
  /** All that there are, the oldest first, as of a minute ago at most. Throws OutsideError. */
  deployments(): Promise<Deployed[]>;
}

/** What stands in the account, beside keyrotate. Asked anew each time. Throws OutsideError. */
export interface Surroundings extends Neighbours {
  /** ARNs of SECRET_READERS. */
  readers: readonly string[];
  /** Which of these ARNs are no role of the account's. */
  rolesMissing(arns: readonly string[]): Promise<string[]>;
  /** An ARN. */
  kmsKeyId?: string | undefined;
  /** `Enabled`, or why the key encrypts nothing, in AWS's words. */
  keyState(arn: string): Promise<string>;
}

/** When the schedules were last due; undefined: never, as far back as anybody could miss it. */
export interface Schedules {
  lastDue(task: 'sweep' | 'summary', now: Instant): Instant | undefined;
}

/** keyrotate in Slack: what it may do there, and whom it can reach. Asked anew each time. Throws OutsideError. */
export interface Installation {
  /** `cannot`: why nothing can be done with the token: in Slack's words, or that it is of `other_workspace` or `other_app`. */
  app(): Promise<{ missingScopes: string[]; cannot?: string }>;
  /** `cannot`: why nothing can be posted there, in Slack's words. */
  adminChannel(): Promise<{ id: string; cannot?: string }>;
  /** Who can act as an admin, and which of those named cannot. `noGroup`: there is no such group as is named. */
  admins(): Promise<{ able: string[]; unable: string[]; noGroup?: string }>;
}

/** The members of the workspace as Slack listed them in the last nights. It says nothing of who may act now. */
export interface People {
  person(slackId: string): Promise<Person | undefined>;
  /** In small letters. */
  personByEmail(email: string): Promise<Person | undefined>;
  /** When all of them were last read; undefined: never. */
  readAt(): Promise<Instant | undefined>;
  saveReadAt(at: Instant): Promise<void>;
  /** Writes down what Slack says of somebody. `changed`: it said something else before. Repeatable. */
  note(person: Person, at: Instant): Promise<'changed' | 'same'>;
}

/** Who is who in Slack. */
export interface Directory {
  /** Asked anew each time: undefined when Slack knows nobody by this id. */
  person(slackId: string): Promise<Person | undefined>;
  /** Asked anew each time. */
  personOfEmail(email: string): Promise<Person | undefined>;
  /** May be answered from a cache, and from last night's list of members. */
  personByEmail(email: string): Promise<Person | undefined>;
  personById(slackId: string): Promise<Person | undefined>;
  /** Everybody, a page at a time; `next`: where the next one begins. */
  members(cursor?: string): Promise<{ people: Person[]; next?: string }>;
  isAdmin(slackId: string): Promise<boolean>;
  /** Asked anew each time: whether it may own, as private to one workspace; undefined where keyrotate is not in it. */
  channel(channelId: string): Promise<{ mayOwn: boolean } | undefined>;
  /** Asked anew each time. */
  isMember(channelId: string, slackId: string): Promise<boolean>;
  /** Asked anew each time: those that keyrotate is in, too. Which of them may own, `channel` tells. */
  privateChannelsOf(slackId: string): Promise<string[]>;
  /** The id of one of those, by its name without the #. */
  privateChannelCalled(name: string, slackId: string): Promise<string | undefined>;
}

/** What people get to read. */
export interface Messenger {
  /** Throws OutsideError as long as Slack takes no message: when it does again is what it said last. */
  readyToSend(): void;
  /** Sends the card as a new message, which notifies. `isFirst`: they have never heard of keyrotate. */
  send(user: IamUser, to: string, isFirst?: boolean): Promise<Card>;
  /** Sends one message about several IAM users, a row each. */
  sendDigest(users: readonly IamUser[], to: string, isFirst: boolean): Promise<Card>;
  /** Sends an admin the card, with what only admins may press. */
  sendToAdmin(user: IamUser, slackId: string): Promise<Card>;
  /** What the owner would get if the account were not in preview. It is on no record, so that nothing on it can be pressed. */
  sendPreview(user: IamUser, slackId: string): Promise<Card>;
  /** Redraws a message in place, for its reader, which does not notify. `gone`: it is no longer there. */
  redraw(user: IamUser, message: SentMessage): Promise<'redrawn' | 'gone'>;
  /** Tells the admins, in their channel, of a matter. */
  tellMatter(user: IamUser, reader: MatterReader): Promise<Card>;
  /** Tells them of many that are alike, in one message. */
  tellMatters(kind: MatterKind, users: readonly IamUser[]): Promise<Card>;
  redrawMatters(kind: MatterKind, users: readonly IamUser[], card: Card): Promise<'redrawn' | 'gone'>;
  /** Removes a card that another has replaced. */
  remove(card: Card): Promise<void>;
  /** Answers the person who pressed or typed, and nobody else. */
  refuse(asker: Asker, refusal: Refusal): Promise<void>;
  /** What can be typed, or why what was typed could not be understood. */
  answerHelp(job: CommandJob, help: Help): Promise<void>;
  /** What keyrotate is here for, what they have to do, and whom to ask, in answer to what is no command. */
  answerTalk(job: CommandJob, about: TalkedOf, status: Status): Promise<void>;
  /** What became of the IAM user by what they pressed in such an answer. */
  answerMoved(job: ClickJob, user: IamUser): Promise<void>;
  /** Somebody's open rotations; without an id their own. */
  answerStatus(job: CommandJob, slackId: string | undefined, status: Status): Promise<void>;
  /** Somebody's keys as they are now. */
  answerList(job: CommandJob, list: OwnList): Promise<void>;
  /** Several IAM users fit what was typed; `on record`: there may be more. */
  answerWhich(job: CommandJob, users: readonly IamUserId[], which?: 'on record'): Promise<void>;
  answerHistory(job: CommandJob, history: History): Promise<void>;
  /** How the key that keyrotate made for this user is put in place. */
  answerHow(job: CommandJob, user: IamUser, tool: Tool): Promise<void>;
  /** Here is the card: where it went. */
  answerShown(asker: Asker, user: IamUser): Promise<void>;
  answerAssigned(job: CommandJob, user: IamUserId, to: Link['to']): Promise<void>;
  /** Who owns it now that only its tags say so. */
  answerUnassigned(job: CommandJob, user: IamUser): Promise<void>;
  answerPressedMany(job: CommandJob, pressed: PressedMany): Promise<void>;
  answerNudged(job: CommandJob, nudged: Nudged): Promise<void>;
  answerHandedOver(job: CommandJob, handedOver: HandedOver): Promise<void>;
  /** Those without an owner, to be assigned to somebody; `assigned`: what was done just now. */
  answerOwners(job: CommandJob, owners: Ownerless, assigned?: OwnersAssigned): Promise<void>;
  /** What would be assigned. */
  answerPlan(job: CommandJob, preview: OwnersPreview): Promise<void>;
  /**
   * Sends a table for owners to be filled in, in the direct conversation: as many rows as one message holds, and `from` rows
   * were sent before. Returns how many are sent by then.
   */
  sendOwnersTable(job: CommandJob, rows: readonly OwnersRow[], from: number): Promise<number>;
  /** The same with all about which something is open. */
  sendSummaryTable(job: CommandJob, users: readonly IamUser[], from: number): Promise<number>;
  /** Where the table of so many rows is. */
  answerSummaryTable(job: CommandJob, rows: number): Promise<void>;
  answerSecretsDeleted(job: CommandJob, deleted: SecretsDeleted): Promise<void>;
  answerSweepStarted(job: CommandJob, accounts: readonly string[]): Promise<void>;
  answerSummary(job: CommandJob, summary: Summary): Promise<void>;
  /** Who is on one of its lists, the oldest key first, with what there is to decide about each. */
  answerSummaryList(job: CommandJob, list: SummaryListName, users: readonly IamUser[]): Promise<void>;
  /** Draws somebody's Home. `changedMeanwhile`: it does not show any more what `hash` names, so nothing was drawn. */
  publishHome(slackId: string, page: HomePage, hash?: string): Promise<'published' | 'changedMeanwhile'>;
  postSummary(summary: Summary): Promise<void>;
  answerRedriven(job: CommandJob, redriven: Redriven): Promise<void>;
  /** Tells the admins, in their channel, which secrets one of them had deleted. */
  postSecretsDeleted(slackId: string, deleted: SecretsDeleted): Promise<void>;
  answerHealth(job: CommandJob, findings: readonly Finding[]): Promise<void>;
  /** Tells the admins, in their channel, how keyrotate itself stands. */
  postHealth(notice: HealthNotice): Promise<void>;
  /** Tells one of them, where their channel refuses it. */
  sendHealth(notice: HealthNotice, slackId: string, refusedAs: string): Promise<void>;
}

export interface Jobs {
  /** A job for one IAM user, in order with all others for that user. */
  put(jobs: readonly UpkeepJob[]): Promise<void>;
  sweep(jobs: readonly SweepJob[]): Promise<void>;
}

/** Jobs that were given up, and lie in the dead-letter queues. */
export interface DeadLetters {
  count(): Promise<number>;
  /** Has them put back to where they came from. What was put back since `askedAt` counts as started by it. */
  redrive(askedAt: Instant): Promise<Redriven>;
}

/** What becomes of jobs that were given up, in numbers, as far as SQS knows them. */
export interface Redriven {
  /** From now on they are put back. */
  started: number;
  /** They are being put back since before. */
  underWay: number;
  /** They stay where they are: SQS says no. */
  refused?: { count: number; code: string };
  /** What the schedules set off in vain: it comes anew by itself. */
  letGo: number;
}

export interface Log {
  info(event: string, facts?: LogFacts): void;
  warn(event: string, facts?: LogFacts): void;
  error(event: string, facts?: LogFacts): void;
}

/** All that may be logged. There is no field for free text from outside, nor for a value that could be a secret. */
export interface LogFacts {
  account?: string;
  userName?: string;
  jobId?: string;
  jobKind?: string;
  move?: string;
  stage?: string;
  refusal?: string;
  outcome?: string;
  personId?: string;
  code?: string;
  /** Who put a message on a queue: the id of a principal of IAM's. */
  sender?: string;
  count?: number;
  line?: number;
  /** The queue that a job came from. */
  queue?: string;
  /** How long a job has been on its way. */
  ms?: number;
  activeKeys?: number;
  /** Active keys that are older than they may be. */
  overAge?: number;
  error?: unknown;
}

/** Everything a use case may reach, made once per container by the composition. */
export interface Ports {
  /** The accounts that may be touched at all. */
  accounts: readonly string[];
  policy(account: string): Policy;
  ownerTags: OwnerTags;
  keys(account: string): AccessKeys;
  vault(account: string): Vault;
  users: Users;
  records: Records;
  people: People;
  directory: Directory;
  messenger: Messenger;
  jobs: Jobs;
  deadLetters: DeadLetters;
  schedules: Schedules;
  installation: Installation;
  surroundings: Surroundings;
  log: Log;
  now(): Instant;
  /** How many ms are left to whoever works on this job. */
  timeLeft(): number;
}
