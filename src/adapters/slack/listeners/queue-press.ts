// A press is accepted once its job is queued.
import type { ClickJob, CommandJob, ShowJob } from '../../../usecases/jobs.ts';
import type { Ports } from '../../../usecases/ports.ts';

export async function queuePress(
  job: ClickJob | CommandJob | ShowJob,
  { jobs, log }: { jobs: Pick<Ports['jobs'], 'put'>; log: Ports['log'] },
): Promise<void> {
  await jobs.put('clicks', [job]);
  log.info('press.accepted', { jobId: job.id, jobKind: job.kind, personId: job.personId });
}
