// The daily walk over one account: queues the IAM users that are not as they are on record, counts, and writes nothing itself.
import { isFoundInTime } from '../../domain/agenda.ts';
import { isAsRecorded, type SeenUser } from '../../domain/as-recorded.ts';
import { readExemption } from '../../domain/exemption.ts';
import type { IamUser } from '../../domain/iam-user.ts';
import { type Person, tagCalled } from '../../domain/owner.ts';
import { type Policy, warningAt } from '../../domain/policy.ts';
import { DAY, type Instant } from '../../domain/time.ts';
import { SHARD_HOLDS, SHARDS, shardOf } from '../../domain/usage-ledger.ts';
import { ifRefused, TryLater } from '../errors.ts';
import { inspection, type RecordUseJob, type SweepFigures, type SweepJob } from '../jobs.ts';
import type {
  AccessKeys,
  CredentialReports,
  IamUserFacts,
  Neighbours,
  Ports,
  ReadReport,
  ReportRow,
  UserLists,
} from '../ports.ts';
import { type FindOwnerPorts, findOwner } from '../shared/find-owner.ts';
import { standsBackFor } from '../shared/stands-back.ts';

/** With eighty tries before the dead letters, this leaves AWS forty minutes. */
const REPORT_POLL_SECONDS = 30;
const UNREADABLE_KEPT = 20;

export interface SweepPorts
  extends Neighbours,
    Pick<Ports, 'accounts' | 'policy' | 'ownerTags' | 'jobs' | 'log' | 'now'> {
  users: UserLists;
  keys(account: string): Pick<AccessKeys, 'all'>;
  /** The members of the workspace, as they were listed last night. */
  people(): AsyncIterable<Person>;
  reports(account: string): CredentialReports;
  /** Whether a user, by its path and name, is among PROTECTED_USERS. */
  isProtected(user: string): boolean;
}

/** What AWS refuses is put on record, for the summary to say. An account that does not let keyrotate in is left to the next sweep. */
export async function sweepAccount(job: SweepJob, ports: SweepPorts): Promise<void> {
  const { id, account } = job;
  await ifRefused(walk(job, ports), async (error) => {
    const { operation, code } = error;
    const refused = { account, at: ports.now(), operation, code };
    await ports.jobs.put([{ kind: 'recordRefusedSweep', id: `${id}/${account}/refused`, refused }]);
    if (operation !== 'AssumeRole') throw error;
    ports.log.warn('sweep.notLetIn', { account, error });
  });
}

/**
 * Only where this deployment stands back for no other: 1. the credential report; while AWS makes it the job comes back.
 * 2. a job with the figures, one for every user on record that is not as the report and the account's list show it, and one
 * for every other user with a key nearing its age. 3. a few more with how the keys are used, and one for the readers of
 * secrets. Safe to repeat: each job only asks for a look, or says what
 * the report said. What is cut short comes back by its queue, figures or not.
 */
async function walk(job: SweepJob, ports: SweepPorts): Promise<void> {
  const { account } = job;
  if (!ports.accounts.includes(account)) return ports.log.warn('sweep.accountNotAllowed', { account });
  // The check that the worker makes tells admins.
  if (await standsBackFor(ports)) return ports.log.warn('sweep.standsBack', { account });
  const report = await ports.reports(account).fetch();
  if (report === 'notReady') throw new TryLater(REPORT_POLL_SECONDS, 'the credential report is being made');
  const sweptAt = ports.now();
  refuseForeignRows(account, report.rows);
  const policy = ports.policy(account);
  const names = new Set(
    report.rows.filter((row) => isNearing(row, policy, sweptAt)).map(({ userName }) => userName),
  );
  const isStill = await ifRefused(comparison(account, report, sweptAt, ports), (error) => {
    ports.log.warn('sweep.notCompared', { account, error });
    return async () => false;
  });
  for await (const { user, foundAt } of ports.users.listedWithTime(account)) {
    const isFound = isFoundInTime(user, foundAt, policy, sweptAt);
    if (isFound && !job.everybody && (await isStill(user))) names.delete(user.userName);
    else names.add(user.userName);
  }
  const inspections = [...names].map((userName) =>
    inspection({ account, userName }, `${job.id}/${account}/${userName}`),
  );
  const isProtected = ({ path, userName }: ReportRow) => ports.isProtected(`${path}${userName}`.slice(1));
  const protectedUsers = report.rows.filter(isProtected).length;
  const figures = { ...count(account, report, policy, sweptAt), reportedAt: report.madeAt, protectedUsers };
  await ports.jobs.put([
    // Behind thousands of looks it would come hours later, and the sweep would count as one that did not come.
    { kind: 'recordSweep', id: `${job.id}/${account}`, figures },
    ...inspections,
    ...usesIn(report, job),
    { kind: 'admitReaders', id: `${job.id}/${account}/readers`, account },
  ]);
  for (const { line } of report.unreadable) ports.log.warn('sweep.unreadableRow', { account, line });
  const { activeKeys, withinAge } = figures;
  const overAge = activeKeys - withinAge;
  ports.log.info('sweep.done', { account, count: inspections.length, activeKeys, overAge });
}

/** A row of another account means the credentials are not those of the account asked for: nothing of it is believed. */
function refuseForeignRows(account: string, rows: readonly ReportRow[]): void {
  const foreign = rows.find((row) => row.account !== account);
  if (foreign) throw new Error(`the credential report of ${account} is that of ${foreign.account}`);
}

/** A job for each ledger that has something to learn. */
function usesIn(
  { rows, unreadable, madeAt }: ReadReport & { madeAt: Instant },
  { id, account }: SweepJob,
): RecordUseJob[] {
  const users = rows
    .filter(({ keys }) => keys.length > 0)
    .map(({ account: _, path: __, keys, ...row }) => ({
      ...row,
      keys: keys.map(({ active: _, ...key }) => key),
    }));
  return Array.from({ length: SHARDS }, (_, shard) => ({
    kind: 'recordUse' as const,
    id: `${id}/${account}/use/${shard}`,
    account,
    ...{ shard, of: SHARDS },
    report: {
      at: madeAt,
      isWhole: unreadable.length === 0,
      users: users.filter(({ userName }) => shardOf(userName).shard === shard).slice(0, SHARD_HOLDS),
    },
  })).filter(({ report }) => report.users.length > 0);
}

/** Whether users on record are as the account shows them now. Nothing is asked of Slack, and of IAM only the list of all users. */
async function comparison(
  account: string,
  { rows }: ReadReport,
  now: Instant,
  ports: SweepPorts,
): Promise<(user: IamUser) => Promise<boolean>> {
  const reported = new Map(rows.map((row) => [row.userName, row]));
  const listed = new Map<string, IamUserFacts>();
  for await (const facts of ports.keys(account).all()) listed.set(facts.userName, facts);
  const directory = await lastNight(ports.people());
  const policy = ports.policy(account);

  async function seen(user: IamUser): Promise<SeenUser | undefined> {
    const facts = listed.get(user.userName);
    const row = reported.get(user.userName);
    if (!facts || !row) return undefined;
    const exempt = readExemption(tagCalled(ports.ownerTags.exemptTag, facts.tags), now);
    const owner = await findOwner(facts, user, { ...ports, directory });
    return { ...facts, owner, keys: row.keys, ...(exempt && { exempt }) };
  }

  return async (user) => isAsRecorded(user, await seen(user), policy, now);
}

/** Whoever is not in it, or cannot be found by a mail address, is looked up in Slack by the look that is asked for. */
async function lastNight(people: AsyncIterable<Person>): Promise<FindOwnerPorts['directory']> {
  const byId = new Map<string, Person>();
  const byEmail = new Map<string, Person>();
  for await (const person of people) {
    byId.set(person.slackId, person);
    if (person.email !== undefined && !person.barred) byEmail.set(person.email, person);
  }
  return {
    personById: async (id) => byId.get(id),
    personByEmail: async (email) => byEmail.get(email),
    // Nothing is sent to a channel that was opened or archived: who presses, and what is sent, asks Slack.
    channel: async () => ({ mayOwn: true }),
  };
}

function isNearing(row: ReportRow, policy: Policy, now: Instant): boolean {
  return row.keys.some((key) => key.active && warningAt(key.lastRotated, policy) <= now);
}

function count(
  account: string,
  { rows, rootKeys, unreadable }: ReadReport,
  policy: Policy,
  sweptAt: Instant,
): SweepFigures {
  const root = rootKeys.filter((key) => key.active);
  const active = [...root, ...rows.flatMap((row) => row.keys).filter((key) => key.active)];
  const withinAge = active.filter((key) => sweptAt - key.lastRotated < policy.maxKeyAgeDays * DAY);
  return {
    account,
    sweptAt,
    users: rows.length,
    activeKeys: active.length,
    withinAge: withinAge.length,
    rootKeys: root.length,
    unreadable: unreadable.slice(0, UNREADABLE_KEPT),
    unreadableCount: unreadable.length,
  };
}
