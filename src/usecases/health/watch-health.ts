// Keeps keyrotate itself going: starts what did not come, and tells admins what is wrong, once, and again each day.
import { DAY, HOUR, MINUTE } from '../../domain/time.ts';
import { ifRefused } from '../errors.ts';
import type { WatchHealthJob } from '../jobs.ts';
import type { HealthRecord, Ports } from '../ports.ts';
import { checkHealth, healthRecord } from './check-health.ts';
import { type Finding, type HealthNotice, isWrong } from './findings.ts';
import { lateAccounts, lateSummary } from './late.ts';

/** What was started once more, and still does not come, is started again after this time. */
const START_AGAIN_AFTER = 2 * HOUR;
/** Whatever stays wrong is told again. */
const TELL_AGAIN_AFTER = DAY;

/**
 * 1. start the sweep or summary that did not come. 2. look how keyrotate stands. 3. tell admins what is new about it.
 * 4. note what they were told. A message that was sent and not noted is sent once more.
 */
export async function watchHealth(job: WatchHealthJob, ports: Ports): Promise<void> {
  const at = ports.now();
  const record: HealthRecord = {
    ...(await healthRecord(ports)),
    ...(job.refused && { refused: { code: job.refused, at } }),
    ...(job.beside && { beside: { name: job.beside, at } }),
  };
  const started = await startWhatIsLate(record, ports);
  const findings = await checkHealth(record, ports);
  const notice = noticeFor(record, findings, ports);
  const isTold = notice !== undefined && (await toldAdmins(notice, ports));
  const told = {
    modes: modesOf(ports),
    told: findings.filter(isWrong).map(({ check }) => check),
    toldAt: at,
  };
  const hasSeen = job.refused !== undefined || job.beside !== undefined;
  if (!isTold && Object.keys(started).length === 0 && !hasSeen) return;
  await ports.records.saveHealth({ ...record, ...started, ...(isTold && told) });
}

/** A deployment that was never seen before sweeps at once: nobody should have to wait a night to see anything. */
async function startWhatIsLate(
  record: HealthRecord,
  ports: Ports,
): Promise<Pick<HealthRecord, 'sweepStartedAt' | 'summaryStartedAt'>> {
  const at = ports.now();
  const mayStart = (startedAt = 0) => at - startedAt >= START_AGAIN_AFTER;
  const started: Pick<HealthRecord, 'sweepStartedAt' | 'summaryStartedAt'> = {};
  const late = await lateAccounts(record, ports);
  const accounts = record.version === 0 ? ports.accounts : late.map(({ account }) => account);
  if (accounts.length > 0 && mayStart(record.sweepStartedAt)) {
    const id = `sweep@${new Date(at).toISOString()}`;
    await ports.jobs.sweep(accounts.map((account) => ({ kind: 'sweep', id, account })));
    ports.log.warn('sweep.startedLate', { count: accounts.length });
    started.sweepStartedAt = at;
  }
  const summary = await lateSummary(record, ports);
  // Without the sweep it would have little to tell.
  if (late.length === 0 && summary && mayStart(record.summaryStartedAt)) {
    await ports.jobs.put('upkeep', [{ kind: 'summarize', id: `summary@${new Date(at).toISOString()}` }]);
    ports.log.warn('summary.startedLate');
    started.summaryStartedAt = at;
  }
  return started;
}

/** undefined: admins know all of it. */
function noticeFor(record: HealthRecord, findings: Finding[], ports: Ports): HealthNotice | undefined {
  const isFirst = record.modes.length === 0;
  const wrong = findings.filter(isWrong);
  const before = new Map(record.modes.map(({ account, mode }) => [account, mode]));
  const modes = modesOf(ports).filter(({ account, mode }) => before.get(account) !== mode);
  const isNew = wrong.some(({ check }) => !record.told.includes(check));
  const isMended = record.told.length > 0 && wrong.length === 0;
  const isDue = wrong.length > 0 && ports.now() - record.toldAt >= TELL_AGAIN_AFTER;
  if (!isFirst && modes.length === 0 && !isNew && !isMended && !isDue) return undefined;
  return { isFirst, modes, findings, isMended };
}

function modesOf({ accounts, policy }: Ports): HealthNotice['modes'] {
  return accounts.map((account) => ({ account, mode: policy(account).mode }));
}

/**
 * Where the admin channel refuses it, each admin hears in their own conversation with keyrotate: a dead channel is not the
 * place to say that it is dead. Returns whether anybody was told.
 */
async function toldAdmins(notice: HealthNotice, ports: Ports): Promise<boolean> {
  const { messenger, log, installation } = ports;
  return ifRefused(
    messenger.postHealth(notice).then(() => true),
    async (error) => {
      log.error('admins.channelRefused', { error });
      const { able } = await installation.admins();
      let told = 0;
      for (const slackId of able)
        await ifRefused(
          messenger.sendHealth(notice, slackId, error.code).then(() => {
            told += 1;
          }),
          (refusal) => log.error('admins.notTold', { personId: slackId, error: refusal }),
        );
      return told > 0;
    },
  );
}

/** Many refusals within this time are told as one. */
const TELL_AS_ONE = 5 * MINUTE;

/** A message in the admin channel was refused: whoever looks after keyrotate itself finds another way. */
export async function channelRefused(
  { code }: { code: string },
  { jobs, now }: Pick<Ports, 'jobs' | 'now'>,
): Promise<void> {
  const id = `channelRefused@${Math.floor(now() / TELL_AS_ONE)}`;
  await jobs.put('upkeep', [{ kind: 'watchHealth', id, refused: code }]);
}
