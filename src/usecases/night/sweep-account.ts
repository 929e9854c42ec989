// The daily walk over one account: queues the IAM users that need a snapshot, counts, and writes nothing itself.
import { type Policy, warningAt } from '../../domain/policy.ts';
import { DAY, type Instant } from '../../domain/time.ts';
import { SHARD_HOLDS, SHARDS, shardOf } from '../../domain/usage-ledger.ts';
import { TryLater } from '../errors.ts';
import { inspection, type RecordUseJob, type SweepFigures, type SweepJob } from '../jobs.ts';
import type { CredentialReports, Neighbours, Ports, ReadReport, ReportRow, UserLists } from '../ports.ts';
import { standsBackFor } from '../shared/stands-back.ts';

/** With eighty tries before the dead letters, this leaves AWS forty minutes. */
const REPORT_POLL_SECONDS = 30;
const UNREADABLE_KEPT = 20;

export interface SweepPorts extends Neighbours, Pick<Ports, 'accounts' | 'policy' | 'jobs' | 'log' | 'now'> {
  users: UserLists;
  reports(account: string): CredentialReports;
  /** Whether a user, by its path and name, is among PROTECTED_USERS. */
  isProtected(user: string): boolean;
}

/**
 * Only where this deployment stands back for no other: 1. the credential report; while AWS makes it the job comes back.
 * 2. a job with the figures, one for every user with a key nearing its age, and for every open rotation. 3. a few more with
 * how the keys are used, and one for the readers of secrets. Safe to repeat: each job only asks for a look, or says what
 * the report said. What is cut short comes back by its queue, figures or not.
 */
export async function sweepAccount(job: SweepJob, ports: SweepPorts): Promise<void> {
  const { account } = job;
  if (!ports.accounts.includes(account)) return ports.log.warn('sweep.accountNotAllowed', { account });
  // The check that the worker makes tells admins.
  if (await standsBackFor(ports)) return ports.log.warn('sweep.standsBack', { account });
  const report = await ports.reports(account).fetch();
  if (report === 'notReady') throw new TryLater(REPORT_POLL_SECONDS, 'the credential report is being made');
  const sweptAt = ports.now();
  refuseForeignRows(account, report.rows);
  const policy = ports.policy(account);
  const seen = report.rows.filter((row) => needsLook(row, policy, sweptAt));
  const names = new Set(seen.map(({ userName }) => userName));
  for await (const user of ports.users.listed(account)) names.add(user.userName);
  const inspections = [...names].map((userName) =>
    inspection({ account, userName }, `${job.id}/${account}/${userName}`),
  );
  const isProtected = ({ path, userName }: ReportRow) => ports.isProtected(`${path}${userName}`.slice(1));
  const protectedUsers = report.rows.filter(isProtected).length;
  const figures = { ...count(account, report, policy, sweptAt), protectedUsers };
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

function needsLook(row: ReportRow, policy: Policy, now: Instant): boolean {
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
