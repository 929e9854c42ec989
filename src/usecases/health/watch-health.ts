// Keeps keyrotate itself going: starts what did not come, and tells admins what is wrong, once, and again each day.
import type { IamUser } from '../../domain/iam-user.ts';
import { DAY, HOUR, MINUTE } from '../../domain/time.ts';
import { ifFailed, ifRefused } from '../errors.ts';
import type { WatchHealthJob } from '../jobs.ts';
import type { HealthRecord, Installation, Log, Messenger, Ports } from '../ports.ts';
import { standsBackFor } from '../shared/stands-back.ts';
import { checkHealth, healthRecord, WAITS_TOO_LONG } from './check-health.ts';
import { type Finding, type HealthNotice, isWell, isWrong } from './findings.ts';
import { lateAccounts, lateSummary } from './late.ts';

/** What was started once more, and still does not come, is started again after this time. */
const START_AGAIN_AFTER = 2 * HOUR;
/** Whatever stays wrong is told again. */
const TELL_AGAIN_AFTER = DAY;

/**
 * 1. start the sweep or summary that did not come, and note that. 2. look how keyrotate stands. 3. tell admins what is new
 * about it, and note it. Whatever cannot be noted is not told: it would be told at each check.
 */
export async function watchHealth(job: WatchHealthJob, ports: Ports): Promise<void> {
  const at = ports.now();
  const known = await healthRecord(ports);
  const learnt: Partial<HealthRecord> = {
    ...(job.refused && { refused: { code: job.refused, at } }),
    ...(job.stuck && { stuckAt: at }),
    ...(job.settings && { settings: job.settings }),
    ...(!(await leavesItToAnother(ports)) && (await startWhatIsLate(known, ports))),
  };
  const isNews = known.version === 0 || Object.keys(learnt).length > 0;
  const record = isNews ? await ports.records.saveHealth({ ...known, ...learnt }) : known;
  const findings = await checkHealth(record, ports);
  const told = stillWrong(record, findings);
  const notice = noticeFor({ ...record, told }, findings, ports);
  if (!notice && told.length === record.told.length) return;
  const noted = await ports.records.saveHealth({ ...record, told });
  if (!notice || !(await toldAdmins(notice, ports))) return;
  const wrong = findings.filter(isWrong).map(({ check }) => check);
  const toldNow = notice.isMended ? [] : [...new Set([...told, ...wrong])];
  await ports.records.saveHealth({ ...noted, modes: modesOf(ports), told: toldNow, toldAt: at });
}

/** Of what admins were told. What could not be looked up is not mended by that; nor is all of it while one thing is wrong. */
function stillWrong({ told }: HealthRecord, findings: readonly Finding[]): string[] {
  const isMended = told.every((check) => findings.some((one) => one.check === check && isWell(one)));
  if (isMended) return told;
  return told.filter((check) => findings.some((one) => one.check === check && !isWell(one)));
}

/** Where that cannot be told, the sweeper finds out. */
function leavesItToAnother({ surroundings }: Ports): Promise<boolean> {
  return ifFailed(
    standsBackFor(surroundings).then((other) => other !== undefined),
    () => false,
  );
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
    await ports.jobs.put([{ kind: 'summarize', id: `summary@${new Date(at).toISOString()}` }]);
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
  const isFine = (check: string) => findings.some((one) => one.check === check && isWell(one));
  const isMended = record.told.length > 0 && wrong.length === 0 && record.told.every(isFine);
  const isDue = wrong.length > 0 && ports.now() - record.toldAt >= TELL_AGAIN_AFTER;
  if (!isFirst && modes.length === 0 && !isNew && !isMended && !isDue) return undefined;
  return { isFirst, modes, findings, isMended };
}

function modesOf({ accounts, policy }: Ports): HealthNotice['modes'] {
  return accounts.map((account) => ({ account, mode: policy(account).mode }));
}

/** All that it takes to tell admins of keyrotate itself. */
export interface WaysToTell {
  messenger: Pick<Messenger, 'postHealth' | 'sendHealth'>;
  installation: Pick<Installation, 'admins'>;
  log: Log;
}

/**
 * Where the admin channel refuses it, each admin hears in their own conversation with keyrotate: a dead channel is not the
 * place to say that it is dead. Returns whether anybody was told.
 */
export async function toldAdmins(
  notice: HealthNotice,
  { messenger, log, installation }: WaysToTell,
): Promise<boolean> {
  return ifRefused(
    messenger.postHealth(notice).then(() => true),
    async (error) => {
      log.error('admins.channelRefused', { error });
      const { able } = await installation.admins();
      let told = 0;
      // Whoever was told is not told again because somebody else could not be.
      for (const slackId of able)
        await ifFailed(
          messenger.sendHealth(notice, slackId, error.code).then(() => {
            told += 1;
          }),
          (failure) => log.error('admins.notTold', { personId: slackId, error: failure }),
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
  await jobs.put([{ kind: 'watchHealth', id, refused: code }]);
}

/** A move was pressed long ago and has not ended: each try puts it off, so that nothing looks due for long. */
export async function tellIfStuck(
  { claim }: Pick<IamUser, 'claim'>,
  { jobs, now }: Pick<Ports, 'jobs' | 'now'>,
): Promise<void> {
  if (!claim || now() - claim.at < WAITS_TOO_LONG) return;
  const id = `stuck@${Math.floor(now() / TELL_AS_ONE)}`;
  await jobs.put([{ kind: 'watchHealth', id, stuck: true }]);
}
