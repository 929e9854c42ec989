// Which use case does which job of the worker.
import { withReport } from '../domain/usage-ledger.ts';
import { answerCommand } from './commands/answer-command.ts';
import { showCard } from './commands/show-card.ts';
import type { RecordUseJob, WorkerJob } from './jobs.ts';
import { remindOwner } from './messages/remind-owner.ts';
import { redrawList, tellAdmins } from './messages/tell-admins.ts';
import { applyMove } from './moves/apply-move.ts';
import { attendUser } from './night/attend-user.ts';
import { postSummary } from './night/summarize.ts';
import type { Ports } from './ports.ts';

export async function doJob(job: WorkerJob, ports: Ports): Promise<void> {
  switch (job.kind) {
    case 'click':
      return applyMove(job, ports);
    case 'command':
      return answerCommand(job, ports);
    case 'show':
      return showCard(job, ports);
    case 'remind':
      return remindOwner(job, ports);
    case 'tellAdmins':
      return tellAdmins(job, ports);
    case 'redrawList':
      return redrawList(job, ports);
    case 'inspect':
      return attendUser(job, ports);
    case 'recordSweep':
      return ports.records.saveSweep(job.figures);
    case 'recordUse':
      return recordUse(job, ports);
    case 'summarize':
      return postSummary(job, ports);
  }
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
