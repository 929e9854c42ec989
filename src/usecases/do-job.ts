// Which use case does which job of the worker.
import { withReport } from '../domain/usage-ledger.ts';
import { answerCommand } from './commands/answer-command.ts';
import { showCard } from './commands/show-card.ts';
import { ifFailed, ifRefused, isAboutPeople, NewerSchema } from './errors.ts';
import { watchHealth } from './health/watch-health.ts';
import { toldInHome } from './home/told-in-home.ts';
import type { CommandJob, RecordUseJob, ShowJob, WorkerJob } from './jobs.ts';
import { refuse } from './messages/refuse.ts';
import { remindOwner } from './messages/remind-owner.ts';
import { redrawList, tellAdmins } from './messages/tell-admins.ts';
import { applyMove } from './moves/apply-move.ts';
import { admitReaders } from './night/admit-readers.ts';
import { attendUser } from './night/attend-user.ts';
import { readPeople } from './night/read-people.ts';
import { postSummary } from './night/summarize.ts';
import type { Ports } from './ports.ts';

type UseCase<Job> = (job: Job, ports: Ports) => Promise<void>;

const USE_CASES: { [Kind in WorkerJob['kind']]: UseCase<Extract<WorkerJob, { kind: Kind }>> } = {
  click: toldInHome(applyMove),
  command: toldIfRefused(answerCommand),
  show: toldInHome(toldIfRefused(showCard)),
  remind: remindOwner,
  tellAdmins,
  redrawList,
  inspect: attendUser,
  recordSweep: ({ figures }, { records }) => records.saveSweep(figures),
  recordRefusedSweep: ({ refused }, { records }) => records.saveRefusedSweep(refused),
  recordUse,
  admitReaders,
  readPeople,
  summarize: postSummary,
  watchHealth: leftToTheNext(watchHealth),
};

export async function doJob(job: WorkerJob, ports: Ports): Promise<void> {
  // The use case is that of the job's own kind, which the compiler cannot see.
  const useCase: UseCase<never> = USE_CASES[job.kind];
  const doing = useCase(job as never, ports);
  await (isOfPerson(job) ? doing : doing.catch((error) => leaveToLaterVersion(error, job, ports)));
}

/** What somebody pressed or typed waits. All else comes again by itself once the later version is back. */
function leaveToLaterVersion(error: unknown, { id: jobId, kind: jobKind }: WorkerJob, { log }: Ports): void {
  if (!(error instanceof NewerSchema)) throw error;
  log.warn('job.leftToLaterVersion', { jobId, jobKind, error });
}

function isOfPerson(job: WorkerJob): boolean {
  return 'personId' in job;
}

/**
 * Whoever waits for an answer hears at once that Slack does not tell about people: asking again would not change it.
 * Any other "no" may come after something was written, and "nothing was changed" might not be true.
 */
function toldIfRefused<Job extends CommandJob | ShowJob>(answer: UseCase<Job>): UseCase<Job> {
  return (job, ports) =>
    ifRefused(answer(job, ports), (error) => {
      if (!isAboutPeople(error)) throw error;
      ports.log.error('answer.refused', { jobId: job.id, jobKind: job.kind, error });
      return refuse(job, { kind: 'slackRefused', code: error.code }, ports);
    });
}

/** Another comes within minutes, and looks at the same: none is worth a dead letter. */
function leftToTheNext<Job extends WorkerJob>(useCase: UseCase<Job>): UseCase<Job> {
  return (job, ports) =>
    ifFailed(useCase(job, ports), (error) => {
      // Slack or AWS wants to be asked later, or with another token.
      if (error.outcome === 'busy') throw error;
      ports.log.error('health.failed', { jobId: job.id, error });
    });
}

/** Adds a night's report to the account's usage history. */
export async function recordUse(
  { account, shard, of, report }: RecordUseJob,
  { records }: Pick<Ports, 'records'>,
): Promise<void> {
  const known = await records.ledger(account, { shard, of });
  const next = withReport(known, report);
  if (next !== known) await records.saveLedger(next);
}
