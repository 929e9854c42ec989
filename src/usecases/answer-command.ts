// The commands of admins. Who asks is checked here, when acting; what the payload says is a hint.
import type { CommandJob } from './jobs.ts';
import type { Ports } from './ports.ts';
import { readStatus } from './read-status.ts';
import { startSweeps } from './schedule.ts';
import { gatherSummary } from './summarize.ts';
import { adminOnly } from './who.ts';

export async function answerCommand(job: CommandJob, ports: Ports): Promise<void> {
  const refusal = await adminOnly(job.personId, ports);
  if (refusal) return ports.messenger.refuse(job, refusal);
  const { command } = job;
  switch (command.name) {
    case 'statusOf':
      return ports.messenger.answerStatus(job, command.slackId, await readStatus(command.slackId, ports));
    case 'summary':
      return ports.messenger.answerSummary(job, await gatherSummary(ports));
    case 'sweep':
      await startSweeps(job.id, ports);
      return ports.messenger.answerSweepStarted(job, ports.accounts.length);
  }
}
