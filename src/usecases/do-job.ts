// Which use case does which job of the worker.
import { answerCommand } from './answer-command.ts';
import { applyMove } from './apply-move.ts';
import { attendUser } from './attend-user.ts';
import type { WorkerJob } from './jobs.ts';
import type { Ports } from './ports.ts';
import { recordUse } from './record-use.ts';
import { remindOwner } from './remind-owner.ts';
import { showCard } from './show-card.ts';
import { postSummary } from './summarize.ts';
import { redrawList, tellAdmins } from './tell-admins.ts';

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
    case 'wake':
      return attendUser(job, ports);
    case 'recordSweep':
      return ports.records.saveSweep(job.figures);
    case 'recordUse':
      return recordUse(job, ports);
    case 'summarize':
      return postSummary(job, ports);
  }
}
